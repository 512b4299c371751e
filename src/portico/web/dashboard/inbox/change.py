"""A comment or a note is edited or removed by the member of staff who wrote it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.conversations.actions.change_comment import edit_comment as edit
from portico.domain.conversations.actions.change_comment import remove_comment as remove
from portico.domain.conversations.models import Comment
from portico.domain.conversations.queries import comment, may_change
from portico.lib.errors import PorticoError
from portico.web.dashboard.core.conversation import conversation_url
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.shared.conversation import EditForm, refusal_messages


@staff_page
def edit_comment(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show what was written; a POST puts other words in its place."""
    row = comment(viewer, name)
    if not may_change(row, viewer.actor, viewer.user.public_id):
        return _closed(request, row)
    if request.method != "POST":
        return _page(request, viewer, row, EditForm(initial={"body": row.body}, auto_id="edit_%s"))
    form = EditForm(request.POST, auto_id="edit_%s")
    if not form.is_valid():
        return _page(request, viewer, row, form, 422)
    try:
        edit(row, form.cleaned_data["body"], author_id=viewer.user.public_id, by=viewer.actor)
    except PorticoError as error:
        form.add_error("body", refusal_messages().get(error.code, error.message))
        return _page(request, viewer, row, form, error.status)
    return HttpResponseRedirect(_home(row))


@staff_page
def remove_comment(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Ask whether to remove a comment; a confirmed POST does."""
    row = comment(viewer, name)
    if not may_change(row, viewer.actor, viewer.user.public_id):
        return _closed(request, row)
    if request.method == "POST" and request.POST.get("confirmed") == "yes":
        remove(row, author_id=viewer.user.public_id, by=viewer.actor)
        return HttpResponseRedirect(_home(row))
    context = {
        "heading": _("Remove your message?"),
        "text": _("What it says and its files will be gone. That there was a message stays to be seen."),
        "button": _("Remove"),
        "names": [(row.body[:200], "")],
        "hidden": [],
        "action": reverse("remove_comment", args=[row.public_id]),
        "back": _home(row),
    }
    return staff_answer(request, viewer, "dashboard/confirm.html", context, nav="inbox")


def _page(request: HttpRequest, viewer: StaffViewer, row: Comment, form: EditForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "back_url": _home(row)}
    return staff_answer(request, viewer, "dashboard/inbox/edit.html", context, nav="inbox", status=status)


def _closed(request: HttpRequest, row: Comment) -> HttpResponse:
    messages.error(request, refusal_messages()["comment_closed"])
    return HttpResponseRedirect(_home(row))


def _home(row: Comment) -> str:
    return conversation_url(row.conversation.customer, row.conversation.document)
