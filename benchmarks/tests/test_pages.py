"""The pages that are measured exist, keep to their number of queries, and read no other customer's rows."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from benchmarks.datasets import DATA_SETS, REGULAR
from benchmarks.filling import Filling
from benchmarks.pages import PAGES, Page
from benchmarks.queries import Query, recorded
from benchmarks.visiting import Answer, Visitor
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.links.queries.grants import find_grant
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.lib.clock import today
from portico.web.portal.core.gate import cookie_name

PORTAL = "/portal/bench-1/"


class InProcess(Visitor):
    """A visitor whose requests never leave this process."""

    def get(self, path: str, **headers: str) -> Answer:
        response = Client(headers={"host": self.host, "cookie": self.headers()["Cookie"]}).get(path)
        return Answer(response.status_code, {}, response.content)


@pytest.fixture
def visitor(db: None) -> Visitor:
    Filling(DATA_SETS["tiny"], today("Europe/Berlin")).write()
    customer = Customer.objects.select_related("business").get(external_id=REGULAR)
    _, secret = regenerate_portal_link(customer, by=OPERATOR)
    _, token = open_session(find_grant(customer.business, secret), ClientInfo("testserver"))
    return InProcess("testserver", {cookie_name(customer.business.slug): token})


def asked(visitor: Visitor, page: Page) -> list[Query]:
    return recorded(page.address(visitor, PORTAL), visitor.headers()["Cookie"], visitor.host)[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_keeps_to_its_queries(visitor: Visitor, page: Page) -> None:
    queries = asked(visitor, page)
    assert len(queries) <= page.budget.queries, "\n".join(sql for sql, _ in queries)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_reads_no_other_customers_rows(visitor: Visitor, page: Page) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by the size of tables, which are small here")
    plans = [plan(sql, params) for sql, params in asked(visitor, page)]
    assert plans
    for steps in plans:
        assert not any("_of_business" in step or step.startswith("SCAN") for step in steps), steps


def plan(sql: str, params: tuple[Any, ...]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return [str(row[3]) for row in cursor.fetchall()]
