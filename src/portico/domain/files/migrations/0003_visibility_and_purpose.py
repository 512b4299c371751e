from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("files", "0002_original")]

    operations = [
        # What was kept until now was shown to its customer, and stays so.
        migrations.AddField("file", "visible", models.BooleanField(default=True)),
        migrations.AlterField("file", "visible", models.BooleanField(default=False)),
        migrations.AddField(
            "file",
            "purpose",
            models.CharField(
                choices=[("attachment", "Attachment"), ("document_pdf", "Document Pdf")],
                default="attachment",
                max_length=12,
            ),
        ),
        migrations.AddField("file", "preview_path", models.CharField(blank=True, default="", max_length=200), False),
        migrations.AddConstraint(
            "file",
            models.UniqueConstraint(
                condition=models.Q(("purpose", "document_pdf")), fields=("subject_id",), name="one_pdf_of_document"
            ),
        ),
    ]
