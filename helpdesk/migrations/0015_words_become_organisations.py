"""The organisation of a customer as a row and as a word are kept together, whoever writes either: by trigger, so that
imports by COPY and corrections by hand keep to it as well. Who comes with an address whose domain was claimed joins.

Words there are already become organisations, and their customers members, a few thousand a transaction; run again, it
goes on where it stopped.
"""

from typing import Any

from django.db import migrations

BATCH = 20_000
KEEP = """
    CREATE FUNCTION helpdesk_organisation_called(called text) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE found_id bigint;
    BEGIN
        SELECT coalesce(merged_into_id, id) INTO found_id FROM helpdesk_organisation WHERE lower(name) = lower(called);
        IF found_id IS NULL THEN
            INSERT INTO helpdesk_organisation (name, created_at) VALUES (called, now()) ON CONFLICT DO NOTHING;
            SELECT coalesce(merged_into_id, id) INTO found_id FROM helpdesk_organisation
                WHERE lower(name) = lower(called);
        END IF;
        RETURN found_id;
    END $$;
    CREATE FUNCTION helpdesk_organisation_of_customer() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        row helpdesk_organisation;
        word text := btrim(regexp_replace(NEW.organisation, '[[:space:]]+', ' ', 'g'));
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF NEW.member_of_id IS NULL AND word <> '' THEN
                NEW.member_of_id := helpdesk_organisation_called(word);
            ELSIF NEW.member_of_id IS NULL AND NEW.email IS NOT NULL THEN
                SELECT organisation_id INTO NEW.member_of_id FROM helpdesk_organisationdomain
                    WHERE domain = split_part(NEW.email, '@', 2);
            END IF;
        ELSIF NEW.member_of_id IS NOT DISTINCT FROM OLD.member_of_id THEN
            NEW.member_of_id := CASE WHEN word <> '' THEN helpdesk_organisation_called(word) END;
        END IF;
        IF NEW.member_of_id IS NULL THEN
            NEW.organisation := '';
        ELSE
            SELECT * INTO row FROM helpdesk_organisation WHERE id = NEW.member_of_id;
            NEW.organisation := row.name;
            NEW.segment := coalesce(nullif(NEW.segment, ''), row.segment);
        END IF;
        IF TG_OP = 'UPDATE' AND OLD.member_of_id IS NOT NULL AND NEW.member_of_id IS DISTINCT FROM OLD.member_of_id
            -- Whoever is carried along by a merge of two organisations stays what they were.
            AND NOT EXISTS (SELECT FROM helpdesk_organisation gone
                            WHERE gone.id = OLD.member_of_id AND gone.merged_into_id = NEW.member_of_id) THEN
            NEW.member_since := now();
            NEW.is_manager := false;
        END IF;
        RETURN NEW;
    END $$;
    CREATE FUNCTION helpdesk_organisation_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE helpdesk_customer SET organisation = NEW.name WHERE member_of_id = NEW.id;
        RETURN NULL;
    END $$;
    CREATE TRIGGER helpdesk_customer_joins BEFORE INSERT ON helpdesk_customer FOR EACH ROW
        WHEN (NEW.email IS NOT NULL OR NEW.organisation <> '' OR NEW.member_of_id IS NOT NULL)
        EXECUTE FUNCTION helpdesk_organisation_of_customer();
    CREATE TRIGGER helpdesk_customer_moves BEFORE UPDATE OF organisation, member_of_id ON helpdesk_customer
        FOR EACH ROW WHEN (NEW.organisation IS DISTINCT FROM OLD.organisation
                           OR NEW.member_of_id IS DISTINCT FROM OLD.member_of_id)
        EXECUTE FUNCTION helpdesk_organisation_of_customer();
    CREATE TRIGGER helpdesk_organisation_is_renamed AFTER UPDATE OF name ON helpdesk_organisation FOR EACH ROW
        WHEN (NEW.name IS DISTINCT FROM OLD.name) EXECUTE FUNCTION helpdesk_organisation_renamed();
"""
LEAVE = """
    DROP TRIGGER helpdesk_organisation_is_renamed ON helpdesk_organisation;
    DROP TRIGGER helpdesk_customer_moves ON helpdesk_customer;
    DROP TRIGGER helpdesk_customer_joins ON helpdesk_customer;
    DROP FUNCTION helpdesk_organisation_renamed();
    DROP FUNCTION helpdesk_organisation_of_customer();
    DROP FUNCTION helpdesk_organisation_called(text);
"""
# A word of blanks alone changes to none; every other one is made the organisation's own, and its customer a member.
TAKE_OVER = """
    UPDATE helpdesk_customer SET
        member_of_id = CASE WHEN btrim(organisation) <> ''
            THEN helpdesk_organisation_called(btrim(regexp_replace(organisation, '[[:space:]]+', ' ', 'g'))) END,
        organisation = CASE WHEN btrim(organisation) <> '' THEN organisation ELSE '' END
    WHERE id > %s AND id <= %s AND organisation <> '' AND member_of_id IS NULL
"""


def take_over(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(id), 1) - 1, coalesce(max(id), 0) FROM helpdesk_customer")
        first, last = cursor.fetchone()
        for start in range(first, last, BATCH):
            cursor.execute(TAKE_OVER, [start, start + BATCH])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("helpdesk", "0014_organisations")]

    operations = [
        migrations.RunSQL(KEEP, LEAVE),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
