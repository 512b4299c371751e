"""Mails about who somebody is: the code that shows it, and what tells of a changed address whom it concerns."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta

from portico.domain.access.models import EmailVerification
from portico.domain.access.portal_urls import contacts_url, email_change_url, email_undo_url
from portico.domain.access.sign_in.actions.change_email import UNDO_LIFE
from portico.domain.access.sign_in.actions.issue_secrets import issue_secrets
from portico.domain.access.sign_in.actions.request_verification import LIFETIMES
from portico.domain.access.sign_in.queries.verifications import revertible_emails
from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.domain.customers.queries import current_customer, notified_of_email
from portico.lib.email import masked
from portico.output.mail.actions.send import send
from portico.output.mail.emails import ContactAddress, EmailChange, EmailChanged, StepUp
from portico.output.mail.template import EmailTemplate


def mail_step_up(asked: Activity) -> None:
    """Mail the code that a visitor waits for. It is made here, and known only to the mail."""
    _mail(asked, StepUp, lambda it: StepUp(issue_secrets(it)[1], _minutes(it), it.ip or ""))


def mail_email_change(asked: Activity) -> None:
    """Mail the link that confirms a new address to that address: whose it is, is not known yet."""
    _mail(asked, EmailChange, lambda it: EmailChange(email_change_url(it.business, issue_secrets(it)[0]), _minutes(it)))


def _mail(asked: Activity, kind: type[EmailTemplate], write: Callable[[EmailVerification], EmailTemplate]) -> None:
    verification = _standing(asked)
    # The address of a customer that is part of another one is not changed any more.
    if verification is not None and not (verification.customer and verification.customer.merged_into_id):
        send(
            kind,
            lambda: write(verification),
            about=asked,
            to=verification.email,
            business=verification.business,
            customer=verification.customer,
            language=verification.language,
        )


def _minutes(verification: EmailVerification) -> int:
    return LIFETIMES[EmailVerification.Kind(verification.kind)] // timedelta(minutes=1)


def mail_email_changed(changed: Activity) -> None:
    """Tell a customer's former address that another one took its place, with a link that takes it back."""
    undo = _standing(changed)
    if undo is None:
        return

    def write() -> EmailChanged:
        merged = undo.customer is not None and undo.customer.merged_into_id
        url = "" if merged else email_undo_url(undo.business, issue_secrets(undo)[0])
        return EmailChanged(masked(changed.data["after"]), url, UNDO_LIFE.days)

    send(EmailChanged, write, about=changed, to=undo.email, business=undo.business, customer=undo.customer)


def mail_contact_address(changed: Activity) -> None:
    """Tell of a contact's new address: the customer, when a visitor of its own gave it, and the former address.

    So are those told who had the customer's own address and can take it back: who replaced it may let somebody in as
    well, and would stay in when the change is taken back.
    """
    customer = _customer_of(changed)
    former, new = (changed.data[when]["email"] for when in ("before", "after"))
    by_customer = changed.actor_kind == "customer"
    notified = notified_of_email(customer, former, new) if by_customer else ""
    replaced = revertible_emails(customer) if by_customer and new and new.lower() != former.lower() else []
    # All of them are tried, last first, though a mail server makes one of them wait.
    with ExitStack() as mails:
        if former and former.lower() not in {notified.lower(), *map(str.lower, replaced)}:
            mails.callback(_tell_former, changed, customer)
        for address in replaced:
            if address.lower() not in {notified.lower(), new.lower()}:
                mails.callback(_tell_customer, changed, customer, address, replaced=True)
        if notified:
            mails.callback(_tell_customer, changed, customer, notified)


def _tell_customer(changed: Activity, customer: Customer, to: str, *, replaced: bool = False) -> None:
    business = customer.business

    def write() -> ContactAddress:
        address, former = (changed.data[when]["email"] for when in ("after", "before"))
        may_remove = business.portal_enabled and business.allow_contact_edits and not replaced
        return ContactAddress(
            account=customer.name,
            contact=changed.data["name"],
            address=masked(address) if replaced else address,
            former="" if replaced else former,
            at=changed.at,
            time_zone=business.time_zone,
            given_from=changed.ip or "",
            url=contacts_url(business) if may_remove else "",
            write_to=business.email,
            to_replaced=replaced,
        )

    send(ContactAddress, write, about=changed, to=to, business=business, customer=customer)


def _tell_former(changed: Activity, customer: Customer) -> None:
    former, new = (changed.data[when]["email"] for when in ("before", "after"))

    def write() -> EmailChanged:
        return EmailChanged(masked(new) if new else "")

    send(EmailChanged, write, about=changed, to=former, business=customer.business, customer=customer)


def _customer_of(activity: Activity) -> Customer:
    assert activity.customer_id is not None, "a contact is somebody's"
    return current_customer(activity.customer_id)


def _standing(activity: Activity) -> EmailVerification | None:
    """Return what is waited for, unless it is over or the portal is closed: then nobody needs the mail."""
    rows = EmailVerification.objects.select_related("business", "customer", "session__grant", "session__business")
    verification = rows.filter(pk=activity.subject_id).first()
    if verification is None or verification.state != "open" or not verification.business.portal_enabled:
        return None
    return verification
