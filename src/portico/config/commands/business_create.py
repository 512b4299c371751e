import click

from portico.config.command import Command
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.create import BusinessInput, create_business


@click.command("create", cls=Command)
@click.option("--name", required=True, help="What customers read: Nordwind Atelier.")
@click.option("--slug", required=True, help="Its name in addresses: lower-case letters, digits and hyphens.")
@click.option("--currency", required=True, help="ISO 4217 code of its usual currency: EUR.")
@click.option("--country", required=True, help="ISO 3166 code: DE.")
@click.option("--time-zone", required=True, help="Where its days begin and end: Europe/Berlin.")
@click.option("--language", default="", help="The portal's language: en, de or ar; each browser's own unless given.")
def command(name: str, slug: str, currency: str, country: str, time_zone: str, language: str) -> None:
    """Create a business, which sends invoices to its customers.

    \b
    Example:
      portico business create --name "Nordwind Atelier" --slug nordwind \\
        --currency EUR --country DE --time-zone Europe/Berlin
    """
    data = BusinessInput(name, slug, currency.upper(), country.upper(), time_zone, language)
    business = create_business(data, by=OPERATOR)
    click.echo(f"Created {business.name} ({business.public_id}).")
    click.echo(f"Next: portico staff create --business {business.slug} --email you@example.com", err=True)
