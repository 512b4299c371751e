from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mail', '0001_message'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['business', 'recipient', '-id'], name='mail_to_address'),
        ),
    ]
