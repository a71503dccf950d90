import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("output", "0001_deliveries"), ("output", "0002_enclosures"), ("output", "0003_webhooks")]

    initial = True

    dependencies = [
        ("helpdesk", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.CharField(max_length=500)),
                ("description", models.CharField(blank=True, max_length=200)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
                    ),
                ),
                (
                    "sees_as",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("secret", models.TextField()),
                ("old_secret", models.TextField(blank=True)),
                ("old_secret_until", models.DateTimeField(blank=True, null=True)),
                ("is_on", models.BooleanField(default=True)),
                ("off_reason", models.CharField(blank=True, max_length=200)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("rests_until", models.DateTimeField(blank=True, null=True)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("url", "sees_as"), name="one_webhook_an_address_and_user"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kinds", []), _negated=True), name="webhooks_listen_to_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="output.webhook",
                    ),
                ),
                ("event_id", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=40)),
                ("body", models.TextField()),
                ("created_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("delivered", "Delivered"),
                            ("given_up", "Given up"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("attempted_at", models.DateTimeField(blank=True, null=True)),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("error", models.CharField(blank=True, max_length=300)),
                ("seconds", models.FloatField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "webhook deliveries",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("webhook", "event_id"), name="an_event_once_to_a_webhook")
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["webhook", "not_before"],
                        name="webhook_due",
                    ),
                    models.Index(fields=["webhook", "-id"], name="webhook_log"),
                    models.Index(fields=["created_at"], name="webhook_old"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reply", "Reply"),
                            ("acknowledgement", "Acknowledgement"),
                            ("notice", "Notice"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.message",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.ticket",
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=40)),
                ("key", models.CharField(blank=True, max_length=200, null=True, unique=True)),
                ("sender", models.CharField(max_length=320)),
                (
                    "to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.EmailField(max_length=254), size=None
                    ),
                ),
                (
                    "cc",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.EmailField(max_length=254), default=list, size=None
                    ),
                ),
                ("subject", models.CharField(max_length=600)),
                ("text", models.TextField()),
                ("html", models.TextField(blank=True)),
                ("headers", models.JSONField(default=dict)),
                ("letter_id", models.CharField(max_length=400, unique=True)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "Held"),
                            ("queued", "Queued"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("withdrawn", "Taken back"),
                        ],
                        max_length=10,
                    ),
                ),
                ("send_after", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.TextField(blank=True)),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "notice"), ("message__isnull", True)),
                            models.Q(models.Q(("kind", "notice"), _negated=True), ("message__isnull", False)),
                            _connector="OR",
                        ),
                        name="replies_have_a_message_notices_none",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="sent_letters_have_a_time",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["held", "queued"])),
                        fields=["send_after", "id"],
                        name="delivery_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "sending")), fields=["claimed_at"], name="delivery_stuck"
                    ),
                    models.Index(fields=["ticket", "-id"], name="delivery_of_ticket"),
                    models.Index(fields=["state", "-id"], name="delivery_state"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Enclosure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="enclosures",
                        to="output.delivery",
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("content_type", models.CharField(max_length=80)),
                ("content", models.BinaryField()),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("delivery", "name"), name="a_file_once_in_a_letter")
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delivery",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_envelope",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."message_id" IS DISTINCT FROM (NEW."message_id") OR OLD."ticket_id" IS DISTINCT FROM (NEW."ticket_id") OR OLD."about" IS DISTINCT FROM (NEW."about") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."sender" IS DISTINCT FROM (NEW."sender") OR OLD."to" IS DISTINCT FROM (NEW."to") OR OLD."cc" IS DISTINCT FROM (NEW."cc") OR OLD."subject" IS DISTINCT FROM (NEW."subject") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."html" IS DISTINCT FROM (NEW."html") OR OLD."headers" IS DISTINCT FROM (NEW."headers") OR OLD."letter_id" IS DISTINCT FROM (NEW."letter_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="ae4b127d4564f3b8d9131fc685141b71883d2c38",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_envelope_979bb",
                    table="output_delivery",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delivery",
            trigger=pgtrigger.compiler.Trigger(
                name="states_of_a_letter",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{held:sending,held:withdrawn,queued:sending,sending:sent,sending:queued,sending:failed,failed:queued}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="210d7f60c4930cba29bd178c0f66f4aedf1492e4",
                    operation="UPDATE",
                    pgid="pgtrigger_states_of_a_letter_bf654",
                    table="output_delivery",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enclosure",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_enclosure",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="3ff17a45bb16206ab60a0fc41a207fda038c6f8b",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_enclosure_4deac",
                    table="output_enclosure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="webhookdelivery",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_message",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."webhook_id" IS DISTINCT FROM (NEW."webhook_id") OR OLD."event_id" IS DISTINCT FROM (NEW."event_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="005c6382aff6b0d75a03cdd594f8835c9cbc6a9e",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_message_44d65",
                    table="output_webhookdelivery",
                    when="BEFORE",
                ),
            ),
        ),
    ]
