"""A portal URL, and the sites that may show it in a frame."""

import pytest
from pytest_django import Settings

from portico.domain.access.links.actions.make_portal_link import api_portal_url
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_embedding import change_embedding
from portico.domain.customers.models import Customer
from portico.web.portal.login.tests.framing import HOME, SHOP, TEST_SHOP


@pytest.fixture
def portal_url(acme: Customer, settings: Settings) -> str:
    """The path of a portal URL of Acme's, over TLS, which two sites may show."""
    settings.PORTICO_HTTPS = True
    change_embedding(acme.business, [SHOP, TEST_SHOP], by=OPERATOR)
    return f"{HOME}s/{api_portal_url(acme, by=OPERATOR)[1]}"
