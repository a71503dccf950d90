from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("helpdesk", "0020_side_conversations")]

    operations = [
        AddIndexConcurrently(
            model_name="ticket",
            index=GinIndex(
                condition=models.Q(("tags", []), _negated=True), fields=["tags"], name="ticket_tags"
            ),
        ),
    ]
