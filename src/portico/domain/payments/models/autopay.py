from typing import ClassVar

from django.db import models

from portico.lib.columns import KeyField

# How many days a business or a customer may have invoices wait before they are collected.
MOST_DELAY_DAYS = 60


class AutoPay(models.Model):
    """Whether a customer has its invoices collected without being there, by its default payment method.

    `enrolled_at` is empty while it does not. `delay_days` is its own wait, in place of the business's; it stays when
    the customer leaves.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, related_name="+")
    customer = models.OneToOneField("customers.Customer", on_delete=models.PROTECT, related_name="autopay")
    enrolled_at = models.DateTimeField(null=True)
    delay_days = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(delay_days__isnull=True) | models.Q(delay_days__lte=MOST_DELAY_DAYS),
                name="autopay_delay_in_bounds",
            )
        ]

    def __str__(self) -> str:
        return f"AutoPay of {self.customer_id}"

    @property
    def days_to_wait(self) -> int:
        """How many days an invoice waits before it is collected."""
        own = self.delay_days
        return self.business.autopay_delay_days if own is None else own
