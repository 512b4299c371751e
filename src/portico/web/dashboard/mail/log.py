"""The log of mail: of the business, of one customer, and one mail's own page."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.lib.folding import folded_pattern
from portico.lib.l10n import Formatter
from portico.output.mail.models import Message
from portico.output.mail.queries import has_way_out, mail_server, message, messages
from portico.output.wording.kinds import document_title
from portico.web.dashboard.core.customer_page import customer_answer
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.listing import ListState, paginate, parameters_of
from portico.web.dashboard.core.mail_labels import mail_kind, mail_states, mail_tag, why_not_sent
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag


class MailFilter(forms.Form):
    """What narrows the log."""

    q = forms.CharField(
        label=gettext_lazy("Recipient or subject"), required=False, widget=forms.TextInput({"class": "po-input"})
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=mail_states, widget=forms.Select({"class": "po-input"})
    )


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail as the log lists it; `why` says why it was not sent, or not yet."""

    url: str
    subject: str
    recipient: str
    customer: str
    customer_url: str
    when: str
    tag: Tag
    why: str


@staff_page
def mail_log(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """List the business's mail, newest first."""
    context = _listing(request, viewer, messages(viewer), reverse("mail_log"))
    context["outbox"] = settings.PORTICO_DEMO
    context["has_way_out"] = has_way_out()
    return staff_answer(request, viewer, "dashboard/mail/list.html", context, nav="mail_log", part="results")


@staff_page
def customer_mail(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """List a customer's mail, newest first."""
    found = customer_of(viewer, name)
    base = reverse("customer_mail", args=[found.public_id])
    context = _listing(request, viewer, messages(viewer).filter(customer=found), base, of_customer=True)
    return customer_answer(request, viewer, found, "mail", "dashboard/mail/of_customer.html", context, part="results")


@staff_page
def mail_detail(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show what became of a mail, and what it waits for."""
    found, fmt = message(viewer, name), reader_formatter()
    context = {
        "mail": found,
        "kind": mail_kind(found.letter),
        "tag": mail_tag(found),
        "why": why_not_sent(found.error, found.server),
        "facts": _facts(found, viewer, fmt),
        "customer_url": reverse("customer", args=[found.customer.public_id]) if found.customer else "",
        "document_url": reverse("document", args=[found.document.public_id]) if found.document else "",
        "document": document_title(found.document, fmt) if found.document else "",
        "shown_url": reverse("demo_mail_detail", args=[found.public_id]) if settings.PORTICO_DEMO else "",
    }
    return staff_answer(request, viewer, "dashboard/mail/detail.html", context, nav="mail_log")


def mail_rows(found: list[Message], viewer: StaffViewer, fmt: Formatter) -> list[MailRow]:
    """Return mails as the log lists them."""
    return [
        MailRow(
            url=reverse("mail_detail", args=[row.public_id]),
            subject=row.subject or mail_kind(row.letter),
            recipient=row.recipient,
            customer=row.customer.name if row.customer else "",
            customer_url=reverse("customer", args=[row.customer.public_id]) if row.customer else "",
            when=fmt.moment(row.created_at, viewer.business.time_zone),
            tag=mail_tag(row),
            why=why_not_sent(row.error, row.server),
        )
        for row in found
    ]


def _listing(
    request: HttpRequest, viewer: StaffViewer, rows: QuerySet[Message], base: str, *, of_customer: bool = False
) -> dict[str, Any]:
    fmt, params = reader_formatter(), parameters_of(request, "q", "state")
    if params.get("state") in Message.State.values:
        rows = rows.filter(state=params["state"])
    if "q" in params:
        pattern = folded_pattern(params["q"])
        rows = rows.filter(Q(recipient__regex=pattern) | Q(subject__regex=pattern))
    list_state = ListState(base, params)
    shown, pages, total = paginate(request, rows, fmt, list_state)
    return {
        "form": MailFilter(initial=params, auto_id="filter_%s"),
        "base": base,
        "rows": mail_rows(shown, viewer, fmt),
        "with_customer": not of_customer,
        "pages": pages,
        "total": total,
        "filtered": bool(params),
    }


def _facts(found: Message, viewer: StaffViewer, fmt: Formatter) -> list[tuple[str, str]]:
    zone = viewer.business.time_zone
    is_waiting = found.state == Message.State.QUEUED
    next_try = found.activity.react_at if is_waiting else None
    facts = [
        (_("Recipient"), found.recipient),
        (_("Written"), fmt.moment(found.created_at, zone)),
        (_("Sent"), fmt.moment(found.sent_at, zone) if found.sent_at else ""),
        (_("Reported"), fmt.moment(found.heard_at, zone) if found.heard_at else ""),
        (_("Waits for"), (found.server or mail_server()) if is_waiting else ""),
        (_("Mail server"), "" if is_waiting else found.server),
        (_("Tries"), fmt.number(found.attempts)),
        (_("Next try"), fmt.moment(next_try, zone) if next_try else ""),
        (_("Because of"), found.activity.actor_label),
        (_("Message-ID"), found.message_id),
    ]
    return [(label, value) for label, value in facts if value]
