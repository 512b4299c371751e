"""Where the numbers of documents, payments and credit adjustments come from."""

from typing import ClassVar

from django.db import models

from portico.lib.columns import KeyField


class Sequence(models.Model):
    """The next number of a series, per business: locked while a number is taken, so that none is skipped.

    `numbering.py` says what `prefix` may hold. A `yearly` series begins at 1 again in another year than `year`.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    series = models.CharField(max_length=20)
    prefix = models.CharField(max_length=20)
    next_number = models.PositiveBigIntegerField(default=1)
    padding = models.PositiveSmallIntegerField(default=4)
    yearly = models.BooleanField(default=False)
    year = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["business", "series"], name="sequence_once")]

    def __str__(self) -> str:
        return f"{self.prefix}{self.next_number:0{self.padding}d}"
