from typing import IO, ClassVar

from django.core.files.storage import default_storage
from django.db import models

from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id


class File(models.Model):
    """A stored file and what it hangs on: a customer, or one of the customer's documents."""

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, db_index=False, related_name="files")
    subject_kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    description = models.CharField(max_length=255, blank=True)
    created_at = MomentField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "-id"], name="files_of_customer"),
            models.Index(fields=["subject_id"], name="files_of_subject"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        return Ref("file", self.id)

    @property
    def public_id(self) -> str:
        return public_id("file", self.id)

    def open(self) -> IO[bytes]:
        """Open the content for reading; the caller closes it."""
        content: IO[bytes] = default_storage.open(self.path, "rb")
        return content

    def read(self) -> bytes:
        """Return the content."""
        with default_storage.open(self.path, "rb") as content:
            data: bytes = content.read()
        return data
