from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("helpdesk", "0006_fields_of_their_own")]

    operations = [
        AddIndexConcurrently(
            model_name="ticket",
            index=GinIndex(fields=["custom"], name="ticket_custom", opclasses=["jsonb_path_ops"]),
        ),
    ]
