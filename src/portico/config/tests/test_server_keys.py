"""A database goes with the keys it was written with: restored without them, it is refused before anything happens."""

import secrets
from pathlib import Path

import pytest

from portico.config.tests.conftest import Command
from tests.plugins.database import NewDatabase
from tests.prepared import prepare
from tests.server import free_port

ACME = ("business", "create", "--name", "Acme", "--currency", "EUR", "--country", "DE", "--time-zone", "Europe/Berlin")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def written(program: Command, home: Path, prepared_database: NewDatabase) -> dict[str, str]:
    """An installation with a business, and what names its database."""
    prepare(home, database=False)
    url = prepared_database()
    environment = {"DATABASE_URL": url} if url else {}
    assert program(*ACME, "--slug", "acme", **environment).status == 0
    return environment


def write(home: Path, *keys: str) -> None:
    (home / "secret-keys").write_text("".join(f"{key}\n" for key in keys))


def test_database_with_other_keys_is_refused_and_left_alone(
    program: Command, home: Path, written: dict[str, str]
) -> None:
    own = (home / "secret-keys").read_text()
    (home / "secret-keys").unlink()
    refusal = program(*ACME, "--slug", "second", **written).refusal
    assert refusal.startswith("This database was written with other keys. Put the secret-keys that belong to it back")
    assert "other keys" in program("serve", "--port", str(free_port()), **written).refusal
    assert "other keys" in program("worker", **written).refusal

    (home / "secret-keys").write_text(own)
    assert "There is no business second" in program("apikey", "list", "--business", "second", **written).refusal
    assert program("apikey", "list", "--business", "acme", **written).status == 0


def test_keys_are_rotated_by_their_list(program: Command, home: Path, written: dict[str, str]) -> None:
    old = (home / "secret-keys").read_text().strip()
    new = secrets.token_urlsafe(48)
    listed = ("apikey", "list", "--business", "acme")
    for keys in ([new, old], [new]):
        write(home, *keys)
        assert program(*listed, **written).status == 0
    write(home, old)
    assert "other keys" in program(*listed, **written).refusal


def test_other_keys_are_accepted_on_purpose(program: Command, home: Path, written: dict[str, str]) -> None:
    write(home, secrets.token_urlsafe(48))
    assert program("accept-keys", "--yes", **written).status == 0
    assert program("apikey", "list", "--business", "acme", **written).status == 0


def test_file_that_holds_no_key_or_is_open_to_all_is_refused(
    program: Command, home: Path, written: dict[str, str]
) -> None:
    own = (home / "secret-keys").read_text()
    write(home, "xx")
    assert "holds a line that is no key" in program("apikey", "list", "--business", "acme", **written).refusal
    (home / "secret-keys").write_text(own)
    (home / "secret-keys").chmod(0o644)
    assert "chmod 600" in program("apikey", "list", "--business", "acme", **written).refusal
    (home / "secret-keys").chmod(0o600)
    assert program("apikey", "list", "--business", "acme", **written).status == 0
