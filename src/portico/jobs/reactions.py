"""What follows from what happened, after the commit: mail. Each event that is announced has one reaction.

A reaction takes the activity, looks at things as they are now, and may run twice without harm: after a crash or a
failure the same activity comes again. `docs/recipes/add-a-mail.md` adds one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.models import EmailVerification
from portico.domain.access.portal_urls import link_url, sign_in_url
from portico.domain.access.sign_in.actions.issue_secrets import issue_secrets
from portico.domain.access.sign_in.actions.request_verification import LIFETIMES
from portico.domain.access.sign_in.queries.accounts import accounts_of_email
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.customers.queries import current_customer
from portico.jobs.address_mail import mail_contact_address, mail_email_change, mail_email_changed, mail_step_up
from portico.jobs.automatic_mail import mail_issued, mail_reminder
from portico.jobs.autopay_mail import (
    mail_autopay_begins,
    mail_autopay_ends,
    mail_failed_collection,
    mail_method_expires,
)
from portico.jobs.bounce_mail import mail_came_back
from portico.jobs.comment_mail import mail_comment
from portico.jobs.digest_mail import mail_digest
from portico.jobs.document_mail import mail_document
from portico.jobs.domain_mail import mail_domain_records
from portico.jobs.estimate_mail import mail_estimate_decided
from portico.jobs.fresh_links import mail_fresh_link
from portico.jobs.many_mail import mail_many
from portico.jobs.plan_mail import mail_plan
from portico.jobs.receipt_mail import mail_asked_receipt, mail_receipt
from portico.jobs.reminder_mail import mail_collection, mail_instalment
from portico.jobs.staff_mail import mail_second_factor, mail_staff_invitation, mail_staff_password
from portico.jobs.statement_mail import mail_statement
from portico.jobs.words_mail import mail_words
from portico.lib.clock import local_date
from portico.output.mail.actions.send import send
from portico.output.mail.emails import PortalLink, SignIn


@dataclass(frozen=True, slots=True)
class Reaction:
    """A function, and whether somebody is waiting for its outcome: then it goes before the others."""

    run: Callable[[Activity], None]
    urgent: bool = False


def mail_portal_link(asked: Activity) -> None:
    """Make a customer's portal link and mail it. The secret is known here and in the mail, and kept nowhere."""
    customer = current_customer(asked.subject_id)
    business = customer.business

    def write() -> PortalLink:
        by = Actor(asked.actor_kind, asked.actor_id, asked.actor_label)
        grant, secret = regenerate_portal_link(customer, by=by)
        return PortalLink(link_url(business, secret), local_date(grant.expires_at, business.time_zone))

    if customer.email:
        send(PortalLink, write, about=asked, to=customer.email, business=business, customer=customer)


def mail_sign_in(asked: Activity) -> None:
    """Mail a link and a code to an address that somebody wants to sign in with, if it opens anything here.

    It goes to the address as it is on file, whatever was typed that reads the same.
    """
    verification = EmailVerification.objects.select_related("business").filter(pk=asked.subject_id).first()
    if verification is None or verification.state != "open" or not verification.business.portal_enabled:
        return
    business = verification.business
    accounts = accounts_of_email(business, verification.email)
    if not accounts:
        return
    # A person with several accounts is written to as a reader of the business's mail, not as one of its customers.
    customer = accounts[0].customer if len(accounts) == 1 else None
    language = (customer.language if customer else "") or business.language or verification.language

    def write() -> SignIn:
        secret, code = issue_secrets(verification)
        minutes = LIFETIMES[EmailVerification.Kind.SIGN_IN] // timedelta(minutes=1)
        # Nobody waits for the code of what no browser asked for.
        awaited = code if verification.browser_hash else ""
        return SignIn(sign_in_url(business, secret), awaited, minutes, verification.ip or "")

    send(
        SignIn,
        write,
        about=asked,
        to=accounts[0].address,
        business=business,
        customer=customer,
        language=language,
    )


REACTIONS: dict[str, Reaction] = {
    Event.STAFF_INVITED: Reaction(mail_staff_invitation),
    Event.STAFF_SECOND_FACTOR_CHANGED: Reaction(mail_second_factor),
    Event.STAFF_PASSWORD_ASKED: Reaction(mail_staff_password, urgent=True),
    Event.LINK_MAIL_ASKED: Reaction(mail_portal_link),
    Event.DOCUMENT_MAIL_ASKED: Reaction(mail_document),
    Event.INVOICE_ISSUED: Reaction(mail_issued),
    Event.INVOICE_REMINDER_DUE: Reaction(mail_reminder),
    Event.MAIL_BOUNCED: Reaction(mail_came_back),
    Event.CUSTOM_DOMAIN_FAILING: Reaction(mail_domain_records),
    Event.CUSTOM_DOMAIN_RECOVERED: Reaction(mail_domain_records),
    Event.MAIL_RUN_STARTED: Reaction(mail_many),
    Event.TEST_MAIL_ASKED: Reaction(mail_words, urgent=True),
    Event.STATEMENT_MAIL_ASKED: Reaction(mail_statement),
    Event.RECEIPT_MAIL_ASKED: Reaction(mail_asked_receipt),
    Event.PLAN_MAIL_ASKED: Reaction(mail_plan),
    Event.ATTEMPT_SUCCEEDED: Reaction(mail_receipt),
    Event.COMMENT_CREATED: Reaction(mail_comment),
    Event.STAFF_DIGEST_DUE: Reaction(mail_digest),
    Event.ESTIMATE_APPROVED: Reaction(mail_estimate_decided),
    Event.ESTIMATE_DECLINED: Reaction(mail_estimate_decided),
    Event.LINK_RENEWAL_ASKED: Reaction(mail_fresh_link, urgent=True),
    Event.SIGN_IN_ASKED: Reaction(mail_sign_in, urgent=True),
    Event.STEP_UP_ASKED: Reaction(mail_step_up, urgent=True),
    Event.EMAIL_CHANGE_ASKED: Reaction(mail_email_change, urgent=True),
    Event.EMAIL_CHANGED: Reaction(mail_email_changed),
    Event.CONTACT_ADDED: Reaction(mail_contact_address),
    Event.CONTACT_UPDATED: Reaction(mail_contact_address),
    Event.ATTEMPT_FAILED: Reaction(mail_failed_collection),
    Event.PAYMENT_METHOD_EXPIRES: Reaction(mail_method_expires),
    Event.AUTOPAY_ENROLLED: Reaction(mail_autopay_begins),
    Event.AUTOPAY_LEFT: Reaction(mail_autopay_ends),
    Event.AUTOPAY_ANNOUNCED: Reaction(mail_collection),
    Event.PLAN_INSTALMENT_NEXT: Reaction(mail_instalment),
}
