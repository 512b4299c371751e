"""What differs by kind of document stands in tables with a row for every kind, so that a new kind is forgotten nowhere.

The domain's table is `domain/documents/kinds.py:SPECS`; what a front end adds, such as labels, is in its own. A table
of some kinds, or a comparison with one, says why the others do not count, in a comment of its own line above it:
`# kinds: only invoices are paid`.
"""

import ast
from collections.abc import Iterator

import pytest

from portico.domain.documents.kinds import SPECS, Kind
from portico.domain.ledger.models import EntryKind
from tests.rules.source import Source, product

_NAMES = {kind.name: kind.value for kind in Kind}
_ALL = frozenset(Kind.values)
_ENTRIES = frozenset(EntryKind.values)
_REASON = "# kinds: "


def test_tables_keyed_by_kind_have_every_kind() -> None:
    found = [finding for source in product() for finding in incomplete(source)]
    assert not found, "\n".join(found)


def test_the_domain_s_table_has_every_kind_with_a_life_of_its_own() -> None:
    for kind, spec in SPECS.items():
        assert len(set(spec.states)) == len(spec.states) > 1, kind
        assert all(set(sources) <= set(spec.states) for sources in spec.decisions.values()), kind
        assert {decision.value for decision in spec.decisions} <= {state.value for state in spec.states}, kind


def incomplete(source: Source) -> Iterator[str]:
    """Find tables and sets of some kinds, and comparisons with one, that do not say why the others do not count."""
    lines = source.text.splitlines()
    for node in ast.walk(source.tree):
        kinds = _kinds_in(node)
        if kinds and kinds != _ALL and not _has_reason(lines, node):
            missing = ", ".join(sorted(_ALL - kinds))
            yield source.at(node, f"says nothing of {missing}: ask SPECS, add them, or say why in `{_REASON}…`")


def _kinds_in(node: ast.AST) -> frozenset[str]:
    """Return the kinds that a table, a set of several or a comparison names; none for anything else."""
    if isinstance(node, ast.Dict):
        named = _named(key for key in node.keys if key)
        texts = {key.value for key in node.keys if isinstance(key, ast.Constant)}
        words = _ALL & texts
        # Several words are a table of kinds, unless they are there as entries of the ledger, which are all there.
        is_of_entries = words <= _ENTRIES <= texts
        return named | words if len(words) > 1 and not is_of_entries else named
    if isinstance(node, ast.Set | ast.List | ast.Tuple):
        texts = {element.value for element in node.elts if isinstance(element, ast.Constant)}
        named = _named(node.elts) | _ALL & texts
        return named if len(named) > 1 else frozenset()
    if isinstance(node, ast.Compare):
        return _named([node.left, *node.comparators])
    return frozenset()


def _named(nodes: Iterator[ast.expr] | list[ast.expr]) -> frozenset[str]:
    return frozenset(
        _NAMES[node.attr]
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Kind"
        if node.attr in _NAMES
    )


def _has_reason(lines: list[str], node: ast.AST) -> bool:
    above = lines[max(getattr(node, "lineno", 1) - 2, 0)].strip()
    return above.startswith(_REASON) and len(above.split()) > 4


_EVERY = ", ".join(f"Kind.{kind.name}: 1" for kind in Kind)
_EVERY_WORD = ", ".join(f"{kind.value!r}: 1" for kind in Kind)


@pytest.mark.parametrize(
    "code",
    [
        "labels = {Kind.INVOICE: 'Invoice'}",
        "labels = {'invoice': 'Invoice', 'estimate': 'Estimate'}",
        "with_money = kind in {Kind.INVOICE, Kind.CREDIT_NOTE}",
        "with_money = kind in ('invoice', 'credit_note')",
        "rows.filter(kind__in=[Kind.ESTIMATE, Kind.SALES_ORDER])",
        "if kind == Kind.INVOICE: pass",
        "# kinds: why\nlabels = {Kind.INVOICE: 'Invoice'}",
    ],
)
def test_what_forgets_a_kind_is_found(code: str) -> None:
    assert list(incomplete(Source("x.py", code)))


@pytest.mark.parametrize(
    "code",
    [
        f"labels = {{{_EVERY}}}",
        f"labels = {{{_EVERY}, PAYMENT: 5}}",
        f"labels = {{{_EVERY_WORD}, 'payment': 5}}",
        "if kind == Address.Kind.BILLING: pass",
        "rows.filter(kind=Kind.INVOICE)",
        "# kinds: only invoices are ever paid\nif kind == Kind.INVOICE: pass",
    ],
)
def test_what_has_every_kind_or_a_reason_is_fine(code: str) -> None:
    assert not list(incomplete(Source("x.py", code)))


def test_a_table_of_the_ledger_s_entries_is_no_table_of_kinds() -> None:
    entries = ", ".join(f"{entry.value!r}: 1" for entry in EntryKind)
    assert not list(incomplete(Source("x.py", f"words = {{{entries}}}")))
    assert list(incomplete(Source("x.py", f"words = {{{entries}, 'estimate': 1}}")))
