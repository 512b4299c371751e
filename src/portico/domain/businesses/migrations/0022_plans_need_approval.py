from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("businesses", "0021_mail")]

    operations = [migrations.AddField("business", "plans_need_approval", models.BooleanField(default=True))]
