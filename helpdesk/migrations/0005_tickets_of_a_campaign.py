from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [
        ("helpdesk", "0004_tickets_a_campaign_asked_for"),
    ]

    operations: ClassVar = [
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("campaign", ""), _negated=True),
                fields=["campaign"],
                name="ticket_of_campaign",
            ),
        ),
    ]
