"""What `DATABASE_URL` may ask of PostgreSQL, and what it may not."""

import pytest

from portico.config.settings import database


@pytest.mark.parametrize("query", ["", "?server_side_binding=true", "?server_side_binding=1&sslmode=require"])
def test_parameters_are_never_bound_by_the_server(monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://portico@db/portico{query}")
    options = database()["OPTIONS"]
    assert options["server_side_binding"] is False
    assert ("sslmode" in options) == ("sslmode" in query)
