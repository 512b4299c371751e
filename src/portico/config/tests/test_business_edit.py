"""`portico business edit`: a business's profile, lock date and numbers from the command line."""

from datetime import date

import pytest

from conftest import Clock
from portico.config.tests.conftest import Command, Outcome
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Business
from portico.domain.documents.models import Sequence


@pytest.fixture(autouse=True)
def acme(db: None, clock: Clock) -> Business:
    return create_business(BusinessInput("Acme GmbH", "acme", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)


def edit(portico: Command, *settings: str) -> Outcome:
    return portico("business", "edit", "--business", "acme", *settings)


def test_fields_are_set_and_shown(portico: Command, acme: Business) -> None:
    done = edit(
        portico, "tax_number=22/815/08154", "directors=Ida Lund", "default_due_days=14", "ageing_edges=15,45",
        "lock_date=2025-12-31", "invoice.prefix={year}-", "invoice.yearly=yes", "default_prices_include_tax=yes",
    )  # fmt: skip
    assert done.status == 0
    assert "directors=Ida Lund\n" in done.out
    assert "invoice.prefix={year}-  (next: 2026-0001)" in done.out
    assert "line1, postal_code, city, registration_court, registration_number" in done.err
    acme.refresh_from_db()
    assert (acme.tax_number, acme.default_due_days, acme.ageing_edges) == ("22/815/08154", 14, [15, 45])
    assert (acme.lock_date, acme.default_prices_include_tax) == (date(2025, 12, 31), True)
    row = Sequence.objects.get(business=acme, series="invoice")
    assert (row.prefix, row.yearly, row.year) == ("{year}-", True, 2026)
    edit(portico, "default_due_days=", "lock_date=", "ageing_edges=")
    acme.refresh_from_db()
    assert (acme.default_due_days, acme.lock_date, acme.ageing_edges) == (None, None, [])
    verbs = {"profile.changed", "lock_date.changed", "numbering.changed"}
    assert {*Activity.objects.filter(verb__in=verbs).values_list("verb", flat=True)} == verbs


def test_alone_it_shows_and_changes_nothing(portico: Command, acme: Business) -> None:
    done = edit(portico)
    assert done.status == 0
    assert "name=Acme GmbH\n" in done.out
    assert not Activity.objects.filter(verb="profile.changed").exists()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("color=red", "There is no field 'color'"),
        ("legal_name", "is no FIELD=VALUE"),
        ("email=nobody", "This is not an e-mail address."),
        ("email=ida@nord\u200b.example", "This is not an e-mail address."),
        ("legal_name=Acme\u2028GmbH", "The text holds a character that can't be kept."),
        ("website=www.acme.example", "Give a whole address such as https://www.example.com."),
        ("country=XX", "is not an ISO 3166 country code"),
        ("ageing_edges=30,30", "each larger than the one before"),
        ("ageing_edges=a", "ageing_edges can't be 'a'."),
        ("lock_date=2026-11-20", "Books are closed up to a day that is over."),
        ("lock_date=soon", "lock_date can't be 'soon'."),
        ("default_due_days=366", "from 0 to 365"),
        ("invoice.yearly=yes", "has {year} or {yy} in its prefix"),
        ("invoice.prefix={month}-", "In braces there stands {year} or {yy}."),
        ("invoice.padding=0", "Give a number of digits from 1 to 12."),
        ("name=", "A business needs a name."),
        ("name=\u200b", "A business needs a name."),
    ],
)
def test_wrong_value_is_one_line_and_changes_nothing(portico: Command, acme: Business, setting: str, said: str) -> None:
    done = edit(portico, "directors=Ida Lund", setting)
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert said in done.err
    acme.refresh_from_db()
    assert (acme.directors, acme.lock_date, acme.name) == ("", None, "Acme GmbH")
    assert not Sequence.objects.exists()
    assert not Activity.objects.filter(verb="profile.changed").exists()
