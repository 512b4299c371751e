"""The mails about what customers and staff write to each other."""

from functools import partial

from portico.domain.access.links.pages import CONVERSATION
from portico.domain.access.portal_urls import link_url, messages_url, staff_conversation_url
from portico.domain.activity.actor import Actor
from portico.domain.activity.models import Activity
from portico.domain.conversations.alerts import staff_to_alert
from portico.domain.conversations.models import Comment
from portico.domain.conversations.queries import files_of, recipients_of
from portico.domain.conversations.reply_address import reply_address
from portico.domain.documents.actions.link import link_to
from portico.lib.l10n import current_language, formatter
from portico.output.mail.actions.send import send
from portico.output.mail.comment_emails import CustomerWrote, StaffAnswered
from portico.output.wording.kinds import document_title


def mail_comment(commented: Activity) -> None:
    """Tell the other side of a comment, as it is now; one that was removed since is not mailed, nor any internal note.

    Nothing is told once the business has switched messages off.
    """
    rows = Comment.objects.select_related("customer__business", "conversation__customer", "conversation__document")
    said = rows.get(pk=commented.subject_id)
    if said.internal or said.removed_at is not None or not said.customer.business.allow_messages:
        return
    if said.is_from_customer:
        _alert_staff(commented, said)
    else:
        _answer_customer(commented, said)


def _alert_staff(commented: Activity, said: Comment) -> None:
    customer, document = said.customer, said.conversation.document

    def write(recipient: str) -> CustomerWrote:
        return CustomerWrote(
            title=document_title(document, formatter(current_language())) if document else "",
            customer=customer.name,
            author=said.author_name,
            body=said.body,
            url=staff_conversation_url(document.public_id if document else customer.public_id, about=bool(document)),
            files=_names(said),
            verified=said.verified,
            reply_to=reply_address(said.conversation, recipient),
        )

    for email in staff_to_alert(said.conversation):
        send(CustomerWrote, partial(write, email), about=commented, to=email, business=customer.business)


def _answer_customer(commented: Activity, said: Comment) -> None:
    customer, document = said.customer, said.conversation.document
    by = Actor(commented.actor_kind, commented.actor_id, commented.actor_label)

    def write(recipient: str) -> StaffAnswered:
        if document is None:
            title, url = "", messages_url(customer.business)
        else:
            _grant, secret = link_to(customer, document.ref, by=by)
            title = document_title(document, formatter(current_language()))
            url = link_url(customer.business, secret, CONVERSATION)
        reply_to = reply_address(said.conversation, recipient)
        return StaffAnswered(title, said.author_name, said.body, url, _names(said), reply_to)

    for email in recipients_of(customer, document, said.conversation):
        send(
            StaffAnswered,
            partial(write, email),
            about=commented,
            to=email,
            business=customer.business,
            customer=customer,
        )


def _names(said: Comment) -> tuple[str, ...]:
    return tuple(file.name for file in files_of([said]).get(said.pk, []))
