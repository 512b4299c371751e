"""Names that are written to be taken for others: as domains, in a request's Host, and in a proxy's question."""

import pytest
from django.test import Client
from pytest_django import Settings

from portico.domain.custom_domains.models import CustomDomain
from portico.web.dashboard.domains.tests.test_domains import NAME, PAGE, at, proven, registered, text
from tests.dns import NameServer


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        # Other spellings of one name are that name.
        ("BILLING.NORDLICHT.ORG.", NAME),
        ("billing\u3002nordlicht\uff0eorg", NAME),
        ("\uff42illing.nordlicht.org", NAME),
        ("bill\u00ading.nordlicht.org", NAME),
        ("bill\u200bing.nordlicht.org", NAME),
        # What only looks like it is another name, and is kept as DNS has it.
        ("bil\u04cfing.nordlicht.org", "billing"),
        ("billing.nordlicht.\u043erg", "billing"),
    ],
)
def test_one_name_has_one_spelling(owner: Client, dns: NameServer, typed: str, name: str) -> None:
    found = registered(owner, typed).name
    assert found == name if name == NAME else ("xn--" in found and found != NAME)
    assert found.isascii()


@pytest.mark.parametrize(
    "typed",
    [
        "billing.nordlicht.org..",
        ".billing.nordlicht.org",
        "xn--\u00fc.org",
        "xn--zzzzzz-.org",
        "billing\u2024nordlicht\u2024org\u0000",
        "\u200f.nordlicht.org",
        "billing.nordlicht.org\u2044x",
        "\uff11\uff19\uff12.0.2.7",
        "127.1",
        "\uff30ortico.hosting.net",
        "portico\u3002hosting\u3002net",
        "nordlicht.pay.hosting.net.",
        "nordlicht.\u24df\u24d0\u24e8.hosting.net",
    ],
)
def test_spelling_that_hides_another_name_is_refused(
    owner: Client, dns: NameServer, settings: Settings, typed: str
) -> None:
    settings.PORTICO_PORTAL_DOMAIN = "pay.hosting.net"
    assert owner.post(PAGE, {"name": typed}).status_code == 422
    assert not CustomDomain.objects.exists()


@pytest.mark.parametrize(
    "host",
    [
        f"{NAME}..",
        f".{NAME}",
        f"{NAME}:0x1bb",
        f"{NAME}@evil.example.org",
        f"evil.example.org,{NAME}",
        f"{NAME}/evil",
        f"{NAME}.evil.example.org",
        f"[{NAME}]",
        "billing.nоrdlicht.org",
        "ｂilling.nordlicht.org",
        f"{NAME}\x00",
        f"{NAME} ",
        "",
    ],
)
def test_host_that_only_looks_like_a_proven_domain_answers_404(owner: Client, dns: NameServer, host: str) -> None:
    proven(owner, dns)
    assert at(NAME, "/sign-in").status_code == 200
    answer = Client().get("/sign-in", HTTP_HOST=host)
    assert answer.status_code == 404
    assert "Nordlicht" not in text(answer)
    asked = Client(REMOTE_ADDR="127.0.0.1").get("/internal/tls/ask", {"domain": host})
    assert asked.status_code == 404
