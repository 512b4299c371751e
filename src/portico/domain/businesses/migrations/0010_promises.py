from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("businesses", "0009_apply_credits_to_new_invoices")]

    operations = [
        migrations.AddField("business", "allow_promises", models.BooleanField(default=False)),
        migrations.AddField("business", "check_instructions", models.TextField(blank=True, max_length=500)),
        migrations.AddField("business", "cash_instructions", models.TextField(blank=True, max_length=500)),
    ]
