"""To whom something is mailed, and with which words: as it is asked for, and as the activity keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from portico.domain.access.errors import NoAddress
from portico.domain.activity.models import Activity
from portico.lib.errors import FieldError, Invalid
from portico.lib.one_line import validate_email

MOST_RECIPIENTS = 20


@dataclass(frozen=True, slots=True)
class MailInput:
    """How something is mailed: to whom (the customer's main address, if nobody is named), who gets a copy.

    `subject` and `text` are words for this one mail, where the business's own are not meant. `attach_pdf` is None where
    the business's settings are to say it; `files` are those of the document's that go along, by their public ids. What
    somebody mails `by_hand` goes to who has switched such mails off, too.
    """

    to: Sequence[str] = ()
    copies: Sequence[str] = ()
    subject: str = ""
    text: str = ""
    attach_pdf: bool | None = None
    files: Sequence[str] = ()
    by_hand: bool = False


def mail_data(mail: MailInput, main: str, name: str) -> dict[str, object]:
    """Return what an activity keeps of how something is mailed; `main` is the customer's own address, `name` its name.

    Raises NoAddress when there is nobody to write to, and Invalid for what is no address.
    """
    to = _addresses(mail.to, "to") or ([main] if main else [])
    copies = [address for address in _addresses(mail.copies, "copies") if address.lower() not in _folded(to)]
    if not to:
        raise NoAddress(f"{name} has no e-mail address.")
    if len(to) + len(copies) > MOST_RECIPIENTS:
        text = f"A mail has {MOST_RECIPIENTS} recipients at most."
        raise Invalid(text, fields=[FieldError("/to", text)])
    data: dict[str, object] = {"to": to, "copies": copies}
    words = {"subject": " ".join(mail.subject.split()), "text": mail.text.strip()}
    return (
        data
        | {key: value for key, value in words.items() if value}
        | ({} if mail.attach_pdf is None else {"pdf": mail.attach_pdf})
        | ({"files": list(mail.files)} if mail.files else {})
        | ({"by_hand": True} if mail.by_hand else {})
    )


def recipients_of(asked: Activity) -> list[str]:
    """Return who gets what was asked to be mailed."""
    return [*asked.data.get("to", []), *asked.data.get("copies", [])]


def _addresses(given: Sequence[str], field: str) -> list[str]:
    """Return addresses once each, in their order. Raises Invalid that points at those that are none."""
    wrong: list[FieldError] = []
    found: dict[str, str] = {}
    for index, text in enumerate(given):
        address = text.strip()
        try:
            validate_email(address)
        except ValidationError:
            wrong.append(FieldError(f"/{field}/{index}", f"{address or 'Nothing'} is no e-mail address."))
        found.setdefault(address.lower(), address)
    if wrong:
        raise Invalid(wrong[0].message, fields=wrong)
    return list(found.values())


def _folded(addresses: Sequence[str]) -> set[str]:
    return {address.lower() for address in addresses}
