"""The mail that tells a member of staff once a day what customers have said."""

from datetime import datetime

from django.tasks import task

from portico.domain.access.portal_urls import staff_conversation_url, staff_inbox_url
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Membership
from portico.domain.conversations.actions.ask_digests import ask_digests
from portico.domain.conversations.alerts import comments_to_digest
from portico.domain.conversations.models import Comment
from portico.lib.l10n import current_language, formatter
from portico.output.mail.actions.send import send
from portico.output.mail.comment_emails import DigestLine, StaffDigest
from portico.output.wording.kinds import document_title

# As many as a mail is read to the end of; the inbox has them all.
_MOST = 20


def mail_digest(due: Activity) -> None:
    """Mail a digest of what still waits; nothing where it was seen to, or where it is not wanted any more."""
    rows = Membership.objects.select_related("business", "user")
    membership = rows.filter(pk=due.data["membership"], daily_digest=True, user__is_active=True).first()
    if membership is None or not membership.business.allow_messages:
        return
    since, until = (datetime.fromisoformat(due.data[name]) for name in ("since", "until"))
    said = comments_to_digest(membership, since, until)

    def write() -> StaffDigest:
        shown = [_line(row) for row in said[:_MOST]]
        return StaffDigest(shown, len(said) - len(shown), staff_inbox_url())

    if said:
        send(StaffDigest, write, about=due, to=membership.user.email, business=membership.business)


def _line(said: Comment) -> DigestLine:
    document = said.conversation.document
    title = document_title(document, formatter(current_language())) if document else ""
    name = document.public_id if document else said.customer.public_id
    url = staff_conversation_url(name, about=bool(document))
    return DigestLine(said.customer.name if said.verified else said.author_name, title, said.body, url)


@task
def digests() -> int:
    """Ask for the digests that are due; returns how many."""
    return ask_digests()
