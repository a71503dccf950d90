import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import apps.control.models.calendar
import apps.control.models.policy


class Migration(migrations.Migration):
    replaces = [
        ("control", "0001_initial"),
        ("control", "0002_promises_are_edited"),
        ("control", "0003_promises_to_customers"),
        ("control", "0004_referrals_go_outside"),
        ("control", "0005_recurring_tickets"),
    ]

    initial = True

    dependencies = [
        ("helpdesk", "0001_tables"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("response", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Calendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("time_zone", models.CharField(default="UTC", max_length=60)),
                (
                    "week",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(blank=True, max_length=80),
                        default=apps.control.models.calendar.working_week,
                        size=7,
                    ),
                ),
                ("country", models.CharField(blank=True, max_length=2)),
                ("subdivision", models.CharField(blank=True, max_length=10)),
                (
                    "days_off",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), blank=True, default=list, size=None
                    ),
                ),
                ("names_of_days", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="CalendarEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("time_zone", models.CharField(default="UTC", max_length=60)),
                (
                    "week",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(blank=True, max_length=80),
                        default=apps.control.models.calendar.working_week,
                        size=7,
                    ),
                ),
                ("country", models.CharField(blank=True, max_length=2)),
                ("subdivision", models.CharField(blank=True, max_length=10)),
                (
                    "days_off",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), blank=True, default=list, size=None
                    ),
                ),
                ("names_of_days", models.JSONField(blank=True, default=dict)),
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
                        to="control.calendar",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ServicePolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("order", models.PositiveSmallIntegerField(default=100)),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Critical"), (2, "High"), (3, "Normal"), (4, "Low")],
                        null=True,
                    ),
                ),
                ("segment", models.CharField(blank=True, max_length=60)),
                ("organisation", models.CharField(blank=True, db_default="", default="", max_length=200)),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("form", "Form"),
                            ("email", "E-mail"),
                            ("api", "API"),
                            ("phone", "Phone"),
                            ("walk_in", "Walk-in"),
                            ("import", "Import"),
                        ],
                        db_default="",
                        default="",
                        max_length=10,
                    ),
                ),
                ("acknowledge_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("first_reply_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("next_reply_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("next_update_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("resolve_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("referral_minutes", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "pauses_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        blank=True,
                        default=apps.control.models.policy.statuses_that_pause,
                        size=None,
                    ),
                ),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="control.calendar"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.customer",
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
                    "issue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.issue",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "service policies",
                "ordering": ["order", "name"],
            },
        ),
        migrations.CreateModel(
            name="ServicePolicyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("order", models.PositiveSmallIntegerField(default=100)),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Critical"), (2, "High"), (3, "Normal"), (4, "Low")],
                        null=True,
                    ),
                ),
                ("segment", models.CharField(blank=True, max_length=60)),
                ("organisation", models.CharField(blank=True, db_default="", default="", max_length=200)),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("form", "Form"),
                            ("email", "E-mail"),
                            ("api", "API"),
                            ("phone", "Phone"),
                            ("walk_in", "Walk-in"),
                            ("import", "Import"),
                        ],
                        db_default="",
                        default="",
                        max_length=10,
                    ),
                ),
                ("acknowledge_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("first_reply_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("next_reply_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("next_update_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("resolve_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("referral_minutes", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "pauses_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        blank=True,
                        default=apps.control.models.policy.statuses_that_pause,
                        size=None,
                    ),
                ),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "calendar",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="control.calendar",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="helpdesk.customer",
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
                        to="control.servicepolicy",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Rung",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("after_minutes", models.PositiveIntegerField(default=0)),
                (
                    "tell",
                    models.CharField(
                        choices=[
                            ("assignee", "Whoever has the ticket"),
                            ("leads", "The department's leads"),
                            ("head", "The head of the department"),
                            ("person", "A person"),
                            ("role", "Everybody of a role"),
                            ("department", "The leads of a department"),
                        ],
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
                        db_default="",
                        default="",
                        max_length=12,
                    ),
                ),
                ("times", models.PositiveSmallIntegerField(db_default=1, default=1)),
                ("repeat_minutes", models.PositiveIntegerField(blank=True, null=True)),
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
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rungs",
                        to="control.servicepolicy",
                    ),
                ),
            ],
            options={
                "ordering": ["after_minutes", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("policy", "after_minutes", "tell", "person", "role", "department"),
                        name="one_rung_of_a_kind",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("times", 1),
                            models.Q(("repeat_minutes__gt", 0), ("times__gt", 1)),
                            _connector="OR",
                        ),
                        name="what_is_told_again_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RungEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("after_minutes", models.PositiveIntegerField(default=0)),
                (
                    "tell",
                    models.CharField(
                        choices=[
                            ("assignee", "Whoever has the ticket"),
                            ("leads", "The department's leads"),
                            ("head", "The head of the department"),
                            ("person", "A person"),
                            ("role", "Everybody of a role"),
                            ("department", "The leads of a department"),
                        ],
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
                        db_default="",
                        default="",
                        max_length=12,
                    ),
                ),
                ("times", models.PositiveSmallIntegerField(db_default=1, default=1)),
                ("repeat_minutes", models.PositiveIntegerField(blank=True, null=True)),
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
                    "person",
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
                        to="control.rung",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="control.servicepolicy",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CustomerPromise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=200)),
                ("due_at", models.DateTimeField()),
                ("warn_at", models.DateTimeField()),
                ("is_public", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("broken", "Broken, still to be kept"),
                            ("kept", "Kept"),
                            ("late", "Kept late"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                ("broken_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=200)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="helpdesk.message",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
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
            ],
            options={
                "ordering": ["due_at", "pk"],
                "indexes": [
                    models.Index(fields=["ticket"], name="promise_of_ticket"),
                    models.Index(fields=["made_at"], name="promise_over_time"),
                    models.Index(
                        condition=models.Q(("state__in", ["open", "broken"])),
                        fields=["owner", "due_at"],
                        name="promise_of_person",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open"), ("warned_at__isnull", True)),
                        fields=["warn_at"],
                        name="promise_to_warn",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["due_at"], name="promise_to_break"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), _negated=True),
                            models.Q(("why", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_promise_withdrawn_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecurringTicket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("subject", models.CharField(max_length=500)),
                ("body", models.TextField()),
                ("acts", models.JSONField(blank=True, default=list)),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("daily", "Every day"),
                            ("weekdays", "On chosen weekdays"),
                            ("month_day", "Every month on a day"),
                            ("month_weekday", "Every month on a weekday, like the first Monday"),
                            ("yearly", "Every year on a date"),
                        ],
                        max_length=13,
                    ),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("week", models.SmallIntegerField(default=1)),
                ("day", models.PositiveSmallIntegerField(default=1)),
                ("month", models.PositiveSmallIntegerField(default=1)),
                ("time", models.TimeField(default=datetime.time(8, 0))),
                ("time_zone", models.CharField(default="UTC", max_length=60)),
                (
                    "off_days",
                    models.CharField(
                        choices=[("skip", "Leave it out"), ("next", "Take the next working day")],
                        default="skip",
                        max_length=4,
                    ),
                ),
                ("start_on", models.DateField()),
                ("end_on", models.DateField(blank=True, null=True)),
                ("is_paused", models.BooleanField(default=False)),
                ("why_paused", models.CharField(blank=True, max_length=300)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("changed_at", models.DateTimeField()),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="control.calendar",
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
                    "checklist",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="response.checklist",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.customer"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.department",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_paused", False)), fields=["next_at"], name="recurring_due"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecurringTicketEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("subject", models.CharField(max_length=500)),
                ("body", models.TextField()),
                ("acts", models.JSONField(blank=True, default=list)),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("daily", "Every day"),
                            ("weekdays", "On chosen weekdays"),
                            ("month_day", "Every month on a day"),
                            ("month_weekday", "Every month on a weekday, like the first Monday"),
                            ("yearly", "Every year on a date"),
                        ],
                        max_length=13,
                    ),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("week", models.SmallIntegerField(default=1)),
                ("day", models.PositiveSmallIntegerField(default=1)),
                ("month", models.PositiveSmallIntegerField(default=1)),
                ("time", models.TimeField(default=datetime.time(8, 0))),
                ("time_zone", models.CharField(default="UTC", max_length=60)),
                (
                    "off_days",
                    models.CharField(
                        choices=[("skip", "Leave it out"), ("next", "Take the next working day")],
                        default="skip",
                        max_length=4,
                    ),
                ),
                ("start_on", models.DateField()),
                ("end_on", models.DateField(blank=True, null=True)),
                ("is_paused", models.BooleanField(default=False)),
                ("why_paused", models.CharField(blank=True, max_length=300)),
                ("changed_at", models.DateTimeField()),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="control.calendar",
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
                    "checklist",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="response.checklist",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="helpdesk.customer",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_constraint=False,
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
                        to="control.recurringticket",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MadeTicket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_at", models.DateTimeField()),
                (
                    "ticket",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.ticket",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="made",
                        to="control.recurringticket",
                    ),
                ),
            ],
            options={
                "ordering": ["-due_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("template", "due_at"), name="a_recurring_ticket_opens_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("outside_name", models.CharField(blank=True, db_default="", default="", max_length=120)),
                ("outside_email", models.EmailField(blank=True, db_default="", default="", max_length=254)),
                ("reference", models.CharField(blank=True, db_default="", default="", max_length=80)),
                ("question", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("chased_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for an answer"),
                            ("answered", "Answered, to be checked with the customer"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("answer", models.TextField(blank=True)),
                ("answered_as", models.CharField(blank=True, db_default="", default="", max_length=120)),
                ("answered_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("unconfirmed_at", models.DateTimeField(null=True)),
                ("customer_confirmed", models.BooleanField(null=True)),
                ("customer_words", models.CharField(blank=True, db_default="", default="", max_length=500)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_why", models.CharField(blank=True, db_default="", default="", max_length=200)),
                (
                    "answered_by",
                    models.ForeignKey(
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
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.department",
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
                "ordering": ["asked_at", "id"],
                "indexes": [
                    models.Index(fields=["department", "state", "asked_at"], name="referral_of_department"),
                    models.Index(fields=["ticket"], name="referral_of_ticket"),
                    models.Index(
                        condition=models.Q(("state", "answered"), ("unconfirmed_at__isnull", True)),
                        fields=["checked_at"],
                        name="referral_to_confirm",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("department__isnull", False), ("outside_name", "")),
                            models.Q(
                                ("department__isnull", True), models.Q(("outside_name", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="a_referral_goes_to_a_department_or_outside",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Clock",
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
                            ("acknowledge", "Acknowledge"),
                            ("first_reply", "First reply"),
                            ("next_reply", "Next reply"),
                            ("next_update", "Next update"),
                            ("resolve", "Resolve"),
                            ("referral", "Referral"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("paused", "Paused"),
                            ("breached", "Overdue"),
                            ("met", "Met"),
                            ("met_late", "Met late"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("minutes", models.PositiveIntegerField()),
                ("started_at", models.DateTimeField()),
                ("warn_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("minutes_left", models.FloatField(null=True)),
                ("warned_at", models.DateTimeField(null=True)),
                ("breached_at", models.DateTimeField(null=True)),
                ("met_at", models.DateTimeField(null=True)),
                ("next_rung_at", models.DateTimeField(null=True)),
                (
                    "met_by_message",
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
                (
                    "referral",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clocks",
                        to="control.referral",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="control.servicepolicy",
                    ),
                ),
            ],
            options={
                "ordering": ["due_at"],
                "indexes": [
                    models.Index(fields=["ticket", "kind"], name="clock_of_ticket"),
                    models.Index(
                        condition=models.Q(("state", "running"), ("warned_at", None)),
                        fields=["warn_at"],
                        name="clock_to_warn",
                    ),
                    models.Index(
                        condition=models.Q(("state", "running")), fields=["due_at"], name="clock_to_breach"
                    ),
                    models.Index(
                        condition=models.Q(("next_rung_at__isnull", False)),
                        fields=["next_rung_at"],
                        name="clock_to_escalate",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["running", "paused", "breached"])),
                        fields=("ticket", "kind", "referral"),
                        name="one_unmet_clock_of_a_kind",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("time", models.PositiveSmallIntegerField(db_default=1, default=1)),
                ("at", models.DateTimeField()),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalations",
                        to="control.clock",
                    ),
                ),
                ("told", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "rung",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="control.rung",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("clock", "rung", "time"), name="each_rung_once_for_a_clock"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AskRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=100)),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("form", "Form"),
                            ("email", "E-mail"),
                            ("api", "API"),
                            ("phone", "Phone"),
                            ("walk_in", "Walk-in"),
                            ("import", "Import"),
                        ],
                        max_length=10,
                    ),
                ),
                ("share", models.FloatField()),
                ("set_at", models.DateTimeField()),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.issue",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("share__gt", 0), ("share__lte", 1)), name="some_are_asked"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AskRuleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("order", models.PositiveSmallIntegerField(default=100)),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("form", "Form"),
                            ("email", "E-mail"),
                            ("api", "API"),
                            ("phone", "Phone"),
                            ("walk_in", "Walk-in"),
                            ("import", "Import"),
                        ],
                        max_length=10,
                    ),
                ),
                ("share", models.FloatField()),
                ("set_at", models.DateTimeField()),
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
                        to="control.askrule",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AskLimits",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_one", models.BooleanField(default=True, editable=False, unique=True)),
                ("rest_days", models.PositiveSmallIntegerField(default=30)),
                ("most_a_day", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "always",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("complaint", "Complaints"),
                                ("reopened", "Tickets that were opened again"),
                                ("severe", "Tickets of high or critical severity"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("set_at", models.DateTimeField(null=True)),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AskLimitsEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("is_one", models.BooleanField(default=True, editable=False)),
                ("rest_days", models.PositiveSmallIntegerField(default=30)),
                ("most_a_day", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "always",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("complaint", "Complaints"),
                                ("reopened", "Tickets that were opened again"),
                                ("severe", "Tickets of high or critical severity"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("set_at", models.DateTimeField(null=True)),
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
                        to="control.asklimits",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AskDraw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("seed", models.BigIntegerField()),
                ("candidates", models.PositiveIntegerField()),
                ("drawn", models.PositiveIntegerField()),
                ("most", models.PositiveIntegerField(null=True)),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=43, unique=True)),
                ("send_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("chance", models.FloatField(null=True)),
                ("skipped", models.CharField(blank=True, max_length=80)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("satisfied", "Satisfied"),
                            ("mollified", "Mollified"),
                            ("dissatisfied", "Dissatisfied"),
                        ],
                        max_length=12,
                    ),
                ),
                ("would_buy_again", models.BooleanField(null=True)),
                ("told_others", models.PositiveSmallIntegerField(null=True)),
                ("settled_at_first", models.BooleanField(null=True)),
                ("would_recommend", models.PositiveSmallIntegerField(null=True)),
                (
                    "offered",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "problems",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("comment", models.TextField(blank=True)),
                (
                    "drawn_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="control.askdraw",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="control.askrule",
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at", None), ("skipped", "")),
                        fields=["send_at"],
                        name="survey_to_send",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("chance", None),
                            models.Q(("chance__gte", 0), ("chance__lte", 1)),
                            _connector="OR",
                        ),
                        name="a_chance_is_at_most_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("would_recommend", None), ("would_recommend__lte", 10), _connector="OR"
                        ),
                        name="a_recommendation_is_at_most_ten",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("offered__contains", models.F("problems"))),
                        name="nobody_has_a_problem_they_were_not_shown",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "survey",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_up",
                        to="control.survey",
                    ),
                ),
            ],
            options={
                "ordering": ["opened_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)), fields=["opened_at"], name="follow_up_to_do"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at", None), models.Q(("note", ""), _negated=True), _connector="OR"
                        ),
                        name="done_follow_ups_say_what_came_of_it",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="askdraw",
            trigger=pgtrigger.compiler.Trigger(
                name="draws_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="76e7b0723b8e0b4a9ef1bf260016de802bd8e368",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_draws_stay_928e8",
                    table="control_askdraw",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calendar",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "control_calendarevent" ("country", "days_off", "id", "name", "names_of_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subdivision", "time_zone", "week") VALUES (NEW."country", NEW."days_off", NEW."id", NEW."name", NEW."names_of_days", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."subdivision", NEW."time_zone", NEW."week"); RETURN NULL;',
                    hash="ebda6c3b854f611e472b663d35f707cfa20a0afc",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c9860",
                    table="control_calendar",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calendar",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "control_calendarevent" ("country", "days_off", "id", "name", "names_of_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subdivision", "time_zone", "week") VALUES (NEW."country", NEW."days_off", NEW."id", NEW."name", NEW."names_of_days", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."subdivision", NEW."time_zone", NEW."week"); RETURN NULL;',
                    hash="037e71bff147d1dcdc5e00cbcbb7da1c3dcd2d2f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0d914",
                    table="control_calendar",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="asklimits",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "control_asklimitsevent" ("always", "id", "is_one", "most_a_day", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rest_days", "set_at", "set_by_id") VALUES (NEW."always", NEW."id", NEW."is_one", NEW."most_a_day", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rest_days", NEW."set_at", NEW."set_by_id"); RETURN NULL;',
                    hash="55086e859639b58c2cc52592d879aa2068c5b524",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2c212",
                    table="control_asklimits",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="asklimits",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "control_asklimitsevent" ("always", "id", "is_one", "most_a_day", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rest_days", "set_at", "set_by_id") VALUES (NEW."always", NEW."id", NEW."is_one", NEW."most_a_day", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rest_days", NEW."set_at", NEW."set_by_id"); RETURN NULL;',
                    hash="2b54885763a4e76664008c6266ee62c20af5c315",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_da264",
                    table="control_asklimits",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="asklimitsevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0a9cdc22bfe0bf98e4599b457325bf3aafb1fd85",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d5e71",
                    table="control_asklimitsevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="askrule",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "control_askruleevent" ("channel", "department_id", "id", "issue_id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "share") VALUES (NEW."channel", NEW."department_id", NEW."id", NEW."issue_id", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."set_at", NEW."set_by_id", NEW."share"); RETURN NULL;',
                    hash="af248f38b36c0f62add5ee3dc32d98790fef26da",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5d7e8",
                    table="control_askrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="askrule",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "control_askruleevent" ("channel", "department_id", "id", "issue_id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "share") VALUES (NEW."channel", NEW."department_id", NEW."id", NEW."issue_id", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."set_at", NEW."set_by_id", NEW."share"); RETURN NULL;',
                    hash="5e399b8eeae5d5c3399e7090d097b8316477a057",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6fc06",
                    table="control_askrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="askruleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="48a3e60ba769747b7af09b160975008161077846",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4ba15",
                    table="control_askruleevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calendarevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e76fac38bc581f5c7b82199860b4be7ef6a74f3d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3a9fe",
                    table="control_calendarevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recurringticket",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "control_recurringticketevent" ("acts", "body", "calendar_id", "changed_at", "changed_by_id", "checklist_id", "customer_id", "day", "department_id", "end_on", "id", "is_paused", "month", "name", "off_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rhythm", "start_on", "subject", "time", "time_zone", "week", "weekdays", "why_paused") VALUES (NEW."acts", NEW."body", NEW."calendar_id", NEW."changed_at", NEW."changed_by_id", NEW."checklist_id", NEW."customer_id", NEW."day", NEW."department_id", NEW."end_on", NEW."id", NEW."is_paused", NEW."month", NEW."name", NEW."off_days", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rhythm", NEW."start_on", NEW."subject", NEW."time", NEW."time_zone", NEW."week", NEW."weekdays", NEW."why_paused"); RETURN NULL;',
                    hash="310db631107a8cfc6a52f3653f2baca3d61c81ec",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d9341",
                    table="control_recurringticket",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recurringticket",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."acts" IS DISTINCT FROM (NEW."acts") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."calendar_id" IS DISTINCT FROM (NEW."calendar_id") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."changed_by_id" IS DISTINCT FROM (NEW."changed_by_id") OR OLD."checklist_id" IS DISTINCT FROM (NEW."checklist_id") OR OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."day" IS DISTINCT FROM (NEW."day") OR OLD."department_id" IS DISTINCT FROM (NEW."department_id") OR OLD."end_on" IS DISTINCT FROM (NEW."end_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_paused" IS DISTINCT FROM (NEW."is_paused") OR OLD."month" IS DISTINCT FROM (NEW."month") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."off_days" IS DISTINCT FROM (NEW."off_days") OR OLD."rhythm" IS DISTINCT FROM (NEW."rhythm") OR OLD."start_on" IS DISTINCT FROM (NEW."start_on") OR OLD."subject" IS DISTINCT FROM (NEW."subject") OR OLD."time" IS DISTINCT FROM (NEW."time") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone") OR OLD."week" IS DISTINCT FROM (NEW."week") OR OLD."weekdays" IS DISTINCT FROM (NEW."weekdays") OR OLD."why_paused" IS DISTINCT FROM (NEW."why_paused"))',
                    func='INSERT INTO "control_recurringticketevent" ("acts", "body", "calendar_id", "changed_at", "changed_by_id", "checklist_id", "customer_id", "day", "department_id", "end_on", "id", "is_paused", "month", "name", "off_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rhythm", "start_on", "subject", "time", "time_zone", "week", "weekdays", "why_paused") VALUES (NEW."acts", NEW."body", NEW."calendar_id", NEW."changed_at", NEW."changed_by_id", NEW."checklist_id", NEW."customer_id", NEW."day", NEW."department_id", NEW."end_on", NEW."id", NEW."is_paused", NEW."month", NEW."name", NEW."off_days", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rhythm", NEW."start_on", NEW."subject", NEW."time", NEW."time_zone", NEW."week", NEW."weekdays", NEW."why_paused"); RETURN NULL;',
                    hash="be6fe57217cee77f8408e69d2f18dfc21e3f60fa",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_886c2",
                    table="control_recurringticket",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recurringticketevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="450ad6f6e30d56c0df973198fe2e6b320f774b46",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2e021",
                    table="control_recurringticketevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicepolicy",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "control_servicepolicyevent" ("acknowledge_minutes", "calendar_id", "channel", "customer_id", "department_id", "first_reply_minutes", "id", "issue_id", "name", "next_reply_minutes", "next_update_minutes", "order", "organisation", "pauses_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referral_minutes", "resolve_minutes", "retired_at", "segment", "severity") VALUES (NEW."acknowledge_minutes", NEW."calendar_id", NEW."channel", NEW."customer_id", NEW."department_id", NEW."first_reply_minutes", NEW."id", NEW."issue_id", NEW."name", NEW."next_reply_minutes", NEW."next_update_minutes", NEW."order", NEW."organisation", NEW."pauses_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."referral_minutes", NEW."resolve_minutes", NEW."retired_at", NEW."segment", NEW."severity"); RETURN NULL;',
                    hash="961c5a02f1a8ece8f5bc0c28a44c7ad4b95df98f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_950f4",
                    table="control_servicepolicy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicepolicy",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "control_servicepolicyevent" ("acknowledge_minutes", "calendar_id", "channel", "customer_id", "department_id", "first_reply_minutes", "id", "issue_id", "name", "next_reply_minutes", "next_update_minutes", "order", "organisation", "pauses_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referral_minutes", "resolve_minutes", "retired_at", "segment", "severity") VALUES (NEW."acknowledge_minutes", NEW."calendar_id", NEW."channel", NEW."customer_id", NEW."department_id", NEW."first_reply_minutes", NEW."id", NEW."issue_id", NEW."name", NEW."next_reply_minutes", NEW."next_update_minutes", NEW."order", NEW."organisation", NEW."pauses_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."referral_minutes", NEW."resolve_minutes", NEW."retired_at", NEW."segment", NEW."severity"); RETURN NULL;',
                    hash="75485a9b26715a906fdbf9a34dae321138440efe",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_826a3",
                    table="control_servicepolicy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rungevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="882c994d2cdd38bc1af6dbcb5e30c5fdf09b0227",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3eed8",
                    table="control_rungevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rung",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "control_rungevent" ("after_minutes", "department_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "repeat_minutes", "role", "tell", "times") VALUES (NEW."after_minutes", NEW."department_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."policy_id", NEW."repeat_minutes", NEW."role", NEW."tell", NEW."times"); RETURN NULL;',
                    hash="9afa3c5b8e0ff53c4dffd2c1e5c74d9c05952afe",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_8ca0e",
                    table="control_rung",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rung",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "control_rungevent" ("after_minutes", "department_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "repeat_minutes", "role", "tell", "times") VALUES (NEW."after_minutes", NEW."department_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."policy_id", NEW."repeat_minutes", NEW."role", NEW."tell", NEW."times"); RETURN NULL;',
                    hash="7bcf7d9c294a9e7c0f7ba0045ccb59b3bebe1452",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_db113",
                    table="control_rung",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicepolicyevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="56a74db588f5fea6171e30c7d77e21e4b71b483a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_cce9a",
                    table="control_servicepolicyevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
