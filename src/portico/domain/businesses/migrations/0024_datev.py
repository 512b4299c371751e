from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("businesses", "0023_search_indexed_at")]

    operations = [
        migrations.AddField(
            model_name="business",
            name="datev",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
