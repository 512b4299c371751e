"""What every test of the repository may use. The database and the browser are plugins in `tests/plugins`."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import storages
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from pytest_django import Settings

from portico.config.file_storage import file_storages
from portico.config.mailers import mailers
from portico.domain.files.bucket import Bucket
from portico.domain.payments.registry import gateways
from portico.gateways.sandbox import gateway as sandbox
from portico.gateways.sandbox.connection import bank, connect
from portico.jobs.outbox import react_to_next
from portico.lib import clock as portico_clock
from tests.postbox import Postbox, open_postbox
from tests.s3 import S3Server
from tests.shop import OutsideTransactions, Shop
from tests.stripe import StripeServer

# The same examples every time: a red run can be repeated. `--hypothesis-profile=explore` looks for new ones.
hypothesis.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis.register_profile("explore", hypothesis.get_profile("ci"), derandomize=False, max_examples=2000)
hypothesis.load_profile("ci")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """On SQLite keep the tests' database in a file: in memory, threads would not lock each other as in production."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(settings.PORTICO_HOME / "tests.sqlite3")


URLCONFS = ("portico.config.urls", "portico.web.portal.urls")


class Clock:
    """The time as the product sees it in a test: it stands still until it is told to move."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def set(self, instant: datetime | str) -> None:
        """Go to an instant: a datetime with a time zone, or ISO text, in UTC unless it says otherwise."""
        moment = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        self.instant = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)

    def advance(self, **parts: float) -> None:
        """Move on by a timedelta's parts: `clock.advance(days=30, seconds=1)`."""
        self.instant += timedelta(**parts)

    def now(self) -> datetime:
        return self.instant


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Freeze `portico.lib.clock.now` at noon UTC on 20 November 2026, wherever it has been imported to."""
    frozen = Clock(datetime(2026, 11, 20, 12, tzinfo=UTC))
    real: Callable[[], datetime] = portico_clock.now
    for urlconf in URLCONFS:
        # What the first request, or the first use of a gateway, imports would keep this test's clock for ever.
        import_module(urlconf)
    gateways()
    for name, module in list(sys.modules.items()):
        if name.startswith("portico.") and getattr(module, "now", None) is real:
            monkeypatch.setattr(module, "now", frozen.now)
    return frozen


@pytest.fixture
def postbox(settings: Settings) -> Iterator[Postbox]:
    """A mail server that the product sends through, and what reached it."""
    box, server = open_postbox()
    settings.MAILERS = mailers(box.url)
    yield box
    server.stop()


@pytest.fixture(scope="session")
def stripe_server() -> Iterator[StripeServer]:
    """A Stripe of its own, for all tests of a process."""
    with StripeServer() as server:
        yield server


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A server that speaks the protocol of S3, for all tests of a process."""
    with S3Server(tmp_path_factory.mktemp("s3") / "log") as server:
        yield server


@pytest.fixture
def bucket(s3_server: S3Server, settings: Settings, tmp_path: Path) -> Bucket:
    """Files are kept in a bucket, empty at first; those of before are looked for in an empty folder."""
    name = s3_server.new_bucket()
    settings.STORAGES = settings.STORAGES | file_storages("s3", tmp_path / "files", s3_server.environment(name))
    settings.PORTICO_FILES = "s3"
    made = storages["s3"]
    assert isinstance(made, Bucket)
    return made


@pytest.fixture
def shop(db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A business that takes payments through a sandbox bank of its own, never asked inside a transaction."""
    settings.PORTICO_HOME = tmp_path
    bank.cache_clear()
    monkeypatch.setattr(sandbox, "connect", lambda: OutsideTransactions(connect()))
    yield Shop()
    bank.cache_clear()


type React = Callable[[], int]


@pytest.fixture
def react(db: None) -> React:
    """Do what the worker does with everything that was announced and is due; returns how many activities that was."""

    def drain() -> int:
        count = 0
        while react_to_next():
            count += 1
        return count

    return drain
