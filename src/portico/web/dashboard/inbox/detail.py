"""A conversation's page: read, answered, noted upon, resolved and given to a colleague."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.conversations.actions.follow import follow
from portico.domain.conversations.actions.handle import assign, need_attention, resolve
from portico.domain.conversations.actions.mark_read import note_presence
from portico.domain.conversations.queries import conversation_about, staff_member
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.queries import document as document_of
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id
from portico.output.wording.kinds import document_title
from portico.web.dashboard.core.conversation import answer_from_form, conversation_url, staff_conversation
from portico.web.dashboard.core.customer_page import customer_answer
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.shared.brand import brand_of
from portico.web.shared.conversation import CommentForm
from portico.web.shared.page import page, reader_formatter


@staff_page
def document_conversation(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show the conversation about a document; a POST does something with it."""
    found = document_of(viewer, name, *Kind)
    return _conversation(request, viewer, found.customer, found)


@staff_page
def customer_conversation(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show a customer's general conversation; a POST does something with it."""
    return _conversation(request, viewer, customer_of(viewer, name), None)


@require_POST
@staff_page
def document_conversation_seen(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Note that the conversation is on somebody's screen, and send what they have not got yet."""
    found = document_of(viewer, name, *Kind)
    return _seen(request, viewer, found.customer, found)


@require_POST
@staff_page
def customer_conversation_seen(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Note that the conversation is on somebody's screen, and send what they have not got yet."""
    return _seen(request, viewer, customer_of(viewer, name), None)


def _conversation(
    request: HttpRequest, viewer: StaffViewer, customer: Customer, document: Document | None
) -> HttpResponse:
    if not viewer.business.allow_messages:
        raise NotFound("Messages are switched off.")
    if request.method != "POST":
        return _page(request, viewer, customer, document)
    do = request.POST.get("do", "answer")
    if do in {"follow", "unfollow"}:
        follow(customer, document, viewer.user, follows=do == "follow")
        text = (
            _("You are told of new messages here.") if do == "follow" else _("You are told of no more messages here.")
        )
        messages.success(request, text)
        return _back(customer, document)
    if do in {"resolve", "reopen", "assign"}:
        _handle(request, viewer, customer, document, do)
        return _back(customer, document)
    form, status = answer_from_form(
        request, viewer, customer, document, internal=do == "note", resolve=do == "answer_and_resolve"
    )
    if status != 303:
        return _page(request, viewer, customer, document, form, status)
    messages.success(request, _("The note is kept.") if do == "note" else _("The answer is sent."))
    return _back(customer, document)


def _handle(request: HttpRequest, viewer: StaffViewer, customer: Customer, document: Document | None, do: str) -> None:
    found = conversation_about(viewer, customer, document)
    if do == "reopen":
        need_attention(customer, document, by=viewer.actor)
        messages.success(request, _("It is marked as needing attention."))
    elif found is None:
        raise NotFound("Nothing has been said yet.")
    elif do == "resolve":
        resolve(found, by=viewer.actor)
        messages.success(request, _("It is marked as resolved."))
    else:
        name = request.POST.get("assignee", "")
        assign(found, staff_member(viewer, name) if name else None, by=viewer.actor)
        messages.success(request, _("It is assigned."))


def _page(
    request: HttpRequest,
    viewer: StaffViewer,
    customer: Customer,
    document: Document | None,
    form: CommentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"thread": staff_conversation(viewer, customer, document, form)}
    if document is None:
        template = "dashboard/inbox/of_customer.html"
        return customer_answer(request, viewer, customer, "messages", template, context, status=status)
    context |= {
        "title": document_title(document, reader_formatter()) or _("Draft"),
        "customer": customer,
        "document_url": reverse("document", args=[document.public_id]),
        "customer_url": reverse("customer", args=[customer.public_id]),
    }
    return staff_answer(request, viewer, "dashboard/inbox/of_document.html", context, nav="inbox", status=status)


def _seen(request: HttpRequest, viewer: StaffViewer, customer: Customer, document: Document | None) -> HttpResponse:
    found = conversation_about(viewer, customer, document)
    if not viewer.business.allow_messages:
        raise NotFound("Messages are switched off.")
    if found is None:
        return HttpResponse(status=204)
    note_presence(found, viewer.user, parse_public_id(request.GET.get("up_to", ""), "comment"))
    thread = staff_conversation(viewer, customer, document)
    if thread is None or f"stamp={request.GET.get('stamp')}&" in thread.seen_url:
        return HttpResponse(status=204)
    return page(request, "dashboard/parts/thread.html", {"thread": thread}, brand=brand_of(viewer.business))


def _back(customer: Customer, document: Document | None) -> HttpResponse:
    return HttpResponseRedirect(conversation_url(customer, document))
