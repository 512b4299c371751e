from django.core.mail import mailers
from django.db.models import QuerySet

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


def message(viewer: StaffViewer, name: str) -> Message:
    """Return the mail with this public id. Raises NotFound."""
    key = parse_public_id(name, "message")
    found = messages(viewer).filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no mail {name}.")
    return found
