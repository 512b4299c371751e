import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("businesses", "0008_autopay"),
        ("customers", "0002_address_indexes"),
        ("payments", "0003_attempts_methods_gateways"),
    ]

    operations = [
        migrations.CreateModel(
            name="AutoPay",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True)),
                ("enrolled_at", models.DateTimeField(null=True)),
                ("delay_days", models.PositiveSmallIntegerField(null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="businesses.business"
                    ),
                ),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="autopay", to="customers.customer"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("delay_days__isnull", True), ("delay_days__lte", 60), _connector="OR"),
                        name="autopay_delay_in_bounds",
                    )
                ]
            },
        ),
        migrations.AddField("paymentmethod", "warned_of", models.DateField(null=True)),
        migrations.AlterField(
            "paymentattempt",
            "purpose",
            models.CharField(
                choices=[
                    ("invoices", "Invoices"),
                    ("advance", "Advance"),
                    ("deposit", "Deposit"),
                    ("autopay", "Autopay"),
                ],
                default="invoices",
                max_length=10,
            ),
        ),
    ]
