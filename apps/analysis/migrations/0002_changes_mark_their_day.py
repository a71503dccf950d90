"""The database marks the day of every ticket that is new, gone, coded otherwise, or changed in what is counted.

In the transaction of the change itself: a mark can't be lost, comes for bulk imports as well, and costs no task.
Rows that come or go together leave one mark a quarter of an hour (no zone's day begins within one); a changed row is looked at only where a counted column changed.
See docs/decisions/0008-the-database-marks-days.md.
"""

from django.db import migrations

COUNTED = (
    "opened_at", "product_id", "product_version", "department_id", "segment", "region", "channel", "contact_type",
    "customer_id", "merged_into_id", "reopened_count", "handling_minutes", "outcome", "campaign",
)  # fmt: skip
CODED = ("ticket_id", "issue_id", "is_primary")

FUNCTIONS = """
    CREATE FUNCTION analysis_mark_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO analysis_staleday (at)
            SELECT DISTINCT date_bin('15 minutes', opened_at, '2000-01-01 00:00Z') FROM touched;
        RETURN NULL;
    END $$;
    CREATE FUNCTION analysis_mark_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO analysis_staleday (at) VALUES (NEW.opened_at);
        IF OLD.opened_at <> NEW.opened_at THEN
            INSERT INTO analysis_staleday (at) VALUES (OLD.opened_at);
        END IF;
        RETURN NULL;
    END $$;
    CREATE FUNCTION analysis_mark_codings() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO analysis_staleday (at)
            SELECT DISTINCT date_bin('15 minutes', ticket.opened_at, '2000-01-01 00:00Z')
            FROM touched JOIN helpdesk_ticket ticket ON ticket.id = touched.ticket_id;
        RETURN NULL;
    END $$;
    CREATE FUNCTION analysis_mark_coding() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO analysis_staleday (at)
            SELECT opened_at FROM helpdesk_ticket WHERE id IN (OLD.ticket_id, NEW.ticket_id);
        RETURN NULL;
    END $$;
"""


def together(table: str, name: str, function: str) -> str:
    """Rows that come or go in one statement: marked in one."""
    return f"""
        CREATE TRIGGER analysis_{name}_came AFTER INSERT ON {table} REFERENCING NEW TABLE AS touched
            FOR EACH STATEMENT EXECUTE FUNCTION {function}();
        CREATE TRIGGER analysis_{name}_went AFTER DELETE ON {table} REFERENCING OLD TABLE AS touched
            FOR EACH STATEMENT EXECUTE FUNCTION {function}();
    """


def one_by_one(table: str, name: str, function: str, columns: tuple[str, ...]) -> str:
    """Rows that change: most changes are none of ours, and cost a comparison."""
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"""
        CREATE TRIGGER analysis_{name}_changed AFTER UPDATE OF {", ".join(columns)} ON {table}
            FOR EACH ROW WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION {function}();
    """


TRIGGERS = (
    together("helpdesk_ticket", "ticket", "analysis_mark_tickets")
    + one_by_one("helpdesk_ticket", "ticket", "analysis_mark_ticket", COUNTED)
    + together("helpdesk_ticketissue", "coding", "analysis_mark_codings")
    + one_by_one("helpdesk_ticketissue", "coding", "analysis_mark_coding", CODED)
)
AWAY = """
    DROP FUNCTION analysis_mark_tickets() CASCADE;
    DROP FUNCTION analysis_mark_ticket() CASCADE;
    DROP FUNCTION analysis_mark_codings() CASCADE;
    DROP FUNCTION analysis_mark_coding() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("analysis", "0001_tables")]

    operations = [migrations.RunSQL(FUNCTIONS + TRIGGERS, AWAY)]
