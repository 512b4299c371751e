"""The mail that brings a customer its statement of account."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from portico.domain.access.portal_urls import link_url
from portico.domain.activity.actor import Actor
from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.domain.customers.queries import current_customer
from portico.domain.documents.actions.link import statement_link
from portico.domain.documents.mailing import recipients_of
from portico.jobs.send_all import send_all
from portico.lib.l10n import Formatter, current_language, formatter
from portico.output.mail.actions.send import send
from portico.output.mail.errors import NotSentYet
from portico.output.mail.more_values import balances_of, statement_wording, statements_of
from portico.output.mail.statement_email import StatementEmail
from portico.output.mail.template import Attachment
from portico.output.pdf.errors import TooLong
from portico.output.pdf.pdf_files import statement_filename, statement_pdf
from portico.output.pdf.statement_sheet import Statement


def mail_statement(asked: Activity) -> None:
    """Mail a statement to whom it was asked for; not while the business shows none."""
    customer = current_customer(asked.subject_id)
    business, by = customer.business, Actor(asked.actor_kind, asked.actor_id, asked.actor_label)

    def write() -> StatementEmail:
        fmt = formatter(current_language())
        made = statement_link(customer, by=by)
        assert made is not None, "the business shows statements"
        end, start = date.fromisoformat(asked.data["end"]), asked.data.get("start")
        shown = statements_of(customer, end, date.fromisoformat(start) if start else None)
        return StatementEmail(
            url=link_url(business, made[1]),
            wording=statement_wording(customer, end, fmt, shown).changed_by(asked.data),
            balances=balances_of(shown),
            attachments=_pdf(customer, shown, asked, fmt),
        )

    if business.portal_enabled and business.show_statements:
        send_all(
            partial(send, StatementEmail, write, about=asked, to=address, business=business, customer=customer)
            for address in recipients_of(asked)
        )


def _pdf(customer: Customer, shown: Sequence[Statement], asked: Activity, fmt: Formatter) -> tuple[Attachment, ...]:
    wanted = asked.data.get("pdf")
    if not shown or not (customer.business.mail_attaches_pdf if wanted is None else wanted):
        return ()
    try:
        pdf = statement_pdf(customer, shown, fmt.language)
    except TooLong:
        # It is read online, then.
        return ()
    if not isinstance(pdf, bytes):
        raise NotSentYet("The PDF is being made.")
    return (Attachment(statement_filename(customer, shown[0]), pdf, "application/pdf"),)
