from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

# Of those that wait now only the last change is known.
SINCE = """
    UPDATE helpdesk_ticket SET status_since = updated_at
    WHERE status = 'waiting_customer' AND status_since IS NULL
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("helpdesk", "0018_time_in_a_state_is_kept")]

    operations = [
        migrations.RunSQL(SINCE, migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("closes_itself", True), ("status", "waiting_customer")),
                fields=["status_since"],
                name="ticket_waiting",
            ),
        ),
    ]
