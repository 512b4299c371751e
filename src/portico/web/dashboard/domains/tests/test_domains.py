"""A business's own domains: registered, proven by DNS, served, preferred, and let go when their records go."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from conftest import Clock, React
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.models import PortalSession
from portico.domain.access.portal_urls import link_url, portal_base
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.conversations.actions.comment import CommentInput, add_comment
from portico.domain.conversations.authors import Author
from portico.domain.conversations.models import AuthorKind
from portico.domain.custom_domains.models import CustomDomain
from portico.domain.customers.models import Contact, Customer
from portico.domain.documents.mailing import MailInput
from portico.domain.documents.models import Document
from portico.jobs.domains import check_domains
from portico.lib.ids import parse_public_id
from portico.output.mail.actions.mail_document import mail_document
from portico.web.dashboard.tests.cast import a_business, signed_in, staff_of
from tests.dns import NameServer
from tests.postbox import Postbox

PAGE = "/settings/domains"
NAME = "billing.nordlicht.org"


def text(response: Any) -> str:
    return str(response.content.decode())


def at(host: str, path: str = "/") -> Any:
    """Request a page as a customer's browser does at a host."""
    return Client(headers={"host": host}).get(path)


def registered(owner: Client, name: str = NAME) -> CustomDomain:
    response = owner.post(PAGE, {"name": name})
    assert response.status_code == 302, text(response)[:3000]
    key = parse_public_id(response.headers["Location"].partition("#")[2], "custom_domain")
    assert key is not None
    return CustomDomain.objects.get(pk=key)


def prove(dns: NameServer, domain: CustomDomain) -> None:
    dns.enter(domain.proof_name, "TXT", '"v=spf1 -all"', f'"{domain.proof_value}"')


def press(owner: Client, domain: CustomDomain, action: str, **more: str) -> str:
    response = owner.post(f"{PAGE}/{domain.public_id}", {"action": action, **more})
    return text(owner.get(response.headers["Location"])) if response.status_code == 302 else text(response)


def proven(owner: Client, dns: NameServer, name: str = NAME) -> CustomDomain:
    domain = registered(owner, name)
    prove(dns, domain)
    dns.enter(name, "CNAME", "portico.hosting.net.")
    press(owner, domain, "check")
    domain.refresh_from_db()
    assert domain.is_served
    assert domain.leads_here
    return domain


def test_domain_is_served_from_its_proof_and_links_lead_there_when_staff_say_so(
    shop: Business, owner: Client, dns: NameServer
) -> None:
    page = text(owner.get(PAGE))
    assert "No domain of your own yet" in page
    assert "https://portico.hosting.net/portal/nordlicht/" in page
    domain = registered(owner, " Billing.Nordlicht.ORG. ")
    assert domain.name == NAME
    page = text(owner.get(PAGE))
    for shown in (f"_portico.{NAME}", domain.proof_value, "portico.hosting.net", "Waiting for its records"):
        assert shown in page
    assert at(NAME).status_code == 404

    page = press(owner, domain, "check")
    assert page.count("Not found yet.") == 2
    assert at(NAME).status_code == 404

    prove(dns, domain)
    page = press(owner, domain, "check")
    assert "Proven, not leading here yet" in page
    assert at(NAME, "/sign-in").status_code == 200
    assert "Lead links here" not in page
    assert "The domain does not lead here yet." in press(owner, domain, "use")

    dns.enter(NAME, "CNAME", "portico.hosting.net.")
    assert "Lead links here" in press(owner, domain, "check")
    shop.refresh_from_db()
    assert portal_base(shop) == "https://portico.hosting.net/portal/nordlicht/"
    page = press(owner, domain, "use")
    assert f"https://{NAME}/" in page
    shop.refresh_from_db()
    assert link_url(shop, "pl_x") == f"https://{NAME}/s/pl_x"
    assert list(Activity.objects.filter(verb__startswith="custom_domain").values_list("verb", flat=True)) == [
        "custom_domain.added", "custom_domain.proven", "custom_domain.used",
    ]  # fmt: skip


def test_link_opens_at_the_domain(owner: Client, acme: Customer, dns: NameServer) -> None:
    press(owner, proven(owner, dns), "use")
    _, secret = regenerate_portal_link(acme, by=OPERATOR)
    browser = Client(headers={"host": NAME})
    opened = browser.get(f"/s/{secret}")
    assert opened.status_code == 303
    assert browser.get("/").status_code == 200
    assert PortalSession.objects.get().host == NAME


def test_mails_lead_to_the_domain_and_open_there(
    owner: Client, acme: Customer, invoice: Document, dns: NameServer, postbox: Postbox, react: React
) -> None:
    eva = Contact.objects.create(customer=acme, name="Eva", email="eva@acme.example")
    press(owner, proven(owner, dns), "use")
    mail_document(invoice, MailInput(["eva@acme.example"]), by=OPERATOR)
    author = Author(AuthorKind.CUSTOMER, eva.public_id, "Eva", eva)
    add_comment(acme, invoice, CommentInput("Is the discount in?"), author, by=OPERATOR)
    owner.post(f"/documents/{invoice.public_id}/conversation", {"do": "answer", "body": "Yes."})
    browser = Client(headers={"host": NAME})
    browser.post("/sign-in", {"email": "eva@acme.example"})
    react()
    mails = [mail for mail in postbox.mails if mail.recipients == ["eva@acme.example"]]
    assert len(mails) == 3
    for mail in mails:
        links = re.findall(r"https?://[^\s>)]+", mail.text)
        assert links
        assert {urlsplit(link).hostname for link in links} == {NAME}, mail.subject
        here = urlsplit(next(link for link in links if urlsplit(link).path.startswith(("/s/", "/sign-in/"))))
        opened = browser.get(f"{here.path}?{here.query}")
        if opened.status_code == 200:
            # A mailed sign-in is pressed, so that programs that look at mails do not use it up.
            opened = browser.post(here.path)
        assert opened.status_code == 303, mail.subject
        assert browser.get(urlsplit(opened.headers["Location"]).path).status_code == 200
    assert {session.host for session in PortalSession.objects.all()} == {NAME}


def test_older_addresses_go_on_working_and_lead_over(
    shop: Business, owner: Client, acme: Customer, dns: NameServer, settings: Settings
) -> None:
    settings.PORTICO_PORTAL_DOMAIN = "pay.hosting.net"
    _, secret = regenerate_portal_link(acme, by=OPERATOR)
    old = Client(headers={"host": "nordlicht.pay.hosting.net"})
    assert old.get(f"/s/{secret}").status_code == 303
    domain = proven(owner, dns)
    press(owner, domain, "use")

    # The session that was open goes on where it is.
    assert old.get("/activity/invoices").status_code == 200
    # Who has none is sent on, with where they wanted to go.
    for host, path in (("nordlicht.pay.hosting.net", ""), ("portico.hosting.net", "/portal/nordlicht")):
        for wanted in ("/", f"/s/{secret}", "/sign-in?next=%2Factivity", "/activity?page=2"):
            answer = at(host, path + wanted)
            assert (answer.status_code, answer.headers["Location"]) == (302, f"https://{NAME}{wanted}"), (host, wanted)
    # What is sent is not carried on: nothing is typed twice at another address.
    assert Client(headers={"host": "nordlicht.pay.hosting.net"}).post("/sign-in", {"email": "x"}).status_code != 302
    assert "https://nordlicht.pay.hosting.net/" in text(owner.post(PAGE, {"action": "default"}, follow=True))
    assert at(NAME, "/sign-in").status_code == 200
    assert at("portico.hosting.net", "/portal/nordlicht/sign-in").status_code == 200


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("https://billing.nordlicht.org", "Enter the name alone"),
        ("billing.nordlicht.org/pay", "Enter the name alone"),
        ("billing.nordlicht.org:8443", "Enter the name alone"),
        ("*.nordlicht.org", "Enter the name alone"),
        ("user@nordlicht.org", "Enter the name alone"),
        ("billing nordlicht.org", "Enter the name alone"),
        ("nordlicht", "Enter the name alone"),
        ("billing..nordlicht.org", "Enter the name alone"),
        ("-a.nordlicht.org", "Enter the name alone"),
        ("a_b.nordlicht.org", "Enter the name alone"),
        ("x" * 64 + ".org", "Enter the name alone"),
        (".".join(["abcdefgh"] * 30), "Enter the name alone"),
        ("192.0.2.7", "not an IP address"),
        ("2001:db8::1", "Enter the name alone"),
        ("portal.localhost", "not known in the public internet"),
        ("nas.local", "not known in the public internet"),
        ("billing.internal", "not known in the public internet"),
        ("portico.hosting.net", "belongs to this installation"),
        ("Portico.Hosting.NET.", "belongs to this installation"),
        ("pay.hosting.net", "belongs to this installation"),
        ("fremd.pay.hosting.net", "belongs to this installation"),
        ("portico.hosting.net\N{IDEOGRAPHIC FULL STOP}", "belongs to this installation"),
        ("\N{FULLWIDTH DIGIT ONE}92.0.2.7", "not an IP address"),
        ("192.0.2.0x7", "Enter the name alone"),
        ("", "Please fill this in."),
    ],
)
def test_name_that_can_not_be_is_refused_and_what_was_typed_stays(
    owner: Client, dns: NameServer, settings: Settings, name: str, said: str
) -> None:
    settings.PORTICO_PORTAL_DOMAIN = "pay.hosting.net"
    response = owner.post(PAGE, {"name": name})
    assert response.status_code == 422
    assert said in text(response)
    assert not name or f'value="{name}"' in text(response)
    assert not CustomDomain.objects.exists()


def test_names_in_other_scripts_are_shown_and_kept_as_dns_has_them(owner: Client, dns: NameServer) -> None:
    domain = registered(owner, "Rechnung.Bücher.de")
    assert domain.name == "rechnung.xn--bcher-kva.de"
    page = text(owner.get(PAGE))
    assert "rechnung.bücher.de" in page
    assert "rechnung.xn--bcher-kva.de" in page
    assert registered(owner, "Rechnung.Bücher.de\N{HALFWIDTH IDEOGRAPHIC FULL STOP}") == domain
    # A name that only looks like another one is another one, and says so.
    twin = registered(owner, "billing.nоrdlicht.org")
    assert twin.name.startswith("billing.xn--")
    assert twin.name in text(owner.get(PAGE))


def test_somebody_else_can_not_have_a_domain_that_is_served_or_was_until_lately(
    shop: Business, owner: Client, dns: NameServer, clock: Clock
) -> None:
    other = signed_in(staff_of(a_business("fremd"), "fritz@fremd.example"))
    other.defaults["HTTP_HOST"] = "portico.hosting.net"
    squatted = registered(other)
    domain = proven(owner, dns)
    # Asking first gives no right, and neither does the same record.
    dns.enter(domain.proof_name, "TXT", f'"{domain.proof_value}"', f'"{squatted.proof_value}"')
    assert "Another business here uses this domain." in press(other, squatted, "check")
    squatted.refresh_from_db()
    assert not squatted.is_served
    assert other.post(f"{PAGE}/{domain.public_id}", {"action": "remove", "confirmed": "yes"}).status_code == 404
    domain.refresh_from_db()
    assert domain.is_served

    assert "Remove this domain?" in press(owner, domain, "remove")
    assert at(NAME, "/sign-in").status_code == 200
    press(owner, domain, "remove", confirmed="yes")
    assert at(NAME, "/sign-in").status_code == 404
    press(other, squatted, "check")
    assert at(NAME, "/sign-in").status_code == 404
    # The business that had it may have it back, with a new proof.
    again = registered(owner)
    assert again.token != domain.token
    clock.advance(days=31)
    press(other, squatted, "check")
    assert at(NAME, "/sign-in").status_code == 200
    assert "in use here already" in text(owner.post(PAGE, {"name": NAME}, follow=True)) or again.proven_at is None


def test_records_that_go_move_links_away_after_a_day_and_end_the_domain_after_a_week(
    shop: Business, owner: Client, dns: NameServer, clock: Clock
) -> None:
    domain = proven(owner, dns)
    press(owner, domain, "use")
    # A server that does not answer changes nothing, for however long.
    dns.silent = {NAME, domain.proof_name}
    for _ in range(10):
        clock.advance(days=1)
        assert check_domains.func() == 1
        assert check_domains.func() == 0
    shop.refresh_from_db()
    assert shop.custom_domain == NAME
    page = text(owner.get(PAGE))
    assert page.count("The name server did not answer.") == 2

    dns.silent = set()
    dns.enter(domain.proof_name, "TXT")
    dns.enter(NAME, "CNAME", "elsewhere.example.net.")
    dns.enter("elsewhere.example.net", "A", "198.51.100.9")
    clock.advance(days=1)
    check_domains.func()
    shop.refresh_from_db()
    assert shop.custom_domain == NAME
    page = text(owner.get(PAGE))
    assert "Records are wrong" in page
    assert "It leads elsewhere: elsewhere.example.net" in page
    clock.advance(days=1)
    check_domains.func()
    shop.refresh_from_db()
    assert shop.custom_domain == ""
    assert at(NAME, "/sign-in").status_code == 200
    clock.advance(days=7)
    check_domains.func()
    assert at(NAME, "/sign-in").status_code == 404
    assert Activity.objects.filter(verb="custom_domain.lost").count() == 1
    prove(dns, domain)
    press(owner, domain, "check")
    assert at(NAME, "/sign-in").status_code == 200


def test_addresses_of_the_installation_do_where_a_name_can_have_no_alias(owner: Client, dns: NameServer) -> None:
    domain = registered(owner, "nordlicht.org")
    prove(dns, domain)
    dns.enter("nordlicht.org", "A", "192.0.2.1", "198.51.100.9")
    assert "It leads elsewhere: 192.0.2.1, 198.51.100.9" in press(owner, domain, "check")
    dns.enter("nordlicht.org", "A", "192.0.2.1")
    assert "Lead links here" in press(owner, domain, "check")


@pytest.mark.parametrize("host", [NAME, f"{NAME}.", NAME.upper(), f"{NAME}:443"])
def test_proven_domain_is_found_however_it_is_written_and_serves_nothing_but_the_portal(
    owner: Client, dns: NameServer, host: str
) -> None:
    proven(owner, dns)
    assert at(host, "/sign-in").status_code == 200
    assert at(host, "/settings/domains").status_code in {403, 404}
    assert at(host, "/api/v1/customers").status_code in {403, 404}
    assert at(f"x.{NAME}", "/sign-in").status_code == 404


def test_page_at_a_domain_asks_for_the_business_once(owner: Client, dns: NameServer, settings: Settings) -> None:
    settings.PORTICO_PORTAL_DOMAIN = "pay.hosting.net"
    proven(owner, dns)
    asked = {}
    for host in ("nordlicht.pay.hosting.net", NAME):
        with CaptureQueriesContext(connection) as queries:
            assert at(host, "/sign-in").status_code == 200
        asked[host] = len(queries)
    assert asked[NAME] == asked["nordlicht.pay.hosting.net"]


def test_too_many_domains_are_refused(owner: Client, dns: NameServer) -> None:
    for number in range(10):
        registered(owner, f"b{number}.nordlicht.org")
    response = owner.post(PAGE, {"name": "b11.nordlicht.org"})
    assert response.status_code == 422
    assert "At most 10 domains can be listed." in text(response)
    assert CustomDomain.objects.count() == 10
    # One that is listed already is no second one.
    assert owner.post(PAGE, {"name": "B3.nordlicht.org"}).status_code == 302


def test_what_a_name_server_says_is_text(owner: Client, dns: NameServer) -> None:
    domain = registered(owner)
    dns.enter(domain.proof_name, "TXT", '"<script>alert(1)</script>"', '"' + "x" * 250 + '" "' + "y" * 250 + '"')
    page = press(owner, domain, "check")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert re.search(r"x{250}", page)


def test_proxy_learns_which_names_it_may_have_certificates_for(
    owner: Client, dns: NameServer, settings: Settings
) -> None:
    settings.PORTICO_PORTAL_DOMAIN = "pay.hosting.net"
    registered(owner, "waiting.nordlicht.org")
    proven(owner, dns)

    def asks(domain: str, peer: str = "127.0.0.1", **headers: str) -> int:
        client = Client(REMOTE_ADDR=peer, headers={"host": "localhost:8000", **headers})
        status: int = client.get("/internal/tls/ask", {"domain": domain}).status_code
        return status

    for name in (NAME, NAME.upper(), "portico.hosting.net", "nordlicht.pay.hosting.net"):
        assert asks(name) == 200, name
    for name in ("", "evil.example.org", "waiting.nordlicht.org", f"x.{NAME}", "nobody.pay.hosting.net", "localhost"):
        assert asks(name) == 404, name
    assert asks(NAME, peer="203.0.113.9") == 403
    assert asks(NAME, **{"x-forwarded-for": "203.0.113.9"}) == 403
    settings.PORTICO_TLS_ASK_TOKEN = "s3cret"
    client = Client(REMOTE_ADDR="203.0.113.9")
    assert client.get("/internal/tls/ask", {"domain": NAME, "token": "s3cret"}).status_code == 200
    assert client.get("/internal/tls/ask", {"domain": NAME, "token": "other"}).status_code == 403
