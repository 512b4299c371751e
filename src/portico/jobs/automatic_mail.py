"""Mail that nobody asks for: invoices that were issued, and reminders of those that are due."""

from datetime import timedelta

from django.tasks import task

from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.documents.models import Document, Lifecycle
from portico.domain.payments.dunning import quiet_because
from portico.jobs.document_mail import mail_document_to
from portico.lib.clock import local_date
from portico.output.mail.actions.ask_reminders import ask_reminders
from portico.output.mail.document_emails import InvoiceEmail, ReminderEmail
from portico.output.mail.recipients import usual_recipients
from portico.output.mail.wordings import reminder_name

# What is older on the day of its issue was brought in from elsewhere, where it has been sent.
_OLD = timedelta(days=7)


def mail_issued(issued: Activity) -> None:
    """Mail an invoice some minutes after its issue, unless it was taken back, or mailed by hand in the meantime."""
    invoice = Document.objects.select_related("business", "customer__business").get(pk=issued.subject_id)
    business = invoice.business
    happened = Activity.objects.filter(subject_id=invoice.pk, pk__gt=issued.pk)
    superseded = happened.filter(verb__in=[Event.INVOICE_ISSUED, Event.DOCUMENT_MAIL_ASKED]).exists()
    old = invoice.issued_on < local_date(issued.at, business.time_zone) - _OLD
    if business.mail_issued_invoices and invoice.lifecycle == Lifecycle.ISSUED and not superseded and not old:
        mail_document_to(usual_recipients(invoice.customer), invoice, issued, InvoiceEmail, "invoice")


def mail_reminder(due: Activity) -> None:
    """Remind of an invoice, unless something keeps it from that by now."""
    invoice = Document.objects.select_related("business", "customer__business").get(pk=due.subject_id)
    business = invoice.business
    if business.mail_reminders and quiet_because(invoice, business.today()) is None:
        wording = reminder_name(due.data["days"])
        mail_document_to(usual_recipients(invoice.customer), invoice, due, ReminderEmail, wording)


@task
def remind() -> int:
    """Ask for the reminders that are due; returns how many."""
    return ask_reminders()
