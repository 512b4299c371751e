from collections.abc import Collection
from typing import NamedTuple

from django.core.mail import mailers
from django.db.models import Count, Exists, IntegerField, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from portico.domain.access.viewer import Viewer
from portico.domain.businesses.models import Business
from portico.domain.conversations.queries import needing_attention
from portico.domain.documents.models import Document
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id
from portico.output.mail.errors import NoMailServer
from portico.output.mail.models import MailRun, MailRunItem, MailWording, Message

_ARRIVED = frozenset({Message.State.SENT, Message.State.DELIVERED})
_LOST = frozenset({Message.State.FAILED, Message.State.BOUNCED})
# Why a mail was not sent that its recipient gets no more of.
SWITCHED_OFF = "switched off by the recipient"
# Why a mail waits though its server takes mail: as many went out as may go in a minute.
WAITS_FOR_TURN = "as many as may go in a minute have gone"
_OFF = {"state": Message.State.UNSENT, "error": SWITCHED_OFF}


def has_way_out() -> bool:
    """Tell whether mail can leave at all: whether an operator has said how."""
    return "default" in mailers


def require_way_out() -> None:
    """Raise NoMailServer where mail can't leave."""
    if not has_way_out():
        raise NoMailServer("No mail server is set up.")


def mail_server() -> str:
    """Return the name of the mail server that mail goes to, where it goes to one."""
    return str(getattr(mailers.default, "host", "")) if has_way_out() else ""


class Waiting(NamedTuple):
    """How many conversations wait for staff, and how many mails for a mail server that has failed to take them."""

    conversations: int
    mails: int


def waiting(viewer: Viewer) -> Waiting:
    """Return what waits at the viewer's business, which every page for staff says. One query."""
    queued = Message.objects.filter(business=viewer.business, state=Message.State.QUEUED)
    held_up = queued.exclude(error__in=["", WAITS_FOR_TURN])
    rows = Business.objects.filter(pk=viewer.business.pk)
    found = rows.values_list(_count(needing_attention(viewer)), _count(held_up)).first()
    return Waiting(*found) if found else Waiting(0, 0)


def is_mail_held_up() -> bool:
    """Tell whether the mail server has failed to take mail, of whichever business, and mail waits for it."""
    return Message.objects.filter(state=Message.State.QUEUED).exclude(error__in=["", WAITS_FOR_TURN]).exists()


def _count[M: Model](rows: QuerySet[M]) -> Coalesce:
    counted = rows.order_by().values("business").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def own_wordings(business: Business) -> set[tuple[str, str]]:
    """Return which mails a business has words of its own for: name and language."""
    return set(MailWording.objects.filter(business=business).values_list("name", "language"))


class RunProgress(NamedTuple):
    """How far a run is: how many documents it has, and of how many the mail is sent, waits, failed, or was left out."""

    total: int
    sent: int
    waiting: int
    failed: int
    skipped: int

    @property
    def is_done(self) -> bool:
        """Whether nothing of it waits any more."""
        return not self.waiting


def mail_run(viewer: Viewer, name: str) -> MailRun:
    """Return the run with this public id. Raises NotFound."""
    key = parse_public_id(name, "mail_run")
    found = MailRun.objects.filter(business=viewer.business, pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no run {name}.")
    return found


def run_progress(run: MailRun) -> RunProgress:
    """Return how far a run is that the viewer has fetched."""
    items = MailRunItem.objects.filter(run=run)
    total, skipped = items.count(), items.exclude(skipped="").count()
    mails = Message.objects.filter(activity__in=items.filter(activity__isnull=False).values("activity"))
    states = dict(mails.order_by().values_list("state").annotate(count=Count("activity", distinct=True)))
    sent = sum(states.get(state, 0) for state in _ARRIVED)
    off = mails.filter(**_OFF).values("activity").distinct().count()
    failed = sum(states.get(state, 0) for state in (*_LOST, Message.State.UNSENT)) - off
    skipped += off
    return RunProgress(total, sent, total - sent - failed - skipped, failed, skipped)


def skipped_of(run: MailRun) -> list[MailRunItem]:
    """Return what was left out of a run that the viewer has fetched, the first 100: no code says "switched off"."""
    off = Exists(Message.objects.filter(activity=OuterRef("activity"), **_OFF))
    rows = MailRunItem.objects.filter(~Q(skipped="") | Q(off), run=run).select_related("document")
    return list(rows.order_by("id")[:100])


def messages(viewer: Viewer) -> QuerySet[Message]:
    """The mail of the viewer's business, newest first."""
    return Message.objects.filter(business=viewer.business).select_related("customer", "document").order_by("-id")


def refusals(viewer: Viewer, addresses: Collection[str]) -> dict[str, str]:
    """Return, of these addresses, those whose last mail could not be delivered, each with the reason in the log."""
    ended = messages(viewer).filter(recipient__in=addresses, state__in=_ARRIVED | _LOST)
    newest = ended.filter(pk=Subquery(ended.filter(recipient=OuterRef("recipient")).order_by("-id").values("id")[:1]))
    return dict(newest.filter(state__in=_LOST).values_list("recipient", "error"))


def messages_about(document: Document) -> QuerySet[Message]:
    """The mail about a document that the viewer has fetched, newest first."""
    return Message.objects.filter(document=document).order_by("-id")


def message(viewer: Viewer, name: str) -> Message:
    """Return the mail with this public id. Raises NotFound."""
    key = parse_public_id(name, "message")
    found = messages(viewer).select_related("activity").filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no mail {name}.")
    return found
