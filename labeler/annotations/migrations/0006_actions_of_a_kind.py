from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0005_accept'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='labelaction',
            index=models.Index(fields=['project', 'kind'], name='actions_of_a_kind'),
        ),
    ]
