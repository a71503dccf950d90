from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("helpdesk", "0003_absence"),
    ]

    operations: ClassVar = [
        # The database fills it in by itself: no row is rewritten.
        migrations.AddField(
            model_name="ticket",
            name="campaign",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
    ]
