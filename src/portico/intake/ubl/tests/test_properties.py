"""Over any right document, what is read is what was written; over any wrong one, a refusal with a place."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portico.intake.errors import Unreadable
from portico.intake.ubl.document import read_ubl
from portico.intake.ubl.tests.samples import PEPPOL, Row, Sample

CATEGORIES = [("S", "19"), ("S", "7"), ("S", "5.5"), ("Z", "0"), ("E", "0"), ("AE", "0"), ("K", "0"), ("L", "6.5")]


def money(low: str, high: str) -> st.SearchStrategy[str]:
    return st.decimals(Decimal(low), Decimal(high), places=2).map(lambda amount: f"{amount:f}")


rows = st.builds(
    lambda quantity, price, tax: Row(str(quantity), price, *tax),
    st.integers(-50, 500),
    money("0.00", "9999.99"),
    st.sampled_from(CATEGORIES),
)
allowances = st.builds(
    lambda sign, amount, tax: (sign, amount, *tax),
    st.sampled_from("+-"),
    money("0.00", "99.99"),
    st.sampled_from(CATEGORIES),
)
samples = st.builds(
    Sample,
    root=st.sampled_from(["Invoice", "CreditNote"]),
    profile=st.just(PEPPOL),
    rows=st.lists(rows, min_size=1, max_size=6),
    allowances=st.lists(allowances, max_size=3),
    prepaid=st.none() | money("-500.00", "500.00"),
    rounding=st.none() | money("-0.99", "0.99"),
)


@given(samples)
def test_a_right_document_is_read_as_it_stands(sample: Sample) -> None:
    document = read_ubl(sample.bytes())
    totals = document.totals
    assert totals.lines == sum(line.net for line in document.lines)
    assert totals.with_tax == totals.lines - totals.allowances + totals.charges + totals.tax
    assert totals.payable == totals.with_tax - totals.prepaid + totals.rounding
    assert totals.tax == sum(row.tax for row in document.taxes)
    assert sum(row.taxable for row in document.taxes) == totals.without_tax


@given(samples, st.integers(0, 10_000), st.sampled_from([b"", b"<", b"&", b"\xff", b"</cbc:ID>", b"9", b"-", b"x"]))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(sample: Sample, position: int, damage: bytes) -> None:
    content = sample.bytes()
    position %= len(content)
    damaged = content[:position] + damage + content[position + 1 :]
    refusal = refusal_of(damaged)
    if refusal is not None:
        assert refusal.message
        assert refusal.line is None or 1 <= refusal.line <= damaged.count(b"\n") + 1


def refusal_of(content: bytes) -> Unreadable | None:
    try:
        read_ubl(content)
    except Unreadable as error:
        return error
    return None
