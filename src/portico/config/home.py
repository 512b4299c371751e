"""The folder an installation lives in (`PORTICO_HOME`, `./var` unless set) and the secrets kept there."""

import fcntl
import os
import secrets
from pathlib import Path
from typing import IO

# Keys made here have 64.
_SHORTEST_KEY = 32

DEFAULT_URL = "http://localhost:8000"


def home() -> Path:
    """Return the installation's folder, made on first use."""
    path = Path(os.environ.get("PORTICO_HOME") or "var").resolve()
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def secret_keys(folder: Path) -> list[str]:
    """Return the server keys, newest first, made on first use and readable by the owner only.

    To rotate, put a new line on top of `secret-keys`; the lines below stay valid until they are removed.
    """
    path = folder / "secret-keys"
    if not path.exists():
        draft = folder / f".secret-keys-{os.getpid()}-{secrets.token_hex(4)}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            # A hard link never replaces: of two processes starting at once, one wins and both read the same key.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    keys = [line.strip() for line in path.read_text().splitlines() if line.strip()]
    if not keys:
        raise SystemExit(f"{path} holds no key. Restore it from a backup, or remove it to make a new one.")
    if any(len(key) < _SHORTEST_KEY for key in keys):
        raise SystemExit(f"{path} holds a line that is no key: each has {_SHORTEST_KEY} characters at least.")
    if path.stat().st_mode & 0o007:
        raise SystemExit(f"{path} can be read by everybody on this machine. Take that away: chmod 600 {path}")
    return keys


def served_url(folder: Path) -> str:
    """Return the URL that `portico serve` last answered at here, so that links made beside it lead to it."""
    try:
        return (folder / "address").read_text().strip() or DEFAULT_URL
    except FileNotFoundError:
        return DEFAULT_URL


def claim_served_url(folder: Path) -> IO[str] | None:
    """Return the note of where `portico serve` answers, for this process alone; None while another one has it.

    The system lets go of it when the last process that inherited it is gone, however it ended: nothing is left over by
    a crash, and no process id is compared, which a container would give out anew.
    """
    note = (folder / "address").open("a+")
    try:
        fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        note.close()
        return None
    return note


def store_served_url(note: IO[str], url: str) -> None:
    """Write down where `portico serve` answers."""
    note.truncate(0)
    note.write(url + "\n")
    note.flush()
