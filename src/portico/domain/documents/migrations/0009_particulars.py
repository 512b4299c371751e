from datetime import UTC, datetime
from typing import Any

from django.db import migrations, models
from django.db.models import F, Q


def date_changes(apps: Any, schema_editor: Any) -> None:
    """Say of what is there that it has not been changed since it was made: nobody knows better."""
    apps.get_model("documents", "Document").objects.using(schema_editor.connection.alias).update(
        updated_at=F("created_at")
    )


class Migration(migrations.Migration):
    dependencies = [("documents", "0008_disabled_methods")]

    operations = [
        migrations.AddField("document", "particulars", models.JSONField(blank=True, default=dict)),
        migrations.AddField(
            "document",
            "updated_at",
            models.DateTimeField(default=datetime(2026, 1, 1, tzinfo=UTC)),
            preserve_default=False,
        ),
        migrations.RunPython(date_changes, migrations.RunPython.noop),
        migrations.AddField("line", "exemption_reason", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField(
            "line", "exemption_code", models.CharField(blank=True, default="", max_length=30), preserve_default=False
        ),
        migrations.AddField("line", "particulars", models.JSONField(blank=True, default=dict)),
        migrations.RemoveConstraint("document", "document_external_id_once"),
        migrations.AddConstraint(
            "document",
            models.UniqueConstraint(
                fields=["business", "kind", "external_id"],
                condition=~Q(external_id="") & ~Q(lifecycle="voided"),
                name="document_external_id_used",
            ),
        ),
        migrations.AddIndex(
            "document",
            models.Index(
                fields=["business", "kind", "external_id"],
                condition=~Q(external_id="") & Q(lifecycle="voided"),
                name="voided_docs_by_external_id",
            ),
        ),
        migrations.AddIndex(
            "document", models.Index(fields=["business", "kind", "updated_at", "id"], name="documents_by_change")
        ),
    ]
