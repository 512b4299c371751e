from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("businesses", "0026_embed_origins")]

    operations = [migrations.AddField("business", "texts", models.JSONField(blank=True, default=dict))]
