from django.db import migrations


class Migration(migrations.Migration):
    """Give the model its plain name; the table keeps its own, so the database does not change."""

    dependencies = [
        ("jobs", "0001_appointment"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Appointment", "ScheduledJob"),
                migrations.AlterModelTable("ScheduledJob", "jobs_appointment"),
            ]
        )
    ]
