from collections.abc import Collection

from django.core.mail import mailers
from django.db.models import OuterRef, QuerySet, Subquery

from portico.domain.access.viewer import StaffViewer
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id
from portico.output.mail.models import Message


def has_way_out() -> bool:
    """Tell whether mail can leave at all: whether an operator has said how."""
    return "default" in mailers


def messages(viewer: StaffViewer) -> QuerySet[Message]:
    """The mail of the viewer's business, newest first."""
    return Message.objects.filter(business=viewer.business).select_related("customer").order_by("-id")


def refusals(viewer: StaffViewer, addresses: Collection[str]) -> dict[str, str]:
    """Return, of these addresses, those whose last mail could not be delivered, each with the reason in the log."""
    ended = messages(viewer).filter(recipient__in=addresses, state__in=[Message.State.SENT, Message.State.FAILED])
    newest = ended.filter(pk=Subquery(ended.filter(recipient=OuterRef("recipient")).order_by("-id").values("id")[:1]))
    return dict(newest.filter(state=Message.State.FAILED).values_list("recipient", "error"))


def message(viewer: StaffViewer, name: str) -> Message:
    """Return the mail with this public id. Raises NotFound."""
    key = parse_public_id(name, "message")
    found = messages(viewer).filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no mail {name}.")
    return found
