import os
import subprocess
import sys
from pathlib import Path

from pytest_django import Settings

from portico.config.ready import ready
from portico.config.tests.conftest import Command, fresh_environment
from tests.plugins.database import NewDatabase


def test_any_command_makes_the_installation(program: Command, tmp_path: Path) -> None:
    assert program("check-ledger").out == "The ledger adds up: 0 accounts, 0 items checked.\n"
    home = tmp_path / "home"
    assert (home / "portico.sqlite3").exists()
    assert (home / "secret-keys").stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700
    css = list((home / "static" / "portico").glob("portico.????????????.css"))
    assert len(css) == 1
    assert css[0].with_name(css[0].name + ".br").exists()
    assert css[0].with_name(css[0].name + ".gz").exists()


def test_processes_that_start_at_once_do_not_clash(tmp_path: Path, new_database: NewDatabase) -> None:
    environment = fresh_environment(tmp_path / "home", DATABASE_URL=new_database())
    words = [sys.executable, "-m", "portico.config.cli", "check-ledger"]
    started = [
        subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)
    ]
    for process in started:
        _, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, b"")


def test_static_files_are_collected_when_the_build_changed(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = str(tmp_path / "static")
    ready()
    collected = tmp_path / "static" / "portico" / "portico.css"
    before = collected.stat().st_mtime_ns
    collected.write_text("/* of an older build */")
    ready()
    assert collected.read_text() == "/* of an older build */"
    (tmp_path / "static" / ".collected").write_text("another build")
    os.utime(collected, ns=(0, 0))
    ready()
    assert collected.read_text() != "/* of an older build */"
    assert collected.stat().st_mtime_ns >= before
