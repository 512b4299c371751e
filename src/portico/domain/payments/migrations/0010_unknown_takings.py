from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark_unknown(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Refunds once did not keep what they took from which invoice: those that took something say so."""
    refund, allocation = apps.get_model("payments", "Refund"), apps.get_model("ledger", "Allocation")
    rows = refund.objects.filter(state="succeeded", taken_from={}).values_list("pk", "payment__item")
    for key, item in rows.iterator():
        if allocation.objects.filter(credit=item, amount__lt=0).exists():
            refund.objects.filter(pk=key).update(taken_from=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_settlements"), ("payments", "0009_collected_deposits")]

    operations = [
        migrations.AlterField("refund", "taken_from", models.JSONField(default=dict, null=True)),
        migrations.RunPython(mark_unknown, migrations.RunPython.noop),
    ]
