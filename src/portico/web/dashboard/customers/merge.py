"""Making one customer of two: whom, what moves, and taking it back."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.queries import customers as customers_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.customers.queries import searched
from portico.domain.merges.actions.merge_customers import merge_customers
from portico.domain.merges.actions.undo_merge import undo_merge
from portico.domain.merges.models import MAX_REASON, CustomerMerge
from portico.domain.merges.queries import Preview, merges, preview_merge
from portico.domain.merges.queries import merge as merge_of
from portico.lib.errors import PorticoError
from portico.lib.l10n import Formatter
from portico.output.wording.payment_methods import saved_label
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.listing import parameters_of
from portico.web.dashboard.core.refusals import error_message
from portico.web.shared.page import reader_formatter

_MOST = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """A customer that may be the other one; `url` shows what would move."""

    url: str
    name: str
    details: str


@dataclass(frozen=True, slots=True)
class Done:
    """A merge of the customer; `id` is empty where it can't be undone any more."""

    id: str
    name: str
    details: str


@staff_page
def merge_customer(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Find the other customer, show what would move, and merge the two once that is confirmed; or undo a merge."""
    found = customer_of(viewer, name)
    if request.method == "POST" and "undo" in request.POST:
        return _undo(request, viewer, found)
    params = parameters_of(request, "with", "keep", "q")
    if request.method == "POST":
        params = {key: request.POST.get(key, "") for key in ("with", "keep", "reason")}
    if not params.get("with"):
        return _page(request, viewer, found, params.get("q", ""))
    other = customer_of(viewer, params["with"])
    loser, winner = (found, other) if params.get("keep") == "other" else (other, found)
    refusal = None
    if request.method == "POST":
        try:
            merge_customers(loser, winner, by=viewer.actor, reason=params["reason"])
        except PorticoError as error:
            refusal = error
        else:
            messages.success(request, _("Merged. It can be undone for a day, under Actions, Merge."))
            return HttpResponseRedirect(reverse("customer", args=[winner.public_id]))
    return _confirm(request, viewer, (found, other), (loser, winner), refusal, params.get("reason", ""))


def _undo(request: HttpRequest, viewer: StaffViewer, found: Customer) -> HttpResponse:
    merge = merge_of(viewer, request.POST["undo"])
    try:
        undo_merge(merge, by=viewer.actor)
    except PorticoError as error:
        return _page(request, viewer, found, "", refusal=error)
    messages.success(request, _("The merge is undone: both customers are as they were."))
    return HttpResponseRedirect(reverse("customer", args=[merge.loser.public_id]))


def _page(
    request: HttpRequest, viewer: StaffViewer, found: Customer, q: str, refusal: PorticoError | None = None
) -> HttpResponse:
    here, fmt = reverse("merge_customer", args=[found.public_id]), reader_formatter()
    rows = (
        searched(customers_of(viewer).exclude(pk=found.pk), viewer.business.pk, q).order_by("sort_name", "pk")[:_MOST]
        if q
        else []
    )
    context: dict[str, Any] = {
        "name": found.name,
        "home": reverse("customer", args=[found.public_id]),
        "action": here,
        "q": q,
        "choices": [
            Choice(f"{here}?with={row.public_id}", row.name, " · ".join(filter(None, [row.email, row.external_id])))
            for row in rows
        ],
        "done": [_done(row, viewer, fmt) for row in merges(viewer).filter(winner=found, undone_at=None)[:_MOST]],
    }
    return staff_answer(request, viewer, "dashboard/customers/merge.html", context, nav="customers", refusal=refusal)


def _done(merge: CustomerMerge, viewer: StaffViewer, fmt: Formatter) -> Done:
    who = {"who": merge.made_by, "when": fmt.moment(merge.made_at, viewer.business.time_zone)}
    return Done(merge.public_id if merge.can_be_undone else "", merge.loser.name, _("%(when)s by %(who)s") % who)


def _confirm(
    request: HttpRequest,
    viewer: StaffViewer,
    both: tuple[Customer, Customer],
    order: tuple[Customer, Customer],
    refusal: PorticoError | None,
    reason: str,
) -> HttpResponse:
    (found, other), (loser, winner) = both, order
    fmt, preview = reader_formatter(), preview_merge(loser, winner)
    here = reverse("merge_customer", args=[found.public_id])
    keeps_other = winner.pk == other.pk
    context: dict[str, Any] = {
        "name": found.name,
        "home": reverse("customer", args=[found.public_id]),
        "here": here,
        "action": here,
        "hidden": [("with", other.public_id), ("keep", "other" if keeps_other else "")],
        "swap": f"{here}?with={other.public_id}{'' if keeps_other else '&keep=other'}",
        "loser": loser,
        "winner": winner,
        "rows": [(label, fmt.number(preview.counts[key])) for key, label in _labels().items() if preview.counts[key]],
        "balances": [fmt.money(amount, currency) for currency, amount in sorted(preview.balances.items())],
        "notes": _notes(preview, loser, winner),
        "reason": reason,
        "most": MAX_REASON,
        "refused": error_message(preview.refusal) if preview.refusal else "",
    }
    template = "dashboard/customers/merge_confirm.html"
    return staff_answer(request, viewer, template, context, nav="customers", refusal=refusal)


def _labels() -> dict[str, str]:
    return {
        "documents": _("Documents"),
        "entries": _("Items on the account"),
        "payments": _("Payments"),
        "adjustments": _("Credit adjustments"),
        "plans": _("Payment plans"),
        "promises": _("Payment promises"),
        "methods": _("Saved payment methods"),
        "comments": _("Messages"),
        "files": _("Files"),
        "contacts": _("Contacts"),
        "links": _("Links"),
    }


def _notes(preview: Preview, loser: Customer, winner: Customer) -> list[str]:
    names = {"loser": loser.name, "winner": winner.name}
    notes = [
        _("Links, sessions and sign-in by an e-mail address of %(loser)s lead to %(winner)s from now on.") % names,
        _("Name, addresses and terms are those of %(winner)s; issued papers stay as they are.") % names,
    ]
    if loser.external_id:
        words = names | {"id": loser.external_id}
        # A name may end with a full stop of its own.
        notes.append((_("Programs that name %(id)s reach %(winner)s.") % words).replace("..", "."))
    if preview.autopay_moves:
        notes.append(_("AutoPay of %(loser)s goes on, and collects open invoices of %(winner)s too.") % names)
    if preview.collects and preview.method is not None:
        words = names | {"method": saved_label(preview.method)}
        notes.append(_("Every open invoice of both is collected once, by %(method)s.") % words)
    if preview.second_portal_link:
        notes.append(_("Both portal links work. Regenerating the link ends both."))
    return notes
