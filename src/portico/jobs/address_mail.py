"""Mails about who somebody is: the code that shows it, and what tells both ends of a changed address."""

from collections.abc import Callable
from datetime import timedelta

from portico.domain.access.actions.challenge import LIVES, mint
from portico.domain.access.actions.email_change import UNDO_LIFE
from portico.domain.access.addresses import email_change_url, email_undo_url
from portico.domain.access.models import Challenge
from portico.domain.activity.models import Activity
from portico.domain.customers.models import Contact
from portico.lib.email import masked
from portico.output.mail.actions.send import send
from portico.output.mail.letter import Letter
from portico.output.mail.letters import EmailChange, EmailChanged, StepUp


def mail_step_up(asked: Activity) -> None:
    """Mail the code that a visitor waits for. It is made here, and known only to the mail."""
    _mail(asked, StepUp, lambda it: StepUp(mint(it)[1], _minutes(it), it.ip or ""))


def mail_email_change(asked: Activity) -> None:
    """Mail the link that confirms a new address to that address: whose it is, is not known yet."""
    _mail(asked, EmailChange, lambda it: EmailChange(email_change_url(it.business, mint(it)[0]), _minutes(it)))


def _mail(asked: Activity, kind: type[Letter], write: Callable[[Challenge], Letter]) -> None:
    challenge = _standing(asked)
    if challenge is not None:
        send(
            kind,
            lambda: write(challenge),
            about=asked,
            to=challenge.email,
            business=challenge.business,
            customer=challenge.customer,
            language=challenge.language,
        )


def _minutes(challenge: Challenge) -> int:
    return LIVES[Challenge.Kind(challenge.kind)] // timedelta(minutes=1)


def mail_email_changed(changed: Activity) -> None:
    """Tell a customer's former address that another one took its place, with a link that takes it back."""
    undo = _standing(changed)
    if undo is None:
        return

    def write() -> EmailChanged:
        url = email_undo_url(undo.business, mint(undo)[0])
        return EmailChanged(masked(changed.data["after"]), url, UNDO_LIFE.days)

    send(EmailChanged, write, about=changed, to=undo.email, business=undo.business, customer=undo.customer)


def mail_contact_changed(changed: Activity) -> None:
    """Tell a contact's former address that another one took its place."""
    contact = Contact.objects.select_related("customer__business").filter(pk=changed.subject_id).first()
    if contact is None:
        return
    former, new = (changed.data[when]["email"] for when in ("before", "after"))

    def write() -> EmailChanged:
        return EmailChanged(masked(new) if new else "")

    send(EmailChanged, write, about=changed, to=former, business=contact.customer.business, customer=contact.customer)


def _standing(activity: Activity) -> Challenge | None:
    """Return what is waited for, unless it is over or the portal is closed: then nobody needs the mail."""
    challenge = Challenge.objects.select_related("business", "customer").filter(pk=activity.subject_id).first()
    if challenge is None or challenge.state != "open" or not challenge.business.portal_enabled:
        return None
    return challenge
