"""A list of one kind of thing: its tabs, columns and rows, ready to be shown."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from django.utils.translation import gettext as _

from portico.domain.businesses.models import Business
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Document, Listed
from portico.domain.payments.models import Payment
from portico.lib.l10n import Formatter
from portico.output.wording.kinds import kind_label, kind_plural
from portico.output.wording.methods import method_label
from portico.web.portal.core.kind_urls import list_url
from portico.web.portal.core.kinds import PAYMENT, kinds_shown
from portico.web.portal.core.urls import item_url
from portico.web.portal.transactions.filters import Filter, sorts_of
from portico.web.shared.status import Tag, document_tag, payment_tag
from portico.web.shared.table import Column, Tab, sorting_column


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row; `second` is what stands under the number on a phone, `minor` what a selection adds up."""

    id: str
    url: str
    number: str
    date: str
    tag: Tag
    second: str
    total: str
    amount: str
    zero: bool
    pdf_url: str
    pdf_label: str
    select_label: str
    selectable: bool = False
    currency: str = ""
    minor: int = 0
    order: str = ""


class RowLabels:
    """Sentences that every row says with its own number, translated once."""

    def __init__(self) -> None:
        self._pdf = _("%(number)s as PDF")
        self._select = _("Select %(number)s")

    def pdf(self, number: str) -> str:
        return self._pdf % {"number": number}

    def select(self, number: str) -> str:
        return self._select % {"number": number}


def tabs(business: Business, current: str, counts: dict[str, int], fmt: Formatter) -> list[Tab]:
    """Return a tab for every kind the business shows."""
    return [
        Tab(kind_plural(kind), list_url(kind), kind == current, fmt.number(counts.get(kind, 0)))
        for kind in kinds_shown(business)
    ]


def columns(form: Filter, url: str) -> list[Column]:
    """Return the headings of a kind's list; each that sorts links to the other direction when it is the order now."""
    kind = form.kind
    labels: list[tuple[str, str, bool]] = [("number", kind_label(kind), False), ("date", _("Date"), False)]
    labels.append(("", _("State"), False))
    labels.append(second_label(kind))
    if with_total(kind):
        labels.append(("total", _("Total"), True))
        labels.append(("open", _("Left") if SPECS[kind].sign < 0 else _("Open"), True))
    else:
        labels.append(("total", _("Amount") if kind == PAYMENT else _("Total"), True))
    return [_column(form, url, name, label, numeric) for name, label, numeric in labels if label]


def second_label(kind: str) -> tuple[str, str, bool]:
    """Return the sort name and heading of the second fact of a row; no heading when the kind has none."""
    if kind == PAYMENT:
        return "", _("Method"), False
    if not SPECS[kind].has_deadline:
        return "", "", False
    return "due", _("Valid until") if SPECS[kind].can_expire else _("Due"), False


def with_total(kind: str) -> bool:
    """Tell whether a kind's list has both a total and what is left of it."""
    return kind != PAYMENT and SPECS[kind].sign != 0


def _column(form: Filter, url: str, name: str, label: str, numeric: bool) -> Column:
    if name not in sorts_of(form.kind):
        return Column(label, numeric=numeric)
    return sorting_column(
        label,
        name,
        form.order,
        lambda order: url + form.query(sort=order, page=None),
        numeric=numeric,
        descends=name != "number",
    )


def document_row(
    row: Document | Listed,
    today: date,
    fmt: Formatter,
    words: RowLabels,
    under_way: Container[UUID] = (),
    asked: Mapping[UUID, int] = MappingProxyType({}),
) -> ListRow:
    """Return a document as a row of its kind's list.

    `under_way` holds those that a payment is collected for, `asked` what those with a plan ask for now.
    """
    amount = row.open_amount if with_total(row.kind) else row.payable
    key = row.public_id
    return ListRow(
        id=key,
        url=item_url(row.kind, key),
        number=row.number,
        date=fmt.date(row.issued_on),
        tag=document_tag(row, today, under_way=row.id in under_way),
        second=fmt.date(row.deadline) if row.deadline else "",
        total=fmt.money(row.payable, row.currency),
        amount=fmt.money(amount, row.currency),
        zero=amount == 0,
        pdf_url=item_url(f"{row.kind}_pdf", key),
        pdf_label=words.pdf(row.number),
        select_label=words.select(row.number),
        selectable=row.is_owed and row.id not in under_way,
        currency=row.currency,
        minor=asked.get(row.id, row.open_amount),
        order=row.purchase_order,
    )


def payment_row(row: Payment, fmt: Formatter, words: RowLabels) -> ListRow:
    """Return a payment as a row of the list of payments."""
    return ListRow(
        id=row.public_id,
        url=item_url(PAYMENT, row.public_id),
        number=row.number,
        date=fmt.date(row.paid_on),
        tag=payment_tag(row),
        second=method_label(row.method),
        total="",
        amount=fmt.money(row.amount, row.currency),
        zero=False,
        pdf_url=item_url("receipt", row.public_id),
        pdf_label=words.pdf(row.number),
        select_label="",
    )
