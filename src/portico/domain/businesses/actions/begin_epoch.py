from secrets import token_hex

from portico.domain.businesses.models import Business


def begin_epoch() -> None:
    """Give every business a new epoch, which all cache keys hold beside the revisions.

    Revisions repeat after a backup is put back, the epoch doesn't: `portico serve` begins one before it answers. Nodes
    that share a database see the new epoch with their next request. docs/decisions/0015 says why.
    """
    Business.objects.update(epoch=token_hex(8))
