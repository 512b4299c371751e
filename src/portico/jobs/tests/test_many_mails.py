"""Many documents mailed at once: each once, also when the worker is killed in the middle of it; and how far it is."""

from uuid import UUID

import pytest
from django.test import Client

from conftest import Clock, React
from portico.domain.activity.actions.claim import LEASE
from portico.domain.activity.actor import OPERATOR, Actor
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.choose_mail import choose_mail
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Document, Kind
from portico.jobs.outbox import react_to_next
from portico.output.mail.actions import mail_many, send
from portico.output.mail.actions.send import NO_LONGER_DUE
from portico.output.mail.models import MailRun, MailRunItem, Message
from portico.output.mail.queries import SWITCHED_OFF
from portico.web.dashboard.documents import bulk_mail
from portico.web.dashboard.tests.cast import Paper, a_business, a_customer, a_document, signed_in, staff_of
from tests.postbox import Postbox

_COUNT = 12


class Killed(BaseException):
    """Nothing that the worker does after it: its process is gone."""


@pytest.fixture
def staff(db: None, clock: Clock) -> Client:
    return signed_in(staff_of(a_business("nordlicht"), "olga@nordlicht.example"))


@pytest.fixture
def invoices(staff: Client) -> list[Document]:
    business = Business.objects.get(slug="nordlicht")
    customers = [
        a_customer(business, f"Customer {n}", email=f"c{n}@acme.example", external_id=f"C-{n}") for n in range(_COUNT)
    ]
    return [a_document(customer) for customer in customers]


def _start(staff: Client, invoices: list[Document]) -> str:
    names = [invoice.public_id for invoice in invoices]
    question = staff.post("/documents/mail", {"document": names})
    assert f"E-mail {len(names)} documents?" in question.content.decode()
    assert not MailRun.objects.exists()
    answer = staff.post("/documents/mail", {"document": names, "confirmed": "yes"})
    assert answer.status_code == 302
    return str(answer["Location"])


def _recipients(postbox: Postbox) -> list[str]:
    return sorted(mail.recipients[0] for mail in postbox.mails)


def test_each_document_is_mailed_once_and_the_page_says_how_far_it_is(
    staff: Client, invoices: list[Document], postbox: Postbox, react: React
) -> None:
    page = _start(staff, invoices)
    assert f"0 of {_COUNT}" in staff.get(page).content.decode()
    react()
    assert _recipients(postbox) == sorted(invoice.customer.email for invoice in invoices)
    html = staff.get(page).content.decode()
    assert f"{_COUNT} of {_COUNT}" in html
    assert "All of them have ended." in html


def test_the_question_names_who_is_mailed(staff: Client, postbox: Postbox, react: React) -> None:
    customer = a_customer(Business.objects.get(slug="nordlicht"), external_id="C-1")
    Customer.objects.filter(pk=customer.pk).update(email="")
    sent = {"document": [a_document(customer).public_id]}
    question = staff.post("/documents/mail", sent).content.decode()
    assert "ada@acme.example" in question, "its contact"
    assert "No e-mail address" not in question
    staff.post("/documents/mail", sent | {"confirmed": "yes"})
    react()
    assert _recipients(postbox) == ["ada@acme.example"]


def test_more_than_are_mailed_at_once_are_refused(
    staff: Client, invoices: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_mail, "MOST_AT_ONCE", _COUNT - 1)
    for sent in ({"document": [invoice.public_id for invoice in invoices]}, {"all": "yes"}):
        page = staff.post("/documents/mail", sent | {"confirmed": "yes"}, follow=True).content.decode()
        assert f"At most {_COUNT - 1} documents are mailed at once." in page
    assert not MailRun.objects.exists()


@pytest.mark.parametrize("after", [0, 1, 5, _COUNT - 1])
def test_a_worker_that_is_killed_while_it_asks_leaves_nothing_out_and_nothing_doubled(
    staff: Client,
    invoices: list[Document],
    postbox: Postbox,
    react: React,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    after: int,
) -> None:
    page = _start(staff, invoices)
    ask = mail_many._ask
    asked: list[UUID] = []

    def killed_in_between(key: UUID, by: Actor) -> None:
        if len(asked) == after:
            raise Killed
        asked.append(key)
        ask(key, by)

    with monkeypatch.context() as patch:
        patch.setattr(mail_many, "_ask", killed_in_between)
        with pytest.raises(Killed):
            react_to_next()
    assert MailRunItem.objects.exclude(activity=None).count() == after
    react()
    assert f"{after} of {_COUNT}" in staff.get(page).content.decode()
    clock.advance(seconds=LEASE.total_seconds() + 1)
    react()
    assert _recipients(postbox) == sorted(invoice.customer.email for invoice in invoices)
    assert Activity.objects.filter(verb="document.mail_asked").count() == _COUNT


def test_a_worker_that_is_killed_while_it_sends_goes_on_with_what_was_not_sent(
    staff: Client,
    invoices: list[Document],
    postbox: Postbox,
    react: React,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _start(staff, invoices)
    deliver = send._deliver

    def killed_before_the_sixth(*args: object) -> None:
        if len(postbox.mails) == 5:
            raise Killed
        deliver(*args)  # type: ignore[arg-type]  # as it was called

    with monkeypatch.context() as patch:
        patch.setattr(send, "_deliver", killed_before_the_sixth)
        with pytest.raises(Killed):
            react()
    assert len(postbox.mails) == 5
    react()
    clock.advance(seconds=LEASE.total_seconds() + 1)
    react()
    assert _recipients(postbox) == sorted(invoice.customer.email for invoice in invoices)
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_a_worker_that_is_killed_after_the_server_s_answer_sends_that_one_mail_again_as_the_same(
    staff: Client,
    invoices: list[Document],
    postbox: Postbox,
    react: React,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _start(staff, invoices)
    settle = send._settle

    def killed_before_it_is_noted(*args: object) -> None:
        if len(postbox.mails) == 5:
            raise Killed
        settle(*args)  # type: ignore[arg-type]  # as it was called

    with monkeypatch.context() as patch:
        patch.setattr(send, "_settle", killed_before_it_is_noted)
        with pytest.raises(Killed):
            react()
    lost = postbox.mails[4]
    react()
    assert _recipients(postbox).count(lost.recipients[0]) == 1, "not while the worker may still be alive"
    clock.advance(seconds=LEASE.total_seconds() + 1)
    react()
    everybody = [invoice.customer.email for invoice in invoices]
    assert _recipients(postbox) == sorted([*everybody, lost.recipients[0]])
    ids = [mail.message["Message-ID"] for mail in postbox.mails]
    assert len(set(ids)) == _COUNT, "it has the same Message-ID again"
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_what_can_not_be_mailed_is_left_out_and_named(
    staff: Client, invoices: list[Document], postbox: Postbox, react: React
) -> None:
    Customer.objects.filter(pk=invoices[0].customer_id).update(email="")
    Customer.objects.get(pk=invoices[0].customer_id).contacts.all().delete()
    page = _start(staff, invoices)
    react()
    html = staff.get(page).content.decode()
    assert f"{_COUNT - 1} of {_COUNT}" in html
    assert "This customer has no e-mail address." in html
    assert invoices[0].number in html


def test_all_that_a_filter_leaves_are_mailed_without_drafts(
    staff: Client, invoices: list[Document], postbox: Postbox, react: React
) -> None:
    chosen = invoices[7]
    a_document(chosen.customer, Paper(draft=True))
    listed = staff.get(f"/documents?q={chosen.number}").content.decode()
    assert f'action="/documents/mail?q={chosen.number}"' in listed
    staff.post(f"/documents/mail?q={chosen.number}", {"all": "yes", "confirmed": "yes"})
    react()
    assert _recipients(postbox) == ["c7@acme.example"]


def test_nothing_chosen_and_no_mail_server_are_said(staff: Client, invoices: list[Document]) -> None:
    assert "Nothing is selected." in staff.post("/documents/mail", {}, follow=True).content.decode()
    data = {"document": [invoices[0].public_id], "confirmed": "yes"}
    assert "No mail server is set up" in staff.post("/documents/mail", data, follow=True).content.decode()
    assert not MailRun.objects.exists()


def test_strangers_mail_and_see_nothing(
    staff: Client, invoices: list[Document], postbox: Postbox, react: React
) -> None:
    page = _start(staff, invoices[:2])
    stranger = signed_in(staff_of(a_business("fremd"), "fritz@fremd.example"))
    assert stranger.get(page).status_code == 404
    names = [invoice.public_id for invoice in invoices]
    answer = stranger.post("/documents/mail", {"document": names, "confirmed": "yes"}, follow=True)
    assert "Nothing is selected." in answer.content.decode()
    assert MailRun.objects.count() == 1


def test_a_run_is_asked_for_once_though_it_is_handed_over_twice(
    staff: Client, invoices: list[Document], postbox: Postbox, react: React, clock: Clock
) -> None:
    _start(staff, invoices)
    run = MailRun.objects.get()
    for _ in range(2):
        mail_many.ask_some(run)
    clock.advance(days=1)
    react()
    assert len(postbox.mails) == _COUNT


def test_other_mail_has_its_turn_before_a_long_run_goes_on(
    staff: Client,
    invoices: list[Document],
    postbox: Postbox,
    react: React,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail_many, "_PART", 5)
    _start(staff, invoices)
    assert react_to_next()
    assert MailRunItem.objects.exclude(activity=None).count() == 5
    assert react_to_next(), "what was asked for goes out"
    assert len(postbox.mails) == 1
    for _ in range(3):
        clock.advance(seconds=1)
        react()
    assert _recipients(postbox) == sorted(invoice.customer.email for invoice in invoices)


def test_mail_that_is_no_longer_due_is_settled_and_the_run_ends(
    staff: Client, invoices: list[Document], postbox: Postbox, react: React
) -> None:
    page = _start(staff, invoices)
    assert react_to_next()
    void(invoices[3], by=OPERATOR, reason="Sent twice")
    Business.objects.filter(slug="nordlicht").update(portal_enabled=False)
    react()
    assert postbox.mails == []
    assert set(Message.objects.values_list("state", "error")) == {("unsent", NO_LONGER_DUE)}
    assert "All of them have ended." in staff.get(page).content.decode()


def test_who_has_switched_such_mails_off_is_left_out_and_named(
    staff: Client, invoices: list[Document], postbox: Postbox, react: React
) -> None:
    estimates = [a_document(row.customer, Paper(kind=Kind.ESTIMATE)) for row in invoices[:2]]
    customer = estimates[0].customer
    choose_mail(customer, customer.email, ["reminders"], by=OPERATOR)
    page = _start(staff, [*estimates, invoices[0]])
    react()
    expected = [customer.email, estimates[1].customer.email]
    assert _recipients(postbox) == sorted(expected), "its estimate is left out, its invoice is owed"
    html = staff.get(page).content.decode()
    assert "2 of 3" in html
    assert "All of them have ended." in html
    assert "The recipient has switched such mails off" in html
    log = Message.objects.get(letter="estimate", customer=customer)
    assert (log.state, log.error) == ("unsent", SWITCHED_OFF)
    assert "Statements of account" in staff.get(f"/customers/{customer.public_id}").content.decode()
    form = staff.get(f"/documents/{estimates[0].public_id}/send").content.decode()
    assert "has switched off: Statements of account" in form
