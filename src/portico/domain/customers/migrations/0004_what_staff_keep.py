import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_disabled_methods")]

    operations = [
        migrations.AddField("customer", "legal_name", models.CharField(blank=True, max_length=255)),
        migrations.AddField("customer", "payment_terms_days", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("customer", "credit_limit", models.BigIntegerField(null=True)),
        migrations.AddField("customer", "credit_limit_currency", models.CharField(blank=True, max_length=3)),
        migrations.AddField("customer", "reminders_stopped", models.BooleanField(default=False)),
        migrations.AddField("customer", "staff_notes", models.TextField(blank=True)),
        migrations.AddField("customer", "metadata", models.JSONField(blank=True, default=dict)),
        migrations.AddField("customer", "archived_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "customer",
            "merged_into",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="customers.customer",
            ),
        ),
    ]
