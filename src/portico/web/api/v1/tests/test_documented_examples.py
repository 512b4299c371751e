"""Every example of docs/api.md is sent as `curl` would send it, in the order of the page, and answers what is shown."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from conftest import Clock
from portico.config.mailers import demo_mailers
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_payment_settings, change_portal_settings
from portico.domain.businesses.actions.staff import create_staff
from portico.domain.payments.actions.gateway_accounts import add_gateway
from portico.gateways.sandbox.connection import bank
from portico.web.api.v1.tests.conftest import Program
from portico.web.api.v1.tests.test_collecting import token

PAGE = Path(__file__).parents[6] / "docs" / "api.md"
SHOWN, SERVED = "http://localhost:8000", "http://testserver"

# What the page says of a first day, and the hour of every later one.
_FIRST, _HOUR = "2026-11-20T18:30:00", "T09:12:00"
# A day that a request names: time has come so far when it is sent.
_DAYS = re.compile(r'(?:"(?:issued_on|paid_on)": "|(?:end|as_of)=)(\d{4}-\d\d-\d\d)')
# What an id of the page's ends with; it stands for the first thing of its kind that an example makes.
_MADE_UP = "01kb5f0v7se9mt2mdpxhvqgyyy"
# A method that the customer saved in the portal.
_SECOND = "pm_01kb5f3a4he2k8w6c9r1nq5d0t"
_BLOCK = re.compile(r"^```(sh|json)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass
class Example:
    """One request, and the answer that the page shows for it, if it shows one."""

    line: int
    command: str
    shown: list[Any] = field(default_factory=list)


def examples() -> Iterator[Example]:
    """Yield the page's requests. A JSON block, or a comment in the shell's block, is the answer of the last one."""
    text, last = PAGE.read_text(), None
    for block in _BLOCK.finditer(text):
        line = text.count("\n", 0, block.start()) + 2
        if block[1] == "json":
            if last is not None:
                last.shown.append(json.loads(block[2]))
            continue
        found = []
        for command in re.split(r"^(?=curl )", block[2], flags=re.MULTILINE):
            if command.startswith("curl "):
                said = [json.loads(row[2:]) for row in command.splitlines() if row.startswith("# {")]
                lines = [row for row in command.splitlines() if not row.startswith("#")]
                found.append(Example(line, "\n".join(lines), said))
        if last is not None:
            yield last
        yield from found[:-1]
        last = found[-1] if found else None
    if last is not None:
        yield last


class Shell:
    """Sends what `curl` is told to send, and knows the ids that stand on the page as if they were its own."""

    def __init__(self, program: Program, clock: Clock) -> None:
        self.program, self.clock = program, clock
        self.client = Client(headers={"host": "testserver"}, REMOTE_ADDR="203.0.113.7")
        self.names = {"pm_1N3T00": token(), "cus_9s6XKz": "", '"gateway": "stripe"': '"gateway": "sandbox"'}

    def run(self, command: str) -> tuple[int, Any]:
        """Send a request and return the status and what came back."""
        if _SECOND in command:
            saved = {"gateway": "sandbox", "token": token("5555 5555 5555 4444")}
            self.names[_SECOND] = self.program.made("/customers/acme/payment_methods", saved)["id"]
        for name, own in self.names.items():
            command = command.replace(name, own)
        for day in _DAYS.findall(command):
            self.clock.instant = max(self.clock.instant, datetime.fromisoformat(f"{day}{_HOUR}+00:00"))
        words = shlex.split(
            command.replace("\\\n", " ").replace("$PORTICO", f"{SERVED}/api/v1").replace("$KEY", self.program.key)
        )
        method, url, headers, body = "", "", {"User-Agent": "curl/8.14"}, None
        arguments = iter(words[1:])
        for word in arguments:
            match word:
                case "-s":
                    pass
                case "-X":
                    method = next(arguments)
                case "-H":
                    name, _, value = next(arguments).partition(": ")
                    headers[name] = value
                case "-d":
                    body = next(arguments)
                case _:
                    assert word.startswith(f"{SERVED}/api/v1/"), word
                    url = word.removeprefix(SERVED)
        method = method or ("GET" if body is None else "POST")
        # A body without a type of its own goes as a form, as curl sends it.
        content_type = headers.pop("Content-Type", "application/x-www-form-urlencoded" if body is not None else "")
        answer = self.client.generic(method, url, (body or "").encode(), content_type, headers=headers)
        if answer.streaming:
            assert answer.getvalue()
            for let_go in getattr(answer, "_resource_closers", ()):
                let_go()
            return answer.status_code, None
        found = json.loads(answer.content) if answer.content else None
        self._remember(found)
        return answer.status_code, found

    def _remember(self, found: Any) -> None:
        """Let an id that the page makes up stand for the one that was made."""
        name = found.get("id") if isinstance(found, dict) else None
        if isinstance(name, str):
            self.names.setdefault(f"{name.partition('_')[0]}_{_MADE_UP}", name)


def differences(shown: Any, found: Any, place: str = "") -> Iterator[str]:
    """Yield where an answer is not what the page shows. `…` stands for any text; a lone field for the others too."""
    if isinstance(shown, dict) and isinstance(found, dict):
        missing = shown.keys() - found.keys() if len(shown) == 1 else shown.keys() ^ found.keys()
        if missing:
            yield f"{place}: {sorted(missing)} on one side only"
        for name in shown.keys() & found.keys():
            yield from differences(shown[name], found[name], f"{place}/{name}")
    elif isinstance(shown, list) and isinstance(found, list) and len(shown) == len(found):
        for index, (one, other) in enumerate(zip(shown, found, strict=True)):
            yield from differences(one, other, f"{place}/{index}")
    elif isinstance(shown, str) and isinstance(found, str) and "…" in shown:
        # The time in an id is that of the test.
        pattern = ".*".join(map(re.escape, re.sub(r"_01kb…", "_…", shown).split("…")))
        if not re.fullmatch(pattern, found):
            yield f"{place}: {shown!r} is {found!r}"
    elif shown != found:
        yield f"{place}: {shown!r} is {found!r}"


@pytest.fixture
def shell(program: Program, clock: Clock, settings: Settings, tmp_path: Path) -> Iterator[Shell]:
    """What the page's reader has: a business that takes payments, promises and AutoPay, and a mail server."""
    settings.PORTICO_HOME, settings.MAILERS = tmp_path, demo_mailers()
    bank.cache_clear()
    clock.set(_FIRST)
    add_gateway(program.business, "sandbox", by=OPERATOR)
    change_portal_settings(program.business, {"allow_promises": True}, by=OPERATOR)
    change_payment_settings(program.business, {"allow_autopay": True}, by=OPERATOR)
    create_staff(program.business, "lena@example.com", "a long password", by=OPERATOR, name="Lena")
    yield Shell(program, clock)
    bank.cache_clear()


def test_examples_answer_what_the_page_shows(shell: Shell) -> None:
    sent, wrong = 0, []
    for example in examples():
        sent += 1
        status, found = shell.run(example.command)
        where = f"docs/api.md:{example.line}: {example.command.splitlines()[0]}"
        if status not in {200, 201, 202, 204}:
            wrong.append(f"{where}\n  answers {status}: {json.dumps(found)}")
        for shown in example.shown:
            here = json.dumps(shown).replace('"gateway": "stripe"', '"gateway": "sandbox"').replace(SHOWN, SERVED)
            wrong += [f"{where}\n  {one}" for one in differences(json.loads(here), found)]
    assert not wrong, "\n".join(wrong)
    assert sent > 50


def test_every_address_has_an_example() -> None:
    """What the page says of an address is shown by a request to it, or the address is one of several of a heading."""
    text = PAGE.read_text()
    sections = re.split(r"^(?=##+ )", text, flags=re.MULTILINE)
    headed = [part for part in sections if part.startswith("### `")]
    assert headed
    # Headings of several addresses stand together above one text.
    wrong = [part.splitlines()[0] for part in headed if part.strip().count("\n") > 0 and "```sh" not in part]
    assert not wrong
