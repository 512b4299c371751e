"""Whether the time of an answer gives away who is a customer: `python -m benchmarks.timing`.

Addresses that customers have and addresses that nobody has are asked for in a shuffled order, from ever new browsers
and networks, against the product as it is run, mail included. What is printed is for people to judge: it is no test.
"""

import argparse
import http.client
import math
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import httpx

from benchmarks.databases import DATABASES, Environment, environment, new_database, server
from benchmarks.serving import portico
from tests.postbox import open_postbox

# Of each business: known and unknown together stay within what a business may be asked in an hour.
_CUSTOMERS = 280
_STEPS = ("ask", "check your mail", "wrong code")

type Times = dict[str, dict[bool, list[float]]]


def main() -> None:
    """Ask, and print what the times tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.timing", description=__doc__)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--businesses", type=int, default=8, help=f"each is {2 * _CUSTOMERS} visitors (8)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="portico-") as name, server(options.database, Path(name)) as address:
        home = Path(name) / "home"
        home.mkdir()
        postbox, post_office = open_postbox()
        if address:
            new_database(address, "timing")
        found = environment(
            home,
            PORTICO_EMAIL_URL=postbox.url,
            PORTICO_TRUSTED_PROXIES="127.0.0.1,::1",
            **({"DATABASE_URL": f"{address}/timing"} if address else {}),
        )
        with portico(found, Path(name) / "log") as served:
            times = _measured(served.host, found, options.businesses)
        post_office.stop()
        print(f"{options.database}: {len(postbox.mails)} mails were sent.")
    for step in _STEPS:
        print(_told(step, times[step][True], times[step][False]))


def _measured(host: str, found: Environment, businesses: int) -> Times:
    times: Times = defaultdict(lambda: defaultdict(list))
    for number in range(businesses):
        slug = f"business{number}"
        _fill(host, found, slug)
        visits = [(f"customer{index}@example.com", True) for index in range(_CUSTOMERS)]
        visits += [(f"stranger{index}@example.com", False) for index in range(_CUSTOMERS)]
        random.shuffle(visits)
        for email, is_known in visits:
            for step, seconds in _visit(host, slug, email):
                times[step][is_known].append(seconds * 1000)
    return times


def _fill(host: str, found: Environment, slug: str) -> None:
    """Make a business whose customers have addresses as long as the strangers'."""
    words = f"business create --name Business --slug {slug} --currency EUR --country DE --time-zone Europe/Berlin"
    _command(found, *words.split())
    key = _command(found, "apikey", "create", "--business", slug, "--name", "Filling")
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=f"http://{host}/api/v1", headers=headers, timeout=60) as program:
        for index in range(_CUSTOMERS):
            body = {"external_id": str(index), "name": f"Customer {index}", "email": f"customer{index}@example.com"}
            program.post("/customers", json=body).raise_for_status()


def _command(found: Environment, *words: str) -> str:
    command = [sys.executable, "-m", "portico.config.cli", *words]
    return subprocess.run(command, env=found, capture_output=True, text=True, check=True).stdout.strip()


@dataclass(slots=True)
class _Browser:
    """A browser from a network of its own."""

    connection: http.client.HTTPConnection
    cookies: dict[str, str] = field(default_factory=dict)
    network: str = field(default_factory=lambda: f"10.{random.randrange(256)}.{random.randrange(256)}.7")

    def send(self, method: str, path: str, **form: str) -> tuple[float, str]:
        """Return the seconds to the last byte of the answer, and its text."""
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": self.network,
        }
        before = time.perf_counter()
        self.connection.request(method, path, urlencode(form), headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        seconds = time.perf_counter() - before
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return seconds, text


def _visit(host: str, slug: str, email: str) -> Iterator[tuple[str, float]]:
    browser, sign_in_url = _Browser(http.client.HTTPConnection(host, timeout=60)), f"/portal/{slug}/sign-in"
    _, card = browser.send("GET", sign_in_url)
    yield "ask", browser.send("POST", sign_in_url, email=email, csrfmiddlewaretoken=_token(card))[0]
    seconds, waiting = browser.send("GET", f"{sign_in_url}/code")
    assert email in waiting, waiting
    yield "check your mail", seconds
    yield (
        "wrong code",
        browser.send("POST", f"{sign_in_url}/code", code="0000-0000", csrfmiddlewaretoken=_token(waiting))[0],
    )
    browser.connection.close()


def _token(text: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    assert found, text
    return found[1]


def _told(step: str, known: list[float], unknown: list[float]) -> str:
    """Compare two samples by ranks (Mann-Whitney): how often a known address is slower, and how that may be chance."""
    ranks = {value: rank for rank, value in enumerate(sorted(known + unknown), 1)}
    count, others = len(known), len(unknown)
    above = sum(ranks[value] for value in known) - count * (count + 1) / 2
    deviation = math.sqrt(count * others * (count + others + 1) / 12)
    z = (above - count * others / 2) / deviation
    medians = statistics.median(known), statistics.median(unknown)
    return (
        f"{step:16} {count} + {others} answers: median {medians[0]:.3f} ms known, {medians[1]:.3f} ms unknown "
        f"({medians[0] - medians[1]:+.3f}); known is slower in {above / (count * others):.1%} of pairs, "
        f"z = {z:+.2f}, p = {math.erfc(abs(z) / math.sqrt(2)):.2f}"
    )


if __name__ == "__main__":
    main()
