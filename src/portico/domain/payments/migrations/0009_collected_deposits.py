from django.db import migrations


def _name_estimates(apps, schema_editor):
    """Deposits that were collected in the portal were known by their attempt alone."""
    AttemptShare = apps.get_model("payments", "AttemptShare")
    for share in AttemptShare.objects.filter(attempt__purpose="deposit", attempt__payment__isnull=False):
        payment = share.attempt.payment
        payment.deposit_of_id = share.document_id
        payment.save(update_fields=["deposit_of"])


class Migration(migrations.Migration):
    dependencies = [("payments", "0008_deposit_of")]

    operations = [migrations.RunPython(_name_estimates, migrations.RunPython.noop)]
