"""The suite runs on the database it says it runs on, away from any installation's folder."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import dj_database_url
import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from tests.plugins.database import NewDatabase


@pytest.mark.django_db
def test_the_named_database_is_used(pytestconfig: pytest.Config) -> None:
    assert connection.vendor == pytestconfig.getoption("database")


def test_the_home_is_a_folder_of_this_run(pytestconfig: pytest.Config) -> None:
    assert settings.PORTICO_HOME.name != "var"
    assert not settings.PORTICO_HOME.is_relative_to(pytestconfig.rootpath)


@pytest.mark.django_db(transaction=True)
def test_threads_have_connections_of_their_own() -> None:
    seen: list[object] = []

    def ask() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                seen.append(cursor.fetchone())
        except DatabaseError as error:
            seen.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert seen == [(1,)] * 4


def test_a_new_database_is_empty_and_its_own(new_database: NewDatabase, pytestconfig: pytest.Config) -> None:
    first, second = new_database(), new_database()
    assert first != second
    if pytestconfig.getoption("database") == "postgresql":
        with psycopg.connect(first) as fresh:
            row = fresh.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        assert row == (0,)
    else:
        assert not Path(dj_database_url.parse(first)["NAME"]).exists()


def test_a_prepared_database_has_its_tables_and_is_its_own(prepared_database: NewDatabase) -> None:
    first, second = prepared_database(), prepared_database()
    assert first != second
    opened = dj_database_url.parse(second)
    if opened["ENGINE"].endswith("sqlite3"):
        with closing(sqlite3.connect(opened["NAME"])) as prepared:
            row = prepared.execute("SELECT count(*) FROM django_migrations").fetchone()
    else:
        with psycopg.connect(second) as fresh:
            row = fresh.execute("SELECT count(*) FROM django_migrations").fetchone()
    assert row is not None
    assert row[0] > 0
