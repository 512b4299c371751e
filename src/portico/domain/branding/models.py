from typing import ClassVar

from django.db import models

from portico.lib.columns import KeyField, MomentField


class BrandFile(models.Model):
    """A file that belongs to how a business's portal looks. It never changes: another content is another file.

    The business's columns name the files in use. Those of before stay, so that a change can be undone.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, related_name="+")
    # The beginning of the content's SHA-256 and the ending of its kind: addresses may be kept for ever.
    name = models.CharField(max_length=40)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
    # An SVG drawn as PNG, for programs that show no SVG, such as those that read mail.
    drawn = models.BinaryField(default=b"")
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["business", "name"], name="brand_file_once")]

    def __str__(self) -> str:
        return self.name


class PolicyViolation(models.Model):
    """What a page of the portal wanted to load and its policy forbade, as browsers told: the origin alone, counted."""

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.CASCADE, related_name="+")
    use = models.CharField(max_length=10)
    origin = models.CharField(max_length=255)
    count = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["business", "use", "origin"], name="policy_violation_once")
        ]

    def __str__(self) -> str:
        return f"{self.use} {self.origin}"
