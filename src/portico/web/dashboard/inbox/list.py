"""The inbox: the conversations of the business, by whose turn it is."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.conversations.models import Comment, Conversation, State
from portico.domain.conversations.queries import by_state, conversations, last_comments, mine
from portico.lib.errors import NotFound
from portico.lib.l10n import Formatter
from portico.output.wording.kinds import document_title
from portico.web.dashboard.core.conversation import conversation_url, state_tag
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.listing import ListState, paginate, parameters_of
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag
from portico.web.shared.table import Tab

_EXCERPT = 140


@dataclass(frozen=True, slots=True)
class TalkRow:
    """A conversation: what it is about, whose it is, and what was said last, by whom."""

    url: str
    title: str
    customer: str
    customer_url: str
    said: str
    author: str
    when: str
    iso: str
    tag: Tag
    assignee: str
    unread: bool


@staff_page
def inbox(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the conversations that need attention, or others."""
    if not viewer.business.allow_messages:
        raise NotFound("Messages are switched off.")
    fmt = reader_formatter()
    params = parameters_of(request, "show")
    show = params.get("show", State.OPEN)
    show = show if show in _labels() else State.OPEN
    rows = conversations(viewer)
    rows = mine(rows, viewer) if show == "mine" else rows.filter(state=show)
    rows = rows.select_related("customer", "document", "assignee").order_by("-last_at", "-id")
    list_state = ListState(reverse("inbox"), {"show": show} if show != State.OPEN else {})
    shown, pages, total = paginate(request, rows, fmt, list_state)
    said = last_comments(shown)
    context = {
        "tabs": _tabs(viewer, list_state, show, fmt),
        "rows": [_row(row, said.get(row.pk), viewer, fmt) for row in shown],
        "pages": pages,
        "total": total,
        "show": show,
        "alerts_url": reverse("comment_alerts"),
    }
    return staff_answer(request, viewer, "dashboard/inbox/list.html", context, nav="inbox", part="results")


def _labels() -> dict[str, str]:
    return {
        State.OPEN: _("Needs attention"),
        "mine": _("Mine"),
        State.WAITING: _("Waiting for the customer"),
        State.RESOLVED: _("Resolved"),
    }


def _tabs(viewer: StaffViewer, list_state: ListState, current: str, fmt: Formatter) -> list[Tab]:
    counts = dict(by_state(viewer)) | {"mine": mine(conversations(viewer), viewer).count()}
    return [
        Tab(label, list_state.url(show="" if show == State.OPEN else show), show == current, fmt.number(counts[show]))
        for show, label in _labels().items()
    ]


def _row(row: Conversation, said: Comment | None, viewer: StaffViewer, fmt: Formatter) -> TalkRow:
    return TalkRow(
        url=conversation_url(row.customer, row.document),
        title=document_title(row.document, fmt) if row.document else _("General question"),
        customer=row.customer.name,
        customer_url=reverse("customer", args=[row.customer.public_id]),
        said=_excerpt(said),
        author=said.author_name if said else "",
        when=fmt.moment(row.last_at, viewer.business.time_zone),
        iso=row.last_at.isoformat(),
        tag=state_tag(row.state),
        assignee=str(row.assignee) if row.assignee else "",
        unread=row.unread_by_staff,
    )


def _excerpt(said: Comment | None) -> str:
    if said is None:
        return ""
    if said.removed_at:
        return _("Removed")
    words = " ".join(said.body.split())
    return words if len(words) <= _EXCERPT else words[:_EXCERPT].rstrip() + "…"
