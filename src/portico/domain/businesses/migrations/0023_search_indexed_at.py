from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("businesses", "0022_plans_need_approval")]

    operations = [
        migrations.AddField(
            model_name="business",
            name="search_indexed_at",
            field=models.DateTimeField(null=True),
        ),
    ]
