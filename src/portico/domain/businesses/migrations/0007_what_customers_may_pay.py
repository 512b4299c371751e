from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("businesses", "0006_bank_details_changed_at")]

    operations = [
        migrations.AddField("business", "allow_partial_payments", models.BooleanField(default=False)),
        migrations.AddField("business", "partial_payment_minimum", models.PositiveBigIntegerField(default=0)),
        migrations.AddField("business", "allow_advance_payments", models.BooleanField(default=False)),
        migrations.AddField("business", "allow_credits", models.BooleanField(default=True)),
    ]
