from typing import Any

from django.db import migrations, models

from portico.lib.folding import sorted_as


def fill(apps: Any, _schema: Any) -> None:
    """Give every customer what its name is sorted by."""
    customers = apps.get_model("customers", "Customer").objects
    some = []
    for row in customers.only("id", "name").iterator(chunk_size=1000):
        row.sort_name = sorted_as(row.name)
        some.append(row)
        if len(some) == 1000:
            customers.bulk_update(some, ["sort_name"])
            some = []
    customers.bulk_update(some, ["sort_name"])


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_what_staff_keep")]

    operations = [
        migrations.AddField("customer", "sort_name", models.CharField(blank=True, editable=False, max_length=255, default=""), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveIndex("customer", "customers_by_name"),
        migrations.AddIndex("customer", models.Index(fields=["business", "sort_name", "id"], name="customers_by_name")),
    ]
