"""Mails about AutoPay: it is on or off, it could not collect, its payment method expires soon."""

from portico.domain.access.portal_urls import payment_methods_url
from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.domain.customers.queries import current_customer
from portico.domain.payments.autopay import autopay_of, collections, collector_of, default_method
from portico.domain.payments.models import AttemptPurpose, MethodState, PaymentAttempt, PaymentMethod
from portico.lib.clock import local_date
from portico.output.mail.actions.send import send
from portico.output.mail.payment_emails import AutoPayBegins, AutoPayEnds, CollectionFailed, MethodExpires
from portico.output.wording.payment_methods import failure_message, saved_label


def mail_autopay_begins(enrolled: Activity) -> None:
    """Confirm to a customer that its invoices are collected from now on, unless it has left since."""
    customer = current_customer(enrolled.subject_id)
    autopay, method = autopay_of(customer), default_method(customer)
    if autopay is None or method is None or not _can_be_notified(customer):
        return

    def write() -> AutoPayBegins:
        return AutoPayBegins(saved_label(method), autopay.days_to_wait, payment_methods_url(customer.business))

    send(AutoPayBegins, write, about=enrolled, to=customer.email, business=customer.business, customer=customer)


def mail_autopay_ends(left: Activity) -> None:
    """Confirm to a customer that nothing is collected any more, unless it has enrolled again since."""
    customer = current_customer(left.subject_id)
    if autopay_of(customer) is not None or not _can_be_notified(customer):
        return

    def write() -> AutoPayEnds:
        return AutoPayEnds(payment_methods_url(customer.business))

    send(AutoPayEnds, write, about=left, to=customer.email, business=customer.business, customer=customer)


def mail_failed_collection(failed: Activity) -> None:
    """Tell a customer that AutoPay could not collect an invoice; who tried it on a page was told there."""
    rows = PaymentAttempt.objects.select_related("customer__business", "saved_method")
    attempt = rows.get(pk=failed.subject_id)
    customer, saved = attempt.customer, attempt.saved_method
    was_notified = failed.actor_kind == "customer"
    if attempt.purpose != AttemptPurpose.AUTOPAY or saved is None or was_notified or not _can_be_notified(customer):
        return

    def write() -> CollectionFailed:
        share = attempt.shares.select_related("document").get()
        planned = [row.at for row in collections(collector_of(customer), only=share.document_id)]
        return CollectionFailed(
            number=share.document.number,
            amount=attempt.charged,
            currency=attempt.currency,
            method=saved_label(saved),
            reason=failure_message(attempt),
            again_on=next((local_date(at, customer.business.time_zone) for at in planned if at), None),
            url=payment_methods_url(customer.business),
        )

    send(CollectionFailed, write, about=failed, to=customer.email, business=customer.business, customer=customer)


def mail_method_expires(noticed: Activity) -> None:
    """Tell a customer that the payment method of AutoPay expires soon, unless another one took its place."""
    method = PaymentMethod.objects.select_related("customer__business").get(pk=noticed.subject_id)
    customer, last_day = method.customer, method.expires_on
    is_used = method.state == MethodState.ACTIVE and method.is_default and bool(collector_of(customer))
    if not is_used or last_day is None or not _can_be_notified(customer):
        return

    def write() -> MethodExpires:
        return MethodExpires(saved_label(method), last_day, payment_methods_url(customer.business))

    send(MethodExpires, write, about=noticed, to=customer.email, business=customer.business, customer=customer)


def _can_be_notified(customer: Customer) -> bool:
    return bool(customer.email) and customer.business.portal_enabled
