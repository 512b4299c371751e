from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activity", "0002_activity_customer"),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="react_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("react_at__isnull", False)),
                fields=["react_at", "id"],
                name="activity_to_react_to",
            ),
        ),
    ]
