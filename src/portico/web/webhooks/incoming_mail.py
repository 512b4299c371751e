"""What becomes of a mail that was handed in: an answer is a message, a mail server's report is noted in the log."""

from enum import StrEnum
from typing import NamedTuple

from portico.domain.conversations.errors import TooManyComments
from portico.domain.files.errors import FileRefused
from portico.intake.actions.receive_mail import receive_mail
from portico.intake.mail.delivery_report import DeliveryReport, read_delivery_reports
from portico.intake.mail.reply import LARGEST, Unreadable
from portico.lib.errors import Invalid, NotFound
from portico.lib.faults import Unavailable
from portico.output.mail.actions.note_delivery import note_bounce, note_delivery


class Outcome(StrEnum):
    """How it ended: `DONE` also where there was nothing to do."""

    DONE = "done"
    BAD = "bad"
    UNKNOWN = "unknown"
    LATER = "later"


class Handled(NamedTuple):
    """How a mail ended, and a sentence about it without anything of the mail itself."""

    outcome: Outcome
    message: str


def take_in(content: bytes) -> Handled:
    """Make a message of a mail, or note what it reports; twice does it once."""
    if len(content) > LARGEST:
        return Handled(Outcome.BAD, "The mail is larger than 25 MB.")
    reports = read_delivery_reports(content)
    if reports is not None:
        return _reported(reports)
    try:
        said = receive_mail(content)
    except (Unreadable, Invalid, FileRefused) as error:
        return Handled(Outcome.BAD, str(error))
    except NotFound as error:
        return Handled(Outcome.UNKNOWN, error.message)
    except (TooManyComments, Unavailable) as error:
        return Handled(Outcome.LATER, error.message)
    return Handled(Outcome.DONE, f"Kept as {said.public_id}." if said else "Ignored: no person wrote it.")


def _reported(reports: list[DeliveryReport]) -> Handled:
    """Note what a mail server reports of mails of ours."""
    noted = 0
    for report in reports:
        try:
            if report.action == "failed":
                note_bounce(report.message_id, report.reason)
            elif report.action == "delivered":
                note_delivery(report.message_id)
            else:
                continue
        except NotFound as error:
            return Handled(Outcome.UNKNOWN, error.message)
        noted += 1
    return Handled(Outcome.DONE, "Noted." if noted else "Ignored: it reports nothing of a mail of ours.")
