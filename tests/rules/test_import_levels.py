"""A front end stays shallow: how many modules stand upon one another, as `scripts/import_levels.py` counts them."""

import pytest

from scripts.import_levels import imports_of, levels_of


@pytest.mark.parametrize(("package", "most"), [("portico.web.portal", 6), ("portico.web.dashboard", 8)])
def test_a_front_end_has_few_import_levels(package: str, most: int) -> None:
    levels = levels_of(imports_of(package))
    assert levels, package
    too_high = sorted(name for name, level in levels.items() if level > most)
    assert not too_high, f"python scripts/import_levels.py {package} shows what they stand on: {', '.join(too_high)}"


def test_the_portal_s_gate_stands_on_its_refusals_alone() -> None:
    assert imports_of("portico.web.portal")["portico.web.portal.core.gate"] == {"portico.web.portal.core.refusals"}


def test_levels_are_counted_from_the_bottom() -> None:
    assert levels_of({"page": {"layout", "urls"}, "layout": {"urls"}, "urls": set()}) == {
        "page": 3,
        "layout": 2,
        "urls": 1,
    }
