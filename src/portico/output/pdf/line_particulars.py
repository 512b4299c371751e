"""What a line says besides its text and figures: the numbers others know it by, its price before, lines below it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portico.domain.documents.models import Line
from portico.lib.l10n import Formatter
from portico.output.wording.units import quantity


def line_particulars(line: Line, currency: str, fmt: Formatter) -> list[str]:
    """Return a line's particulars as quiet lines under it, in the reader's language."""
    said = line.particulars
    if not said:
        return []
    numbers = " · ".join(_numbers(said, fmt))
    return [
        *filter(None, [_price_before(said, currency, fmt), numbers]),
        *(_allowance(item, currency, fmt) for item in said.get("allowances", ())),
        *(_below(row, currency, fmt) for row in said.get("lines", ())),
    ]


def _numbers(said: Mapping[str, Any], fmt: Formatter) -> Iterator[str]:
    if said.get("order_line"):
        yield _("Order line %(number)s") % {"number": said["order_line"]}
    if said.get("buyer_item_number"):
        yield _("Your item no. %(number)s") % {"number": said["buyer_item_number"]}
    if said.get("standard_item_number"):
        yield _("Article no. %(number)s") % {"number": said["standard_item_number"]["value"]}
    if said.get("accounting_reference"):
        yield _("Your accounting reference %(number)s") % {"number": said["accounting_reference"]}
    if said.get("invoiced_object"):
        yield _("Object %(number)s") % {"number": said["invoiced_object"]["value"]}
    codes = [code["value"] for code in said.get("classifications", ())]
    if codes:
        yield _("Classification %(codes)s") % {"codes": ", ".join(codes)}
    if said.get("origin_country"):
        yield _("Origin: %(country)s") % {"country": fmt.country(said["origin_country"]) or said["origin_country"]}


def _price_before(said: Mapping[str, Any], currency: str, fmt: Formatter) -> str:
    if not said.get("gross_price") or not said.get("price_discount"):
        return ""
    price, off = Decimal(said["gross_price"]), Decimal(said["price_discount"])
    return _("List price %(price)s, less %(discount)s") % {
        "price": fmt.price(price, currency),
        "discount": fmt.price(off, currency),
    }


def _allowance(item: Mapping[str, Any], currency: str, fmt: Formatter) -> str:
    name = item.get("reason") or (_("Charge") if item["charge"] else _("Discount"))
    rate = fmt.percent(Decimal(item["rate"])) if item.get("rate") else ""
    amount = fmt.money(item["amount"] if item["charge"] else -item["amount"], currency)
    return " ".join(filter(None, [name, rate])) + f": {amount}"


def _below(row: Mapping[str, Any], currency: str, fmt: Formatter) -> str:
    name = " ".join(filter(None, [row.get("label"), row["description"]]))
    amount = fmt.money(row["amount"], currency)
    if row.get("quantity") and row.get("unit_price"):
        counted = quantity(Decimal(row["quantity"]), row.get("unit") or "", fmt)
        amount = f"{counted} × {fmt.price(Decimal(row['unit_price']), currency)} = {amount}"
    elif row.get("quantity"):
        amount = f"{quantity(Decimal(row['quantity']), row.get('unit') or '', fmt)}, {amount}"
    indent = "\u2003" * (int(row["level"]) - 1)
    return f"{indent}{name}: {amount}"
