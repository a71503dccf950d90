"""The primary address of a customer stands among their addresses, whoever writes it: by trigger, so that imports by COPY
and corrections by hand keep to it as well. An address of one customer can't become another's: the table refuses it.

Customers there are already are taken over a few thousand a transaction; run again, it goes on where it stopped.
"""

from typing import Any

from django.db import migrations

BATCH = 20_000
KEEP = """
    CREATE FUNCTION helpdesk_addresses_of_new_customers() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO helpdesk_customeraddress (customer_id, email, added_at, agreed_at, reason)
            SELECT id, email, created_at, created_at, '' FROM came WHERE email IS NOT NULL;
        RETURN NULL;
    END $$;
    CREATE FUNCTION helpdesk_address_of_customer() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO helpdesk_customeraddress AS known (customer_id, email, added_at, agreed_at, reason)
            VALUES (NEW.id, NEW.email, now(), now(), '')
            ON CONFLICT (email) DO UPDATE SET email = excluded.email WHERE known.customer_id = NEW.id;
        IF NOT FOUND THEN
            RAISE unique_violation USING MESSAGE = 'This address belongs to another customer.';
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER helpdesk_addresses_came AFTER INSERT ON helpdesk_customer REFERENCING NEW TABLE AS came
        FOR EACH STATEMENT EXECUTE FUNCTION helpdesk_addresses_of_new_customers();
    CREATE TRIGGER helpdesk_address_changed AFTER UPDATE OF email ON helpdesk_customer FOR EACH ROW
        WHEN (NEW.email IS NOT NULL AND NEW.email IS DISTINCT FROM OLD.email)
        EXECUTE FUNCTION helpdesk_address_of_customer();
"""
LEAVE = """
    DROP TRIGGER helpdesk_address_changed ON helpdesk_customer;
    DROP TRIGGER helpdesk_addresses_came ON helpdesk_customer;
    DROP FUNCTION helpdesk_address_of_customer();
    DROP FUNCTION helpdesk_addresses_of_new_customers();
"""
TAKE_OVER = """
    INSERT INTO helpdesk_customeraddress (customer_id, email, added_at, agreed_at, undeliverable_until, reason)
    SELECT id, email, created_at, created_at, undeliverable_until, '' FROM helpdesk_customer
    WHERE id > %s AND id <= %s AND email IS NOT NULL ON CONFLICT (email) DO NOTHING
"""


def take_over(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(id), 1) - 1, coalesce(max(id), 0) FROM helpdesk_customer")
        first, last = cursor.fetchone()
        for start in range(first, last, BATCH):
            cursor.execute(TAKE_OVER, [start, start + BATCH])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("helpdesk", "0008_customers_have_several_addresses")]

    operations = [
        migrations.RunSQL(KEEP, LEAVE),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
