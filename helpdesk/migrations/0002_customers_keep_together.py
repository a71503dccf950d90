"""What belongs to a customer is kept together by trigger, whoever writes it, so that imports by COPY and corrections by
hand keep to it as well: the primary address stands among their addresses, and none of them becomes another's; the
organisation as a row and as a word are the same, and who comes with an address whose domain was claimed joins.
"""

from django.db import migrations

ADDRESSES = """
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
NO_ADDRESSES = """
    DROP TRIGGER helpdesk_address_changed ON helpdesk_customer;
    DROP TRIGGER helpdesk_addresses_came ON helpdesk_customer;
    DROP FUNCTION helpdesk_address_of_customer();
    DROP FUNCTION helpdesk_addresses_of_new_customers();
"""
ORGANISATIONS = """
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
NO_ORGANISATIONS = """
    DROP TRIGGER helpdesk_organisation_is_renamed ON helpdesk_organisation;
    DROP TRIGGER helpdesk_customer_moves ON helpdesk_customer;
    DROP TRIGGER helpdesk_customer_joins ON helpdesk_customer;
    DROP FUNCTION helpdesk_organisation_renamed();
    DROP FUNCTION helpdesk_organisation_of_customer();
    DROP FUNCTION helpdesk_organisation_called(text);
"""


class Migration(migrations.Migration):
    replaces = [
        ("helpdesk", "0009_every_address_stands_in_the_table"),
        ("helpdesk", "0015_words_become_organisations"),
    ]

    dependencies = [("helpdesk", "0001_tables")]

    operations = [
        migrations.RunSQL(ADDRESSES, NO_ADDRESSES),
        migrations.RunSQL(ORGANISATIONS, NO_ORGANISATIONS),
    ]
