"""The parts of a document that are no figures: parties, references, delivery, notes, allowances, payment details."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, TypedDict

from pydantic import BeforeValidator, Field, WithJsonSchema

from portico.domain.documents.document_input import WRITTEN_REFERENCES, NoteInput
from portico.domain.documents.models import Document
from portico.domain.documents.warnings import legal_warnings
from portico.web.api.v1.fields import Day, Input, Line, Name, OneOf, Passage, Reference, Said, Text


class NoteIn(Input):
    """One of several notes."""

    text: Annotated[Passage, Field(min_length=1)]
    subject: Annotated[
        Annotated[Text, Field(pattern="^[A-Z]{3}$")] | None,
        Field(description="What it is about, by UNTDID 4451: REG, TXD, PMT …", examples=["REG"]),
    ] = None


class ReferenceIn(Input):
    """Another document that this one refers to."""

    kind: Annotated[Text, Field(min_length=1), OneOf(WRITTEN_REFERENCES)]
    value: Annotated[Said, Field(max_length=255, description="Its number", examples=["INV-0007"])]
    issued_on: Day | None = None
    description: Reference | None = None
    url: Annotated[Annotated[Text, Field(max_length=500, pattern="^https?://")] | None, Field()] = None


class DeliveryIn(Input):
    """Where goods or services went, when that is not the buyer's address."""

    name: Name | None = None
    line1: Name | None = None
    line2: Name | None = None
    postal_code: Annotated[Line, Field(max_length=30)] | None = None
    city: Annotated[Line, Field(max_length=120)] | None = None
    region: Annotated[Line, Field(max_length=120)] | None = None
    country: Annotated[Annotated[Line, Field(max_length=2)] | None, Field(description="ISO 3166", examples=["DE"])] = (
        None
    )


def _notes(value: object) -> object:
    return [{"text": one} if isinstance(one, str) else one for one in value] if isinstance(value, list) else value


# One text, or several notes that may say what they are about.
NotesField = Annotated[
    Passage | Annotated[list[NoteIn], Field(max_length=50)],
    BeforeValidator(_notes),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": 10_000},
                {
                    "type": "array",
                    "maxItems": 50,
                    "items": {
                        "anyOf": [
                            {"type": "string", "minLength": 1, "maxLength": 10_000},
                            {
                                "type": "object",
                                "properties": {
                                    "text": {"type": "string", "minLength": 1, "maxLength": 10_000},
                                    "subject": {
                                        "anyOf": [{"type": "string", "pattern": "^[A-Z]{3}$"}, {"type": "null"}]
                                    },
                                },
                                "required": ["text"],
                                "additionalProperties": False,
                            },
                        ]
                    },
                },
            ],
            "description": "One text, or a list of them, each with its `subject` (UNTDID 4451) if it has one",
        }
    ),
]


class NoteOut(TypedDict):
    """One note; `subject` is a code of UNTDID 4451."""

    text: str
    subject: str | None


class IdentifierOut(TypedDict):
    """An identifier with the scheme that issued it, by its code: `0088`, `EM`."""

    value: str
    scheme: str | None


class PartyOut(TypedDict):
    """A seller, buyer, payee or tax representative as it stood when the document was written."""

    name: str | None
    legal_name: str | None
    trading_name: str | None
    line1: str | None
    line2: str | None
    postal_code: str | None
    city: str | None
    region: str | None
    country: str | None
    tax_id: str | None
    tax_number: str | None
    registration_number: str | None
    legal_form: str | None
    contact: str | None
    email: str | None
    phone: str | None
    endpoint: Annotated[IdentifierOut | None, Field(description="Its electronic address")]
    identifiers: list[IdentifierOut]


class DeliveryOut(TypedDict):
    """Where goods or services went."""

    name: str | None
    line1: str | None
    line2: str | None
    postal_code: str | None
    city: str | None
    region: str | None
    country: str | None
    location: IdentifierOut | None


class ReferenceOut(TypedDict):
    """Another document that this one refers to; `kind` says which: `preceding_invoice`, `sales_order`, `despatch` …"""

    kind: str
    value: str | None
    scheme: str | None
    issued_on: str | None
    description: str | None
    url: str | None


class AllowanceOut(TypedDict):
    """Something taken off, or put on where `charge` is true; minor units. `third_party` is collected for others."""

    charge: bool
    amount: int
    reason: str | None
    reason_code: str | None
    rate: str | None
    base: int | None
    tax_category: str | None
    tax_rate: str | None
    third_party: bool


class PaymentMeansOut(TypedDict):
    """How a file says that it is to be paid; `code` is one of UNTDID 4461."""

    code: str | None
    text: str | None
    remittance: str | None
    account: str | None
    account_name: str | None
    bank: str | None
    card_number: Annotated[str | None, Field(description="Its last four digits")]
    card_holder: str | None
    card_network: str | None
    mandate: str | None
    debited_account: str | None


class PartsOut(TypedDict):
    """What a document says besides its figures."""

    type_code: Annotated[str | None, Field(description="UNTDID 1001, where a file had one")]
    note_list: list[NoteOut]
    contract_reference: str | None
    project_reference: str | None
    references: list[ReferenceOut]
    delivered_on: date | None
    delivered_to: DeliveryOut | None
    period_start: date | None
    period_end: date | None
    seller: PartyOut
    buyer: PartyOut
    payee: PartyOut | None
    tax_representative: PartyOut | None
    payment_means: list[PaymentMeansOut]
    allowances: list[AllowanceOut]
    profile: Annotated[str | None, Field(description="The specification that an imported file names")]
    process: Annotated[str | None, Field(description="The business process that an imported file names")]
    import_warnings: Annotated[list[str], Field(description="What its import did not refuse, but doubts")]
    warnings: Annotated[list[str], Field(description="What the seller's law asks for and the document lacks")]
    source: Annotated[str | None, Field(description="api, dashboard, import …")]


def notes_input(notes: str | list[NoteIn] | None) -> dict[str, Any]:
    """Return what the domain keeps of notes: `notes` for a text, `note_list` for several."""
    if isinstance(notes, list):
        return {"notes": "", "note_list": tuple(NoteInput(note.text, note.subject or "") for note in notes)}
    return {"notes": notes or "", "note_list": ()}


def reference_input(reference: ReferenceIn) -> dict[str, Any]:
    """Return a reference as documents keep it."""
    return _filled(reference.model_dump(mode="json"))


def delivery_input(delivery: DeliveryIn | None) -> dict[str, str]:
    """Return where something went as documents keep it."""
    return _filled(delivery.model_dump()) if delivery else {}


def parts_out(document: Document) -> PartsOut:
    """Return what a document says besides its figures."""
    particulars, seller = document.particulars, document.seller
    return {
        "type_code": document.type_code or None,
        "note_list": _notes_out(document),
        "contract_reference": document.contract_reference or None,
        "project_reference": document.project_reference or None,
        "references": [_keys(ReferenceOut, row) for row in document.references],
        "delivered_on": document.delivered_on,
        "delivered_to": _keys(DeliveryOut, document.delivered_to) if document.delivered_to else None,
        "period_start": document.period_start,
        "period_end": document.period_end,
        "seller": _party(seller),
        "buyer": _party(document.buyer),
        "payee": _party(seller["payee"]) if seller.get("payee") else None,
        "tax_representative": _party(seller["tax_representative"]) if seller.get("tax_representative") else None,
        "payment_means": [_keys(PaymentMeansOut, means) for means in particulars.get("payment_means", ())],
        "allowances": [allowance_out(item) for item in document.allowances],
        "profile": particulars.get("profile") or None,
        "process": particulars.get("process") or None,
        "import_warnings": list(particulars.get("warnings", ())),
        "warnings": [said.message for said in legal_warnings(document)],
        "source": document.source or None,
    }


def _notes_out(document: Document) -> list[NoteOut]:
    several = document.particulars.get("notes")
    if several:
        return [{"text": note["text"], "subject": note["subject"] or None} for note in several]
    return [{"text": document.notes, "subject": None}] if document.notes else []


def _party(party: Mapping[str, Any]) -> PartyOut:
    found: PartyOut = _keys(PartyOut, party)
    found["endpoint"] = identifier_out(party.get("endpoint"))
    found["identifiers"] = [one for one in map(identifier_out, party.get("identifiers") or ()) if one]
    return found


def identifier_out(value: Mapping[str, str] | None) -> IdentifierOut | None:
    """Return an identifier as it reads."""
    return {"value": value["value"], "scheme": value.get("scheme") or None} if value else None


def allowance_out(item: Mapping[str, Any]) -> AllowanceOut:
    """Return an allowance or charge as it reads."""
    found: AllowanceOut = _keys(AllowanceOut, item)
    found["charge"], found["third_party"] = bool(item.get("charge")), bool(item.get("third_party"))
    return found


def _keys(shape: Any, values: Mapping[str, Any]) -> Any:
    """Return the keys of a shape with their values, None for what is not there."""
    return {name: None if values.get(name) == "" else values.get(name) for name in shape.__annotations__}


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
