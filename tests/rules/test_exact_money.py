"""Amounts are exact: no float, no division by a power of ten, but in `lib/money.py`, which knows every currency's."""

import ast
from collections.abc import Iterator
from typing import TypeIs

import pytest

from tests.rules.source import Source, product

_POWERS_OF_TEN = {10, 100, 1000, 10_000}
# EmailContent of an expression that is about money; what has none of them may divide as it likes.
_MONEY_WORDS = {
    "amount", "total", "subtotal", "minor", "major", "price", "money", "tax", "discount", "charge", "payable",
    "open", "balance", "debit", "credit", "paid", "unapplied", "rounding", "refund", "fee", "net", "gross", "allocated",
    "prepaid", "amounts", "totals", "prices", "balances", "cents", "opening", "closing", "original", "applied",
}  # fmt: skip
# Floats that are no amounts: the weight of a language, seconds, sizes of drawings.
_MAY_FLOAT = {
    "src/portico/lib/l10n.py": "the weights of an Accept-Language header",
}


def test_no_float_touches_money() -> None:
    found = [finding for source in product() for finding in inexact(source)]
    assert not found, "\n".join(found)


def test_every_exception_still_stands() -> None:
    paths = {source.path for source in product()}
    assert set(_MAY_FLOAT) <= paths


def inexact(source: Source) -> Iterator[str]:
    """Find `float(…)` anywhere, and a division or multiplication by 10, 100, … of something about money.

    A share in percent, `paid * 100 // total`, has no decimals of a currency in it and is fine.
    """
    if source.path == "src/portico/lib/money.py":
        return
    shares = {id(node.left) for node in ast.walk(source.tree) if _divides(node)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
            if source.path not in _MAY_FLOAT:
                yield source.at(node, "float(…): amounts are integers, rates and quantities decimals")
        elif _divides(node) or (_multiplies(node) and id(node) not in shares):
            yield from _scaled(source, node)


def _divides(node: ast.AST) -> TypeIs[ast.BinOp]:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv | ast.Mod)


def _multiplies(node: ast.AST) -> TypeIs[ast.BinOp]:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)


def _scaled(source: Source, node: ast.BinOp) -> Iterator[str]:
    if _is_power_of_ten(node.right) and _words(node.left) & _MONEY_WORDS:
        yield source.at(node, "use portico.lib.money: not every currency has two decimals")


def _is_power_of_ten(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and node.args:
        node = node.args[0]
    return isinstance(node, ast.Constant) and str(node.value) in {str(power) for power in _POWERS_OF_TEN}


def _words(node: ast.expr) -> set[str]:
    names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
    names += [part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)]
    return {word for name in names for word in name.lower().split("_")}


@pytest.mark.parametrize(
    "line",
    [
        "x = float(row.quantity)",
        "x = invoice.amount / 100",
        "x = invoice.open_amount // 100",
        "x = Decimal(line.unit_price) * 1000",
        "x = total_minor / Decimal(100)",
        "x = document.total % 100",
    ],
)
def test_an_inexact_amount_is_found(line: str) -> None:
    assert list(inexact(Source("src/portico/output/pdf/sheets.py", line)))


@pytest.mark.parametrize(
    "line",
    [
        "x = to_major(invoice.amount, currency)",
        "seconds = milliseconds / 1000",
        "x = amount * rate",
        "x = paid * 100 // total",
    ],
)
def test_what_is_exact_or_no_amount_is_fine(line: str) -> None:
    assert not list(inexact(Source("src/portico/output/pdf/sheets.py", line)))
