import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import apps.analysis.trackers.models


class Migration(migrations.Migration):
    replaces = [
        ("analysis", "0001_initial"),
        ("analysis", "0003_voices_trials_and_places"),
        ("analysis", "0004_customers_read_that_we_know_of_it"),
    ]

    initial = True

    dependencies = [
        ("helpdesk", "0001_tables"),
        ("output", "0001_tables"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assumption",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "parameter",
                    models.CharField(
                        choices=[
                            ("customer_base", "Customers"),
                            ("customer_value", "Value of a customer a year"),
                            ("multiplier", "Customers with the problem for each who tells us"),
                            ("loss_satisfied", "Share leaving when satisfied with the answer"),
                            ("loss_mollified", "Share leaving when mollified"),
                            ("loss_dissatisfied", "Share leaving when dissatisfied"),
                            ("loss_silent", "Share leaving without telling us"),
                            ("contact_cost", "Cost of handling a contact"),
                            ("misroute_cost", "Cost of handing a ticket to the right department"),
                            ("word_of_mouth", "Customers lost for each person told"),
                        ],
                        max_length=20,
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
                ("segment", models.CharField(blank=True, max_length=60)),
                ("low", models.DecimalField(decimal_places=4, max_digits=14)),
                ("likely", models.DecimalField(decimal_places=4, max_digits=14)),
                ("high", models.DecimalField(decimal_places=4, max_digits=14)),
                ("unit", models.CharField(blank=True, max_length=40)),
                ("source", models.CharField(max_length=250)),
                ("dated_on", models.DateField()),
                ("valid_from", models.DateField()),
                ("population", models.CharField(blank=True, max_length=200)),
                ("set_at", models.DateTimeField()),
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
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "ordering": ["parameter", "issue_id", "channel", "segment", "valid_from", "set_at", "id"],
                "indexes": [
                    models.Index(fields=["parameter", "issue", "-valid_from"], name="assumption_in_force")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("low__lte", models.F("likely")),
                            ("likely__lte", models.F("high")),
                            ("low__gte", 0),
                        ),
                        name="low_likely_high_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AssumptionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "parameter",
                    models.CharField(
                        choices=[
                            ("customer_base", "Customers"),
                            ("customer_value", "Value of a customer a year"),
                            ("multiplier", "Customers with the problem for each who tells us"),
                            ("loss_satisfied", "Share leaving when satisfied with the answer"),
                            ("loss_mollified", "Share leaving when mollified"),
                            ("loss_dissatisfied", "Share leaving when dissatisfied"),
                            ("loss_silent", "Share leaving without telling us"),
                            ("contact_cost", "Cost of handling a contact"),
                            ("misroute_cost", "Cost of handing a ticket to the right department"),
                            ("word_of_mouth", "Customers lost for each person told"),
                        ],
                        max_length=20,
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
                ("segment", models.CharField(blank=True, max_length=60)),
                ("low", models.DecimalField(decimal_places=4, max_digits=14)),
                ("likely", models.DecimalField(decimal_places=4, max_digits=14)),
                ("high", models.DecimalField(decimal_places=4, max_digits=14)),
                ("unit", models.CharField(blank=True, max_length=40)),
                ("source", models.CharField(max_length=250)),
                ("dated_on", models.DateField()),
                ("valid_from", models.DateField()),
                ("population", models.CharField(blank=True, max_length=200)),
                ("set_at", models.DateTimeField()),
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
                        to="analysis.assumption",
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
            name="CalendarEntry",
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
                ("day", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("region", models.CharField(blank=True, max_length=60)),
                ("words", models.CharField(max_length=200)),
                ("added_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.product",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "-id"],
                "indexes": [models.Index(fields=["day"], name="calendar_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("kind", "day", "product", "region", "words"),
                        name="a_happening_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("day")), _connector="OR"),
                        name="an_entry_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayCount",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("cells", models.BinaryField()),
                ("measures", models.BinaryField(default=b"")),
                ("names", models.JSONField()),
                ("tickets", models.PositiveIntegerField()),
                ("solicited", models.PositiveIntegerField(db_default=0, default=0)),
                ("counted_as", models.CharField(default="", max_length=80)),
                ("counted_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="StaleDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Exposure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("active_customers", "Active customers"), ("orders", "Orders")],
                        max_length=20,
                    ),
                ),
                ("value", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "day"), name="one_exposure_of_a_kind_a_day"),
                    models.CheckConstraint(condition=models.Q(("value__gt", 0)), name="exposure_is_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnalysisRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waiting for a worker"),
                            ("counting", "Counting the days"),
                            ("looking", "Looking at the lines"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("pieces_done", models.PositiveIntegerField(default=0)),
                ("pieces", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("basis", models.CharField(blank=True, max_length=64)),
                ("tickets", models.PositiveIntegerField(default=0)),
                ("lines", models.PositiveIntegerField(default=0)),
                ("raised", models.PositiveIntegerField(default=0)),
                ("updated", models.PositiveIntegerField(default=0)),
                ("days_counted", models.PositiveIntegerField(default=0)),
                ("sentence", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.taxonomyrelease",
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "release"),
                        name="one_analysis_of_a_day_and_edition",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RunBlock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("basis", models.CharField(max_length=64)),
                ("found", models.BinaryField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="blocks",
                        to="analysis.analysisrun",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "number"), name="one_result_of_a_block")
                ],
            },
        ),
        migrations.CreateModel(
            name="NewLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dimension", models.CharField(blank=True, max_length=12)),
                ("value", models.CharField(blank=True, max_length=120)),
                ("since", models.DateField()),
                ("reason", models.TextField()),
                ("accepted_at", models.DateTimeField()),
                (
                    "accepted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.issue"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["issue", "accepted_at"], name="new_levels_of_an_issue")],
            },
        ),
        migrations.CreateModel(
            name="OwnershipRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cause_class",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("employee", "Employee"),
                            ("product", "Product"),
                            ("process", "Process or policy"),
                            ("promise", "Marketing promise"),
                            ("customer", "Customer error or expectation"),
                        ],
                        max_length=10,
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
                (
                    "deputy",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.issue",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.product",
                    ),
                ),
                (
                    "sponsor",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("issue", "product", "cause_class"),
                        name="one_owner_for_a_place",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnershipRuleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "cause_class",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("employee", "Employee"),
                            ("product", "Product"),
                            ("process", "Process or policy"),
                            ("promise", "Marketing promise"),
                            ("customer", "Customer error or expectation"),
                        ],
                        max_length=10,
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
                    "deputy",
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
                        to="analysis.ownershiprule",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="helpdesk.product",
                    ),
                ),
                (
                    "sponsor",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("query", models.CharField(blank=True, max_length=500)),
                ("is_shared", models.BooleanField(default=False)),
                ("saved_at", models.DateTimeField()),
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
                "ordering": ["name", "pk"],
                "constraints": [models.UniqueConstraint(fields=("owner", "name"), name="one_view_of_a_name")],
            },
        ),
        migrations.CreateModel(
            name="ViewSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "every",
                    models.CharField(
                        choices=[("week", "Every Monday"), ("month", "On the first of each month")],
                        max_length=5,
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions",
                        to="analysis.savedview",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("view", "user"), name="a_view_is_mailed_to_one_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ViewLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("begins_on", models.DateField()),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="output.delivery"
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="analysis.viewsubscription",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscription", "begins_on"), name="one_letter_for_a_period"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cases", models.PositiveSmallIntegerField()),
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
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("department",), name="one_limit_for_a_department", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cases__gte", 1)), name="a_limit_lets_something_through"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkLimitEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("cases", models.PositiveSmallIntegerField()),
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
                        to="analysis.worklimit",
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
            name="Tracker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("github", "GitHub issues"), ("jira", "Jira")], max_length=6),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("base_url", models.CharField(max_length=300)),
                ("project", models.CharField(max_length=120)),
                ("account", models.CharField(blank=True, max_length=200)),
                ("item_type", models.CharField(blank=True, max_length=60)),
                (
                    "labels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50), blank=True, default=list, size=None
                    ),
                ),
                ("token", models.TextField()),
                ("hook_secret", models.TextField()),
                (
                    "key",
                    models.CharField(
                        default=apps.analysis.trackers.models.new_key, max_length=40, unique=True
                    ),
                ),
                ("is_on", models.BooleanField(default=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                ("heard_at", models.DateTimeField(blank=True, null=True)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("statement", models.TextField(blank=True)),
                ("is_text", models.TextField(blank=True)),
                ("is_not_text", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("assess", "Assess"),
                            ("routed", "Routed"),
                            ("investigating", "Investigating"),
                            ("planning", "Planning"),
                            ("fixing", "Fixing"),
                            ("monitoring", "Monitoring"),
                            ("on_hold", "On hold"),
                            ("closed", "Closed"),
                        ],
                        default="new",
                        max_length=14,
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("due_on", models.DateField(blank=True, null=True)),
                ("dimension", models.CharField(blank=True, max_length=12)),
                ("value", models.CharField(blank=True, max_length=120)),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Critical"), (2, "High"), (3, "Normal"), (4, "Low")], default=3
                    ),
                ),
                ("detection_start", models.DateField()),
                ("detection_end", models.DateField()),
                ("money_low", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("money_likely", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("money_high", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("money_note", models.TextField(blank=True)),
                ("owner_reason", models.CharField(blank=True, max_length=250)),
                ("routed_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("rejections", models.PositiveSmallIntegerField(default=0)),
                ("needs_arbitration", models.BooleanField(default=False)),
                ("is_arbitrated", models.BooleanField(default=False)),
                ("question", models.TextField(blank=True)),
                ("fixed_on", models.DateField(blank=True, null=True)),
                ("is_known_error", models.BooleanField(default=False)),
                ("workaround", models.TextField(blank=True)),
                ("containment", models.TextField(blank=True)),
                ("escalation", models.PositiveSmallIntegerField(default=0)),
                (
                    "held_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "New"),
                            ("assess", "Assess"),
                            ("routed", "Routed"),
                            ("investigating", "Investigating"),
                            ("planning", "Planning"),
                            ("fixing", "Fixing"),
                            ("monitoring", "Monitoring"),
                            ("on_hold", "On hold"),
                            ("closed", "Closed"),
                        ],
                        max_length=14,
                    ),
                ),
                ("hold_reason", models.TextField(blank=True)),
                ("review_on", models.DateField(blank=True, null=True)),
                ("monitoring_from", models.DateField(blank=True, null=True)),
                ("decision_on", models.DateField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("effective", "Effective"),
                            ("partially effective", "Partially effective"),
                            ("risk_accepted", "Risk accepted"),
                            ("no_cause", "No cause found"),
                            ("third_party", "Third party"),
                            ("not_reproduced", "Not reproduced"),
                            ("duplicate", "Duplicate"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=20,
                    ),
                ),
                ("outcome_note", models.TextField(blank=True)),
                ("risk_expires_on", models.DateField(blank=True, null=True)),
                ("risk_asked_at", models.DateTimeField(null=True)),
                ("risk_confirmed_at", models.DateTimeField(null=True)),
                ("customers_told_at", models.DateTimeField(null=True)),
                ("telling_waived", models.TextField(blank=True)),
                ("regressions", models.PositiveSmallIntegerField(default=0)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="analysis.case",
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.issue",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner_department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.department",
                    ),
                ),
                (
                    "proposed_department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.department",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.taxonomyrelease",
                    ),
                ),
                (
                    "risk_approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stand_in",
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
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="EffectivenessPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("look", models.PositiveSmallIntegerField(default=1)),
                ("metric", models.CharField(max_length=200)),
                (
                    "denominator",
                    models.CharField(
                        choices=[
                            ("active_customers", "Active customers"),
                            ("orders", "Orders"),
                            ("contacts", "All other contacts"),
                        ],
                        max_length=20,
                    ),
                ),
                ("baseline_start", models.DateField()),
                ("baseline_end", models.DateField()),
                ("detection_start", models.DateField()),
                ("detection_end", models.DateField()),
                ("lag_days", models.PositiveSmallIntegerField()),
                ("window_days", models.PositiveSmallIntegerField()),
                ("expected_cut", models.FloatField()),
                ("test", models.CharField(max_length=120)),
                ("alpha", models.FloatField()),
                (
                    "design",
                    models.CharField(
                        choices=[
                            ("one date", "One decision date"),
                            ("looks", "A look every four weeks, the first ones very strict"),
                        ],
                        default="one date",
                        max_length=10,
                    ),
                ),
                ("looks", models.PositiveSmallIntegerField(default=3)),
                ("level", models.FloatField(default=0.05)),
                ("baseline", models.BinaryField(null=True)),
                ("baseline_digest", models.CharField(blank=True, max_length=64)),
                (
                    "neighbours",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("decision_on", models.DateField()),
                ("second_source", models.CharField(max_length=200)),
                ("weekly", models.FloatField()),
                ("dispersion", models.FloatField()),
                ("power", models.FloatField()),
                ("feasibility", models.TextField()),
                ("override", models.TextField(blank=True)),
                ("frozen_at", models.DateTimeField(null=True)),
                ("digest", models.CharField(max_length=64)),
                ("seal", models.PositiveSmallIntegerField(default=1)),
                (
                    "frozen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.taxonomyrelease",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="plans", to="analysis.case"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("baseline_start__lt", models.F("baseline_end")),
                            ("baseline_end__lt", models.F("detection_start")),
                        ),
                        name="baseline_before_detection",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expected_cut__gt", 0), ("expected_cut__lt", 1)),
                        name="a_cut_is_a_share",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("effective", "Effective"),
                            ("partially effective", "Partially effective"),
                            ("back to normal only", "Back to normal only"),
                            ("displaced", "Displaced"),
                            ("ineffective", "Ineffective"),
                            ("inconclusive", "Inconclusive"),
                            ("worse", "Worse"),
                            ("coding changed", "Withheld: coding changed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField()),
                ("window_start", models.DateField()),
                ("window_end", models.DateField()),
                ("observed", models.FloatField()),
                ("expected", models.FloatField()),
                ("ratio", models.FloatField()),
                ("low", models.FloatField()),
                ("high", models.FloatField()),
                ("p", models.FloatField()),
                ("dispersion", models.FloatField()),
                ("power", models.FloatField()),
                ("neighbours_observed", models.FloatField(null=True)),
                ("neighbours_expected", models.FloatField(null=True)),
                ("level", models.FloatField(null=True)),
                ("p_spent", models.FloatField(null=True)),
                ("q", models.FloatField(null=True)),
                ("family", models.PositiveIntegerField(null=True)),
                ("wander", models.FloatField(null=True)),
                ("corrected_ratio", models.FloatField(null=True)),
                ("corrected_low", models.FloatField(null=True)),
                ("corrected_high", models.FloatField(null=True)),
                ("texts_ratio", models.FloatField(null=True)),
                ("texts_low", models.FloatField(null=True)),
                ("texts_high", models.FloatField(null=True)),
                ("voices_asked", models.PositiveIntegerField(null=True)),
                ("voices_gone", models.PositiveIntegerField(null=True)),
                ("voices_still", models.PositiveIntegerField(null=True)),
                ("voices_low", models.FloatField(null=True)),
                ("voices_high", models.FloatField(null=True)),
                (
                    "remarks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("record", models.BinaryField(null=True)),
                ("method", models.CharField(blank=True, max_length=20)),
                ("ceiling", models.PositiveIntegerField(null=True)),
                ("saved_low", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("saved_likely", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("saved_high", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verdict",
                        to="analysis.effectivenessplan",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.taxonomyrelease",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verdicts",
                        to="analysis.case",
                    ),
                ),
            ],
            options={
                "ordering": ["decided_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="CaseNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField(max_length=2000)),
                ("meanwhile", models.TextField(blank=True, max_length=1000)),
                ("news_on", models.DateField(blank=True, null=True)),
                ("said_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notice", to="analysis.case"
                    ),
                ),
            ],
            options={
                "ordering": ["-said_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="CaseTicket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[("rule", "By its issue"), ("model", "By its words"), ("hand", "By hand")],
                        max_length=5,
                    ),
                ),
                ("linked_at", models.DateTimeField()),
                ("excluded_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="analysis.case",
                    ),
                ),
                (
                    "excluded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "linked_by",
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
                "constraints": [
                    models.UniqueConstraint(fields=("case", "ticket"), name="a_ticket_once_in_a_case")
                ],
            },
        ),
        migrations.CreateModel(
            name="Cause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "path",
                    models.CharField(
                        choices=[
                            ("occurrence", "Why did it happen?"),
                            ("escape", "Why did nobody catch it?"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField()),
                (
                    "cause_class",
                    models.CharField(
                        choices=[
                            ("employee", "Employee"),
                            ("product", "Product"),
                            ("process", "Process or policy"),
                            ("promise", "Marketing promise"),
                            ("customer", "Customer error or expectation"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("people", "People"),
                            ("method", "Process and policy"),
                            ("product", "Product and systems"),
                            ("information", "Information and promises"),
                            ("measurement", "Checks and measures"),
                            ("outside", "Outside the company"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("hypothesis", "Hypothesis"),
                            ("testing", "Testing"),
                            ("verified", "Verified"),
                            ("refuted", "Refuted"),
                        ],
                        default="hypothesis",
                        max_length=10,
                    ),
                ),
                ("evidence", models.TextField(blank=True)),
                ("added_at", models.DateTimeField()),
                ("judged_at", models.DateTimeField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="causes", to="analysis.case"
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="children",
                        to="analysis.cause",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="a_cause_does_not_explain_itself",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=250)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("containment", "Containment"),
                            ("correction", "Correction"),
                            ("corrective", "Corrective"),
                            ("preventive", "Preventive (the same cause elsewhere)"),
                            ("detection", "Detection"),
                            ("communication", "Communication"),
                        ],
                        default="corrective",
                        max_length=14,
                    ),
                ),
                (
                    "route",
                    models.CharField(
                        choices=[
                            ("fix_cause", "Fix the cause"),
                            ("change_process", "Change process or policy"),
                            ("expectations", "Set expectations"),
                            ("educate", "Educate"),
                            ("equip", "Equip the front line"),
                            ("accept", "Accept and monitor"),
                        ],
                        default="fix_cause",
                        max_length=14,
                    ),
                ),
                (
                    "strength",
                    models.CharField(
                        choices=[
                            ("strong", "Strong (remove, force, automate)"),
                            ("medium", "Medium (checklist, capacity)"),
                            ("weak", "Weak (training, reminder)"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("assigned", "Assigned"),
                            ("accepted", "Accepted"),
                            ("in_progress", "In progress"),
                            ("implemented", "Implemented"),
                            ("confirmed", "Confirmed"),
                            ("observing", "Observing"),
                            ("effective", "Effective"),
                            ("ineffective", "Ineffective"),
                            ("inconclusive", "Inconclusive"),
                            ("rejected", "Rejected"),
                            ("not_doing", "Not doing"),
                            ("cancelled", "Cancelled"),
                            ("superseded", "Superseded"),
                        ],
                        default="proposed",
                        max_length=14,
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                ("promised_cut", models.FloatField(blank=True, null=True)),
                ("cost", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("blocked_by", models.TextField(blank=True)),
                ("note", models.TextField(blank=True)),
                ("implemented_on", models.DateField(blank=True, null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions",
                        to="analysis.case",
                    ),
                ),
                (
                    "cause",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="actions",
                        to="analysis.cause",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("assignee")), _negated=True),
                            _connector="OR",
                        ),
                        name="confirmed_by_somebody_else",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DueChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.DateField(null=True)),
                ("after", models.DateField()),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="due_changes",
                        to="analysis.action",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="OwnerLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="analysis.case"
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
        ),
        migrations.CreateModel(
            name="Prediction",
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
                            ("place", "It is there, and not elsewhere"),
                            ("day", "It began with something on a day"),
                        ],
                        max_length=5,
                    ),
                ),
                ("dimension", models.CharField(blank=True, max_length=12)),
                ("value", models.CharField(blank=True, max_length=120)),
                ("since", models.DateField(blank=True, null=True)),
                ("lag_days", models.PositiveSmallIntegerField(default=0)),
                ("said_at", models.DateTimeField()),
                (
                    "cause",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="predictions",
                        to="analysis.cause",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="analysis.calendarentry",
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Trial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "finding",
                    models.CharField(
                        choices=[
                            ("supports", "Supports it"),
                            ("against", "Speaks against it"),
                            ("too_few", "Too few to tell"),
                        ],
                        max_length=8,
                    ),
                ),
                ("sentence", models.TextField()),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("tickets", models.FloatField()),
                ("inside", models.FloatField(null=True)),
                ("expected", models.FloatField(null=True)),
                ("ratio", models.FloatField(null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("p", models.FloatField(null=True)),
                ("dispersion", models.FloatField(null=True)),
                ("changed_on", models.DateField(null=True)),
                ("changed_from", models.DateField(null=True)),
                ("changed_until", models.DateField(null=True)),
                (
                    "entries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("record", models.BinaryField(null=True)),
                ("method", models.CharField(max_length=30)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "prediction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trials",
                        to="analysis.prediction",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.taxonomyrelease",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entered_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("due_soon", "Due soon"),
                            ("overdue", "Overdue"),
                            ("head", "Head of the department"),
                            ("sponsor", "Sponsor"),
                            ("risk_ends", "The accepted risk runs out"),
                        ],
                        max_length=9,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="analysis.action",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="analysis.case",
                    ),
                ),
                ("told", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "action", "entered_at", "due_on", "step"),
                        name="a_rung_is_climbed_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Signal",
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
                            ("surge", "Surge"),
                            ("slow_burn", "Slow burn"),
                            ("chronic", "Chronic"),
                            ("emerging", "Emerging"),
                            ("regression", "Regression"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("promoted", "Promoted to a case"),
                            ("merged", "Merged"),
                            ("snoozed", "Snoozed"),
                            ("dismissed", "Dismissed"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("dimension", models.CharField(blank=True, max_length=12)),
                ("value", models.CharField(blank=True, max_length=120)),
                ("label", models.CharField(max_length=250)),
                ("sentence", models.TextField()),
                ("where", models.TextField(blank=True)),
                (
                    "terms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                ("is_alarm", models.BooleanField(default=True)),
                ("detector", models.CharField(max_length=40)),
                ("started_on", models.DateField()),
                ("window_start", models.DateField()),
                ("window_end", models.DateField()),
                ("observed", models.FloatField()),
                ("expected", models.FloatField()),
                ("ratio", models.FloatField()),
                ("excess", models.FloatField()),
                ("p", models.FloatField(null=True)),
                ("q", models.FloatField(null=True)),
                ("exposure", models.FloatField(null=True)),
                ("ceiling", models.FloatField(null=True)),
                (
                    "weekly",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(), default=list, size=None
                    ),
                ),
                (
                    "examples",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("first_seen_on", models.DateField()),
                ("last_seen_on", models.DateField()),
                ("reason", models.TextField(blank=True)),
                (
                    "dismissal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("noise", "Noise"),
                            ("planned", "Planned event"),
                            ("season", "Season"),
                            ("fixed", "Already fixed"),
                            ("coding", "Coding error"),
                            ("level", "The new normal"),
                        ],
                        max_length=8,
                    ),
                ),
                ("snoozed_until", models.DateField(blank=True, null=True)),
                ("snoozed_above", models.PositiveIntegerField(blank=True, null=True)),
                ("judged_at", models.DateTimeField(null=True)),
                ("judged_excess", models.FloatField(null=True)),
                (
                    "into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="merged",
                        to="analysis.signal",
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.issue",
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.taxonomyrelease",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="signals",
                        to="analysis.case",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "-last_seen_on"], name="signal_inbox")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["new", "snoozed"])),
                        fields=("kind", "issue", "dimension", "value"),
                        name="one_open_signal_of_a_kind_and_place",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SpreadCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="analysis.action",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="spread", to="analysis.case"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.product"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("action__isnull", False),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="looked_at_ends_in_an_action_or_a_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkaroundUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("helped", models.BooleanField()),
                ("used_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="uses", to="analysis.case"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "used_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "ticket"), name="one_word_on_a_workaround_and_ticket"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerVoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("is_gone", models.BooleanField(null=True)),
                ("said_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="voices", to="analysis.case"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.customer"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "customer"), name="one_voice_a_customer_and_case"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_gone", None), ("said_at", None)),
                            models.Q(("is_gone__isnull", False), ("said_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_voice_has_said_something_at_some_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrackerItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=60)),
                ("url", models.CharField(blank=True, max_length=500)),
                ("marker", models.CharField(max_length=60, unique=True)),
                ("is_closed", models.BooleanField(default=False)),
                ("is_done", models.BooleanField(default=False)),
                ("standing", models.CharField(blank=True, max_length=140)),
                ("standing_at", models.DateTimeField(blank=True, null=True)),
                ("moved_at", models.DateTimeField(blank=True, null=True)),
                ("looked_at", models.DateTimeField(blank=True, null=True)),
                ("asked_at", models.DateTimeField()),
                (
                    "action",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tracker_item",
                        to="analysis.action",
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
                    "tracker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="analysis.tracker",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("tracker", "key"),
                        name="an_item_stands_for_one_action",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TrackerErrand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(choices=[("create", "Create"), ("comment", "Comment")], max_length=8),
                ),
                ("key", models.CharField(max_length=60)),
                ("text", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("done", "Done"), ("failed", "Failed")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="errands",
                        to="analysis.trackeritem",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["not_before"], name="errand_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("item", "key"), name="an_errand_once_for_its_news")
                ],
            },
        ),
        migrations.CreateModel(
            name="TrackerNews",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("delivery", models.CharField(max_length=200)),
                ("heard_at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="analysis.trackeritem",
                    ),
                ),
                (
                    "tracker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="analysis.tracker"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["heard_at"], name="tracker_news_old")],
                "constraints": [
                    models.UniqueConstraint(fields=("tracker", "delivery"), name="tracker_news_is_heard_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="case",
            name="tickets",
            field=models.ManyToManyField(
                related_name="+", through="analysis.CaseTicket", to="helpdesk.ticket"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["issue"], name="case_of_issue"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("state", "closed"), _negated=True), fields=["owner"], name="case_of_owner"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    models.Q(("outcome", ""), _negated=True),
                    _connector="OR",
                ),
                name="closed_cases_have_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["routed", "investigating", "planning", "fixing"]), _negated=True),
                    models.Q(("owner__isnull", False), ("owner_department__isnull", False)),
                    _connector="OR",
                ),
                name="cases_handed_over_have_an_owner",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assumption",
            trigger=pgtrigger.compiler.Trigger(
                name="a_number_set_stays_as_it_was",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="322b048148da039adcb6a0961308aab61d5e2aa7",
                    operation="UPDATE",
                    pgid="pgtrigger_a_number_set_stays_as_it_was_72533",
                    table="analysis_assumption",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assumption",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "analysis_assumptionevent" ("channel", "dated_on", "high", "id", "issue_id", "likely", "low", "owner_id", "parameter", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "segment", "set_at", "set_by_id", "source", "unit", "valid_from") VALUES (NEW."channel", NEW."dated_on", NEW."high", NEW."id", NEW."issue_id", NEW."likely", NEW."low", NEW."owner_id", NEW."parameter", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."population", NEW."segment", NEW."set_at", NEW."set_by_id", NEW."source", NEW."unit", NEW."valid_from"); RETURN NULL;',
                    hash="31f17a5e5055561497e8e5c57b597a515c3215b3",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2463d",
                    table="analysis_assumption",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assumption",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "analysis_assumptionevent" ("channel", "dated_on", "high", "id", "issue_id", "likely", "low", "owner_id", "parameter", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "segment", "set_at", "set_by_id", "source", "unit", "valid_from") VALUES (NEW."channel", NEW."dated_on", NEW."high", NEW."id", NEW."issue_id", NEW."likely", NEW."low", NEW."owner_id", NEW."parameter", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."population", NEW."segment", NEW."set_at", NEW."set_by_id", NEW."source", NEW."unit", NEW."valid_from"); RETURN NULL;',
                    hash="9f07408e51979846969f0990013cf98dfd0ab634",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b0953",
                    table="analysis_assumption",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assumptionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6164b4dda65ec61367d3800af90b0296b87ec5fb",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0b219",
                    table="analysis_assumptionevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="case_states",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{new:assess,new:closed,new:on_hold,assess:closed,assess:monitoring,assess:on_hold,assess:routed,routed:assess,routed:closed,routed:investigating,routed:on_hold,investigating:assess,investigating:closed,investigating:on_hold,investigating:planning,planning:closed,planning:fixing,planning:investigating,planning:on_hold,fixing:monitoring,fixing:on_hold,fixing:planning,monitoring:assess,monitoring:closed,monitoring:investigating,monitoring:on_hold,on_hold:assess,on_hold:fixing,on_hold:investigating,on_hold:monitoring,on_hold:new,on_hold:planning,on_hold:routed,closed:assess}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="bdc381801e495a0302cf4101063b440e3fda91bb",
                    operation="UPDATE",
                    pgid="pgtrigger_case_states_f7c96",
                    table="analysis_case",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cause",
            trigger=pgtrigger.compiler.Trigger(
                name="cause_states",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{hypothesis:refuted,hypothesis:testing,hypothesis:verified,testing:hypothesis,testing:refuted,testing:verified,verified:testing,refuted:testing}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="97f77869b9ffb876b4cf5d9590f3c6252a65bc53",
                    operation="UPDATE",
                    pgid="pgtrigger_cause_states_804d2",
                    table="analysis_cause",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="action",
            trigger=pgtrigger.compiler.Trigger(
                name="action_states",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{proposed:assigned,proposed:cancelled,proposed:not_doing,proposed:rejected,proposed:superseded,assigned:accepted,assigned:cancelled,assigned:in_progress,assigned:not_doing,assigned:rejected,assigned:superseded,accepted:cancelled,accepted:implemented,accepted:in_progress,accepted:not_doing,accepted:rejected,accepted:superseded,in_progress:cancelled,in_progress:implemented,in_progress:not_doing,in_progress:rejected,in_progress:superseded,implemented:cancelled,implemented:confirmed,implemented:in_progress,implemented:not_doing,implemented:rejected,implemented:superseded,confirmed:observing,confirmed:superseded,observing:effective,observing:inconclusive,observing:ineffective,inconclusive:effective,inconclusive:ineffective,inconclusive:observing}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="9347b5913bd56b801714d8766339e1d75a00cf29",
                    operation="UPDATE",
                    pgid="pgtrigger_action_states_b33e9",
                    table="analysis_action",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="effectivenessplan",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_plans_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."frozen_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="27d378df339631f2e5d5f1e428457f4e034fd50d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_frozen_plans_stay_45195",
                    table="analysis_effectivenessplan",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ownershiprule",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "analysis_ownershipruleevent" ("cause_class", "department_id", "deputy_id", "id", "issue_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "sponsor_id") VALUES (NEW."cause_class", NEW."department_id", NEW."deputy_id", NEW."id", NEW."issue_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."product_id", NEW."sponsor_id"); RETURN NULL;',
                    hash="b8619c39ae995b2303bafcc15f9c5c2dbd987b6a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_29ac7",
                    table="analysis_ownershiprule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ownershiprule",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "analysis_ownershipruleevent" ("cause_class", "department_id", "deputy_id", "id", "issue_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "sponsor_id") VALUES (NEW."cause_class", NEW."department_id", NEW."deputy_id", NEW."id", NEW."issue_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."product_id", NEW."sponsor_id"); RETURN NULL;',
                    hash="f5613acdf72e93f8db7dfcc0f8948f10d50a07ea",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d1d11",
                    table="analysis_ownershiprule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ownershipruleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="517fb01a758763ce2b00cd6a4c489bdb26059771",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d449e",
                    table="analysis_ownershipruleevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="prediction",
            trigger=pgtrigger.compiler.Trigger(
                name="predictions_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7ccc025952521fa33f4fa007e5040f6456b49c80",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_predictions_stay_7e93f",
                    table="analysis_prediction",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signal",
            trigger=pgtrigger.compiler.Trigger(
                name="signal_states",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{new:dismissed,new:merged,new:promoted,new:snoozed,snoozed:dismissed,snoozed:merged,snoozed:new,snoozed:promoted,dismissed:new}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="999b475ce6e7ed344e8cd5b0cb2646ea37781945",
                    operation="UPDATE",
                    pgid="pgtrigger_signal_states_19e3e",
                    table="analysis_signal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="spreadcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="spread_checks_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="04e4a8e5cd370ddf75c190910eca08b2d4a5fa74",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_spread_checks_stay_a24fb",
                    table="analysis_spreadcheck",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trial",
            trigger=pgtrigger.compiler.Trigger(
                name="trials_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ec7c747f4c848434d033761951377451ac37866e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_trials_stay_68e77",
                    table="analysis_trial",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="verdict",
            trigger=pgtrigger.compiler.Trigger(
                name="verdicts_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8b0d1e202ae0cf40184cc3d8b5d2a5c5b9043f5e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_verdicts_stay_33844",
                    table="analysis_verdict",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="worklimit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "analysis_worklimitevent" ("cases", "department_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id") VALUES (NEW."cases", NEW."department_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."set_at", NEW."set_by_id"); RETURN NULL;',
                    hash="1e0cca6f345cf05440924b580e63b914f9ac3822",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_3a739",
                    table="analysis_worklimit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="worklimit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "analysis_worklimitevent" ("cases", "department_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id") VALUES (NEW."cases", NEW."department_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."set_at", NEW."set_by_id"); RETURN NULL;',
                    hash="9c97d0610f5fbe3661f7fdb75a495e67ac59e012",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1a906",
                    table="analysis_worklimit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="worklimitevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7038c87aef8f1fa7c54b69e9bbc07202aa7e70d9",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_398d9",
                    table="analysis_worklimitevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
