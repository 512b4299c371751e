"""A business, its customer with a little of everything, a stranger, and browsers signed in as them."""

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, set_urlconf
from django.utils import translation
from pypdf import PdfReader

from conftest import Clock, React
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.links.queries.grants import find_grant
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.ledger.tests.history import new_business, new_customer
from portico.web.portal.core.gate import cookie_name
from portico.web.portal.tests.visitors import ADDRESS, Mailed
from portico.web.shared.sites import PORTAL_URLCONF
from tests.bank import new_bank_account
from tests.postbox import Postbox

TODAY = date(2026, 11, 20)


def days_ago(days: int) -> date:
    """A civil day before the tests' today; a negative number lies ahead."""
    return TODAY - timedelta(days=days)


@dataclass
class Visitor:
    """A customer's browser, signed in through a portal link."""

    client: Client
    business: Business
    customer: Customer

    def url(self, name: str, *args: str) -> str:
        """The address of a page of this portal by its URL name."""
        set_urlconf(PORTAL_URLCONF)
        try:
            return f"/portal/{self.business.slug}{reverse(name, args=args)}"
        finally:
            set_urlconf(None)

    def get(self, path: str, **headers: str) -> HttpResponse:
        """Ask for a path, below the portal's own unless it names it."""
        prefix = f"/portal/{self.business.slug}"
        return self.client.get(path if path.startswith(prefix) else prefix + path, headers=headers)  # type: ignore[return-value]  # what the client gives is the view's response

    def page(self, name: str, *args: str, query: str = "", **headers: str) -> str:
        """The HTML of a page that answers 200, without its forms' tokens: they are random and may spell anything."""
        response = self.get(self.url(name, *args) + query, **headers)
        assert response.status_code == 200, response.content[:2000]
        return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", response.content.decode())

    def pdf(self, path: str) -> str:
        """The text of a PDF that is sent at once, in one line."""
        response = self.get(path)
        assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
        pages = PdfReader(BytesIO(response.content)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    def csv(self, path: str) -> list[list[str]]:
        """The rows of a CSV file that is streamed."""
        response: HttpResponseBase = self.get(path)
        assert response.status_code == 200
        assert isinstance(response, StreamingHttpResponse)
        text = response.getvalue().decode("utf-8-sig")
        return list(csv.reader(StringIO(text)))

    def post(self, path: str, **data: str) -> HttpResponse:
        """Send a form; the test client needs no token."""
        return self.client.post(path, data)  # type: ignore[return-value]  # as above


type SignIn = Callable[[Customer], Visitor]


@pytest.fixture
def business(db: None, clock: Clock) -> Business:
    made = new_business("nordlicht", name="Nordlicht Studio")
    made.email = "hello@nordlicht.example"
    made.save()
    new_bank_account(made)
    return made


@pytest.fixture
def acme(business: Business) -> Customer:
    return new_customer(business, "Acme GmbH")


@pytest.fixture
def sign_in() -> SignIn:
    """Open a portal link in a fresh browser."""

    def open_link(customer: Customer) -> Visitor:
        _grant, secret = regenerate_portal_link(customer, by=OPERATOR)
        _session, token = open_session(find_grant(customer.business, secret), ClientInfo("testserver"))
        client = Client(headers={"host": "testserver"})
        client.cookies[cookie_name(customer.business.slug)] = token
        return Visitor(client, customer.business, customer)

    return open_link


@pytest.fixture
def visitor(sign_in: SignIn, acme: Customer) -> Visitor:
    return sign_in(acme)


@pytest.fixture
def mailed(postbox: Postbox, react: React) -> Mailed:
    """What the worker mails: the path of the link and the code of the last mail to an address."""

    def last(email: str = ADDRESS) -> tuple[str, str]:
        react()
        mail = [mail for mail in postbox.mails if mail.recipients == [email]][-1]
        link = re.search(r"http://testserver(/portal/nordlicht/sign-in/ch_[\w-]+)", mail.text)
        code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", mail.text)
        assert link is not None
        assert code is not None
        return link[1], code[0]

    return last


@pytest.fixture
def stranger(sign_in: SignIn, business: Business) -> Visitor:
    """Another customer of the same business."""
    return sign_in(new_customer(business, "Stranger Ltd"))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Leave no language behind."""
    with translation.override("en"):
        yield


@contextmanager
def at_most(queries: int) -> Iterator[CaptureQueriesContext]:
    """Fail when more queries than a page's budget are asked."""
    with CaptureQueriesContext(connection) as captured:
        yield captured
    asked = [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) <= queries, "\n".join([f"{len(asked)} queries:", *asked])
