"""What the pay page shows of its form: lines, credits, ways to pay, and what it comes to."""

from dataclasses import dataclass, field
from datetime import date

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.models import Document
from portico.domain.ledger.models import Item
from portico.domain.payments.actions.plan_checkout import Plan, plan_of
from portico.domain.payments.minimums import least_advance
from portico.lib.l10n import Formatter
from portico.output.wording.kinds import numbered_label
from portico.output.wording.payment_methods import fee_label
from portico.web.portal.core.bank_boxes import BankBox, bank_boxes, deposit_boxes, other_ways
from portico.web.portal.core.kinds import PAYMENT
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.method_forms.way import Way, allow_scripts, scripts_of
from portico.web.portal.core.payable import UnderWay, pay_url, under_way_notice
from portico.web.portal.core.promised import Promised, promised
from portico.web.portal.core.urls import item_url, page_url
from portico.web.portal.pay.labels import offer_label
from portico.web.portal.pay.pay_form import PayForm, submission_of
from portico.web.portal.pay.selection import Selection
from portico.web.shared.page import reader_formatter, wants_part
from portico.web.shared.status import Tag, document_tag


@dataclass(frozen=True, slots=True)
class Line:
    """An invoice to be paid; `amount` is its field where the amount may be changed."""

    number: str
    url: str
    due: str
    tag: Tag
    open: str
    amount: BoundField | None


@dataclass(frozen=True, slots=True)
class CreditLine:
    value: str
    words: str
    left: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Sums:
    """What it comes to: rows of label and amount, the total, and what the button says."""

    rows: list[tuple[str, str]]
    total: str
    minor: int
    button: str


@dataclass(frozen=True, slots=True)
class PayPage:
    """What the page shows."""

    title: str
    url: str
    back_url: str
    back_label: str
    lines: list[Line] = field(default_factory=list)
    credits: list[CreditLine] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    sums: Sums | None = None
    hint: str = ""
    prove_url: str = ""
    settled: list[str] = field(default_factory=list)
    under_way: list[UnderWay] = field(default_factory=list)
    promised: list[Promised] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)
    advance_url: str = ""
    scripts: list[str] = field(default_factory=list)


def pay_page(
    request: HttpRequest,
    viewer: CustomerViewer,
    selection: Selection,
    form: PayForm,
    *,
    alert: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer with the pay page; `alert` says on top what has just gone wrong."""
    context = {
        "pay": _shown(viewer, selection, form, reader_formatter()),
        "form": form,
        "hidden": {"submission": submission_of(viewer, selection), "due": selection.due},
        "alert": alert,
        "selection": selection,
        "banks": _banks(viewer, selection),
        "other_ways": other_ways(viewer, selection.parts if selection.asks else []),
        "in_part": wants_part(request, "pay_sums"),
    }
    template = "portal/pay/sums.html" if context["in_part"] else "portal/pay/pay.html"
    response = customer_page(request, viewer, template, context, nav="home", status=status)
    allow_scripts(response, form.ways.values())
    return response


def _shown(viewer: CustomerViewer, selection: Selection, form: PayForm, fmt: Formatter) -> PayPage:
    today, plan = viewer.business.today(), plan_of(form.checkout)
    return PayPage(
        title=_title(selection),
        url=selection.url(),
        **_back(viewer, selection),
        lines=[_line(form, row, today, fmt) for row in selection.parts if selection.asks],
        credits=_credits(form, fmt),
        ways=_ways(form, plan, fmt),
        sums=_sums(form, plan, fmt) if selection.asks else None,
        hint=_hint(form, fmt),
        prove_url="" if viewer.is_fresh else f"{page_url('step_up')}?{urlencode({'next': selection.url()})}",
        settled=[row.number for row in selection.settled],
        under_way=[under_way_notice(attempt, fmt, opens=opens) for attempt, opens in selection.under_way],
        promised=list(filter(None, (promised(viewer, row, fmt) for row in selection.invoices))),
        others=[(other, selection.url(other)) for other in selection.currencies if other != selection.currency],
        advance_url=_advance_url(viewer, selection),
        scripts=scripts_of(form.ways.values()),
    )


def _title(selection: Selection) -> str:
    if selection.estimate is not None:
        return _("Pay the deposit")
    return _("Pay in advance") if selection.advance else _("Pay")


def _back(viewer: CustomerViewer, selection: Selection) -> dict[str, str]:
    """Return where the page leads back to, and what that is called."""
    if selection.estimate is not None:
        url = item_url(selection.estimate.kind, selection.estimate.public_id)
        return {"back_url": url, "back_label": numbered_label(selection.estimate.kind, selection.estimate.number)}
    if viewer.has_account:
        return {"back_url": page_url("home"), "back_label": _("My Account")}
    return {"back_url": item_url("invoice", selection_key(viewer)), "back_label": _("Invoice")}


def _banks(viewer: CustomerViewer, selection: Selection) -> list[BankBox]:
    if selection.estimate is not None:
        return deposit_boxes(viewer, selection.estimate, selection.deposit) if selection.deposit else []
    return bank_boxes(viewer, selection.invoices, numbered=len(selection.invoices) > 1)


def selection_key(viewer: CustomerViewer) -> str:
    """The public id of the one document that this session reaches."""
    return viewer.target.public_id if viewer.target else ""


def _line(form: PayForm, row: Document, today: date, fmt: Formatter) -> Line:
    return Line(
        number=row.number,
        url=item_url(row.kind, row.public_id),
        due=fmt.date(row.deadline) if row.deadline and row.sign else "",
        tag=document_tag(row, today),
        open=fmt.money(form.selection.deposit or row.open_amount, row.currency),
        amount=form[form.amount_name(row.public_id)] if form.may_change else None,
    )


def _credits(form: PayForm, fmt: Formatter) -> list[CreditLine]:
    currency = form.selection.currency
    chosen = {credit.item.pk for credit in form.checkout.credits}
    return [
        CreditLine(
            value=credit.item.ref.public_id,
            words=_credit_label(credit.item, fmt),
            left=fmt.money(credit.left, currency),
            chosen=credit.item.pk in chosen,
        )
        for credit in form.credits
    ]


def _credit_label(item: Item, fmt: Formatter) -> str:
    number = fmt.code(item.number)
    return f"{_('Payment on account')} {number}" if item.kind == PAYMENT else numbered_label(item.kind, number)


def _ways(form: PayForm, plan: Plan, fmt: Formatter) -> list[Way]:
    currency = form.selection.currency
    ways = []
    for value, way in form.ways.items():
        offer = way.offer
        ways.append(
            Way(
                value=value,
                label=offer_label(offer),
                words=fee_label(offer, fmt),
                chosen=value == form.chosen_value,
                saves=offer.saves,
                template=way.template,
                fields=[form[name] for name in way.fields()],
                values=way.values(plan.money + offer.fee_on(plan.money), currency),
            )
        )
    return ways


def _sums(form: PayForm, plan: Plan, fmt: Formatter) -> Sums:
    currency = form.selection.currency
    charged = form.charged(plan)
    label = _("Deposit") if form.selection.deposit else _("Advance") if form.selection.advance else _("Invoices")
    rows = [(label, fmt.money(plan.total, currency))]
    if plan.credit:
        rows.append((_("Credits"), fmt.money(-plan.credit, currency)))
    if charged != plan.money:
        rows.append((_("Fee"), fmt.money(charged - plan.money, currency)))
    total = fmt.money(charged, currency)
    if plan.money == 0 and plan.credit:
        button = _("Pay with credits")
    elif charged:
        button = _("Pay %(amount)s") % {"amount": total}
    else:
        button = _("Pay")
    return Sums(rows if len(rows) > 1 else [], total, charged, button)


def _hint(form: PayForm, fmt: Formatter) -> str:
    """Say what amounts the business takes."""
    business, currency = form.viewer.business, form.selection.currency
    if not form.may_change:
        return ""
    minimum = business.partial_payment_minimum if currency == business.currency else 0
    if form.selection.advance:
        least = least_advance(business, currency)
        return _("At least %(amount)s.") % {"amount": fmt.money(least, currency)} if minimum else ""
    if not business.allow_partial_payments:
        return _("Pay the next instalment, or more of it.")
    if not minimum:
        return _("You may pay a part of it.")
    amount = fmt.money(minimum, currency)
    return _("You may pay a part of it: at least %(amount)s of an invoice, or all of a smaller one.") % {
        "amount": amount
    }


def _advance_url(viewer: CustomerViewer, selection: Selection) -> str:
    offered = viewer.has_account and viewer.business.allow_advance_payments
    offered = offered and not selection.advance and selection.estimate is None
    return pay_url(advance="1", currency=selection.currency) if offered else ""
