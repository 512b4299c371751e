"""The `portico` command: what it offers, and how it says no.

Each command lives in a file of its own in `commands` and is imported when it is asked for, so that `portico --help` and
`portico --version` are quick and touch nothing. Whatever is wrong is said in one line, and the exit status is 2,
unless a mail server asks.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.metadata import version

import click
import django

_HERE = "portico.config.commands"
# Commands of packages above this one, which it never imports.
_ELSEWHERE = {"demo": "portico.demo.command"}

# An interrupted program's exit status, as shells report it.
_INTERRUPTED = 130
_REFUSED = 2
# A mail server sends a mail back to its sender for any status but the one of sysexits.h that has it try again.
_REFUSALS: dict[tuple[str, ...], int] = {("mail", "receive"): 75}


class LazyGroup(click.Group):
    """A group of commands, each named with one line of help and imported when it is asked for."""

    def __init__(self, name: str, summaries: Mapping[str, str], help: str, prefix: str = "") -> None:
        super().__init__(name, help=help)
        self.summaries = summaries
        self.prefix = prefix

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.commands or cmd_name not in self.summaries:
            return super().get_command(ctx, cmd_name)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.config.settings")
        django.setup()
        module = f"{self.prefix}{cmd_name}".replace("-", "_")
        # `import` is a word of the language and can't name a module.
        module = "import_" if module == "import" else module
        command = import_module(_ELSEWHERE.get(module, f"{_HERE}.{module}")).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries.items()))


portico = LazyGroup(
    "portico",
    {
        "serve": "Run the portal, its worker and its scheduler.",
        "demo": "Run a demonstration with two businesses and two years of life.",
        "business": "Create businesses, and say who they are.",
        "staff": "Give people access to a business's dashboard, and take it away.",
        "apikey": "Make, show and end keys of programs.",
        "magic-key": "Make keys that sign-in links are signed with.",
        "gateway": "Choose the payment gateways of a business.",
        "link": "Print a fresh portal link for a customer.",
        "import": "Import e-invoices from files.",
        "files": "Look after stored files.",
        "mail": "Take in mail, and try the mail server.",
        "search": "Look after what is searched.",
        "check-ledger": "Recompute every stored balance and report differences.",
        "worker": "Run background work on its own.",
        "accept-keys": "Go on after the database's secret keys are lost.",
        "manage": "Run one of Django's own commands.",
    },
    """Portico shows customers what they owe, and what they paid.

    An installation lives in ./var; set PORTICO_HOME for another place. Everything it needs is made on first use.

    \b
    Try it:     portico demo
    For real:   portico business create --help
                portico serve
    """,
)
for _group in (
    LazyGroup(
        "business",
        {"create": "Create a business.", "edit": "Change a business, or show it."},
        "Create businesses, and say who they are.",
        "business_",
    ),
    LazyGroup(
        "staff",
        {
            "create": "Give somebody access.",
            "list": "Show who has access.",
            "remove": "Take somebody's access away.",
            "reset-password": "Give somebody a new password.",
            "reset-mfa": "Take away a second factor that was lost.",
        },
        "Give people access to the dashboard, and take it away.",
        "staff_",
    ),
    LazyGroup(
        "apikey",
        {
            "create": "Make a key.",
            "list": "Show the keys there are.",
            "rotate": "Put a new key in place of one.",
            "revoke": "End a key.",
        },
        "Make, show and end keys of programs.",
        "apikey_",
    ),
    LazyGroup(
        "gateway",
        {
            "add": "Use a gateway.",
            "list": "Show the gateways in use.",
            "disable": "Offer a gateway no more.",
            "remove": "Forget a gateway and its keys.",
        },
        "Choose the payment gateways of a business.",
        "gateway_",
    ),
    LazyGroup(
        "mail",
        {"receive": "Take in an answer, or a report of a mail that came back.", "test": "Say where sending fails."},
        "Take in mail, and try the mail server.",
        "mail_",
    ),
    LazyGroup("files", {"move": "Move all files to where new ones go."}, "Look after stored files.", "files_"),
    LazyGroup("search", {"rebuild": "Make the search index anew."}, "Look after what is searched.", "search_"),
    LazyGroup("magic-key", {"create": "Make a key."}, "Make keys that sign-in links are signed with.", "magic_key_"),
):
    portico.add_command(_group)
click.version_option(version("portico"), prog_name="portico", message="%(prog)s %(version)s")(portico)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status; what is wrong goes to standard error in one line."""
    refused = _REFUSALS.get(tuple(arguments[:2]), _REFUSED)
    try:
        status = portico.main(list(arguments), prog_name="portico", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return _REFUSED
    except click.ClickException as error:
        return _refuse(error.format_message(), refused)
    except (click.Abort, KeyboardInterrupt):
        click.echo("", err=True)
        return _INTERRUPTED
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}" if error.filename else str(error), refused)
    except SystemExit as error:
        # The settings stop the start with a sentence; Django's own commands with a number.
        return _refuse(error.code, refused) if isinstance(error.code, str) else error.code or 0
    return status if isinstance(status, int) else 0


def _refuse(message: str, status: int) -> int:
    click.echo(f"portico: {' '.join(message.split())}", err=True)
    return status


def main() -> None:
    """The program. What it writes is for its own user alone, also in a folder that was made by somebody else."""
    os.umask(0o077)
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
