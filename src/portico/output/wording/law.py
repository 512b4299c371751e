"""What the law of the seller's country wants a paper to say besides its figures. `docs/staff.md` lists it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from portico.domain.businesses.legal import EU, GULF_VAT
from portico.domain.documents.models import Document, Kind, Line
from portico.lib.l10n import Formatter
from portico.output.wording.kinds import document_title

# Where an invoice with tax has to be called a tax invoice.
_TAX_INVOICES = GULF_VAT | {"AU", "NZ", "IN", "SG", "MY", "ZA"}
# Where it has to be called so in the country's own language as well.
_TITLES_IN_LAW: dict[str, dict[Kind, str]] = {
    # kinds: only these two have a tax
    "SA": {Kind.INVOICE: "فاتورة ضريبية", Kind.CREDIT_NOTE: "إشعار دائن ضريبي"},
}
# Where an invoice says when it was delivered, also when that was on its own day.
_DELIVERY_DAYS = EU | GULF_VAT | {"CH", "LI", "GB", "NO"}
# The words that are the law's own, in its own language; a business with other ones in its terms says them there.
_AUTOLIQUIDATION = "Autoliquidation"
# Each with the words by which a paper that says something of its own about it is known.
_LATE_IN_FRANCE = (
    ("En cas de retard de paiement : pénalités au taux de trois fois le taux d’intérêt légal.", ("pénalit", "penalt")),
    (
        "En cas de retard de paiement : indemnité forfaitaire pour frais de recouvrement de 40 €.",
        ("recouvrement", "recovery"),
    ),
    ("Pas d’escompte pour paiement anticipé.", ("escompte", "discount", "skonto")),
)


def legal_title(document: Document, fmt: Formatter) -> str:
    """Return what a paper is called: `Invoice INV-2041`, and `Tax invoice INV-2041` where the law calls it so."""
    if not _is_tax_document(document):
        return document_title(document, fmt)
    words = _("Tax invoice %(number)s") if document.sign > 0 else _("Tax credit note %(number)s")
    return words % {"number": document.number}


def title_in_law(document: Document, fmt: Formatter) -> str:
    """Return the paper's title in its country's own language where the law wants it and the reader's is another."""
    titles = _TITLES_IN_LAW.get(_country(document), {})
    return titles.get(Kind(document.kind), "") if _is_tax_document(document) and fmt.language != "ar" else ""


def delivery_text(document: Document, lines: Sequence[Line], fmt: Formatter) -> str:
    """Return the day of delivery: its own day's, where the law wants one and nobody gave another one; else ""."""
    if document.delivered_on:
        return fmt.date(document.delivered_on)
    days = (document.period_start, document.period_end, *(line.period_start or line.period_end for line in lines))
    if document.source == "import" or document.sign <= 0 or any(days):
        return ""
    return _("the invoice date") if _country(document) in _DELIVERY_DAYS else ""


def legal_remarks(document: Document) -> list[str]:
    """Return the sentences that a French seller owes its reader: of reverse charge, and of paying late.

    What the paper says itself, in its terms, its notes or the seller's legal note, is not said another way.
    """
    if _country(document) != "FR" or document.source == "import":
        return []
    own = _own_words(document)
    has_reverse_charge = any(row.get("category") == "AE" for row in document.breakdown)
    remarks = [_AUTOLIQUIDATION] if has_reverse_charge and _AUTOLIQUIDATION.lower() not in own else []
    if document.sign > 0 and document.payable > 0:
        remarks += [text for text, signs in _LATE_IN_FRANCE if not any(sign in own for sign in signs)]
    return remarks


def _own_words(document: Document) -> str:
    reasons = [str(row.get("reason") or "") for row in document.breakdown]
    texts = [document.terms, document.notes, str(document.seller.get("legal_note") or ""), *reasons]
    return "\n".join(texts).lower()


def _is_tax_document(document: Document) -> bool:
    is_plain = document.sign != 0 and not document.type_code
    has_tax_id = bool(document.seller.get("tax_id"))
    return is_plain and has_tax_id and bool(document.breakdown) and _country(document) in _TAX_INVOICES


def _country(document: Document) -> str:
    return str(document.seller.get("country") or document.business.country)
