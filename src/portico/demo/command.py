import os

import click
from django.conf import settings

from portico.config.command import Command, operator_of
from portico.config.commands.serve import port_option
from portico.config.mailers import demo_mailers
from portico.config.server import claim_home, listen_address, serve
from portico.demo.installation import Access, existing_access, make, reset
from portico.demo.nordwind import BOOKKEEPER
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.portal_urls import link_url, portal_base
from portico.domain.access.queries import customer as find_customer
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business

_HOST = "127.0.0.1"
_API_BUSINESS = "nordwind"
_VISITORS = (("nordwind", "HAFENLICHT", "German"), ("nordwind", "BRIGHTON", "English"), ("al-safat", "DIWAN", "Arabic"))
_STAFF = (("ida@nordwind.example", "Nordwind Atelier"), ("yousef@alsafat.example", "Al Safat Trading"))


@click.command("demo", cls=Command)
@port_option
@click.option("--reset", "fresh", is_flag=True, help="Drop the demonstration's data and begin anew.")
def command(port: int, fresh: bool) -> None:
    """Run a demonstration: two businesses, forty customers, two years of invoices and payments.

    The first start makes it, every further one keeps what was done in it. It lives in ./var; set PORTICO_HOME for
    another place. Its links, its login and its key are printed. Mail goes nowhere; the dashboard shows it.

    \b
    Example:
      portico demo --port 8080
    """
    listen_address(_HOST, port)
    # Before anything is dropped or any link replaced that a running demonstration has given out.
    with claim_home(port) as note:
        if fresh:
            reset()
        _keep_mail_here()
        access = existing_access(_API_BUSINESS)
        if access is None:
            click.echo("Making the demonstration: two years take about half a minute.", err=True)
            access = make(_API_BUSINESS)
        links = [_link(*visitor) for visitor in _VISITORS]
        serve(_HOST, port, access_log=False, announce=lambda: click.echo(_welcome(links, access)), note=note)


def _keep_mail_here() -> None:
    """Have every mail end in the outbox: the worker reads so in its environment, web processes take it over from us."""
    os.environ["PORTICO_DEMO"] = "yes"
    settings.PORTICO_DEMO = True
    settings.MAILERS = demo_mailers()


def _link(slug: str, key: str, language: str) -> tuple[Business, str, str, str]:
    """Return whose portal a fresh link opens, its secret, whom it is for, and the language of its pages."""
    viewer = operator_of(slug)
    grant, secret = regenerate_portal_link(find_customer(viewer, key), by=OPERATOR)
    return viewer.business, secret, grant.customer.name, language


def _welcome(links: list[tuple[Business, str, str, str]], access: Access) -> str:
    base = settings.PORTICO_BASE_URL
    lines = ["", "  Portico is ready.", "", "  The portal, as three customers:"]
    for business, secret, name, language in links:
        lines += [f"    {name} ({language})", f"      {link_url(business, secret)}"]
    lines += [f"    By e-mail: {BOOKKEEPER.email} keeps the books of two customers"]
    lines += [f"      {portal_base(links[0][0])}"]
    lines += ["", "  The dashboard:", f"    {base}/"]
    lines += [f"      {email} ({name})" for email, name in _STAFF]
    lines += [f"      password {access.password}", f"    Mail goes to nobody: {base}/dev/outbox shows it.", ""]
    lines += ["  The API:"]
    lines += [f'    curl -H "Authorization: Bearer {access.api_key}" {base}/api/v1/customers', ""]
    lines += ["  A customer with five hundred invoices: portico link ELBKURIER --business nordwind"]
    lines += [f"  All of it is in {settings.PORTICO_HOME}. Stop with Ctrl-C.", ""]
    return "\n".join(lines)
