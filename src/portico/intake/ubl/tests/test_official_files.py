"""The published XRechnung instances, where they are at hand: what they say is due is what is read."""

from pathlib import Path

import pytest

from portico.intake.ubl.document import read_ubl

_FOLDER = Path(__file__).resolve().parents[6] / "shared" / "data" / "xrechnung"
_FILES = sorted(_FOLDER.glob("*.xml"))
_DUE = {
    "01.01a": 33690, "01.02a": 1260, "01.03a": 18220, "01.04a": 12000, "01.05a": 1055530, "01.06a": 2170170,
    "01.07a": 4522, "01.08a": 282587, "01.09a": 719712, "01.10a": 259420, "01.11a": 27938, "01.12a": 30537,
    "01.13a": 634270, "01.14a": 1282969, "01.15a": 1068620, "01.17a": 33691, "01.18a": 1055530, "01.19a": 1055530,
    "01.20a": 35700, "01.21a": 23300, "03.03a": 1068620, "03.06a": 180400, "04.01a": 491884, "05.01a": 36686,
}  # fmt: skip


@pytest.mark.skipif(not _FILES, reason=f"the published instances are not at {_FOLDER}")
def test_reads_every_published_instance() -> None:
    read = {path.name[:6]: read_ubl(path.read_bytes()) for path in _FILES}
    assert {name: document.totals.payable for name, document in read.items()} == _DUE
    assert len({document.checksum for document in read.values()}) == len(_DUE)
