import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portico.lib.columns


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0002_answers_by_mail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Follower",
            fields=[
                ("id", portico.lib.columns.KeyField()),
                ("follows", models.BooleanField(default=True)),
                (
                    "conversation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followers",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["conversation", "user"], name="follower_once")]
            },
        )
    ]
