"""What customers read about transfers, checks and cash, by their language and country."""

from dataclasses import dataclass

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business, PaymentInstruction
from portico.lib.errors import Conflict, FieldError, Invalid
from portico.lib.one_line import is_blank


@dataclass(frozen=True, slots=True)
class InstructionInput:
    """What is said about a way to pay: to readers of a language or of any, at customers of a country or of any."""

    way: PaymentInstruction.Way
    text: str
    language: str = ""
    country: str = ""


@transaction.atomic
def add_instruction(business: Business, data: InstructionInput, *, by: Actor) -> PaymentInstruction:
    """Say something about a way to pay. Raises Invalid without a text, Conflict where that is said already."""
    return _keep(PaymentInstruction(business=_locked(business)), data, by)


@transaction.atomic
def change_instruction(instruction: PaymentInstruction, data: InstructionInput, *, by: Actor) -> PaymentInstruction:
    """Say something else. Raises as `add_instruction`."""
    _locked(instruction.business)
    return _keep(instruction, data, by)


@transaction.atomic
def remove_instruction(instruction: PaymentInstruction, *, by: Actor) -> None:
    """Say it no more. A check or cash of which nothing is said is not offered."""
    _locked(instruction.business)
    _record(instruction, "", by)
    instruction.delete()


def _keep(row: PaymentInstruction, data: InstructionInput, by: Actor) -> PaymentInstruction:
    if is_blank(data.text):
        message = "Write what customers are to do."
        raise Invalid(message, fields=[FieldError("/text", message)])
    said = PaymentInstruction.objects.filter(
        business=row.business, way=data.way, language=data.language, country=data.country
    )
    if said.exclude(pk=row.pk).exists():
        message = "There is a text for this way to pay, language and country already."
        raise Conflict(message, code="instruction_taken", fields=[FieldError("/language", message)])
    row.way, row.language, row.country, row.text = data.way, data.language, data.country, data.text
    row.save()
    _record(row, data.text, by)
    return row


def _record(row: PaymentInstruction, text: str, by: Actor) -> None:
    data = {"way": row.way, "language": row.language, "country": row.country, "text": text}
    record(Event.INSTRUCTIONS_CHANGED, row, by=by, data=data)


def _locked(business: Business) -> Business:
    return Business.objects.select_for_update(no_key=True).get(pk=business.pk)
