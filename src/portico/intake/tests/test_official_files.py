"""The published XRechnung instances, where they are at hand: what they say is due is what the customer owes."""

from pathlib import Path

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Business
from portico.domain.documents.check import differences as document_differences
from portico.domain.documents.models import Document
from portico.domain.files.models import File
from portico.domain.ledger.check import differences
from portico.intake.actions.import_file import Run
from portico.intake.outcome import Outcome

_FOLDER = Path(__file__).resolve().parents[5] / "shared" / "data" / "xrechnung"
_FILES = sorted(_FOLDER.glob("*.xml"))
_DUE = {
    "01.01a": 33690, "01.02a": 1260, "01.03a": 18220, "01.04a": 12000, "01.05a": 1055530, "01.06a": 2170170,
    "01.07a": 4522, "01.08a": 282587, "01.09a": 719712, "01.10a": 259420, "01.11a": 27938, "01.12a": 30537,
    "01.13a": 634270, "01.14a": 1282969, "01.15a": 1068620, "01.17a": 33691, "01.18a": 1055530, "01.19a": 1055530,
    "01.20a": 35700, "01.21a": 23300, "03.03a": 1068620, "03.06a": 180400, "04.01a": 491884, "05.01a": 36686,
}  # fmt: skip


def take_wherever_the_number_is_free(runs: list[Run], path: Path) -> Outcome:
    outcomes = (run.take(path, name=path.name) for run in runs)
    return next(outcome for outcome in outcomes if outcome.status != "refused")


@pytest.mark.skipif(not _FILES, reason=f"the published instances are not at {_FOLDER}")
def test_imports_every_published_instance(business: Business) -> None:
    # One number recurs four times among them.
    others = [
        create_business(BusinessInput("Zweig", f"zweig-{index}", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
        for index in range(3)
    ]
    runs = [Run(each, by=OPERATOR) for each in (business, *others)]
    due: dict[str, int] = {}
    for path in _FILES:
        outcome = take_wherever_the_number_is_free(runs, path)
        assert outcome.status == "imported"
        assert outcome.document is not None
        due[path.name[:6]] = Document.objects.get(pk=outcome.document.pk).open_amount
    assert due == _DUE
    assert list(File.objects.values_list("name", "media_type")) == [("01_15_Anhang_01.pdf", "application/pdf")]
    assert not [*differences(), *document_differences()]
    again = [take_wherever_the_number_is_free(runs, path).status for path in _FILES]
    assert again == ["unchanged"] * len(_DUE)
