import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_kind_of_write_off"), ("payments", "0007_what_was_taken_from_invoices")]

    operations = [
        migrations.AddField(
            "payment",
            "deposit_of",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deposits",
                to="documents.document",
            ),
        ),
    ]
