"""Long statements and lists are printed whole, and their reader sees how far they are."""

import fcntl
import io
import re
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.http import HttpResponse
from pypdf import PdfReader
from pytest_django import Settings

from portico.domain.access.links.actions.revoke import revoke
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.link import statement_link
from portico.domain.ledger.tests.history import new_document, pay
from portico.output.pdf import queue
from portico.web.portal.conftest import Visitor, days_ago
from portico.web.portal.tests.visitors import browser

pytestmark = pytest.mark.django_db

PERIOD = "?type=balance_forward&start=2026-11-01&end=2026-11-20"
NUMBERS = [f"LONG-{number}" for number in range(4)]
PATIENCE = 60


@pytest.fixture(autouse=True)
def four_are_long(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path, acme: Customer) -> None:
    monkeypatch.setattr(queue, "ROWS_AT_ONCE", 3)
    settings.PORTICO_HOME = tmp_path
    for number in NUMBERS:
        new_document(acme, 1000, days_ago(3), due_on=days_ago(-3), number=number)


@pytest.fixture
def statement(visitor: Visitor) -> str:
    return visitor.url("statements_pdf") + PERIOD


def in_the_end(ask: Callable[[], HttpResponse]) -> HttpResponse:
    """Ask until the answer is no longer that it is on its way."""
    pause = threading.Event()
    for _ in range(PATIENCE * 10):
        response = ask()
        if response.status_code != 202:
            return response
        pause.wait(0.1)
    raise AssertionError("It takes too long.")


def numbers_in(response: HttpResponse) -> list[str]:
    assert response.headers["Content-Type"] == "application/pdf"
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    return sorted(set(re.findall(r"[A-Z]+-\d+", words)) & {*NUMBERS, "LATER-1", "STRANGE-1"})


def said(response: HttpResponse) -> str:
    found = re.search(r'<p role="status">\s*(.*?)\s*</p>', response.content.decode(), re.DOTALL)
    assert found is not None
    return found[1]


def test_a_page_says_how_far_it_is_until_the_file_is_there(visitor: Visitor, statement: str) -> None:
    response = visitor.get(statement)
    assert response.status_code == 202
    assert response.headers["Retry-After"] == "2"
    assert response.headers["Cache-Control"] == "no-store"
    assert said(response) == "It is long, so it takes a while: 0 of 6 entries are done."
    html = response.content.decode()
    assert 'http-equiv="refresh" content="3"' in html
    assert visitor.url("statements_csv") + PERIOD.replace("&", "&amp;") in html
    assert visitor.url("statements") + PERIOD.replace("&", "&amp;") in html
    done = in_the_end(lambda: visitor.get(statement))
    assert numbers_in(done) == NUMBERS
    assert done.headers["Content-Disposition"] == (
        'attachment; filename="nordlicht-statement-2026-11-01-to-2026-11-20.pdf"'
    )


def test_the_page_asks_again_by_itself_and_offers_the_file(visitor: Visitor, statement: str) -> None:
    region = {"hx-request": "true", "hx-target": "progress"}
    first = visitor.get(statement, **region)
    assert first.content.decode().strip().startswith('<div id="progress" hx-get="')
    last = in_the_end(lambda: visitor.get(statement, **region))
    assert said(last) == "It is ready."
    assert "hx-get" not in last.content.decode(), "it stops asking"
    assert f'href="{statement.replace("&", "&amp;")}">Download PDF' in last.content.decode()


def test_what_has_happened_since_is_in_it(visitor: Visitor, acme: Customer, statement: str) -> None:
    in_the_end(lambda: visitor.get(statement))
    new_document(acme, 100, days_ago(1), number="LATER-1")
    assert numbers_in(in_the_end(lambda: visitor.get(statement))) == ["LATER-1", *NUMBERS]


def test_a_list_is_made_the_same_way_as_narrow_as_it_is(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 100, days_ago(1), number="LATER-1")
    whole, narrow = (visitor.url("activity_pdf", "invoices") + query for query in ("", "?q=LONG"))
    assert said(visitor.get(whole)) == "It is long, so it takes a while: 0 of 5 entries are done."
    assert numbers_in(in_the_end(lambda: visitor.get(whole))) == ["LATER-1", *NUMBERS]
    assert numbers_in(in_the_end(lambda: visitor.get(narrow))) == NUMBERS


def test_nobody_gets_another_customers(visitor: Visitor, statement: str, stranger: Visitor) -> None:
    in_the_end(lambda: visitor.get(statement))
    for number in range(4):
        new_document(stranger.customer, 1000, days_ago(3), number=f"STRANGE-{number}")
    assert stranger.get(statement).status_code == 202, "a stranger's is another"
    assert numbers_in(in_the_end(lambda: stranger.get(statement))) == ["STRANGE-1"]


def test_one_waits_for_another(visitor: Visitor, statement: str, tmp_path: Path) -> None:
    (tmp_path / "cache" / "pdf").mkdir(parents=True)
    with (tmp_path / "cache" / "pdf" / "making.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        response = visitor.get(statement)
    assert (response.status_code, said(response)) == (
        202, "Another long PDF is being made. Yours comes after it: leave this page open.",
    )  # fmt: skip
    assert numbers_in(in_the_end(lambda: visitor.get(statement))) == NUMBERS


def test_one_that_was_not_finished_can_be_tried_again(visitor: Visitor, statement: str, tmp_path: Path) -> None:
    done = in_the_end(lambda: visitor.get(statement))
    (file,) = (tmp_path / "cache" / "pdf").glob("*/*.pdf")
    file.unlink()
    file.with_suffix(".progress").write_text("2")
    response = in_the_end(lambda: visitor.get(statement))
    assert response.status_code == 503
    assert said(response) == "It could not be made. Please try again, or take less of it at once."
    assert "Try again" in response.content.decode()
    again = in_the_end(lambda: visitor.get(statement))
    assert (again.status_code, len(PdfReader(io.BytesIO(again.content)).pages)) == (
        200, len(PdfReader(io.BytesIO(done.content)).pages),
    )  # fmt: skip


def test_more_than_a_pdf_holds_is_refused_with_what_to_do(
    visitor: Visitor, statement: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(queue, "MOST_ROWS", 5)
    response = visitor.get(statement)
    assert response.status_code == 422
    assert said(response) == "This has 6 rows; a PDF has room for 5. Choose less of it, or take the CSV."
    assert visitor.url("statements_csv") in response.content.decode()
    assert not (tmp_path / "cache" / "pdf").exists()


def test_a_program_waits_at_a_link_in_the_same_way(acme: Customer) -> None:
    made = statement_link(acme, by=OPERATOR)
    assert made is not None
    grant, secret = made
    first = browser().get(f"s/{secret}.pdf{PERIOD}")
    assert (first.status_code, first.headers["Retry-After"]) == (202, "2")
    assert "Take the CSV" not in first.content.decode(), "a link to a PDF opens nothing else"
    assert numbers_in(in_the_end(lambda: browser().get(f"s/{secret}.pdf{PERIOD}"))) == NUMBERS
    revoke(grant, by=OPERATOR)
    assert browser().get(f"s/{secret}.pdf{PERIOD}").status_code == 403


def test_open_items_are_whole_too(visitor: Visitor, acme: Customer) -> None:
    pay(acme, 100, date(2026, 11, 19))
    path = visitor.url("statements_pdf") + "?type=open_item&as_of=2026-11-20"
    assert said(visitor.get(path)) == "It is long, so it takes a while: 0 of 6 entries are done."
    assert numbers_in(in_the_end(lambda: visitor.get(path))) == NUMBERS
