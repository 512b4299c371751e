"""Mailing one thing by hand: a document, a customer's statement, a payment's receipt."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.link_life import may_have_link
from portico.domain.documents.mailing import MailInput
from portico.domain.documents.models import Kind
from portico.domain.documents.queries import attached
from portico.domain.documents.queries import document as document_of
from portico.domain.files.models import File, Purpose
from portico.domain.payments.models import State
from portico.domain.payments.queries import payment as payment_of
from portico.lib.errors import NotFound, PorticoError
from portico.lib.l10n import apart, formatter
from portico.output.mail.actions.mail_document import mail_document
from portico.output.mail.actions.mail_more import mail_receipt, mail_statement
from portico.output.mail.composing import language_of
from portico.output.mail.document_values import document_wording
from portico.output.mail.models import Message
from portico.output.mail.more_values import receipt_wording, statement_wording
from portico.output.mail.queries import has_way_out, messages_about
from portico.output.mail.wordings import Wording
from portico.output.wording.kinds import document_title, numbered_label
from portico.output.wording.mail_topics import switched_off_labels
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.mail.forms import SendForm
from portico.web.dashboard.mail.log import mail_rows
from portico.web.dashboard.mail.reminders import Reminders, reminders_of
from portico.web.shared.page import reader_formatter

_NEWEST = 20


@dataclass(frozen=True, slots=True)
class _Thing:
    """What is mailed: its name, whose it is, the words that are usual, its own page, and what mails it."""

    title: str
    customer: Customer
    usual: Wording
    back: str
    nav: str
    send: Callable[[MailInput], list[Message]]
    files: Sequence[File] = ()
    mailed: Iterable[Message] = ()
    reminders: Reminders | None = None


@staff_page
def send_document(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show the form that a document is mailed with, and what was mailed of it; a POST mails it."""
    found = document_of(viewer, name, *Kind)
    if not may_have_link(found):
        raise NotFound("Customers don't see this document.")
    fmt = formatter(language_of(found.business, found.customer))
    thing = _Thing(
        title=document_title(found, reader_formatter()),
        customer=found.customer,
        usual=document_wording(found, found.kind, fmt),
        back=reverse("document", args=[found.public_id]),
        nav="documents",
        send=lambda mail: mail_document(found, mail, by=viewer.actor),
        files=[file for file in attached(found) if file.purpose == Purpose.ATTACHMENT],
        reminders=reminders_of(found),
        mailed=messages_about(found).select_related("customer")[:_NEWEST],
    )
    return _answer(request, viewer, thing)


@staff_page
def send_statement(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show the form that a statement of today is mailed with; a POST mails it."""
    found = customer_of(viewer, name)
    if not viewer.business.show_statements:
        raise NotFound("Customers don't see statements.")
    today = viewer.business.today()
    thing = _Thing(
        title=_("Statement of account"),
        customer=found,
        usual=statement_wording(found, today, formatter(language_of(viewer.business, found))),
        back=reverse("customer_statement", args=[found.public_id]),
        nav="customers",
        send=lambda mail: mail_statement(found, mail, end=today, by=viewer.actor),
    )
    return _answer(request, viewer, thing)


@staff_page
def send_receipt(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show the form that a payment's receipt is mailed with; a POST mails it."""
    found = payment_of(viewer, name)
    if found.state == State.VOIDED:
        raise NotFound("A voided payment has no receipt.")
    thing = _Thing(
        title=_("Receipt: %(payment)s") % {"payment": numbered_label("payment", found.number)},
        customer=found.customer,
        usual=receipt_wording(found, formatter(language_of(found.business, found.customer))),
        back=reverse("payment", args=[found.public_id]),
        nav="payments",
        send=lambda mail: mail_receipt(found, mail, by=viewer.actor),
    )
    return _answer(request, viewer, thing)


def _answer(request: HttpRequest, viewer: StaffViewer, thing: _Thing) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = SendForm(thing.customer, thing.usual, data, attach_pdf=viewer.business.mail_attaches_pdf, files=thing.files)
    refusal: PorticoError | None = None
    if data is not None and form.is_valid():
        try:
            mails = thing.send(form.to_input())
        except NotFound:
            raise
        except PorticoError as error:
            refusal = error
        else:
            to = reader_formatter().list([apart(mail.recipient) for mail in mails])
            notices.success(request, _("The mail is on its way to %(address)s.") % {"address": to})
            return HttpResponseRedirect(thing.back)
    context: dict[str, Any] = {
        "form": form,
        "thing": thing,
        "action": request.path,
        "has_way_out": has_way_out(),
        "reminders": thing.reminders,
        "mail_off": switched_off_labels(thing.customer, reader_formatter()),
        "rows": mail_rows(list(thing.mailed), viewer, reader_formatter()),
    }
    status = 422 if form.errors else 200
    return staff_answer(
        request, viewer, "dashboard/mail/send.html", context, nav=thing.nav, status=status, refusal=refusal
    )
