import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.portal_urls import link_url
from portico.domain.access.queries import customer as find_customer
from portico.domain.activity.actor import OPERATOR


@click.command("link", cls=Command)
@click.argument("customer")
@business_option
def command(customer: str, slug: str) -> None:
    """Print a fresh portal link for CUSTOMER, named by its id or external id. A former link ends at once.

    \b
    Example:
      portico link ACME-1 --business nordwind
    """
    viewer = operator_of(slug)
    grant, secret = regenerate_portal_link(find_customer(viewer, customer), by=OPERATOR)
    click.echo(link_url(viewer.business, secret))
    click.echo(f"For {grant.customer.name}, until {grant.expires_at:%Y-%m-%d}.", err=True)
    if not viewer.business.portal_enabled:
        click.echo("The portal is switched off: the link opens once it is on.", err=True)
