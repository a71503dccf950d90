from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("helpdesk", "0002_names_are_found")]

    operations = [
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                fields=["-opened_at", "outcome"],
                include=("id",),
                name="ticket_judged",
                condition=models.Q(("outcome", ""), _negated=True),
            ),
        ),
    ]
