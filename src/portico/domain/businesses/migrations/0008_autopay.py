import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("businesses", "0007_what_customers_may_pay")]

    operations = [
        migrations.AddField("business", "allow_autopay", models.BooleanField(default=False)),
        migrations.AddField(
            "business",
            "autopay_delay_days",
            models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(60)]),
        ),
        migrations.AddConstraint(
            "business",
            models.CheckConstraint(
                condition=models.Q(("autopay_delay_days__lte", 60)), name="business_autopay_delay_to_60"
            ),
        ),
    ]
