from datetime import datetime, timedelta
from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from portico.lib.clock import now
from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id

# How long a merge can be undone.
UNDO_WITHIN = timedelta(days=1)
# How long the reason for one may be.
MAX_REASON = 500


class CustomerMerge(models.Model):
    """That one customer became part of another, the winner: who did it, and all that moved.

    `journal` says of each row that was changed what it was before, so that undoing puts back exactly that. `added` is
    the contact that was made for the loser's e-mail address, if one was.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, related_name="+")
    winner = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    loser = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    journal = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    added = models.UUIDField(null=True)
    made_by = models.CharField(max_length=200, blank=True)
    made_at = MomentField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["winner", "-made_at"], name="merges_of_customer")]

    def __str__(self) -> str:
        return f"{self.loser_id} into {self.winner_id}"

    @property
    def ref(self) -> Ref:
        return Ref("merge", self.id)

    @property
    def public_id(self) -> str:
        return public_id("merge", self.id)

    @property
    def undo_until(self) -> datetime:
        until: datetime = self.made_at + UNDO_WITHIN
        return until

    @property
    def can_be_undone(self) -> bool:
        """Whether it is young enough; what happened since may forbid it all the same."""
        return self.undone_at is None and now() < self.undo_until
