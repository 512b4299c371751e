from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("businesses", "0025_digests")]

    operations = [migrations.AddField("business", "embed_origins", models.JSONField(blank=True, default=list))]
