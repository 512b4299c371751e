"""Reading typed values out of UBL elements; every refusal says the line and the element."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lxml import etree

from portico.intake.errors import Unreadable
from portico.lib.days import DAYS, FIRST_DAY, LAST_DAY
from portico.lib.errors import Invalid
from portico.lib.money import MAX_AMOUNT, exponent, round_to, to_minor_exact

CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_PREFIXES = {CAC: "cac", CBC: "cbc"}

# xs:decimal has no exponent and no thousands separators. Programs that compute in floats write long fractions.
_DECIMAL = re.compile(r"[+-]?(\d{1,18}(\.\d{0,60})?|\.\d{1,60})", re.ASCII)
# What the columns of prices and quantities keep; nobody counts in less.
_FRACTION_DIGITS = 18
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})?", re.ASCII)
# What ends a line, however it is written: between words it is white space, never nothing.
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# What a document may not smuggle into a page, a PDF or a mail header; line ends and tabs are white space.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Node:
    """One element. Paths are prefixed as everybody writes them: `cac:Party/cbc:EndpointID`, whatever the file uses."""

    element: etree._Element

    @property
    def name(self) -> str:
        """The element's name without its namespace."""
        return str(etree.QName(self.element).localname)

    def one(self, path: str) -> "Node | None":
        """The first element at `path` that has any content, or None: an empty element says nothing."""
        return next(self.all(path), None)

    def all(self, path: str) -> Iterator["Node"]:
        """Every element at `path` that has content, in document order."""
        found: list[etree._Element] = [self.element]
        for step in path.split("/"):
            tag = _tag(step)
            found = [child for parent in found for child in parent.iterchildren(tag)]
        return (Node(element) for element in found if len(element) or (element.text or "").strip())

    def need(self, path: str) -> "Node":
        """Like `one`, but refuse the file when there is none."""
        found = self.one(path)
        if found is None:
            raise self.refusal("this element is missing or empty.", path)
        return found

    def text(self, path: str = "") -> str:
        """The text at `path` on one line, or ""."""
        return " ".join(self.prose(path).split())

    def prose(self, path: str = "") -> str:
        """The text at `path` with its line ends, or ""."""
        node = self.one(path) if path else self
        raw = (node.element.text or "") if node is not None else ""
        return _CONTROLS.sub("", _LINE_ENDS.sub("\n", raw)).strip()

    def needed_text(self, path: str) -> str:
        """Like `text`, but refuse the file when there is none."""
        found = self.need(path).text()
        if not found:
            raise self.refusal("this element has no text.", path)
        return found

    def attribute(self, name: str) -> str:
        """An attribute's value without spaces around it, or ""."""
        return _CONTROLS.sub("", _LINE_ENDS.sub(" ", str(self.element.get(name) or ""))).strip()

    def number(self, path: str = "") -> Decimal | None:
        """The decimal at `path`, exact to 18 places, or None."""
        node = self.one(path) if path else self
        if node is None:
            return None
        text = node.text()
        if not _DECIMAL.fullmatch(text):
            raise node.refusal(f"{shown(text)} is not a decimal number.")
        value = Decimal(text)
        exact = -int(value.as_tuple().exponent) <= _FRACTION_DIGITS
        return value if exact else round_to(value, _FRACTION_DIGITS)

    def amount(self, path: str, currency: str) -> int | None:
        """The amount at `path` in minor units of `currency`, or None.

        Refuses more decimals than the currency has, and an amount in another currency.
        """
        node = self.one(path)
        return None if node is None else node.own_amount(currency)

    def needed_amount(self, path: str, currency: str) -> int:
        """Like `amount`, but refuse the file when there is none."""
        return self.need(path).own_amount(currency)

    def own_amount(self, currency: str) -> int:
        """This element's own amount in minor units of `currency`."""
        self.check_currency(currency)
        value = self.number()
        try:
            minor = to_minor_exact(value or Decimal(0), currency)
        except Invalid as error:
            raise self.refusal(error.message) from error
        if abs(minor) > MAX_AMOUNT:
            raise self.refusal(f"{shown(self.text())} is larger than an amount can be.")
        return minor

    def price(self, path: str, currency: str) -> Decimal | None:
        """The price at `path` with every decimal it has, or None. Prices are not bound to the currency's decimals."""
        node = self.one(path)
        if node is None:
            return None
        node.check_currency(currency)
        return node.number()

    def check_currency(self, currency: str) -> None:
        """Refuse an amount that says to be in another currency than `currency`."""
        own = self.attribute("currencyID")
        if own and own != currency:
            raise self.refusal(f"this amount is in {shown(own)}, the document in {currency}.")

    def currency(self, path: str) -> str:
        """The ISO 4217 code at `path`, or ""."""
        node = self.one(path)
        if node is None:
            return ""
        code = node.text()
        try:
            exponent(code)
        except Invalid as error:
            raise node.refusal(error.message) from error
        return code

    def day(self, path: str) -> date | None:
        """The civil date at `path`, or None; a time zone that some programs append is left out."""
        node = self.one(path)
        if node is None:
            return None
        match = _DATE.fullmatch(node.text())
        try:
            found = date.fromisoformat(match[1] if match else "")
        except ValueError as error:
            raise node.refusal(f"{shown(node.text())} is not a date like 2026-01-31.") from error
        if not FIRST_DAY <= found <= LAST_DAY:
            raise node.refusal(f"{shown(node.text())} is out of range: {DAYS}.")
        return found

    def needed_day(self, path: str) -> date:
        """Like `day`, but refuse the file when there is none."""
        found = self.day(path)
        if found is None:
            raise self.refusal("this element is missing or empty.", path)
        return found

    def flag(self, path: str) -> bool:
        """The truth value at `path`, which must be there."""
        node = self.need(path)
        text = node.text()
        if text not in {"true", "false", "1", "0"}:
            raise node.refusal(f"{shown(text)} is neither true nor false.")
        return text in {"true", "1"}

    def refusal(self, message: str, path: str = "") -> Unreadable:
        """An Unreadable that points here, or to the element missing at `path` below here."""
        place = "/".join(filter(None, (self.place, path)))
        return Unreadable(message, line=self.line, place=place)

    @property
    def line(self) -> int | None:
        """The line of the file that the element begins on."""
        line = self.element.sourceline
        return line if isinstance(line, int) else None

    @property
    def place(self) -> str:
        """The path from the root, such as `cac:InvoiceLine[2]/cbc:Note`; "" for the root."""
        steps: list[str] = []
        element = self.element
        parent = element.getparent()
        while parent is not None:
            twins = [child for child in parent if child.tag == element.tag]
            position = f"[{twins.index(element) + 1}]" if len(twins) > 1 else ""
            steps.append(_prefixed(element) + position)
            element, parent = parent, parent.getparent()
        return "/".join(reversed(steps))


def shown(text: str) -> str:
    """A value from the file as a message may repeat it: quoted and short."""
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def _tag(step: str) -> str:
    prefix, _, name = step.partition(":")
    return f"{{{CAC if prefix == 'cac' else CBC}}}{name}"


def _prefixed(element: etree._Element) -> str:
    name = etree.QName(element)
    prefix = _PREFIXES.get(name.namespace or "")
    return f"{prefix}:{name.localname}" if prefix else name.localname
