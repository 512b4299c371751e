from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0014_who_invited")]

    operations = [migrations.AddField("portalsession", "embedded", models.BooleanField(default=False))]
