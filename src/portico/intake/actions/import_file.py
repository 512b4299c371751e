from dataclasses import dataclass, field
from pathlib import Path

from django.db import IntegrityError, transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.issue import put_on_ledger
from portico.domain.documents.errors import NumberTaken
from portico.domain.documents.events import ISSUED
from portico.domain.documents.models import Document, Lifecycle, Line
from portico.domain.files.actions.store import store_file
from portico.domain.ledger.models import Account
from portico.intake.actions.match_buyer import match_buyer
from portico.intake.buyers import find_buyer
from portico.intake.errors import Unreadable
from portico.intake.fields import document_columns, lines
from portico.intake.outcome import Outcome, Status
from portico.intake.parsed import ParsedDocument
from portico.intake.source import read_bounded
from portico.intake.ubl.document import read_ubl
from portico.lib.errors import PorticoError
from portico.lib.money import to_major


@dataclass
class Run:
    """One run over any number of files for one business, by one actor.

    With `dry_run` nothing is written, and every outcome is what it would be without: the run remembers what it would
    have imported.
    """

    business: Business
    by: Actor
    dry_run: bool = False
    _told: dict[tuple[str, str], tuple[ParsedDocument, str]] = field(default_factory=dict)

    def take(self, source: Path | bytes, *, name: str) -> Outcome:
        """Import one file, whole or not at all, and say what became of it; `name` is how the outcome calls it.

        A file whose content is here already is unchanged, however it is written. Nothing raises for a bad file.
        """
        try:
            parsed = read_ubl(read_bounded(source) if isinstance(source, Path) else source)
            return self._plan(parsed, name) if self.dry_run else self._import(parsed, name)
        except Unreadable as error:
            return Outcome(name, "refused", reason=error.message, where=error.where, line=error.line, code=error.code)
        except PorticoError as error:
            return Outcome(name, "refused", reason=error.message, code=error.code)
        except IntegrityError:
            reason = "its number has just been taken by somebody else; import it again."
            return Outcome(name, "refused", reason=reason, code=NumberTaken.code)

    @transaction.atomic
    def _import(self, parsed: ParsedDocument, name: str) -> Outcome:
        # One import at a time per business: two files of one buyer must not make two customers. The key stays free, so
        # that rows which point to the business are still written meanwhile.
        business = Business.objects.select_for_update(no_key=True).get(pk=self.business.pk)
        there = _existing(business, parsed)
        if there is not None:
            return _outcome(name, "unchanged", parsed, there.customer.name, there)
        account, customer = match_buyer(business, parsed.buyer, currency=parsed.currency, by=self.by)
        document = _write(account, customer, parsed, by=self.by)
        return _outcome(name, "imported", parsed, customer.name, document)

    def _plan(self, parsed: ParsedDocument, name: str) -> Outcome:
        there = _existing(self.business, parsed)
        if there is not None:
            return _outcome(name, "unchanged", parsed, there.customer.name, there)
        key = (parsed.kind, parsed.number)
        before = self._told.get(key)
        if before is None:
            found = find_buyer(self.business, parsed.buyer)
            customer = found.name if found else parsed.buyer.name
            self._told[key] = (parsed, customer)
            return _outcome(name, "imported", parsed, customer)
        earlier, customer = before
        if earlier.checksum != parsed.checksum:
            raise _taken(parsed, f"of {earlier.issued_on} over {_due(earlier)} for {customer}")
        return _outcome(name, "unchanged", parsed, customer)


def _existing(business: Business, parsed: ParsedDocument) -> Document | None:
    """Return the document that this content became before, or None. Raises Unreadable when the number is another's."""
    rows = Document.objects.filter(business=business, kind=parsed.kind, number=parsed.number)
    there = rows.select_related("customer").first()
    if there is None or there.source_checksum == parsed.checksum:
        return there
    amount = f"{there.currency} {to_major(there.payable, there.currency)}"
    raise _taken(parsed, f"of {there.issued_on} over {amount} for {there.customer.name} ({there.public_id})")


def _taken(parsed: ParsedDocument, other: str) -> Unreadable:
    kind = parsed.kind.replace("_", " ")
    return Unreadable(
        f"{kind} {parsed.number} already stands for a different document, {other}.",
        line=parsed.number_line,
        place=parsed.number_place,
        code=NumberTaken.code,
    )


def _write(account: Account, customer: Customer, parsed: ParsedDocument, *, by: Actor) -> Document:
    document = Document(
        business=customer.business, customer=customer, lifecycle=Lifecycle.ISSUED, **document_columns(parsed)
    )
    document.save(force_insert=True)
    Line.objects.bulk_create(lines(document, parsed))
    put_on_ledger(account, document)
    record(
        ISSUED[document.kind],
        document,
        by=by,
        data={
            "number": document.number,
            "currency": document.currency,
            "total": document.total,
            "checksum": document.source_checksum,
        },
    )
    for attachment in parsed.attachments:
        store_file(
            customer,
            document.ref,
            attachment.filename,
            attachment.content,
            by=by,
            description=attachment.description or attachment.reference,
            keep_unknown=True,
        )
    return document


def _outcome(
    name: str, status: Status, parsed: ParsedDocument, customer: str, document: Document | None = None
) -> Outcome:
    return Outcome(
        name,
        status,
        kind=parsed.kind,
        number=parsed.number,
        customer=customer,
        currency=parsed.currency,
        payable=parsed.totals.payable,
        document=document,
    )


def _due(parsed: ParsedDocument) -> str:
    return f"{parsed.currency} {to_major(parsed.totals.payable, parsed.currency)}"
