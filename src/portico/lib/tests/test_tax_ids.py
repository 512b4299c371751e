import pytest

from portico.lib.tax_ids import is_well_formed


@pytest.mark.parametrize(
    "tax_id",
    [
        "DE136695976", "de 136 695 976", "DE123456789", "ATU13585627", "FR40303265045", "NL004495445B01",
        "EL094259216", "XI123456789", "GB980780684", "CHE-107.787.577 MWST", "NO995525828MVA", "IE6433435F",
        "ESB58378431", "12/345/67890", "US12-3456789", "100234567800003", "", "DEPOT", "27AAPFU0939F1ZV",
    ],
)  # fmt: skip
def test_a_number_of_its_countrys_form_passes_and_so_does_another_number(tax_id: str) -> None:
    assert is_well_formed(tax_id)


@pytest.mark.parametrize("tax_id", ["DE12345678", "DE1234567890", "ATU1234567", "FR1234", "NL123456789", "GB12", "EL1"])
def test_a_number_that_is_too_short_or_too_long_for_its_country_does_not(tax_id: str) -> None:
    assert not is_well_formed(tax_id)
