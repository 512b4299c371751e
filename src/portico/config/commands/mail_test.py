import click
from django.conf import settings
from django.core.exceptions import ValidationError

from portico.config.command import Command
from portico.lib.one_line import validate_email
from portico.output.mail.trial import Step, backend_in_use, check_domain, try_server

_MARKS = {True: "ok", False: "FAILED", None: "?"}


@click.command("test", cls=Command)
@click.argument("address")
@click.option(
    "--dkim-selector", default="", metavar="NAME", help="Look at the DKIM key that the mail server signs with."
)
def command(address: str, dkim_selector: str) -> int:
    """Send a mail to ADDRESS and say, step by step, where it fails.

    The exit status is 0 when the mail server has taken the mail, and 1 when it has not. What the sender's domain says
    of who may send for it (SPF, DKIM, DMARC) is shown and changes nothing of that.

    \b
    Example:
      portico mail test me@example.com
      portico mail test me@example.com --dkim-selector mail
    """
    try:
        validate_email(address)
    except ValidationError:
        raise click.ClickException(f"{address} is no e-mail address.") from None
    backend = backend_in_use()
    if backend is None:
        raise click.ClickException("No mail server is set. PORTICO_EMAIL_URL names it.")
    taken = True
    for step in try_server(backend, address):
        _say(step)
        taken = step.ok is not False
    for step in check_domain(settings.PORTICO_EMAIL_FROM.rpartition("@")[2], dkim_selector):
        _say(step)
    return 0 if taken else 1


def _say(step: Step) -> None:
    click.echo(f"{step.name:<11} {_MARKS[step.ok]:<6} {step.seen}")
