from pathlib import Path

from portico.config.tests.conftest import Command
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Business


def test_a_reset_drops_only_a_demonstration(program: Command, tmp_path: Path) -> None:
    words = "business create --name Acme --slug acme --currency EUR --country DE --time-zone Europe/Berlin"
    assert program(*words.split()).status == 0
    home = tmp_path / "home"
    before = (home / "portico.sqlite3").read_bytes()
    assert (
        program("demo", "--port", "18931", "--reset").refusal == f"{home} holds no demonstration. Nothing was dropped."
    )
    assert (home / "portico.sqlite3").read_bytes() == before


def test_a_demonstration_does_not_move_in_with_a_business(portico: Command) -> None:
    create_business(BusinessInput("Acme", "acme", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    assert "is in use" in portico("demo", "--port", "18932").refusal
    assert Business.objects.count() == 1
