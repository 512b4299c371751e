from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0012_staff_links")]

    operations = [
        migrations.RemoveConstraint("grant", "one_portal_link_per_customer"),
        migrations.AddField("grant", "leads_over", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "grant",
            models.UniqueConstraint(
                condition=models.Q(("leads_over", False), ("purpose", "portal_link"), ("revoked_at", None)),
                fields=("customer",),
                name="one_portal_link_per_customer",
            ),
        ),
    ]
