"""The commands of README.md and docs/operators.md are run as they stand there, in the order of the page."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from portico.config.tests.conftest import Command
from portico.domain.access.queries import business_by_slug
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business, User
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.documents.models import Document
from portico.domain.files.bucket import Bucket
from portico.intake.ubl.tests.samples import Sample
from tests.postbox import Postbox
from tests.stripe import StripeServer

ROOT = Path(__file__).parents[4]

# They run until somebody ends them; `tests/journeys` starts them.
_ENDLESS = {"serve", "worker", "demo"}
_INDENTED = re.compile(r"^    (?! )(.*\bportico .*(?:\n      .*)*)$", re.MULTILINE)
_FENCED = re.compile(r"^\.venv/bin/(portico .*)$", re.MULTILINE)


def commands(page: str) -> Iterator[list[str]]:
    """Yield the arguments of the commands of a page that come to an end."""
    text = (ROOT / page).read_text()
    for line in _INDENTED.findall(text) + _FENCED.findall(text):
        words = shlex.split(re.sub(r"^\w+=\$\((.*)\)$", r"\1", line.replace("\\\n", " ")))
        words = words[words.index("portico") + 1 :]
        if words[0] not in _ENDLESS:
            yield words


@pytest.fixture
def here(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stripe_server: StripeServer, bucket: Bucket
) -> Path:
    """A folder with an invoice to import, a bucket for files, and an account at Stripe in the environment."""
    settings.PORTICO_HOME = tmp_path
    settings.PORTICO_STRIPE_API_URL = stripe_server.url
    monkeypatch.setenv("STRIPE_PUBLISHABLE_KEY", "pk_test_1")
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_documented")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "invoices").mkdir()
    (tmp_path / "invoices" / "one.xml").write_bytes(Sample().bytes())
    return tmp_path


def _run(portico: Command, here: Path, words: list[str]) -> None:
    typed = [str(found) for word in words for found in (here.glob(word) if "*" in word else [word])]
    done = portico(*typed)
    assert done.status == 0, f"portico {' '.join(words)}: {done.err}"


@pytest.mark.parametrize("page", ["README.md", "docs/operators.md"])
def test_documented_commands_run(portico: Command, here: Path, postbox: Postbox, page: str) -> None:
    run = []
    for words in commands(page):
        business = business_by_slug("nordwind")
        if words[0] == "link" and business is not None:
            upsert_customer(business, CustomerInput(external_id=words[1], name="Acme"), by=OPERATOR)
        if words[:3] == ["gateway", "remove", "stripe"]:
            _run(portico, here, ["gateway", "add", "stripe", *words[3:]])
        _run(portico, here, words)
        run.append(words[0])
    assert {"business", "staff", "import"} <= set(run)
    # An owner; in the reference somebody who was removed again as well.
    people = 2 if page == "docs/operators.md" else 1
    assert (Business.objects.count(), User.objects.count(), Document.objects.count()) == (1, people, 1)
