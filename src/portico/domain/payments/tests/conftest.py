from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from portico.domain.payments.tests.shop import Shop
from portico.gateways.sandbox.connection import bank


@pytest.fixture
def shop(db: None, settings: Settings, tmp_path: Path) -> Iterator[Shop]:
    """A business that takes payments through a sandbox bank of its own."""
    settings.PORTICO_HOME = tmp_path
    bank.cache_clear()
    yield Shop()
    bank.cache_clear()
