"""The sums under a document's lines and its tax breakdown: always the stored figures, only arranged."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portico.domain.documents.models import Document
from portico.lib.l10n import Formatter
from portico.output.pdf.settlement import Settlement
from portico.output.pdf.sheets import Column, Row, Table, Total
from portico.output.wording.tax import tax_category


def totals(document: Document, settlement: Settlement, tax: str, fmt: Formatter) -> tuple[Total, ...]:
    """Return the sums in the order they add up: lines, allowances and charges, tax, total, payments, what is left.

    The first is the sum of the lines as printed, each after its own discount.
    """

    def money(amount: int) -> str:
        return fmt.money(amount, document.currency)

    beside = [item for item in document.allowances if item.get("third_party")]
    within = [item for item in document.allowances if not item.get("third_party")]
    allowances = [item for item in within if not item.get("charge")]
    charges = [item for item in within if item.get("charge")]
    allowed = sum(int(item["amount"]) for item in allowances)
    sums = [Total(_("Subtotal"), money(document.subtotal - (document.discount_total - allowed)))]
    sums += [Total(_labelled(item, _("Discount"), fmt), money(-int(item["amount"]))) for item in allowances]
    sums += [Total(_labelled(item, _("Charge"), fmt), money(int(item["amount"]))) for item in charges]
    if within and document.tax_total and not document.prices_include_tax:
        net = document.subtotal - document.discount_total + document.charge_total
        sums.append(Total(_("Total before tax"), money(net)))
    taxes = _taxes(document, tax, fmt)
    if not document.prices_include_tax:
        sums += [Total(label, money(amount)) for label, amount in taxes]
    if len(sums) == 1:
        sums = []
    sums.append(Total(_("Total"), money(document.total), strong=True))
    if document.prices_include_tax:
        sums += [Total(_("Includes %(tax)s") % {"tax": label}, money(amount)) for label, amount in taxes]
    sums += [Total(_labelled(item, _("Collected for others"), fmt), money(int(item["amount"]))) for item in beside]
    if document.prepaid:
        sums.append(Total(_("Already paid"), money(-document.prepaid)))
    if document.rounding:
        sums.append(Total(_("Rounding"), money(document.rounding)))
    return (*sums, *settlement.sums(fmt))


def breakdown(document: Document, tax: str, fmt: Formatter) -> Table | None:
    """Return the tax by rate and category, which tax offices ask for with a single rate, too; None without tax."""
    rows = document.breakdown
    named = [tax_category(str(row.get("category") or "")) for row in rows]
    if not rows:
        return None
    columns = (
        Column(tax, grows=True),
        Column(_("Rate"), "number"),
        Column(_("Taxable amount"), "number"),
        Column(_("Tax amount"), "number"),
    )
    return Table(
        columns,
        tuple(
            Row(
                (
                    name or tax,
                    _rate(row, fmt),
                    fmt.money(int(row["taxable"]), document.currency),
                    fmt.money(int(row["tax"]), document.currency),
                )
            )
            for row, name in zip(rows, named, strict=True)
        ),
    )


def _taxes(document: Document, tax: str, fmt: Formatter) -> list[tuple[str, int]]:
    """Return the tax per rate; in one sum where the breakdown is not the whole tax."""
    rows = [row for row in document.breakdown if int(row["tax"])]
    if sum(int(row["tax"]) for row in rows) != document.tax_total:
        return [(tax, document.tax_total)]
    return [(f"{tax} {_rate(row, fmt)}".strip(), int(row["tax"])) for row in rows]


def _labelled(item: dict[str, Any], name: str, fmt: Formatter) -> str:
    return " ".join(filter(None, [str(item.get("reason") or "") or name, _rate(item, fmt)]))


def _rate(row: dict[str, Any], fmt: Formatter) -> str:
    rate = row.get("rate")
    return "" if rate in (None, "") else fmt.percent(Decimal(str(rate)))
