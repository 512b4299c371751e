"""What every command that touches the installation has in common."""

from typing import Any

import click
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, OperationalError

from portico.config.ready import await_database, ready
from portico.domain.access.actions.recognize_keys import OtherKeys, recognize_keys
from portico.domain.access.queries import business_by_slug
from portico.domain.access.viewer import OperatorViewer
from portico.domain.files.places import bucket_refusal
from portico.lib.errors import NotFound, PorticoError


class Command(click.Command):
    """A command that finds the installation ready, and whose refusals are one line each."""

    # Whether it may run on a database that was written with keys that are not here.
    with_other_keys = False
    # Whether it waits for a database that is not there yet, as a service does that starts with its machine.
    waits = False

    def invoke(self, ctx: click.Context) -> Any:
        try:
            if self.waits:
                await_database(lambda words: click.echo(f"portico: {words}", err=True))
            ready()
            if not self.with_other_keys:
                _recognize()
            return super().invoke(ctx)
        except PorticoError as error:
            raise click.ClickException(error.message) from error
        except (DatabaseError, InterfaceError) as error:
            # SQLite calls a file that is no database by the name that mistakes of programs inherit from.
            if isinstance(error, DatabaseError) and type(error) not in {DatabaseError, OperationalError}:
                raise
            raise click.ClickException(f"The database can't be used: {error}") from error
        except ImproperlyConfigured as error:
            raise click.ClickException(str(error)) from error


class Service(Command):
    """A command that runs until it is stopped. A bucket that can never be used ends it; one that is away does not."""

    waits = True

    def invoke(self, ctx: click.Context) -> Any:
        if refusal := bucket_refusal():
            raise click.ClickException(refusal)
        return super().invoke(ctx)


def _recognize() -> None:
    """Refuse a database that was restored without its keys: every link and key in it would be dead without a word."""
    try:
        recognize_keys()
    except OtherKeys as error:
        path = settings.PORTICO_HOME / "secret-keys"
        raise click.ClickException(
            f"{error.message} Put the secret-keys that belong to it back to {path}; if they are lost, see"
            " `portico accept-keys --help`."
        ) from error


def operator_of(slug: str) -> OperatorViewer:
    """Return the operator's view of the business with this slug. Raises NotFound."""
    business = business_by_slug(slug)
    if business is None:
        raise NotFound(f"There is no business {slug}. `portico business create --help` shows how to make one.")
    return OperatorViewer(business)


business_option = click.option("--business", "slug", required=True, metavar="SLUG", help="The business, by its slug.")
