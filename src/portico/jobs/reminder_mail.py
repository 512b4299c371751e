"""The mails before an instalment is due, and before AutoPay collects."""

from portico.domain.access.portal_urls import link_url, payment_methods_url
from portico.domain.activity.actor import SYSTEM
from portico.domain.activity.models import Activity
from portico.domain.documents.actions.link import link_to
from portico.domain.documents.link_life import may_have_link
from portico.domain.documents.models import Document, PaymentPlan
from portico.domain.documents.plans import PlanState
from portico.domain.payments.autopay import collections, collector_of
from portico.lib.clock import local_date
from portico.output.mail.actions.send import send
from portico.output.mail.reminder_emails import CollectedNext, InstalmentNext
from portico.output.wording.payment_methods import saved_label


def mail_instalment(noticed: Activity) -> None:
    """Remind a customer of an instalment, unless it was paid or the plan changed since."""
    rows = PaymentPlan.objects.select_related("document__business", "document__customer__business", "approval")
    plan = rows.prefetch_related("instalments").get(pk=noticed.subject_id)
    invoice, customer, part = plan.document, plan.document.customer, plan.next_part
    stands = plan.state == PlanState.ACTIVE and part and part.due_on.isoformat() == noticed.data["due_on"]
    if not stands or part is None or not invoice.business.portal_enabled or not may_have_link(invoice):
        return

    def write() -> InstalmentNext:
        _grant, secret = link_to(customer, invoice.ref, by=SYSTEM)
        url = link_url(invoice.business, secret)
        return InstalmentNext(invoice.number, part.left, invoice.currency, part.due_on, url)

    if customer.email:
        send(InstalmentNext, write, about=noticed, to=customer.email, business=invoice.business, customer=customer)


def mail_collection(noticed: Activity) -> None:
    """Tell a customer what AutoPay will collect of an invoice and when, unless that has changed since."""
    invoice = Document.objects.select_related("customer__business").get(pk=noticed.subject_id)
    customer, business = invoice.customer, invoice.customer.business
    planned = [row for row in collections(collector_of(customer), only=invoice.pk) if row.at]
    days = [local_date(row.at, business.time_zone) for row in planned if row.at]
    if not days or days[0].isoformat() != noticed.data["due_on"] or not (customer.email and business.portal_enabled):
        return
    row = planned[0]

    def write() -> CollectedNext:
        return CollectedNext(
            number=invoice.number,
            amount=row.amount + row.offer.fee_on(row.amount),
            currency=invoice.currency,
            method=saved_label(row.offer.saved) if row.offer.saved else "",
            collected_on=days[0],
            url=payment_methods_url(business),
        )

    send(CollectedNext, write, about=noticed, to=customer.email, business=business, customer=customer)
