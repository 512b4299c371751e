"""The mail that tells staff that a mail to a customer came back."""

from functools import partial

from portico.domain.access.portal_urls import staff_mail_url
from portico.domain.activity.models import Activity
from portico.domain.businesses.queries import staff_emails
from portico.jobs.send_all import send_all
from portico.output.mail.actions.send import send
from portico.output.mail.bounce_email import MailCameBack
from portico.output.mail.models import Message


def mail_came_back(bounced: Activity) -> None:
    """Tell the member of staff who had it mailed, or all of them; not of what was written to staff themselves."""
    row = Message.objects.select_related("business", "customer", "activity").get(pk=bounced.subject_id)
    staff = staff_emails(row.business)
    if row.customer is None or row.recipient in staff:
        return
    email = MailCameBack(row.recipient, row.customer.name, row.subject, row.error, staff_mail_url(row.public_id))
    asked_by = [address for address in staff if address == row.activity.actor_label]
    send_all(
        partial(send, MailCameBack, lambda: email, about=bounced, to=address, business=row.business)
        for address in asked_by or staff
    )
