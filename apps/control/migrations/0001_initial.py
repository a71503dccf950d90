import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import apps.control.models


class Migration(migrations.Migration):
    replaces = [
        ("control", "0001_clocks"),
        ("control", "0002_surveys_ask_more"),
        ("control", "0003_surveys_are_drawn"),
    ]

    initial = True

    dependencies = [
        ("helpdesk", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
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
                        default=apps.control.models.working_week,
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
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="control.calendar",
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
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("time_zone", models.CharField(default="UTC", max_length=60)),
                (
                    "week",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(blank=True, max_length=80),
                        default=apps.control.models.working_week,
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
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="control.calendar"
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
                    "severity",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Critical"), (2, "High"), (3, "Normal"), (4, "Low")],
                        null=True,
                    ),
                ),
                ("segment", models.CharField(blank=True, max_length=60)),
                ("acknowledge_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("first_reply_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("next_reply_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("resolve_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("referral_minutes", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "pauses_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        blank=True,
                        default=apps.control.models.statuses_that_pause,
                        size=None,
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
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="control.servicepolicy",
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
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("order", models.PositiveSmallIntegerField(default=100)),
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
                    "severity",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Critical"), (2, "High"), (3, "Normal"), (4, "Low")],
                        null=True,
                    ),
                ),
                ("segment", models.CharField(blank=True, max_length=60)),
                ("acknowledge_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("first_reply_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("next_reply_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("resolve_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("referral_minutes", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "pauses_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        blank=True,
                        default=apps.control.models.statuses_that_pause,
                        size=None,
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
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rungs",
                        to="control.servicepolicy",
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
                        ],
                        max_length=8,
                    ),
                ),
            ],
            options={
                "ordering": ["after_minutes", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("policy", "after_minutes", "tell"), name="one_rung_of_a_kind"
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
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.department",
                    ),
                ),
                ("question", models.TextField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
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
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("customer_confirmed", models.BooleanField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["asked_at", "id"],
                "indexes": [
                    models.Index(fields=["department", "state", "asked_at"], name="referral_of_department")
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("acknowledge", "Acknowledge"),
                            ("first_reply", "First reply"),
                            ("next_reply", "Next reply"),
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
                (
                    "met_by_message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="helpdesk.message",
                    ),
                ),
                ("next_rung_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["due_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["running", "paused", "breached"])),
                        fields=("ticket", "kind", "referral"),
                        name="one_unmet_clock_of_a_kind",
                        nulls_distinct=False,
                    )
                ],
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
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalations",
                        to="control.clock",
                    ),
                ),
                (
                    "rung",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="control.rung"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("told", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("clock", "rung"), name="each_rung_once_for_a_clock")
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
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("set_at", models.DateTimeField()),
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
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("order", models.PositiveSmallIntegerField(default=100)),
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
                ("set_at", models.DateTimeField()),
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
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("set_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AskLimitsEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
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
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
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
                ("set_at", models.DateTimeField(null=True)),
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
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                ("key", models.CharField(max_length=43, unique=True)),
                ("send_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
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
            ],
            options={
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at", None), ("skipped", "")),
                        fields=["send_at"],
                        name="survey_to_send",
                    )
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
                (
                    "survey",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_up",
                        to="control.survey",
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["opened_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at", None), models.Q(("note", ""), _negated=True), _connector="OR"
                        ),
                        name="done_follow_ups_say_what_came_of_it",
                    )
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)), fields=["opened_at"], name="follow_up_to_do"
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
                    func='INSERT INTO "control_calendarevent" ("country", "days_off", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subdivision", "time_zone", "week") VALUES (NEW."country", NEW."days_off", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."subdivision", NEW."time_zone", NEW."week"); RETURN NULL;',
                    hash="15ba36bba4cac334eca097cc9c23f4d94b9002ef",
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
                    func='INSERT INTO "control_calendarevent" ("country", "days_off", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subdivision", "time_zone", "week") VALUES (NEW."country", NEW."days_off", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."subdivision", NEW."time_zone", NEW."week"); RETURN NULL;',
                    hash="9714038b5f081ffb64692f6c8c2f887d586ee9fe",
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
            model_name="servicepolicy",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "control_servicepolicyevent" ("acknowledge_minutes", "calendar_id", "department_id", "first_reply_minutes", "id", "name", "next_reply_minutes", "order", "pauses_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referral_minutes", "resolve_minutes", "segment", "severity") VALUES (NEW."acknowledge_minutes", NEW."calendar_id", NEW."department_id", NEW."first_reply_minutes", NEW."id", NEW."name", NEW."next_reply_minutes", NEW."order", NEW."pauses_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."referral_minutes", NEW."resolve_minutes", NEW."segment", NEW."severity"); RETURN NULL;',
                    hash="d3dd245b6cb7c5d183383fabd47070a20550b6fd",
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
                    func='INSERT INTO "control_servicepolicyevent" ("acknowledge_minutes", "calendar_id", "department_id", "first_reply_minutes", "id", "name", "next_reply_minutes", "order", "pauses_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referral_minutes", "resolve_minutes", "segment", "severity") VALUES (NEW."acknowledge_minutes", NEW."calendar_id", NEW."department_id", NEW."first_reply_minutes", NEW."id", NEW."name", NEW."next_reply_minutes", NEW."order", NEW."pauses_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."referral_minutes", NEW."resolve_minutes", NEW."segment", NEW."severity"); RETURN NULL;',
                    hash="0be36a6de54631cdc555af9d307fd086a22a35a0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_826a3",
                    table="control_servicepolicy",
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
