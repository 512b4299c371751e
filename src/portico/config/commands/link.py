import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.portal_urls import link_url
from portico.domain.access.queries import customers_called
from portico.domain.access.viewer import OperatorViewer
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer

# How many are listed.
_MOST = 20


@click.command("link", cls=Command)
@click.argument("customer")
@business_option
def command(customer: str, slug: str) -> None:
    """Print a fresh portal link for CUSTOMER. A former link ends at once.

    CUSTOMER is an id, an external id, the number of a document, a name or an e-mail address. Where several customers
    may be meant they are listed with their ids, no link is made, and the exit status is 2.

    \b
    Example:
      portico link ACME-1 --business nordwind
      portico link "Acme GmbH" --business nordwind
    """
    viewer = operator_of(slug)
    grant, secret = regenerate_portal_link(_meant(viewer, customer), by=OPERATOR)
    click.echo(link_url(viewer.business, secret))
    click.echo(f"For {grant.customer.name}, until {grant.expires_at:%Y-%m-%d}.", err=True)
    if not viewer.business.portal_enabled:
        click.echo("The portal is switched off: the link opens once it is on.", err=True)


def _meant(viewer: OperatorViewer, words: str) -> Customer:
    found = customers_called(viewer, words)
    if len(found) == 1:
        return found[0]
    if not found:
        raise click.ClickException(f"There is no customer {words}.")
    click.echo(f"Several customers may be meant by {words}:", err=True)
    for row in found[:_MOST]:
        click.echo("  " + "  ".join(filter(None, [row.public_id, row.external_id, row.name, row.email])), err=True)
    raise click.ClickException(f"{len(found)} customers may be meant. Name one by its id.")
