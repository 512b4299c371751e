from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0015_embedded_sessions")]

    operations = [
        migrations.AddField("portalsession", "theme", models.CharField(blank=True, max_length=5)),
        migrations.AddField("portalsession", "hides_navigation", models.BooleanField(default=False)),
    ]
