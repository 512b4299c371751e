from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("businesses", "0024_datev")]

    operations = [
        migrations.AddField("membership", "daily_digest", models.BooleanField(default=False)),
        migrations.AddField("membership", "digested_at", models.DateTimeField(null=True)),
    ]
