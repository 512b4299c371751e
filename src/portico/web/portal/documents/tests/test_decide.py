"""A customer approves or declines an estimate, once, in its own name, and the evidence is kept."""

import hashlib
from datetime import date
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client

from conftest import Clock, React
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.staff import create_staff
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.decide import approve, decline, mark_invoiced
from portico.domain.documents.actions.edit_estimate import ask_deposit
from portico.domain.documents.actions.link import link_to
from portico.domain.documents.actions.void import void
from portico.domain.documents.deposit import Deposit
from portico.domain.documents.models import Decision, Document, Kind, Lifecycle
from portico.domain.files.models import File
from portico.domain.ledger.tests.history import new_document
from portico.web.portal.conftest import SignIn, Visitor, days_ago
from tests.estimates import new_estimate
from tests.postbox import Postbox

pytestmark = pytest.mark.django_db

JANE = {"name": "Jane Doe", "accepted": "on", "edition": "1"}
BROWSER = "Mozilla/5.0 (X11; Linux) Firefox/130"


@pytest.fixture
def estimate(acme: Customer) -> Document:
    return new_estimate(acme, expires_on=days_ago(0))


def send(visitor: Visitor, estimate: Document, action: str = "approve", **data: str) -> HttpResponse:
    return visitor.post(visitor.url(f"{action}_estimate", estimate.public_id), **data)


def lifecycle(estimate: Document) -> str:
    estimate.refresh_from_db()
    return estimate.lifecycle


def test_an_open_estimate_asks_for_a_name_and_for_its_terms_to_be_accepted(visitor: Visitor, acme: Customer) -> None:
    estimate = new_estimate(acme, deposit=Deposit(percent=Decimal(30)))
    html = visitor.page("estimate", estimate.public_id)
    assert "Approve this estimate" in html
    assert "Your name" in html
    assert "I accept this estimate and its terms" in html
    assert "Delivery within six weeks." in html
    assert "A deposit of €357.00 is due once you approve." in html
    assert visitor.url("decline_estimate", estimate.public_id) in html


def test_other_documents_ask_for_no_decision(visitor: Visitor, acme: Customer) -> None:
    invoice = new_document(acme, 100, days_ago(1))
    assert "Approve" not in visitor.page("invoice", invoice.public_id)
    assert send(visitor, invoice, **JANE).status_code == 404
    assert lifecycle(invoice) == Lifecycle.ISSUED


def test_approval_keeps_who_when_from_where_and_the_file(visitor: Visitor, estimate: Document, clock: Clock) -> None:
    visitor.client.defaults["HTTP_USER_AGENT"] = BROWSER
    pdf = visitor.get(visitor.url("estimate_pdf", estimate.public_id)).content
    clock.set("2026-11-20T12:45")
    response = send(visitor, estimate, **JANE)
    assert (response.status_code, response["Location"]) == (303, visitor.url("estimate", estimate.public_id))
    assert lifecycle(estimate) == Lifecycle.APPROVED
    decision = Decision.objects.get()
    assert (decision.document, decision.edition, decision.outcome) == (estimate, 1, "approved")
    assert (decision.name, decision.actor_kind, decision.ip) == ("Jane Doe", "customer", "127.0.0.1")
    assert (decision.user_agent, decision.at) == (BROWSER, clock.instant)
    assert decision.link.startswith("grant_")
    assert decision.pdf_sha256 == hashlib.sha256(pdf).hexdigest()
    kept = File.objects.get(subject_id=estimate.id)
    assert (kept.name, kept.sha256) == (f"{estimate.number} approved.pdf", decision.pdf_sha256)


def test_an_approved_estimate_says_by_whom_on_its_page_and_its_pdf(visitor: Visitor, estimate: Document) -> None:
    assert "Jane Doe" not in visitor.pdf(visitor.url("estimate_pdf", estimate.public_id))
    send(visitor, estimate, **JANE)
    html = visitor.page("estimate", estimate.public_id)
    assert "Approved on 20 Nov 2026 by Jane Doe." in html
    assert "Approve this estimate" not in html
    assert "20 Nov 2026 by Jane Doe" in visitor.pdf(visitor.url("estimate_pdf", estimate.public_id))


def test_approving_twice_approves_once(visitor: Visitor, estimate: Document, react: React, postbox: Postbox) -> None:
    create_staff(visitor.business, "olga@nordlicht.example", "correct horse", by=OPERATOR)
    before = Activity.objects.filter(verb="estimate.approved").count()
    for name in ("Jane Doe", "Jane Doe", "John Roe"):
        assert send(visitor, estimate, **JANE | {"name": name}).status_code == 303
    assert Activity.objects.filter(verb="estimate.approved").count() == before + 1
    assert Decision.objects.get().name == "Jane Doe"
    assert File.objects.filter(subject_id=estimate.id).count() == 1
    react()
    react()
    mail = postbox.the_only()
    assert mail.recipients == ["olga@nordlicht.example"]
    assert mail.subject == f"Estimate {estimate.number} was approved"
    assert "Jane Doe" in mail.text
    assert f"/documents/{estimate.public_id}" in mail.text


def test_declining_keeps_the_reason_and_tells_the_staff(
    visitor: Visitor, estimate: Document, react: React, postbox: Postbox
) -> None:
    create_staff(visitor.business, "olga@nordlicht.example", "correct horse", by=OPERATOR)
    assert send(visitor, estimate, "decline", reason="Too dear", edition="1").status_code == 303
    assert lifecycle(estimate) == Lifecycle.DECLINED
    decision = Decision.objects.get()
    assert (decision.outcome, decision.note, decision.name) == ("declined", "Too dear", "Acme GmbH")
    assert "Declined on 20 Nov 2026 by Acme GmbH. Too dear" in visitor.page("estimate", estimate.public_id)
    react()
    mail = postbox.the_only()
    assert mail.subject == f"Estimate {estimate.number} was declined"
    assert "Too dear" in mail.text


@pytest.mark.parametrize(
    ("action", "sent", "error"),
    [
        ("approve", JANE | {"name": "  "}, "Type your name as your signature."),
        ("approve", {"name": "Jane Doe", "edition": "1"}, "Tick this to accept the estimate and its terms."),
        ("approve", JANE | {"name": "x" * 201}, "200"),
        ("decline", {"reason": "", "edition": "1"}, "Say in a few words why."),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(
    visitor: Visitor, estimate: Document, action: str, sent: dict[str, str], error: str
) -> None:
    response = send(visitor, estimate, action, **sent)
    html = response.content.decode()
    assert response.status_code == 422
    assert error in html
    assert "Please correct 1 field." in html
    assert sent.get("name", "").strip() in html
    assert lifecycle(estimate) == Lifecycle.ISSUED
    assert not Decision.objects.exists()


def test_an_estimate_is_good_until_the_end_of_its_last_day_where_the_business_is(
    sign_in: SignIn, estimate: Document, acme: Customer, clock: Clock
) -> None:
    clock.set("2026-11-20T22:59")
    visitor = sign_in(acme)
    other = new_estimate(acme, expires_on=date(2026, 11, 20))
    assert send(visitor, estimate, **JANE).status_code == 303
    assert lifecycle(estimate) == Lifecycle.APPROVED
    clock.set("2026-11-20T23:00")
    response = send(visitor, other, **JANE)
    assert response.status_code == 409
    assert "This estimate has expired and can&#39;t be approved any more." in response.content.decode()
    assert lifecycle(other) == Lifecycle.ISSUED
    assert "Approve this estimate" not in visitor.page("estimate", other.public_id)


def _void(row: Document) -> None:
    void(row, by=OPERATOR)


def _decline(row: Document) -> None:
    decline(row, by=OPERATOR)


def _invoice(row: Document) -> None:
    mark_invoiced(approve(row, by=OPERATOR), by=OPERATOR)


def _edit(row: Document) -> None:
    ask_deposit(row, Deposit(amount=100), by=OPERATOR)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (_void, "This estimate was withdrawn."),
        (_decline, "This estimate has been declined already."),
        (_invoice, "This estimate has become an invoice already."),
        (_edit, "The estimate was changed since you opened this page."),
    ],
)
def test_what_is_decided_otherwise_or_changed_is_refused_in_words(
    visitor: Visitor, estimate: Document, before: object, words: str
) -> None:
    assert callable(before)
    before(estimate)
    state, decisions = lifecycle(estimate), Decision.objects.count()
    for action, sent in (("approve", JANE), ("decline", {"reason": "No", "edition": "1"})):
        if action == "decline" and state == Lifecycle.DECLINED:
            continue
        response = send(visitor, estimate, action, **sent)
        assert response.status_code == 409
        assert words in response.content.decode()
    assert (lifecycle(estimate), Decision.objects.count()) == (state, decisions)


def test_an_approved_estimate_can_not_be_declined(visitor: Visitor, estimate: Document) -> None:
    send(visitor, estimate, **JANE)
    response = send(visitor, estimate, "decline", reason="Changed my mind", edition="1")
    assert response.status_code == 409
    assert "This estimate has been approved already." in response.content.decode()
    assert lifecycle(estimate) == Lifecycle.APPROVED


def test_an_edit_after_the_approval_needs_a_new_one(visitor: Visitor, estimate: Document) -> None:
    send(visitor, estimate, **JANE)
    ask_deposit(estimate, Deposit(amount=5000), by=OPERATOR)
    html = visitor.page("estimate", estimate.public_id)
    assert "Approve this estimate" in html
    assert "Jane Doe" not in html
    assert send(visitor, estimate, **JANE | {"name": "Eva Roe", "edition": "2"}).status_code == 303
    assert [row.name for row in Decision.objects.order_by("edition")] == ["Jane Doe", "Eva Roe"]
    assert "by Eva Roe" in visitor.page("estimate", estimate.public_id)


def test_a_form_that_is_not_from_our_page_is_refused(visitor: Visitor, estimate: Document) -> None:
    assert send(visitor, estimate, name="Jane Doe", accepted="on").status_code == 409
    assert lifecycle(estimate) == Lifecycle.ISSUED


def test_a_stranger_finds_nothing_to_decide(stranger: Visitor, estimate: Document, acme: Customer) -> None:
    draft = new_estimate(acme, draft=True)
    for row in (estimate, draft):
        for action, sent in (("approve", JANE), ("decline", {"reason": "No", "edition": "1"})):
            assert send(stranger, row, action, **sent).status_code == 404
    assert lifecycle(estimate) == Lifecycle.ISSUED
    assert not Decision.objects.exists()


def test_the_link_to_an_estimate_is_enough(acme: Customer, estimate: Document) -> None:
    other = new_document(acme, 100, days_ago(1), kind=Kind.ESTIMATE)
    client = Client(headers={"host": "testserver"})
    secret = link_to(acme, estimate.ref, by=OPERATOR)[1]
    assert client.get(f"/portal/nordlicht/s/{secret}").status_code == 303
    visitor = Visitor(client, acme.business, acme)
    assert send(visitor, other, **JANE).status_code == 404
    assert send(visitor, estimate, **JANE).status_code == 303
    assert lifecycle(estimate) == Lifecycle.APPROVED
    assert lifecycle(other) == Lifecycle.ISSUED
    assert "Approved on 20 Nov 2026 by Jane Doe." in visitor.page("estimate", estimate.public_id)
