import django.db.models.deletion
from django.db import migrations, models

import portico.lib.columns


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_names_sorted_by_language")]

    operations = [
        migrations.CreateModel(
            name="MailOptOut",
            fields=[
                ("id", portico.lib.columns.KeyField()),
                ("email", models.EmailField(max_length=254)),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("reminders", "Reminders"),
                            ("statements", "Statements"),
                            ("estimates", "Estimates"),
                            ("messages", "Messages"),
                        ],
                        max_length=20,
                    ),
                ),
                ("created_at", portico.lib.columns.MomentField()),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail_opt_outs",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["customer", "email", "topic"], name="mail_opt_out_once")
                ]
            },
        )
    ]
