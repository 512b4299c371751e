"""A business that imports, a stranger beside it, and a count of everything a run could write."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Business
from portico.intake.actions.import_file import Run

type Written = dict[str, list[tuple[object, ...]]]


@pytest.fixture
def business(db: None, tmp_path: Path, settings: LazySettings) -> Business:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    return create_business(BusinessInput("Nordlicht", "nordlicht", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)


@pytest.fixture
def stranger(db: None) -> Business:
    return create_business(BusinessInput("Südwind", "suedwind", "EUR", "AT", "Europe/Vienna"), by=OPERATOR)


@pytest.fixture
def run(business: Business) -> Run:
    return Run(business, by=OPERATOR)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[], Written]:
    """Every row of every table of the domain, and every stored file."""

    def everything() -> Written:
        rows: Written = {
            str(model._meta.label): sorted(model._base_manager.values_list(), key=str)
            for model in apps.get_models()
            if model.__module__.startswith("portico.domain.")
        }
        rows["files"] = sorted((str(path),) for path in (tmp_path / "files").rglob("*") if path.is_file())
        return rows

    return everything
