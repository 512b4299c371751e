"""A customer reads a payment plan, approves it, and pays by it."""

from datetime import date, timedelta

import pytest
from django.http import HttpResponse

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_payment_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.plan import InstalmentInput, PlanInput, cancel_plan, make_plan
from portico.domain.documents.models import Document, PaymentPlan, PlanApproval
from portico.domain.documents.plan_queries import plan_of
from portico.domain.documents.plans import PlanState
from portico.domain.ledger.tests.history import new_document, pay
from portico.domain.payments.actions.gateway_accounts import add_gateway
from portico.domain.payments.models import PaymentAttempt
from portico.web.portal.conftest import Visitor, days_ago
from tests.shop import CARD

pytestmark = pytest.mark.django_db

_TODAY = days_ago(0)


@pytest.fixture
def invoice(acme: Customer) -> Document:
    return new_document(acme, 120400, days_ago(39), due_on=days_ago(8), number="INV-2041")


def plan(invoice: Document, *, needs_approval: bool = True, collects: bool = False, first: int = 13) -> PaymentPlan:
    days = [_TODAY + timedelta(days=first + 30 * index) for index in range(3)]
    rows = [InstalmentInput(day, part) for day, part in zip(days, (40000, 40000, 40400), strict=True)]
    return make_plan(invoice, PlanInput(rows, needs_approval, collects), by=OPERATOR)


def approve(visitor: Visitor, invoice: Document, **changed: str) -> HttpResponse:
    current = plan_of(invoice)
    data = {"plan": current.public_id if current else "", "name": "Jane Doe", "accepted": "on"} | changed
    return visitor.post(visitor.url("payment_plan", invoice.public_id), **data)


def state(invoice: Document) -> PlanState | None:
    current = plan_of(invoice)
    return current.state if current else None


def test_customer_reads_approves_and_follows_the_plan(visitor: Visitor, invoice: Document) -> None:
    plan(invoice)
    url = visitor.url("payment_plan", invoice.public_id)
    for page in (visitor.page("invoice", invoice.public_id), visitor.page("home")):
        assert "You can pay it in instalments." in page
        assert url in page
    assert "8 days" in visitor.page("home")
    form = visitor.page("payment_plan", invoice.public_id)
    assert "€404.00" in form
    assert "I agree to pay by this plan" in form
    answer = approve(visitor, invoice)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{url}?approved=1")
    approval = PlanApproval.objects.get()
    assert (approval.name, approval.actor_kind, approval.ip) == ("Jane Doe", "customer", "127.0.0.1")
    assert approval.link
    page = visitor.page("payment_plan", invoice.public_id, query="?approved=1")
    assert "The plan counts from now on." in page
    assert "by Jane Doe." in page
    for shown in (page, visitor.page("invoice", invoice.public_id), visitor.page("home")):
        assert "Next instalment: €400.00 on 3 Dec 2026." in shown
        assert "Past due" not in shown
    assert approve(visitor, invoice).status_code == 303
    assert PlanApproval.objects.count() == 1
    assert Activity.objects.filter(verb="payment_plan.approved").count() == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"name": ""}, "as your signature"), ({"accepted": ""}, "Tick this to agree to the plan.")],
)
def test_form_without_name_or_tick_is_refused(
    visitor: Visitor, invoice: Document, changed: dict[str, str], message: str
) -> None:
    plan(invoice)
    answer = approve(visitor, invoice, **changed)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert state(invoice) == PlanState.AWAITING_APPROVAL
    assert not PlanApproval.objects.exists()


def test_plan_changed_meanwhile_is_looked_at_again(visitor: Visitor, invoice: Document) -> None:
    looked_at = plan(invoice)
    plan(invoice, first=20)
    answer = approve(visitor, invoice, plan=looked_at.public_id)
    assert answer.status_code == 409
    assert "The plan was changed since you opened this page." in answer.content.decode()
    assert state(invoice) == PlanState.AWAITING_APPROVAL
    cancel_plan(invoice, by=OPERATOR)
    assert approve(visitor, invoice).headers["Location"] == visitor.url("invoice", invoice.public_id)
    assert not PlanApproval.objects.exists()


def test_pay_shows_the_schedule_until_it_is_approved(business: Business, visitor: Visitor, invoice: Document) -> None:
    add_gateway(business, "sandbox", by=OPERATOR)
    plan(invoice)
    path = f"{visitor.url('pay')}?invoice={invoice.public_id}"
    answer = visitor.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, visitor.url("payment_plan", invoice.public_id))
    assert f"{path}&amp;whole=1" in visitor.page("payment_plan", invoice.public_id)
    assert visitor.get(f"{path}&whole=1").status_code == 200


@pytest.mark.parametrize("partial", [True, False])
def test_next_instalment_or_more_is_paid(
    business: Business, visitor: Visitor, invoice: Document, *, partial: bool
) -> None:
    add_gateway(business, "sandbox", by=OPERATOR)
    change_payment_settings(business, {"allow_partial_payments": partial}, by=OPERATOR)
    plan(invoice, needs_approval=False)
    query = f"?invoice={invoice.public_id}"
    page = visitor.page("pay", query=query)
    assert 'value="400.00"' in page
    assert "Pay €400.00" in page
    path = visitor.url("pay") + query
    if not partial:
        refused = visitor.post(path, method="sandbox:card", amount="399.99", **CARD)
        assert refused.status_code == 422
        assert "The least that can be paid is €400.00." in refused.content.decode()
        assert not PaymentAttempt.objects.exists()
    answer = visitor.post(path, method="sandbox:card", amount="500.00", **CARD)
    assert answer.status_code == 303
    current = plan_of(invoice)
    assert current is not None
    assert [part.left for part in current.parts] == [0, 30000, 40400]
    assert 'value="300.00"' in visitor.page("pay", query=query)


def test_missed_instalments_are_asked_for_together(
    business: Business, visitor: Visitor, invoice: Document, clock: Clock
) -> None:
    add_gateway(business, "sandbox", by=OPERATOR)
    plan(invoice, needs_approval=False, first=0)
    pay(invoice.customer, 10000, _TODAY, Share(invoice, 10000))
    page = visitor.page("invoice", invoice.public_id)
    assert "€300.00 left" in page
    assert "due today" in page.lower()
    clock.set("2027-01-05")
    current = plan_of(invoice)
    assert current is not None
    assert current.asked(date(2027, 1, 5)) == 70000


def test_plan_that_collects_asks_who_it_is(visitor: Visitor, invoice: Document, clock: Clock) -> None:
    plan(invoice, collects=True)
    clock.advance(minutes=30)
    answer = approve(visitor, invoice)
    assert (answer.status_code, state(invoice)) == (403, PlanState.AWAITING_APPROVAL)


def test_document_link_reaches_its_own_plan_alone(
    acme: Customer, visitor: Visitor, stranger: Visitor, invoice: Document
) -> None:
    plan(invoice)
    url = visitor.url("payment_plan", invoice.public_id)
    assert stranger.get(url).status_code == 404
    assert approve(stranger, invoice).status_code == 404
    other = new_document(acme, 100, days_ago(1), number="INV-3")
    assert visitor.get(visitor.url("payment_plan", other.public_id)).status_code == 303
    assert state(invoice) == PlanState.AWAITING_APPROVAL
