"""A customer at the portal, at a host of its own and by the base host's path."""

from dataclasses import dataclass

import pytest
from django.test import Client
from pytest_django import Settings

from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business
from portico.web.dashboard.tests.cast import a_customer, a_document, staff_of, with_second_factor

OWN_HOST = "nordlicht.pay.example"


@dataclass(frozen=True)
class Portal:
    """What a customer's link shows; `invoice` is the path of a document there."""

    secret: str
    invoice: str

    def page(self, path: str = "", *, own_host: bool = True, language: str = "en") -> tuple[str, dict[str, set[str]]]:
        """Return a page and its policy, as the holder of the link gets it."""
        client = Client(headers={"host": OWN_HOST if own_host else "testserver", "accept-language": language})
        base = "/" if own_host else "/portal/nordlicht/"
        client.get(f"{base}s/{self.secret}")
        answer = client.get(base + path)
        parts = (part.split() for part in answer["Content-Security-Policy"].split(";"))
        return answer.content.decode(), {name: set(sources) for name, *sources in parts}


@pytest.fixture
def owner(shop: Business) -> Client:
    """Staff of the shop who has shown a second factor just now."""
    return with_second_factor(staff_of(shop, "olga@nordlicht.example"))


@pytest.fixture
def portal(shop: Business, settings: Settings) -> Portal:
    """The shop's portal, at a host of its own, with a customer who has an invoice."""
    settings.PORTICO_PORTAL_DOMAIN = "pay.example"
    customer = a_customer(shop)
    invoice = a_document(customer)
    return Portal(regenerate_portal_link(customer, by=OPERATOR)[1], f"invoices/{invoice.public_id}")
