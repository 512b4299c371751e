import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("files", "0001_file"), ("businesses", "0001_business_user_membership")]

    operations = [
        migrations.CreateModel(
            "Original",
            [
                ("id", models.UUIDField(editable=False, primary_key=True)),
                ("subject_kind", models.CharField(max_length=30)),
                ("subject_id", models.UUIDField(db_index=True)),
                ("name", models.CharField(max_length=255)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("path", models.CharField(max_length=200)),
                ("refused", models.CharField(blank=True, max_length=255)),
                ("created_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="businesses.business"
                    ),
                ),
            ],
        ),
    ]
