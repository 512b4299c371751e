"""Taking in mail while this installation can't: the mail server keeps it, and tries again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "portico.config.cli", *words],
        input=b"From: ada@acme.example\r\n\r\nWhen is it due?",
        env=os.environ | {"PORTICO_HOME": str(home)} | environment,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://portico@127.0.0.1:1/portico"),
        ("PORTICO_BASE_URL", "billing.acme.example"),
        ("PORTICO_HOME", "/dev/null/portico"),
    ],
    ids=["database away", "wrong setting", "no folder"],
)
def test_mail_is_kept_by_its_server_while_this_installation_is_wrong(tmp_path: Path, name: str, value: str) -> None:
    done = run(tmp_path, "mail", "receive", **{name: value})
    assert done.returncode == 75
    assert done.stderr.startswith(b"portico: ")
    assert done.stderr.count(b"\n") == 1


def test_mail_is_kept_by_its_server_while_the_command_is_written_wrong(tmp_path: Path) -> None:
    assert run(tmp_path, "mail", "receive", "--quiet").returncode == 75


def test_other_commands_say_that_they_are_refused(tmp_path: Path) -> None:
    done = run(tmp_path, "mail", "test", "ada@acme.example", PORTICO_BASE_URL="billing.acme.example")
    assert done.returncode == 2
    assert done.stderr.startswith(b"portico: PORTICO_BASE_URL ")
