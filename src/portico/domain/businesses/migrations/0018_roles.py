from django.db import migrations, models

ROLES = [("owner", "Owner"), ("member", "Member")]


class Migration(migrations.Migration):

    dependencies = [
        ("businesses", "0017_portal_script"),
    ]

    operations = [
        # Staff from before there were roles could do everything, and still can.
        migrations.AddField(
            model_name="membership",
            name="role",
            field=models.CharField(choices=ROLES, default="owner", max_length=10),
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(choices=ROLES, default="member", max_length=10),
        ),
        migrations.AddField(
            model_name="user",
            name="sessions_ended",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="business",
            name="second_factor_required",
            field=models.BooleanField(default=False),
        ),
    ]
