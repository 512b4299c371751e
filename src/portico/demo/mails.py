"""What the demonstration mails: documents, reminders, what came back, and what a customer has switched off."""

from functools import partial

from portico.demo.business import DemoBusiness
from portico.domain.activity.actions.claim import finish
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_mail_settings
from portico.domain.customers.actions.choose_mail import switch_mail
from portico.domain.customers.models import Customer, MailTopic
from portico.domain.documents.actions.mail_statement import request_statement_mail
from portico.domain.documents.mailing import MailInput
from portico.domain.documents.models import Document
from portico.jobs.reactions import REACTIONS
from portico.output.mail.actions.ask_reminders import ask_reminders
from portico.output.mail.actions.mail_document import mail_document
from portico.output.mail.actions.note_delivery import note_bounce, note_delivery
from portico.output.mail.queries import has_way_out

_MAILED = (
    Event.DOCUMENT_MAIL_ASKED,
    Event.STATEMENT_MAIL_ASKED,
    Event.INVOICE_REMINDER_DUE,
    Event.COMMENT_CREATED,
    Event.MAIL_BOUNCED,
)
# A PDF is drawn by threads that a forked process does not get: see `letter`.
_WITHOUT_PDF = MailInput(attach_pdf=False)


def send_mails(demo: DemoBusiness) -> None:
    """Send what was announced so far, on its day, as the worker does."""
    if not has_way_out():
        return
    rows = Activity.objects.filter(business=demo.business, verb__in=_MAILED, react_at__isnull=False)
    for activity in rows.order_by("id"):
        REACTIONS[activity.verb].run(activity)
        finish(activity)


def mail(demo: DemoBusiness, document: Document, days_ago: int, *, lost: str = "") -> None:
    """Have a document mailed to its customer: it is delivered, or comes back with what the other mail server says."""
    demo.on(days_ago, partial(_mail, demo, document, days_ago, lost))


def _mail(demo: DemoBusiness, document: Document, days_ago: int, lost: str) -> None:
    if not has_way_out():
        return
    for message in mail_document(document, _WITHOUT_PDF, by=demo.office):
        demo.on(days_ago, partial(_hear_of, demo, message.message_id, lost))
    send_mails(demo)


def _hear_of(demo: DemoBusiness, message_id: str, lost: str) -> None:
    if lost:
        note_bounce(message_id, lost)
    else:
        note_delivery(message_id)
    send_mails(demo)


def reminders(demo: DemoBusiness) -> None:
    """Let open invoices be reminded of on a few days, and from now on every day."""
    demo.on(16, partial(_change, demo, mail_reminders=True, mail_attaches_pdf=False))
    for days_ago in (16, 9, 2):
        demo.on(days_ago, ask_reminders)
        demo.on(days_ago, partial(send_mails, demo))
    demo.on(0, partial(_change, demo, mail_attaches_pdf=True))


def _change(demo: DemoBusiness, **settings: bool) -> None:
    change_mail_settings(demo.business, settings, by=demo.office)


def statements(demo: DemoBusiness) -> None:
    """One customer gets its statement; another one has switched statements off."""
    for key in ("HAFENLICHT", "WERKHAUS"):
        demo.on(3, partial(_mail_statement, demo, key))
    customer = demo.customers["WERKHAUS"]
    reader = Actor("customer", customer.public_id, customer.name, "203.0.113.7")
    demo.on(20, lambda: switch_mail(customer, customer.email, MailTopic.STATEMENTS, wanted=False, by=reader))


def _mail_statement(demo: DemoBusiness, key: str) -> None:
    if not has_way_out():
        return
    customer = Customer.objects.get(pk=demo.customers[key].pk)
    request_statement_mail(customer, _WITHOUT_PDF, end=demo.business.today(), by=demo.office)
    send_mails(demo)
