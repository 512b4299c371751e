"""The demonstration has everything in it that a page can show, and its books add up."""

from itertools import chain
from pathlib import Path

import pytest
from pytest_django import Settings

from portico.config.mailers import demo_mailers
from portico.demo.seed import seed
from portico.domain.activity.models import Activity
from portico.domain.businesses.legal import missing_for_invoices
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents import check as documents
from portico.domain.documents.models import Document, Kind, PaymentPlan, Status
from portico.domain.files.models import File
from portico.domain.ledger import check as ledger
from portico.domain.ledger.models import Account, Item
from portico.domain.ledger.queries import age, open_items_of_business
from portico.domain.payments import check as payments
from portico.domain.payments.models import Payment, PaymentAttempt
from portico.lib.clock import now
from portico.output.mail.models import Message
from portico.output.mail.queries import SWITCHED_OFF


@pytest.mark.django_db
def test_the_whole_demonstration(settings: Settings, tmp_path: Path) -> None:
    """One test, because writing the data takes a while and each worker would write it."""
    settings.PORTICO_HOME, settings.MAILERS = tmp_path, demo_mailers()
    seed("demo-password")
    the_books_add_up()
    every_state_is_shown()
    payments_at_the_sandbox_have_every_end()
    payment_plans_are_of_many_kinds()
    every_ageing_column_is_filled()
    customers_are_of_many_kinds()
    two_years_were_lived_day_by_day()
    mail_ends_in_every_way()
    documents_have_files()


def the_books_add_up() -> None:
    assert not list(chain(ledger.differences(), documents.differences(), payments.differences()))


def every_state_is_shown() -> None:
    found = {(row.kind, row.status(row.business.today())) for row in Document.objects.select_related("business")}
    invoice, estimate = Kind.INVOICE, Kind.ESTIMATE
    wanted = {
        *((invoice, state) for state in (Status.DRAFT, Status.ISSUED, Status.VIEWED, Status.PARTIALLY_PAID)),
        *((invoice, state) for state in (Status.PAST_DUE, Status.PAID, Status.VOIDED, Status.WRITTEN_OFF)),
        *((estimate, state) for state in (Status.ISSUED, Status.VIEWED, Status.APPROVED, Status.DECLINED)),
        *((estimate, state) for state in (Status.EXPIRED, Status.INVOICED)),
        (Kind.CREDIT_NOTE, Status.OPEN),
        (Kind.CREDIT_NOTE, Status.USED),
        (Kind.SALES_ORDER, Status.ISSUED),
        (Kind.SALES_ORDER, Status.INVOICED),
    }
    assert wanted - found == set()


def payments_at_the_sandbox_have_every_end() -> None:
    states = PaymentAttempt.objects.values_list("business__slug", "state")
    assert {("nordwind", "succeeded"), ("nordwind", "failed"), ("nordwind", "processing")} <= set(states)
    assert {"autopay", "invoices"} <= set(PaymentAttempt.objects.values_list("purpose", flat=True))
    assert ("al-safat", "succeeded") in set(states)


def payment_plans_are_of_many_kinds() -> None:
    rows = PaymentPlan.objects.select_related("document", "approval", "business").prefetch_related("instalments")
    found = sorted(
        (str(row.state), [str(part.state(row.business.today())) for part in row.parts].count("paid"),
         [str(part.state(row.business.today())) for part in row.parts].count("missed"))
        for row in rows
    )  # fmt: skip
    assert found == [("active", 1, 0), ("active", 1, 1), ("awaiting_approval", 0, 0)]


def every_ageing_column_is_filled() -> None:
    for business in Business.objects.all():
        items = open_items_of_business(business.id, business.currency, business.today())
        assert all(column.amount for column in age(items, business.edges)), business.slug


def customers_are_of_many_kinds() -> None:
    assert Business.objects.count() == 2
    assert Customer.objects.filter(merged_into=None).count() == 42
    assert list(Customer.objects.exclude(merged_into=None).values_list("merged_into__external_id")) == [("KLINIK",)]
    assert Customer.objects.filter(archived_at__isnull=False).count() == 1
    assert set(Customer.objects.values_list("language", flat=True)) == {"", "de", "en", "ar"}
    assert {"EUR", "KWD", "JPY", "USD"} <= set(Account.objects.values_list("currency", flat=True))
    counts = [Document.objects.filter(customer=customer).count() for customer in Customer.objects.all()]
    assert max(counts) == 500
    assert min(counts) == 0
    assert max(len(name) for name in Customer.objects.values_list("name", flat=True)) > 100
    assert Item.objects.filter(kind="payment", open__lt=0).exists()
    assert Payment.objects.filter(refunded__gt=0).exists()
    assert Payment.objects.filter(state="voided").exists()


def the_office_looks_after_itself() -> None:
    business = Business.objects.get(slug="nordwind")
    assert list(business.memberships.order_by("id").values_list("role", flat=True)) == ["owner", "member"]
    assert missing_for_invoices(business) == ()
    assert business.lock_date is not None
    keys = business.api_keys.order_by("id").values_list("name", "last_used_at__isnull", "revoked_at__isnull")
    assert list(keys) == [("Old shop", True, False), ("ERP", False, True), ("Reporting", False, True)]


def two_years_were_lived_day_by_day() -> None:
    happened = list(Activity.objects.order_by("business_id", "id").values_list("business_id", "at"))
    assert happened == sorted(happened)
    moments = [at for _, at in happened]
    assert (max(moments) - min(moments)).days >= 725
    assert max(moments) <= now()


def mail_ends_in_every_way() -> None:
    states = set(Message.objects.values_list("letter", "state", "error"))
    assert {("invoice", "delivered", ""), ("reminder", "sent", ""), ("customer_wrote", "sent", "")} <= states
    assert ("statement", "unsent", SWITCHED_OFF) in states
    back = Message.objects.get(state="bounced")
    assert back.error.startswith("550 5.1.1")
    assert Message.objects.filter(letter="came_back").exists()
    assert not Message.objects.filter(state="queued").exists()
    assert Business.objects.get(slug="nordwind").mail_reminders


def documents_have_files() -> None:
    kinds = {"application/pdf", "image/png", "text/csv", "text/plain"}
    assert set(File.objects.values_list("media_type", flat=True)) == kinds
    assert set(File.objects.values_list("visible", flat=True)) == {True, False}
    assert File.objects.get(purpose="document_pdf").name == "AR-2211.pdf"
