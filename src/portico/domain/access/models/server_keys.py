from django.db import models

from portico.lib.columns import MomentField


class ServerKey(models.Model):
    """A server key that this database was written with, by its public name: see `portico.domain.access.secrets`."""

    key_id = models.CharField(max_length=16, primary_key=True)
    created_at = MomentField()

    def __str__(self) -> str:
        return self.key_id
