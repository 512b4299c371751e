"""Taking in mail while this installation can't: the mail server keeps it, and tries again."""

import os
import subprocess
import sys
from pathlib import Path


def test_mail_is_kept_by_its_server_while_the_database_is_away(tmp_path: Path) -> None:
    away = {"PORTICO_HOME": str(tmp_path), "DATABASE_URL": "postgresql://portico@127.0.0.1:1/portico"}
    done = subprocess.run(
        [sys.executable, "-m", "portico.config.cli", "mail", "receive"],
        input=b"From: ada@acme.example\r\n\r\nWhen is it due?",
        env=os.environ | away,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 75
    assert done.stderr.startswith(b"portico: ")
    assert done.stderr.count(b"\n") == 1
