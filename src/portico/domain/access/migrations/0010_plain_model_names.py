from django.db import migrations, models


class Migration(migrations.Migration):
    """Give models their plain names; the tables and columns keep theirs, so the database does not change."""

    dependencies = [
        ("access", "0009_server_keys"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Challenge", "EmailVerification"),
                migrations.AlterModelTable("EmailVerification", "access_challenge"),
                migrations.RenameField("EmailVerification", "met_at", "verified_at"),
                migrations.AlterField(
                    "EmailVerification", "verified_at", models.DateTimeField(db_column="met_at", null=True)
                ),
                migrations.RenameModel("IdempotentAnswer", "StoredResponse"),
                migrations.AlterModelTable("StoredResponse", "access_idempotentanswer"),
                migrations.RenameModel("Tally", "RateLimitCounter"),
                migrations.AlterModelTable("RateLimitCounter", "access_tally"),
            ]
        )
    ]
