"""A customer's browser, as far as measuring needs one: a link, its cookies, and what a page weighs."""

import gzip
import http.client
import re
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from benchmarks.databases import Environment


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def sent(self) -> int:
        """The bytes of the body as they came over the wire."""
        return len(self.body)

    @property
    def compressed(self) -> int:
        """The bytes of the body, compressed as a proxy would when the server has not."""
        return self.sent if "content-encoding" in self.headers else len(gzip.compress(self.body, 6))


@dataclass(slots=True)
class Visitor:
    """Somebody with cookies, at one host."""

    host: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a path as a browser does; takes the cookies that come with the answer."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request("GET", path, headers={"Accept-Encoding": "gzip, br", **self.headers(), **headers})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, body)

    def headers(self) -> dict[str, str]:
        """The headers that say who it is."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies} if cookies else {}


def sign_in(host: str, environment: Environment, customer: str, business: str) -> Visitor:
    """Open a fresh portal link of a customer."""
    command = [sys.executable, "-m", "portico.config.cli", "link", customer, "--business", business]
    link = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    visitor = Visitor(host)
    answer = visitor.get(urlsplit(link.strip()).path)
    if answer.status != 303:
        raise SystemExit(f"The portal link of {customer} was answered {answer.status}.")
    # A browser has the cookie of its first page when it asks for the next.
    visitor.get(f"/portal/{business}/")
    return visitor


def text_of(visitor: Visitor, path: str) -> str:
    """Return a page that answers 200 as text. Raises SystemExit for another answer."""
    answer = visitor.get(path, **{"Accept-Encoding": "identity"})
    if answer.status != 200:
        raise SystemExit(f"{path} was answered {answer.status}.")
    return answer.body.decode(errors="replace")


def first_match(visitor: Visitor, path: str, pattern: str) -> str:
    """Return the first address on a page that a pattern names. Raises SystemExit when there is none."""
    found = re.search(pattern, text_of(visitor, path))
    if not found:
        raise SystemExit(f"{path} has nothing like {pattern}.")
    return found[0]


def loaded_with(visitor: Visitor, path: str) -> list[str]:
    """Return the paths of the styles, scripts and pictures that a page loads from its own server."""
    parts = _Parts()
    parts.feed(text_of(visitor, path))
    return list(dict.fromkeys(urlsplit(part).path for part in parts.found))


class _Parts(HTMLParser):
    """Collects the styles, scripts and pictures a page loads from its own server."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        address = values.get("src") if tag in {"script", "img"} else None
        if tag == "link" and values.get("rel") in {"stylesheet", "icon", "preload", "modulepreload"}:
            address = values.get("href")
        if address and address.startswith("/"):
            self.found.append(address)
