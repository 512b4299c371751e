import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('businesses', '0020_profile'),
        ('customers', '0004_what_staff_keep'),
    ]

    operations = [
        migrations.CreateModel(
            name='CustomerMerge',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True)),
                ('journal', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('added', models.UUIDField(null=True)),
                ('made_by', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('business', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='businesses.business')),
                ('loser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer')),
                ('winner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['winner', '-made_at'], name='merges_of_customer')],
            },
        ),
    ]
