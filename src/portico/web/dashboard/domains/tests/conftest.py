"""A name server of one's own, and an owner at the address of this installation."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from portico.domain.businesses.models import Business
from portico.web.dashboard.tests.cast import signed_in, staff_of
from tests.dns import NameServer, name_server


@pytest.fixture
def dns(settings: Settings) -> Iterator[NameServer]:
    """A name server in place of the system's; this installation's own name leads to 192.0.2.1."""
    settings.PORTICO_BASE_HOST, settings.PORTICO_BASE_URL = "portico.hosting.net", "https://portico.hosting.net"
    with name_server() as server:
        settings.PORTICO_DNS_SERVERS = [server.address]
        server.enter("portico.hosting.net", "A", "192.0.2.1")
        yield server


@pytest.fixture
def owner(shop: Business) -> Client:
    """Staff of the shop, signed in, at the address of this installation."""
    client = signed_in(staff_of(shop, "olga@nordlicht.example"))
    client.defaults["HTTP_HOST"] = "portico.hosting.net"
    return client
