from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_address_indexes")]

    operations = [
        migrations.AddField("customer", "disabled_methods", models.JSONField(blank=True, default=list)),
    ]
