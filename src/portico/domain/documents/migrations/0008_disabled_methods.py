from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0007_needs_attention")]

    operations = [
        migrations.AddField("document", "disabled_methods", models.JSONField(blank=True, default=list)),
    ]
