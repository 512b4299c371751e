from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("businesses", "0005_business_epoch")]

    operations = [
        migrations.AddField(
            model_name="business", name="bank_details_changed_at", field=models.DateTimeField(null=True)
        ),
    ]
