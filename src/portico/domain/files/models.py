from typing import IO, ClassVar

from django.core.files.storage import default_storage
from django.db import models

from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id


class Purpose(models.TextChoices):
    """What a file is to what it hangs on: something beside it, or the PDF that is the document itself."""

    ATTACHMENT = "attachment"
    DOCUMENT_PDF = "document_pdf"


class File(models.Model):
    """A stored file and what it hangs on: a customer, or one of the customer's documents or messages.

    Its content is kept as it came, byte for byte. `visible` says whether the customer may have it; what hangs on a
    draft or an internal note is the staff's own in any case. A picture is shown by its preview, drawn anew.
    """

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
    visible = models.BooleanField(default=False)
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.ATTACHMENT)
    preview_path = models.CharField(max_length=200, blank=True)
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_id"], condition=models.Q(purpose="document_pdf"), name="one_pdf_of_document"
            ),
        ]
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
        return _open(self.path)

    def open_preview(self) -> IO[bytes]:
        """Open the small picture of a picture, `preview_path`, for reading; the caller closes it."""
        return _open(self.preview_path)

    def read(self) -> bytes:
        """Return the content, for what has to have it whole."""
        with default_storage.open(self.path, "rb") as content:
            data: bytes = content.read()
        return data


class Original(models.Model):
    """A file as it came, byte for byte: what a document was imported from, or an attachment that could not be kept.

    Staff alone read it, and nobody removes it. `refused` says why an attachment is no file of the document's; `name` is
    what it was called, and may be anything.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=30)
    subject_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    refused = models.CharField(max_length=255, blank=True)
    created_at = MomentField()

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return public_id("original", self.id)

    def open(self) -> IO[bytes]:
        """Open the content for reading; the caller closes it."""
        return _open(self.path)


def _open(path: str) -> IO[bytes]:
    content: IO[bytes] = default_storage.open(path, "rb")
    return content
