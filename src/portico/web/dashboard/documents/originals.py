"""What a document was imported from, byte for byte, and what else its file says that no document shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.models import Document
from portico.domain.documents.queries import original as original_of
from portico.domain.documents.queries import originals_of
from portico.lib.l10n import Formatter
from portico.web.dashboard.core.gate import staff_page
from portico.web.shared.download import original_response
from portico.web.shared.files import size_label


@dataclass(frozen=True, slots=True)
class OriginalRow:
    """A file as it came: `note` says what it is, or why it was kept aside."""

    name: str
    url: str
    size: str
    sha256: str
    note: str


@dataclass(frozen=True, slots=True)
class Imported:
    """Where a document came from: its originals, what is doubtful in them, and what else they say."""

    rows: list[OriginalRow]
    warnings: list[str]
    facts: list[tuple[str, str]]
    links: list[tuple[str, str]]


@staff_page
def original(request: HttpRequest, viewer: StaffViewer, name: str) -> FileResponse:
    """Send a file as it came."""
    return original_response(original_of(viewer, name))


def imported(document: Document, fmt: Formatter) -> Imported | None:
    """Return where a document came from, or None for one that was not imported."""
    if document.source != "import":
        return None
    rows = [
        OriginalRow(
            name=row.name,
            url=reverse("original", args=[row.public_id]),
            size=size_label(row.size, fmt),
            sha256=row.sha256,
            note=_("Attachment, kept aside: %(reason)s") % {"reason": row.refused} if row.refused else "",
        )
        for row in originals_of(document)
    ]
    links = [
        (str(reference.get("description") or reference.get("value") or reference["url"]), str(reference["url"]))
        for reference in document.references
        if str(reference.get("url") or "").startswith(("https://", "http://"))
    ]
    return Imported(rows, list(document.particulars.get("warnings", ())), list(_facts(document)), links)


def _facts(document: Document) -> Iterator[tuple[str, str]]:
    said = document.particulars
    parties = ((_("Seller's electronic address"), document.seller), (_("Buyer's electronic address"), document.buyer))
    for label, party in parties:
        if endpoint := party.get("endpoint"):
            yield label, ":".join(filter(None, [endpoint.get("scheme"), endpoint["value"]]))
    for means in said.get("payment_means", ()):
        yield from ((label, value) for label, value in _means(means) if value)
    for label, name in ((_("Profile"), "profile"), (_("Process"), "process")):
        if said.get(name):
            yield label, said[name]


def _means(means: Mapping[str, str]) -> list[tuple[str, str]]:
    def joined(between: str, *names: str) -> str:
        return between.join(means[name] for name in names if means.get(name))

    card = f"{means.get('card_network', '')} •••• {means['card_number']}".strip() if means.get("card_number") else ""
    return [
        (_("Way to pay"), joined(" ", "code", "text")),
        (_("Account"), joined(" · ", "account_name", "account", "bank")),
        (_("Reference"), joined("", "remittance")),
        (_("Mandate"), joined("", "mandate")),
        (_("Debited account"), joined("", "debited_account")),
        (_("Card"), card),
    ]
