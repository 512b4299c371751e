"""The data sets that are measured on. Seeded: the same every time, counted back from the day they are built."""

from dataclasses import dataclass, field

# The customer whose pages are measured on every data set: 200 invoices, a statement of some 250 entries.
REGULAR = "regular"
# Customers that only the large sets have: 10,000 invoices, and a statement of 25,000 entries.
BIG = "big"
HUGE = "huge"

_INVOICES_OF_OTHERS = 50


@dataclass(frozen=True, slots=True)
class DataSet:
    """How many businesses and invoices there are. `named` are customers by external id, all of the first business.

    The other customers have 50 invoices each; `first` of them belong to the first business.
    """

    name: str
    invoices: int
    named: dict[str, int] = field(default_factory=dict)
    first: int = 0
    businesses: int = 1
    lines: int = 3
    # Without it there are documents without lines and nothing on any account: enough to be searched.
    ledger: bool = True

    def customers(self) -> list[dict[str, int]]:
        """Return, for each business, how many invoices each of its customers has, by external id."""
        others, rest = divmod(self.invoices - sum(self.named.values()), _INVOICES_OF_OTHERS)
        if rest:
            raise ValueError(f"{self.name} does not come out even: {rest} invoices belong to nobody.")
        found: list[dict[str, int]] = [dict(self.named), *({} for _ in range(self.businesses - 1))]
        for number in range(others):
            owner = 0 if number < self.first or self.businesses == 1 else 1 + number % (self.businesses - 1)
            found[owner][f"c-{number:05d}"] = _INVOICES_OF_OTHERS
        return found


DATA_SETS = {
    data_set.name: data_set
    for data_set in (
        DataSet("tiny", 300, {REGULAR: 200}),
        DataSet("10k", 10_000, {REGULAR: 200}),
        DataSet("100k", 100_000, {REGULAR: 200, BIG: 10_000, HUGE: 20_800}, first=196, businesses=20),
        DataSet("1m", 1_000_000, {REGULAR: 200, BIG: 10_000, HUGE: 20_800}, first=196, businesses=200),
        # All of them one business's, which is the hardest to search.
        DataSet("search", 1_000_000, {REGULAR: 200, BIG: 10_000}, ledger=False),
        # The long statement alone, which takes seconds to build.
        DataSet("long", 21_000, {REGULAR: 200, HUGE: 20_800}, lines=1),
        # One customer whose whole history is exported.
        DataSet("export", 100_000, {REGULAR: 100_000}, lines=1),
    )
}
