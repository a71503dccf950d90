import uuid
from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import apps.response.models.remedy


class Migration(migrations.Migration):
    replaces = [
        ("response", "0001_initial"),
        ("response", "0002_recoding_by_hand"),
        ("response", "0003_views_are_saved"),
        ("response", "0004_tickets_are_linked"),
        ("response", "0005_columns_of_own_fields"),
        ("response", "0006_merges_can_be_undone"),
        ("response", "0007_drafts_on_the_server"),
        ("response", "0008_messages_can_be_split_off"),
        ("response", "0009_acts_on_many_tickets_and_play"),
        ("response", "0010_put_off_tasks_and_time"),
        ("response", "0011_macros_act"),
        ("response", "0012_remedies_and_approvals"),
        ("response", "0013_old_remedies_are_rows"),
        ("response", "0014_followers_and_mentions"),
        ("response", "0015_answers_to_what_is_over"),
        ("response", "0016_rules"),
        ("response", "0017_what_waits_in_vain_ends"),
        ("response", "0018_answers_for_later"),
        ("response", "0019_tags_are_renamed"),
        ("response", "0020_gifts_are_given"),
        ("response", "0021_calls_are_logged"),
    ]

    initial = True

    dependencies = [
        ("helpdesk", "0001_tables"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("query", models.CharField(blank=True, max_length=500)),
                ("acts", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("total", models.PositiveIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "running", "undoing"])),
                        fields=["id"],
                        name="bulk_at_work",
                    ),
                    models.Index(fields=["asked_by", "-id"], name="bulk_of_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("done", "Done"),
                            ("same", "It was so already"),
                            ("refused", "Refused"),
                            ("undone", "Undone"),
                            ("stays", "Not undone"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=300)),
                ("done", models.JSONField(default=list)),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="response.bulkjob",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["job", "state", "id"], name="bulk_rows_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("job", "ticket"), name="a_ticket_once_in_bulk")
                ],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=40)),
                (
                    "direction",
                    models.CharField(
                        choices=[("in", "The customer called"), ("out", "We called")], max_length=3
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("talked", "Spoken, not settled yet"),
                            ("settled", "Settled"),
                            ("call_back", "We call back"),
                            ("message_left", "Message left"),
                            ("no_answer", "Nobody answered"),
                        ],
                        max_length=12,
                    ),
                ),
                ("call_back_at", models.DateTimeField(blank=True, null=True)),
                ("logged_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.customer",
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="helpdesk.note",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["-begun_at", "-pk"],
                "indexes": [models.Index(fields=["customer", "-begun_at"], name="call_of_customer")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("call_back_at__isnull", False), ("outcome", "call_back")),
                            models.Q(
                                models.Q(("outcome", "call_back"), _negated=True),
                                ("call_back_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="a_call_back_has_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=200)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("is_required", models.BooleanField(default=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["assignee", "due_at", "id"],
                        name="task_of_assignee",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("assignee__isnull", False),
                            ("done_at__isnull", True),
                            ("reminded_at__isnull", True),
                        ),
                        fields=["due_at"],
                        name="task_to_remind",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_done_task_says_by_whom",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Checklist",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                (
                    "lines",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=202), size=None
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.department",
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="helpdesk.issue",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="ChecklistEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=80)),
                (
                    "lines",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=202), size=None
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="helpdesk.department",
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="helpdesk.issue",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="response.checklist",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClosingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("remind_after", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("warn_after", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("close_after", models.PositiveSmallIntegerField()),
                (
                    "ends_as",
                    models.CharField(choices=[("solved", "Solved"), ("closed", "Closed")], max_length=6),
                ),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("is_on", models.BooleanField(default=False)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.department",
                    ),
                ),
                (
                    "status",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.ticketstatus",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("department", "status"),
                        name="one_closing_rule_for_each",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("remind_after", None),
                                ("remind_after__lt", models.F("close_after")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("warn_after", None),
                                ("warn_after__lt", models.F("close_after")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("remind_after", None),
                                ("warn_after", None),
                                ("remind_after__lt", models.F("warn_after")),
                                _connector="OR",
                            ),
                        ),
                        name="closing_steps_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosingRuleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("remind_after", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("warn_after", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("close_after", models.PositiveSmallIntegerField()),
                (
                    "ends_as",
                    models.CharField(choices=[("solved", "Solved"), ("closed", "Closed")], max_length=6),
                ),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("is_on", models.BooleanField(default=False)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="helpdesk.department",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="response.closingrule",
                    ),
                ),
                (
                    "status",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="helpdesk.ticketstatus",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClosingStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reminder", "Reminded"),
                            ("warning", "Warned"),
                            ("close", "Closed"),
                            ("stays", "Stays open"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="helpdesk.message",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="response.closingrule",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "since", "kind"), name="a_closing_step_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["since", "id"],
                "indexes": [models.Index(fields=["user", "ticket"], name="tickets_followed")],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "user"), name="one_follows_a_ticket_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.note"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["user", "-at"], name="mentions_of_user")],
                "constraints": [
                    models.UniqueConstraint(fields=("note", "user"), name="one_is_mentioned_in_a_note_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketLink",
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
                            ("related", "Related to"),
                            ("duplicate", "Duplicate of"),
                            ("child", "Child of"),
                            ("blocks", "Blocks"),
                            ("follow_up", "Follow-up of"),
                        ],
                        max_length=9,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.comparison.Least("first", "second"),
                        django.db.models.functions.comparison.Greatest("first", "second"),
                        models.F("kind"),
                        name="two_tickets_once_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first", models.F("second")), _negated=True),
                        name="ticket_not_linked_to_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JointAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("body", models.TextField()),
                ("then", models.CharField(max_length=5)),
                ("asked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="JointAnswerTicket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("done_at", models.DateTimeField(null=True)),
                ("why_not", models.CharField(blank=True, max_length=300)),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="response.jointanswer",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="helpdesk.message",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)), fields=["id"], name="child_to_answer"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("answer", "ticket"), name="a_child_is_answered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "remedy",
                    models.CharField(
                        choices=[
                            ("none", "Nothing"),
                            ("explanation", "Explanation"),
                            ("apology", "Apology"),
                            ("gift", "Gift"),
                            ("repair", "Repair or correction"),
                            ("replacement", "Replacement"),
                            ("refund", "Refund"),
                            ("credit", "Credit or voucher"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.CharField(max_length=200)),
                ("segment", models.CharField(blank=True, max_length=60)),
                (
                    "alone_from",
                    models.CharField(
                        choices=[
                            ("agent", "Customer service representative"),
                            ("lead", "Team lead"),
                            ("admin", "Administrator"),
                        ],
                        default="agent",
                        max_length=12,
                    ),
                ),
                ("agent_limit", models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12)),
                ("lead_limit", models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.issue"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agent_limit__gte", 0), ("lead_limit__gte", models.F("agent_limit"))
                        ),
                        name="a_lead_may_offer_as_much_as_an_agent",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OfferEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "remedy",
                    models.CharField(
                        choices=[
                            ("none", "Nothing"),
                            ("explanation", "Explanation"),
                            ("apology", "Apology"),
                            ("gift", "Gift"),
                            ("repair", "Repair or correction"),
                            ("replacement", "Replacement"),
                            ("refund", "Refund"),
                            ("credit", "Credit or voucher"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.CharField(max_length=200)),
                ("segment", models.CharField(blank=True, max_length=60)),
                (
                    "alone_from",
                    models.CharField(
                        choices=[
                            ("agent", "Customer service representative"),
                            ("lead", "Team lead"),
                            ("admin", "Administrator"),
                        ],
                        default="agent",
                        max_length=12,
                    ),
                ),
                ("agent_limit", models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12)),
                ("lead_limit", models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "issue",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="helpdesk.issue",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="response.offer",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RemedyCeiling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("per_day", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("per_customer", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RemedyCeilingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("per_day", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("per_customer", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="response.remedyceiling",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="GivenRemedy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "remedy",
                    models.CharField(
                        choices=[
                            ("none", "Nothing"),
                            ("explanation", "Explanation"),
                            ("apology", "Apology"),
                            ("gift", "Gift"),
                            ("repair", "Repair or correction"),
                            ("replacement", "Replacement"),
                            ("refund", "Refund"),
                            ("credit", "Credit or voucher"),
                        ],
                        max_length=12,
                    ),
                ),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                (
                    "currency",
                    models.CharField(default=apps.response.models.remedy.our_currency, max_length=8),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("guidance_version", models.PositiveIntegerField(blank=True, null=True)),
                ("given_at", models.DateTimeField()),
                ("struck_at", models.DateTimeField(blank=True, null=True)),
                ("struck_why", models.CharField(blank=True, max_length=200)),
                (
                    "given_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.issue"
                    ),
                ),
                (
                    "struck_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="response.offer",
                    ),
                ),
            ],
            options={
                "ordering": ["given_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("struck_at__isnull", True)),
                        fields=["given_at"],
                        name="remedy_over_time",
                    ),
                    models.Index(fields=["given_by", "given_at"], name="remedy_of_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__isnull", True),
                            models.Q(("amount__gte", 0), ("remedy__in", ["refund", "credit", "replacement"])),
                            _connector="OR",
                        ),
                        name="an_amount_is_of_money",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("struck_at__isnull", True), ("struck_by__isnull", True), ("struck_why", "")
                            ),
                            models.Q(
                                ("struck_at__isnull", False),
                                ("struck_by__isnull", False),
                                models.Q(("struck_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="what_was_struck_says_who_and_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=[("remedy", "A remedy")], default="remedy", max_length=12)),
                (
                    "remedy",
                    models.CharField(
                        choices=[
                            ("none", "Nothing"),
                            ("explanation", "Explanation"),
                            ("apology", "Apology"),
                            ("gift", "Gift"),
                            ("repair", "Repair or correction"),
                            ("replacement", "Replacement"),
                            ("refund", "Refund"),
                            ("credit", "Credit or voucher"),
                        ],
                        max_length=12,
                    ),
                ),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("why", models.CharField(max_length=500)),
                ("above", models.CharField(blank=True, max_length=300)),
                ("asked_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for an answer"),
                            ("asked_back", "There is a question"),
                            ("approved", "Approved, not given yet"),
                            ("used", "Approved and given"),
                            ("refused", "Refused"),
                            ("expired", "Nobody answered in time"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                (
                    "next_step",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Remind"), (2, "Ask the administrators too"), (3, "Give up")], default=1
                    ),
                ),
                ("next_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.CharField(blank=True, max_length=500)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.issue"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "given",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="approval",
                        to="response.givenremedy",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="response.offer",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "pk"],
                "indexes": [
                    models.Index(fields=["ticket"], name="approval_of_ticket"),
                    models.Index(
                        condition=models.Q(("state__in", ["asked", "asked_back"])),
                        fields=["next_at"],
                        name="approval_due",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AskedApprover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "approval",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="asked",
                        to="response.approval",
                    ),
                ),
                (
                    "instead_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["user", "approval"], name="approvals_of_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("approval", "user"), name="asked_once_for_an_approval")
                ],
            },
        ),
        migrations.CreateModel(
            name="Macro",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("body", models.TextField(blank=True)),
                (
                    "then",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Leave it open"),
                            ("wait", "Wait for the customer"),
                            ("solve", "Solve"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("acts", models.JSONField(blank=True, default=list)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "department", "owner"),
                        name="macro_name_once_in_a_department",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("owner__isnull", True), ("department__isnull", True), _connector="OR"
                        ),
                        name="an_own_macro_has_no_department",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MacroEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("body", models.TextField(blank=True)),
                (
                    "then",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Leave it open"),
                            ("wait", "Wait for the customer"),
                            ("solve", "Solve"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("acts", models.JSONField(blank=True, default=list)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="helpdesk.department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="response.macro",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MacroUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("done", models.JSONField(default=list)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "macro",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="uses", to="response.macro"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.message",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["macro", "-at"], name="use_of_macro")],
            },
        ),
        migrations.CreateModel(
            name="Guidance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("questions", models.TextField(blank=True)),
                ("solution_space", models.TextField(blank=True)),
                ("explanation", models.TextField(blank=True)),
                ("prevention_tip", models.TextField(blank=True)),
                ("known_error", models.TextField(blank=True)),
                ("agent_limit", models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12)),
                ("lead_limit", models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12)),
                ("version", models.PositiveIntegerField(db_default=1, default=1)),
                (
                    "issue",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.issue"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agent_limit__gte", 0), ("lead_limit__gte", models.F("agent_limit"))
                        ),
                        name="a_lead_may_give_as_much_as_an_agent",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GuidanceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("questions", models.TextField(blank=True)),
                ("solution_space", models.TextField(blank=True)),
                ("explanation", models.TextField(blank=True)),
                ("prevention_tip", models.TextField(blank=True)),
                ("known_error", models.TextField(blank=True)),
                ("agent_limit", models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12)),
                ("lead_limit", models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12)),
                ("version", models.PositiveIntegerField(db_default=1, default=1)),
                (
                    "issue",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="helpdesk.issue",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="response.guidance",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="GuidanceEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(blank=True, null=True)),
                ("words", models.JSONField()),
                ("made_at", models.DateTimeField()),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.issue"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("issue", "number"), name="each_version_of_guidance_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("number__isnull", True)),
                        fields=("issue",),
                        name="one_draft_of_guidance",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FoundFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.CharField(max_length=300)),
                ("answer", models.CharField(max_length=500)),
                ("found_at", models.DateTimeField()),
                (
                    "found_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.issue"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ticket", "question"), name="a_question_answered_once_on_a_ticket"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=[("reply", "Reply"), ("note", "Note")], max_length=5)),
                ("writer", models.CharField(max_length=40)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("text", models.TextField(blank=True)),
                ("files", models.JSONField(blank=True, default=list)),
                (
                    "cc",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=254), blank=True, null=True, size=None
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "macro",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="response.macro",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "ticket", "kind", "writer"), name="a_draft_of_each_composer_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("status_before", models.CharField(max_length=16)),
                ("solved_at_before", models.DateTimeField(null=True)),
                ("closed_at_before", models.DateTimeField(null=True)),
                (
                    "brought",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.EmailField(max_length=254), default=list, size=None
                    ),
                ),
                ("merged_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "into",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "merged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("ticket",),
                        name="a_ticket_is_merged_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlayClaim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlaySkip",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "ticket"), name="a_ticket_skipped_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SampledWeek",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("monday", models.DateField(unique=True)),
                ("coded", models.PositiveIntegerField()),
                ("drawn_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-monday"],
            },
        ),
        migrations.CreateModel(
            name="SecondReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("disputed", "Readers of this code often differ"),
                            ("doubted", "The words point elsewhere"),
                            ("any", "By chance"),
                        ],
                        max_length=8,
                    ),
                ),
                ("chance", models.FloatField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "To be read"),
                            ("agreed", "Both agree"),
                            ("differs", "To be settled"),
                            ("settled", "Settled"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("first_at", models.DateTimeField()),
                ("second_at", models.DateTimeField(null=True)),
                ("seconds", models.PositiveIntegerField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "first_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first_issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.issue"
                    ),
                ),
                (
                    "second_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second_issue",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.issue",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "suggested",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.issue",
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "true_issue",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.issue",
                    ),
                ),
                (
                    "week",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="response.sampledweek",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["first_at"], name="reading_first_at"),
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "differs"])),
                        fields=["state"],
                        name="reading_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("chance__gt", 0), ("chance__lte", 1)), name="a_chance_is_a_share"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("second_by", models.F("first_by")), _negated=True),
                        name="nobody_checks_own_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_by", models.F("first_by")), _negated=True),
                            models.Q(("settled_by", models.F("second_by")), _negated=True),
                        ),
                        name="a_third_person_settles",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("second_by", None),
                                ("second_issue", None),
                                ("state__in", ["waiting", "lapsed"]),
                            ),
                            models.Q(
                                ("second_by__isnull", False),
                                ("second_issue__isnull", False),
                                ("state__in", ["agreed", "differs", "settled"]),
                            ),
                            _connector="OR",
                        ),
                        name="what_was_read_has_two_codes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Split",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opened", models.BooleanField()),
                (
                    "messages",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("made_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True),
                        name="split_between_two_tickets",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=500)),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("group_by", models.CharField(blank=True, max_length=20)),
                (
                    "sharing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Only me"),
                            ("department", "A department"),
                            ("role", "A role"),
                            ("everybody", "Everybody who answers tickets"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agent", "Customer service representative"),
                            ("lead", "Team lead"),
                            ("owner", "Department owner"),
                            ("analyst", "Analyst"),
                            ("admin", "Administrator"),
                            ("customer", "Customer"),
                            ("api_client", "API client"),
                            ("system", "System"),
                        ],
                        max_length=12,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=100)),
                ("saved_at", models.DateTimeField()),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["position", "name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="ticket_view_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("department__isnull", False), ("role", ""), ("sharing", "department")),
                            models.Q(
                                ("department__isnull", True),
                                ("sharing", "role"),
                                models.Q(("role", ""), _negated=True),
                            ),
                            models.Q(
                                ("department__isnull", True), ("role", ""), ("sharing__in", ["", "everybody"])
                            ),
                            _connector="OR",
                        ),
                        name="a_shared_view_says_with_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandRecoding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("query", models.CharField(max_length=500)),
                ("reason", models.CharField(max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("total", models.PositiveIntegerField()),
                ("seen", models.PositiveIntegerField(default=0)),
                ("recoded", models.PositiveIntegerField(default=0)),
                ("undone", models.PositiveIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("undo_reason", models.CharField(blank=True, max_length=500)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "instead_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.issue",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.issue"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="recoding_by_hand_says_why"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HandRecodedTicket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("recoded", "Recoded"),
                            ("left", "Left as it was"),
                            ("undone", "Undone"),
                            ("stays", "Stays recoded"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=80)),
                ("before", models.JSONField(default=list)),
                ("recoded_at", models.DateTimeField(null=True)),
                (
                    "issue_before",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.issue"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "recoding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="response.handrecoding",
                    ),
                ),
            ],
            options={
                "ordering": ["ticket_id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recoding", "ticket"), name="a_ticket_once_in_recoding_by_hand"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReopenPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "returns_to",
                    models.CharField(
                        choices=[
                            ("assignee", "Whoever had it last, if they are there"),
                            ("department", "The department"),
                        ],
                        default="assignee",
                        max_length=10,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.department",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "reopen policies",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("department",), name="one_reopen_policy_a_department", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReopenPolicyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "returns_to",
                    models.CharField(
                        choices=[
                            ("assignee", "Whoever had it last, if they are there"),
                            ("department", "The department"),
                        ],
                        default="assignee",
                        max_length=10,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="helpdesk.department",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="response.reopenpolicy",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                (
                    "when",
                    models.CharField(
                        choices=[
                            ("opened", "A ticket is opened"),
                            ("wrote", "The customer writes"),
                            ("replied", "We reply"),
                            ("noted", "A note is added"),
                            ("state", "The state changes"),
                            ("assigned", "It is given to somebody"),
                            ("moved", "It goes to another department"),
                            ("classified", "It is classified"),
                            ("rated", "Its severity changes"),
                            ("described", "Its product, tags or fields change"),
                            ("warned", "A clock is about to run out"),
                            ("breached", "A clock runs out"),
                            ("survey", "A survey is answered"),
                            ("timed", "By the clock"),
                        ],
                        max_length=12,
                    ),
                ),
                ("every_minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("conditions", models.JSONField()),
                ("acts", models.JSONField()),
                ("position", models.PositiveIntegerField()),
                ("stops", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField()),
                (
                    "acts_as",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.department",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_active", True)), fields=["when"], name="rules_in_use"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("every_minutes__gt", 0), ("when", "timed")),
                            models.Q(models.Q(("when", "timed"), _negated=True), ("every_minutes", None)),
                            _connector="OR",
                        ),
                        name="timed_rules_say_how_often",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=80)),
                (
                    "when",
                    models.CharField(
                        choices=[
                            ("opened", "A ticket is opened"),
                            ("wrote", "The customer writes"),
                            ("replied", "We reply"),
                            ("noted", "A note is added"),
                            ("state", "The state changes"),
                            ("assigned", "It is given to somebody"),
                            ("moved", "It goes to another department"),
                            ("classified", "It is classified"),
                            ("rated", "Its severity changes"),
                            ("described", "Its product, tags or fields change"),
                            ("warned", "A clock is about to run out"),
                            ("breached", "A clock runs out"),
                            ("survey", "A survey is answered"),
                            ("timed", "By the clock"),
                        ],
                        max_length=12,
                    ),
                ),
                ("every_minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("conditions", models.JSONField()),
                ("acts", models.JSONField()),
                ("position", models.PositiveIntegerField()),
                ("stops", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField()),
                (
                    "acts_as",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="helpdesk.department",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="response.rule",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RuleHealth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("looked_at", models.DateTimeField(null=True)),
                ("errors", models.PositiveSmallIntegerField(default=0)),
                ("why_off", models.CharField(blank=True, max_length=300)),
                (
                    "rule",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="health", to="response.rule"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RuleRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event", models.BigIntegerField(null=True, unique=True)),
                (
                    "when",
                    models.CharField(
                        choices=[
                            ("opened", "A ticket is opened"),
                            ("wrote", "The customer writes"),
                            ("replied", "We reply"),
                            ("noted", "A note is added"),
                            ("state", "The state changes"),
                            ("assigned", "It is given to somebody"),
                            ("moved", "It goes to another department"),
                            ("classified", "It is classified"),
                            ("rated", "Its severity changes"),
                            ("described", "Its product, tags or fields change"),
                            ("warned", "A clock is about to run out"),
                            ("breached", "A clock runs out"),
                            ("survey", "A survey is answered"),
                            ("timed", "By the clock"),
                        ],
                        max_length=12,
                    ),
                ),
                ("chain", models.JSONField(default=list)),
                ("depth", models.PositiveSmallIntegerField(default=0)),
                ("looks", models.JSONField(default=list)),
                ("fitted", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["ticket", "-at"], name="rule_runs_of_ticket"),
                    models.Index(fields=["fitted", "at"], name="rule_runs_to_forget"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleFiring",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("passed", "Did not fit"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                            ("error", "Failed"),
                            ("looped", "Not again in this chain"),
                            ("capped", "Often enough within the hour"),
                            ("stopped", "Not looked: a rule before it stops"),
                        ],
                        max_length=7,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="response.rule"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="firings",
                        to="response.rulerun",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["rule", "-at"], name="firings_of_rule"),
                    models.Index(fields=["ticket", "rule", "-at"], name="firings_on_ticket"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "rule"), name="a_rule_fires_once_in_a_run")
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="response.rule"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("rule", "ticket"), name="once_for_each_entry")
                ],
            },
        ),
        migrations.CreateModel(
            name="LaterReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("body", models.TextField()),
                ("files", models.JSONField(default=list)),
                (
                    "cc",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.EmailField(max_length=254), null=True, size=None
                    ),
                ),
                (
                    "then",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Leave it open"),
                            ("wait", "Wait for the customer"),
                            ("solve", "Solve"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("holds", models.BooleanField(default=True)),
                ("seen", models.BigIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for its time"),
                            ("held", "Held back"),
                            ("sent", "Sent"),
                            ("taken_back", "Taken back"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("why", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="helpdesk.message",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "macro",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="response.macro",
                    ),
                ),
            ],
            options={
                "ordering": ["due_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["due_at"], name="answers_due_later"
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "held"])),
                        fields=["ticket"],
                        name="answers_of_ticket_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Snooze",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField()),
                ("by_mail", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("woken_at", models.DateTimeField(blank=True, null=True)),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not yet"),
                            ("time", "Its time came"),
                            ("customer", "The customer wrote"),
                            ("hand", "By hand"),
                            ("over", "It was over before"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("woken_at__isnull", True)), fields=["until"], name="snooze_due"
                    ),
                    models.Index(
                        condition=models.Q(("seen_at__isnull", True), ("woken_at__isnull", False)),
                        fields=["user", "ticket"],
                        name="snooze_back",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("woken_at__isnull", True)),
                        fields=("user", "ticket"),
                        name="one_snooze_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TagChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tag", models.CharField(max_length=60)),
                ("into", models.CharField(blank=True, max_length=60)),
                ("tickets", models.PositiveIntegerField()),
                ("rules", models.PositiveIntegerField(default=0)),
                ("macros", models.PositiveIntegerField(default=0)),
                ("views", models.PositiveIntegerField(default=0)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("jobs", models.ManyToManyField(related_name="+", to="response.bulkjob")),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="TimeEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField()),
                ("what", models.CharField(blank=True, max_length=200)),
                ("worked_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("struck_at", models.DateTimeField(blank=True, null=True)),
                ("struck_why", models.CharField(blank=True, max_length=200)),
                (
                    "struck_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-worked_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("struck_at__isnull", True)),
                        fields=["worked_at", "user"],
                        name="time_worked",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 1), ("minutes__lte", 1440)),
                        name="minutes_of_a_day_at_most",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("struck_at__isnull", True), ("struck_by__isnull", True), ("struck_why", "")
                            ),
                            models.Q(
                                ("struck_at__isnull", False),
                                ("struck_by__isnull", False),
                                models.Q(("struck_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="what_is_struck_out_says_by_whom_and_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RunningTimer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField()),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="remedyceiling",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "response_remedyceilingevent" ("id", "per_customer", "per_day", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."per_customer", NEW."per_day", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="b5f8ebc64fe4510aad3b3dcc405724fa78c8913f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_3d8de",
                    table="response_remedyceiling",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="remedyceiling",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "response_remedyceilingevent" ("id", "per_customer", "per_day", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."per_customer", NEW."per_day", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="a6de2d11b17bec67052a023219fb9e23d0d62368",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_72e46",
                    table="response_remedyceiling",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bulkjob",
            trigger=pgtrigger.compiler.Trigger(
                name="bulk_states",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{waiting:running,waiting:stopped,running:done,running:stopped,done:undoing,stopped:undoing,undoing:undone}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="220ed15c31b543fd6497251698301bcdc9ccaa35",
                    operation="UPDATE",
                    pgid="pgtrigger_bulk_states_4d225",
                    table="response_bulkjob",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="checklist",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "response_checklistevent" ("department_id", "id", "is_active", "issue_id", "lines", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."department_id", NEW."id", NEW."is_active", NEW."issue_id", NEW."lines", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="f3106dc0008240fb2415982330a3d690e16936f3",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_fc77a",
                    table="response_checklist",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="checklist",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "response_checklistevent" ("department_id", "id", "is_active", "issue_id", "lines", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."department_id", NEW."id", NEW."is_active", NEW."issue_id", NEW."lines", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="d059dea923ad4af98b650d4ce9b1a2739db030e9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8d730",
                    table="response_checklist",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="checklistevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2a20749004afda37b337afce65ae5c6d31a29f87",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6bb88",
                    table="response_checklistevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closingrule",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "response_closingruleevent" ("close_after", "department_id", "ends_as", "id", "is_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_after", "status_id", "texts", "warn_after") VALUES (NEW."close_after", NEW."department_id", NEW."ends_as", NEW."id", NEW."is_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."remind_after", NEW."status_id", NEW."texts", NEW."warn_after"); RETURN NULL;',
                    hash="1fa7b193e3b9ee7ae07b33a9d1a9691607aaea7e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ff35c",
                    table="response_closingrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closingrule",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "response_closingruleevent" ("close_after", "department_id", "ends_as", "id", "is_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_after", "status_id", "texts", "warn_after") VALUES (NEW."close_after", NEW."department_id", NEW."ends_as", NEW."id", NEW."is_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."remind_after", NEW."status_id", NEW."texts", NEW."warn_after"); RETURN NULL;',
                    hash="99e75470ec887387f62584b7e8b7c00c7da6dac0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7b2d3",
                    table="response_closingrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closingruleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4473ea96354ed70265bb60382ad76d0e1c19a88b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6c2a5",
                    table="response_closingruleevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guidance",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "response_guidanceevent" ("agent_limit", "explanation", "id", "issue_id", "known_error", "lead_limit", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prevention_tip", "questions", "solution_space", "version") VALUES (NEW."agent_limit", NEW."explanation", NEW."id", NEW."issue_id", NEW."known_error", NEW."lead_limit", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prevention_tip", NEW."questions", NEW."solution_space", NEW."version"); RETURN NULL;',
                    hash="96d3c6b6bdd48b546179bc2adeac6f2837a93255",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ae7f3",
                    table="response_guidance",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guidance",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "response_guidanceevent" ("agent_limit", "explanation", "id", "issue_id", "known_error", "lead_limit", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prevention_tip", "questions", "solution_space", "version") VALUES (NEW."agent_limit", NEW."explanation", NEW."id", NEW."issue_id", NEW."known_error", NEW."lead_limit", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prevention_tip", NEW."questions", NEW."solution_space", NEW."version"); RETURN NULL;',
                    hash="81bf399465517dabe03d1688a42ad2cb8258378c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_bd96e",
                    table="response_guidance",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guidanceevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c4f6d32d27554b68c3870d5d971f36891552ca6a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_95a1a",
                    table="response_guidanceevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="handrecoding",
            trigger=pgtrigger.compiler.Trigger(
                name="hand_recoding_states",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{waiting:running,waiting:done,waiting:stopped,running:done,running:stopped,done:undoing,stopped:undoing,undoing:undone}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="486a454e5983b8cdbcd4c92a2a9f560af7d70d42",
                    operation="UPDATE",
                    pgid="pgtrigger_hand_recoding_states_22568",
                    table="response_handrecoding",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="macro",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "response_macroevent" ("acts", "body", "department_id", "id", "is_active", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "then") VALUES (NEW."acts", NEW."body", NEW."department_id", NEW."id", NEW."is_active", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."then"); RETURN NULL;',
                    hash="011481d970dbbe0dcf967fc2f262b7abc9620e6a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1af04",
                    table="response_macro",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="macro",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "response_macroevent" ("acts", "body", "department_id", "id", "is_active", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "then") VALUES (NEW."acts", NEW."body", NEW."department_id", NEW."id", NEW."is_active", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."then"); RETURN NULL;',
                    hash="1283fd05f4ea03162ee56440d648e70bed0b797b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d700e",
                    table="response_macro",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="laterreply",
            trigger=pgtrigger.compiler.Trigger(
                name="states_of_an_answer_for_later",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{waiting:held,waiting:sent,waiting:taken_back,held:waiting,held:sent,held:taken_back}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="8a37b96fa3ff005b86146ef00fc3e124b821edde",
                    operation="UPDATE",
                    pgid="pgtrigger_states_of_an_answer_for_later_ce05e",
                    table="response_laterreply",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="macroevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="78d900a578795854f54f5177bdd936b1f8bf3e60",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b0e27",
                    table="response_macroevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "response_offerevent" ("agent_limit", "alone_from", "id", "issue_id", "lead_limit", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "remedy", "retired_at", "segment", "words") VALUES (NEW."agent_limit", NEW."alone_from", NEW."id", NEW."issue_id", NEW."lead_limit", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."remedy", NEW."retired_at", NEW."segment", NEW."words"); RETURN NULL;',
                    hash="0b4ac18db2e52bd4b24dca5ed30dd46de3525464",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5a09b",
                    table="response_offer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "response_offerevent" ("agent_limit", "alone_from", "id", "issue_id", "lead_limit", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "remedy", "retired_at", "segment", "words") VALUES (NEW."agent_limit", NEW."alone_from", NEW."id", NEW."issue_id", NEW."lead_limit", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."remedy", NEW."retired_at", NEW."segment", NEW."words"); RETURN NULL;',
                    hash="e4fc33630dd31e68a0ee7901ebbe098192382d8a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_87cdf",
                    table="response_offer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offerevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d46a5da32bfbcc16e182ddc037ebc17b68aa88a8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ff2c7",
                    table="response_offerevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="remedyceilingevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3baea3e0e2e149785f383a98205d35683cb74f9b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_1c954",
                    table="response_remedyceilingevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reopenpolicy",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "response_reopenpolicyevent" ("days", "department_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "returns_to") VALUES (NEW."days", NEW."department_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."returns_to"); RETURN NULL;',
                    hash="7934002c7c6fc62f04687b58a83f580a582ba058",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_8f974",
                    table="response_reopenpolicy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reopenpolicy",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "response_reopenpolicyevent" ("days", "department_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "returns_to") VALUES (NEW."days", NEW."department_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."returns_to"); RETURN NULL;',
                    hash="322a5d3c9920d87b8e72b7ec92907c1dd9b7cb15",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_04228",
                    table="response_reopenpolicy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reopenpolicyevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a5ccb620c9d588bd745a3961e92967c9198f6bbd",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_174e5",
                    table="response_reopenpolicyevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rule",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "response_ruleevent" ("acts", "acts_as_id", "changed_at", "changed_by_id", "conditions", "department_id", "every_minutes", "id", "is_active", "made_by_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "stops", "when") VALUES (NEW."acts", NEW."acts_as_id", NEW."changed_at", NEW."changed_by_id", NEW."conditions", NEW."department_id", NEW."every_minutes", NEW."id", NEW."is_active", NEW."made_by_id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."stops", NEW."when"); RETURN NULL;',
                    hash="2486eb7226b8bb6e3682e509a988362927ae580e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5f6ba",
                    table="response_rule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rule",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "response_ruleevent" ("acts", "acts_as_id", "changed_at", "changed_by_id", "conditions", "department_id", "every_minutes", "id", "is_active", "made_by_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "stops", "when") VALUES (NEW."acts", NEW."acts_as_id", NEW."changed_at", NEW."changed_by_id", NEW."conditions", NEW."department_id", NEW."every_minutes", NEW."id", NEW."is_active", NEW."made_by_id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."stops", NEW."when"); RETURN NULL;',
                    hash="242c52aef4964e47ae56a59602b029409c59b45e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0ab46",
                    table="response_rule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ruleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5f5d3bbdf73de62cd401ad525a4d8a405c2de779",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_73abf",
                    table="response_ruleevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="secondreading",
            trigger=pgtrigger.compiler.Trigger(
                name="states_of_a_reading",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{waiting:agreed,waiting:differs,waiting:lapsed,differs:settled}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="15b3a8c03bdf96ee2465a2505f2ce4e9a4c6a174",
                    operation="UPDATE",
                    pgid="pgtrigger_states_of_a_reading_fe60e",
                    table="response_secondreading",
                    when="BEFORE",
                ),
            ),
        ),
    ]
