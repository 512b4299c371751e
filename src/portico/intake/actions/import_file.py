from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db import IntegrityError, transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import Business
from portico.domain.customers.checks import refuse_archived
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.issue import put_on_ledger
from portico.domain.documents.errors import NumberTaken
from portico.domain.documents.events import ISSUED
from portico.domain.documents.models import Document, Lifecycle, Line
from portico.domain.documents.queries import own_pdf
from portico.domain.files.actions.keep_original import keep_original
from portico.domain.files.actions.store import MAX_BYTES, FileInput, store_file
from portico.domain.files.content import PDF, kind_of
from portico.domain.files.errors import FileRefused
from portico.domain.files.models import Purpose
from portico.domain.files.names import clean_name
from portico.domain.ledger.models import Account
from portico.intake.actions.match_buyer import match_buyer
from portico.intake.buyers import find_buyer
from portico.intake.errors import Unreadable
from portico.intake.fields import document_columns, lines
from portico.intake.outcome import Outcome, Status
from portico.intake.parsed import ParsedAttachment, ParsedDocument
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
    _reported: dict[tuple[str, str], tuple[ParsedDocument, str]] = field(default_factory=dict)

    def take(self, source: Path | bytes, *, name: str, pdf: Path | None = None) -> Outcome:
        """Import one file, whole or not at all, and say what became of it; `name` is how the outcome calls it.

        A `pdf` comes along as the document itself. A file whose content is here already is unchanged, however it is
        written. Nothing raises for a bad file.
        """
        try:
            content = read_bounded(source) if isinstance(source, Path) else source
            parsed = _with_pdf(read_ubl(content), pdf)
            return self._plan(parsed, name) if self.dry_run else self._import(parsed, content, name)
        except Unreadable as error:
            return Outcome(name, "refused", reason=error.message, where=error.where, line=error.line, code=error.code)
        except PorticoError as error:
            return Outcome(name, "refused", reason=error.message, code=error.code)
        except IntegrityError:
            reason = "its number has just been taken by somebody else; import it again."
            return Outcome(name, "refused", reason=reason, code=NumberTaken.code)

    @transaction.atomic
    def _import(self, parsed: ParsedDocument, content: bytes, name: str) -> Outcome:
        # One import at a time per business: two files of one buyer must not make two customers. The key stays free, so
        # that rows which point to the business are still written meanwhile.
        business = Business.objects.select_for_update(no_key=True).get(pk=self.business.pk)
        there = _existing(business, parsed)
        if there is not None:
            return _outcome(name, "unchanged", parsed, there.customer.name, there)
        account, customer = match_buyer(business, parsed.buyer, currency=parsed.currency, by=self.by)
        document = _write(account, customer, parsed, by=self.by)
        keep_original(business.pk, document.ref, name, content, "application/xml")
        for attachment in parsed.attachments:
            is_own = attachment is parsed.own_pdf
            _keep(customer, document, attachment, Purpose.DOCUMENT_PDF if is_own else Purpose.ATTACHMENT, by=self.by)
        return _outcome(name, "imported", parsed, customer.name, document)

    def _plan(self, parsed: ParsedDocument, name: str) -> Outcome:
        there = _existing(self.business, parsed)
        if there is not None:
            return _outcome(name, "unchanged", parsed, there.customer.name, there)
        key = (parsed.kind, parsed.number)
        before = self._reported.get(key)
        if before is None:
            found = find_buyer(self.business, parsed.buyer)
            if found:
                refuse_archived(found)
            customer = found.name if found else parsed.buyer.name
            self._reported[key] = (parsed, customer)
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
    return document


def _with_pdf(parsed: ParsedDocument, path: Path | None) -> ParsedDocument:
    """Return what was read, with a PDF that lay beside it as the document itself: it prevails over one inside."""
    if path is None:
        return parsed
    try:
        content = read_bounded(path, MAX_BYTES)
        if kind_of(content, path.name) != PDF:
            raise Unreadable("it is no PDF.")
    except Unreadable as error:
        return replace(parsed, warnings=(*parsed.warnings, f"{path.name} beside it is not taken: {error.message}"))
    beside = ParsedAttachment(path.name, PDF, content)
    return replace(parsed, attachments=(*parsed.attachments, beside), own_pdf=beside)


def _keep(customer: Customer, document: Document, attachment: ParsedAttachment, purpose: Purpose, *, by: Actor) -> None:
    """Keep an attachment as a file of the document, or aside where that can't be: it never refuses the document."""
    refused = attachment.refused
    if not refused:
        try:
            store_file(
                customer,
                document.ref,
                attachment.filename,
                attachment.content,
                FileInput(
                    visible=True,
                    description=attachment.description or attachment.reference,
                    purpose=purpose,
                    keep_unknown=True,
                ),
                by=by,
            )
        except FileRefused as error:
            refused = error.message
            warnings = [*document.particulars.get("warnings", ()), _aside(attachment, refused)]
            document.particulars = {**document.particulars, "warnings": warnings}
            document.save(update_fields=["particulars"])
    if refused and attachment.content:
        keep_original(
            document.business_id,
            document.ref,
            attachment.filename,
            attachment.content,
            attachment.media_type,
            refused=refused,
        )


def _aside(attachment: ParsedAttachment, reason: str) -> str:
    return f"the attachment “{attachment.filename[:60]}” is kept aside: {reason}"


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
        warnings=tuple(document.particulars.get("warnings", ())) if document else parsed.warnings,
        own_pdf=_own_name(parsed, document) if status == "imported" else "",
    )


def _own_name(parsed: ParsedDocument, document: Document | None) -> str:
    if document is None:
        return clean_name(parsed.own_pdf.filename, PDF) if parsed.own_pdf else ""
    kept = own_pdf(document)
    return kept.name if kept else ""


def _due(parsed: ParsedDocument) -> str:
    return f"{parsed.currency} {to_major(parsed.totals.payable, parsed.currency)}"
