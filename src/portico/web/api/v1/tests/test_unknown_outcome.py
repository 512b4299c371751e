"""A database that goes away at the commit: nobody knows what became of it, and sending it again does nothing twice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection

from portico.domain.payments.models import Payment
from portico.lib.faults import forget
from portico.web.api.v1.tests.conftest import Program, payment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["before", "after"])
def lost_commit(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Return what makes the next commit's answer get lost: with the commit itself, or only the answer."""

    def lose() -> None:
        # Of its own, so that taking it back leaves the frozen clock as it is.
        monkeypatch = pytest.MonkeyPatch()
        database: Any = connection  # its private commit has no type
        real = database._commit

        def commit() -> None:
            monkeypatch.undo()
            if request.param == "after":
                real()
            else:
                connection.rollback()
            raise OperationalError("server closed the connection unexpectedly")

        monkeypatch.setattr(database, "_commit", commit)

    return lose


def test_payment_of_unknown_outcome_is_recorded_once(program: Program, lost_commit: Callable[[], None]) -> None:
    program.customer()
    lost_commit()
    answer = program.post("/payments", payment(), once="transfer-1")
    forget()
    problem = answer.refused(503, "unavailable")
    assert "look before you send it again" in problem["detail"]
    assert answer.headers["Idempotency-Key"] == "transfer-1"
    again = program.post("/payments", payment(), once="transfer-1")
    assert again.status == 201
    assert Payment.objects.count() == 1
