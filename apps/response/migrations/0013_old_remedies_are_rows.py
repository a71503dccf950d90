from django.conf import settings
from django.db import migrations

# What was given before several things could be given for an issue: one row for each. A few in a hundred tickets have
# any, so it is one statement.
COPY = """
    INSERT INTO response_givenremedy (ticket_id, issue_id, remedy, amount, currency, reason, given_at, struck_why)
    SELECT coded.ticket_id, coded.issue_id, coded.remedy,
           CASE WHEN coded.remedy IN ('refund', 'credit', 'replacement') AND coded.remedy_amount >= 0
                THEN coded.remedy_amount END,
           %s, '', coalesce(ticket.solved_at, coded.coded_at), ''
    FROM helpdesk_ticketissue coded JOIN helpdesk_ticket ticket ON ticket.id = coded.ticket_id
    WHERE coded.remedy <> ''
"""


class Migration(migrations.Migration):
    dependencies = [("response", "0012_remedies_and_approvals")]

    operations = [
        migrations.RunSQL(sql=[(COPY, [str(settings.CURRENCY)[:8]])], reverse_sql=migrations.RunSQL.noop)
    ]
