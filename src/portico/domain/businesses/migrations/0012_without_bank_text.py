from django.db import migrations


class Migration(migrations.Migration):
    """Apart from the rows that the step before wrote: PostgreSQL alters no table with checks of a transaction pending."""

    dependencies = [("businesses", "0011_bank_accounts_and_instructions")]

    operations = [
        migrations.RemoveField("business", "bank_details"),
        migrations.RemoveField("business", "check_instructions"),
        migrations.RemoveField("business", "cash_instructions"),
    ]
