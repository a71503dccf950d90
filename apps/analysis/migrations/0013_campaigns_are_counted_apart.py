from django.db import migrations, models

COUNTED = (
    "opened_at", "product_id", "product_version", "department_id", "segment", "region", "channel", "contact_type",
    "customer_id", "merged_into_id", "reopened_count", "handling_minutes", "outcome",
)  # fmt: skip


def mark_changes_of(*columns: str) -> str:
    """The trigger of migration 0003, which marks the day of a ticket that is counted otherwise from now on."""
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"""
        DROP TRIGGER analysis_ticket_changed ON helpdesk_ticket;
        CREATE TRIGGER analysis_ticket_changed AFTER UPDATE OF {", ".join(columns)} ON helpdesk_ticket
            FOR EACH ROW WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION analysis_mark_ticket();
    """


class Migration(migrations.Migration):
    dependencies = [
        ("analysis", "0012_sister_products_are_looked_at"),
        ("helpdesk", "0004_tickets_a_campaign_asked_for"),
    ]

    operations = [
        migrations.AddField(
            model_name="daycount",
            name="solicited",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="calendarentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("release", "Release"),
                    ("price", "Price or fee"),
                    ("campaign", "Campaign"),
                    ("outage", "Outage"),
                    ("policy", "Policy or process"),
                    ("asked", "We asked for complaints"),
                    ("other", "Other"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunSQL(mark_changes_of(*COUNTED, "campaign"), mark_changes_of(*COUNTED)),
    ]
