"""The folder of a demonstration: what marks it as one, and how it is emptied."""

import json
import os
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from portico.config.ready import ready
from portico.demo import seed
from portico.domain.access.programs.actions.create_api_key import create_api_key
from portico.domain.access.queries import business_by_slug
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business
from portico.lib.errors import Conflict


@dataclass(frozen=True, slots=True)
class Access:
    """The password and the API key of the demonstration. They are kept in its folder: nothing behind them is real."""

    password: str
    api_key: str


def existing_access(api_business: str) -> Access | None:
    """Return how to get into the demonstration that lives here, or None when it is still to be made.

    Raises Conflict where other businesses exist.
    """
    exists = business_by_slug(api_business) is not None
    if exists and _marker().exists():
        return Access(**json.loads(_marker().read_text()))
    if exists or Business.objects.exists():
        raise Conflict(f"{settings.PORTICO_HOME} is in use. Set PORTICO_HOME to another folder for the demonstration.")
    return None


@transaction.atomic
def make(api_business: str) -> Access:
    """Write the data here, and return how to get in."""
    password = f"demo-{secrets.token_hex(4)}"
    seed.seed(password)
    business = business_by_slug(api_business)
    assert business is not None, "the demonstration has this business"
    access = Access(password, create_api_key(business, "Demo", by=OPERATOR)[1])
    # Before the commit: a demonstration without its mark could neither be entered nor dropped.
    with open(os.open(_marker(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(access), file)
    return access


def reset() -> None:
    """Drop the demonstration's data.

    Raises Conflict, and drops nothing, where there is no demonstration or the database is somewhere else.
    """
    home = Path(settings.PORTICO_HOME)
    database = Path(str(connection.settings_dict["NAME"]))
    if not _marker().exists():
        raise Conflict(f"{home} holds no demonstration. Nothing was dropped.")
    if connection.vendor != "sqlite" or database.parent != home:
        raise Conflict("The database is not in the demonstration's folder. Nothing was dropped.")
    connection.close()
    for path in (database, database.with_name(f"{database.name}-wal"), database.with_name(f"{database.name}-shm")):
        path.unlink(missing_ok=True)
    # The sandbox's bank forgets what it was asked, too.
    for path in home.glob("sandbox.sqlite3*"):
        path.unlink()
    for folder in ("files", "cache", "outbox"):
        shutil.rmtree(home / folder, ignore_errors=True)
    # Last, so that an interrupted reset can be repeated.
    _marker().unlink()
    ready()


def _marker() -> Path:
    return Path(settings.PORTICO_HOME) / "demo.json"
