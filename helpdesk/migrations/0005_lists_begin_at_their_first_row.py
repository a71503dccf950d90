from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("helpdesk", "0004_refused_messages_are_found")]

    operations = [
        AddIndexConcurrently("ticket", models.Index(fields=["-updated_at"], name="ticket_updated")),
        AddIndexConcurrently("ticket", models.Index(fields=["due_at", "id"], name="ticket_by_due")),
        RemoveIndexConcurrently("ticket", "ticket_due"),
    ]
