import click
from django.core.management import execute_from_command_line


@click.command(
    "manage",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands, for what Portico has no command of its own.

    \b
    Example:
      portico manage shell
      portico manage --help
    """
    execute_from_command_line(["portico manage", *arguments])
