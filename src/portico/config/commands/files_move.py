import click
from django.conf import settings
from django.core.files.storage import storages

from portico.config.command import Command
from portico.domain.files.actions.move import Moved, move_contents
from portico.domain.files.places import BUCKET, FOLDER, bucket_refusal
from portico.lib.faults import Unavailable

_EVERY = 1000


@click.command("move", cls=Command)
@click.option("--to", "to", required=True, type=click.Choice([BUCKET, FOLDER]), help="Where PORTICO_FILES keeps files.")
def command(to: str) -> int:
    """Move all stored files to the bucket, or back to the folder of this machine, while people work.

    Each goes once its copy was read back and has the size and the hash it was stored with. Ended in the middle, the
    next run goes on. The exit status is 1 when something could not be moved.

    \b
    Example:
      PORTICO_FILES=s3 portico files move --to s3
    """
    if BUCKET not in settings.STORAGES:
        raise click.ClickException("PORTICO_S3_BUCKET names no bucket, so there is one place only.")
    if to != settings.PORTICO_FILES:
        raise click.ClickException(
            f"New files are kept in {settings.PORTICO_FILES}: set PORTICO_FILES={to} first, and restart every server."
        )
    if refusal := bucket_refusal():
        raise click.ClickException(refusal)
    try:
        moved = move_contents(storages[FOLDER if to == BUCKET else BUCKET], storages[to], _told)
    except Unavailable as error:
        reason = f"The bucket can't be used: {error.__cause__}. Nothing is lost; run the command again when it can."
        raise click.ClickException(reason) from error
    click.echo(f"{moved.count} files moved to {to}, {moved.size} bytes.")
    for path, reason in sorted(moved.left.items()):
        click.echo(f"{path}: {reason}.", err=True)
    return 1 if moved.left else 0


def _told(moved: Moved) -> None:
    if moved.count and moved.count % _EVERY == 0:
        click.echo(f"{moved.count} files moved …", err=True)
