import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("response", "0003_why_it_was_refused_is_kept_to_be_translated")]

    operations = [
        migrations.AddField(
            model_name="playclaim",
            name="since",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
    ]
