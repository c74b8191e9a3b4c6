from django.db import migrations, models

# What a person vouched for and nobody looks for any more: it is looked for again, so that it is borne out or comes back.
LOOK_AGAIN = """
    UPDATE channels_delivery SET next_look_at = now()
    WHERE state = 'sent' AND problem IN ('ByPerson', 'ByPersonOnly') AND next_look_at IS NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0006_removal'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='wanted_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('problem__in', ['ByPerson', 'ByPersonOnly']), ('state', 'sent')), fields=['-id'], name='channels_delivery_vouched'),
        ),
        # Back: to look once too often does no harm.
        migrations.RunSQL(LOOK_AGAIN, migrations.RunSQL.noop),
    ]
