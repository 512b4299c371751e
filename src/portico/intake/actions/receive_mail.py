"""Making a message of an answer by mail: from whom the address was made for, or else seen by staff alone."""

from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import User
from portico.domain.conversations.actions.comment import MOST_FILES, CommentInput, add_comment
from portico.domain.conversations.authors import Author, staff_author
from portico.domain.conversations.models import AuthorKind, Comment, Conversation
from portico.domain.conversations.queries import recipients_of
from portico.domain.conversations.reply_address import is_for, read_reply_address
from portico.intake.mail.reply import Envelope, Reply, read_envelope, read_reply
from portico.lib.errors import NotFound


def receive_mail(content: bytes) -> Comment | None:
    """Make a message of an answer; None for one that no person wrote, or that says nothing.

    Raises NotFound when its address was made for nobody who could answer now, Unreadable, Invalid, TooManyComments,
    FileRefused.
    """
    envelope = read_envelope(content)
    # Before anything else is read: only who was written to can keep us busy with what follows.
    conversation, proof = _conversation(envelope)
    if envelope.automatic:
        return None
    reply = read_reply(content)
    if not (reply.text or reply.files):
        return None
    with translation.override(conversation.business.language or "en"):
        return _say(conversation, envelope, reply, proof)


def _conversation(envelope: Envelope) -> tuple[Conversation, str]:
    """Return the conversation that the first address of ours names, and the address's proof."""
    for address in envelope.recipients:
        read = read_reply_address(address)
        found = _open(read[0]) if read else None
        if read and found and any(is_for(read[1], found, known) for known in _known(found)):
            return found, read[1]
    raise NotFound("The mail is for no conversation.")


def _open(key: UUID) -> Conversation | None:
    rows = Conversation.objects.select_related("business", "customer__business", "document__business", "document")
    return rows.filter(pk=key, business__allow_messages=True).first()


def _known(conversation: Conversation) -> list[str]:
    """Return the addresses that are written to about a conversation as things are now."""
    staff = User.objects.filter(memberships__business=conversation.business_id, is_active=True)
    customers = recipients_of(conversation.customer, conversation.document, conversation)
    return [*customers, *staff.values_list("email", flat=True)]


def _author(conversation: Conversation, proof: str, sender: str) -> tuple[Author | None, Actor]:
    """Return who wrote: a contact, the customer or staff if the address was made for the sender, else nobody known."""
    customer = conversation.customer
    by = Actor("customer", customer.public_id, sender)
    if not is_for(proof, conversation, sender):
        return None, by
    staff = User.objects.filter(memberships__business=conversation.business_id, is_active=True, email=sender).first()
    if staff is not None:
        return staff_author(staff), Actor("staff", staff.public_id, str(staff))
    if sender not in {known.lower() for known in _known(conversation)}:
        return None, by
    contact = customer.contacts.filter(email__iexact=sender).first()
    if contact is not None:
        return Author(AuthorKind.CUSTOMER, contact.public_id, contact.name, contact), by
    return Author(AuthorKind.CUSTOMER, customer.public_id, customer.name), by


def _say(conversation: Conversation, envelope: Envelope, reply: Reply, proof: str) -> Comment:
    author, by = _author(conversation, proof, envelope.sender)
    verified = author is not None
    author = author or Author(AuthorKind.CUSTOMER, "mail", envelope.sender)
    files = reply.files[:MOST_FILES]
    names = ", ".join(name for name, _content in files)
    # The words count: files that are refused are named, and can be asked for again.
    missing = _("Attached files were not kept: %(names)s") % {"names": names}
    data = CommentInput(
        reply.text or names, files, mail_id=envelope.message_id, verified=verified, without_files=missing
    )
    return add_comment(conversation.customer, conversation.document, data, author, by=by)
