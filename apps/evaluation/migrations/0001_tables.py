import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("evaluation", "0001_initial"), ("evaluation", "0002_months_are_counted")]

    initial = True

    dependencies = [
        ("analysis", "0001_tables"),
        ("helpdesk", "0001_tables"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scorecard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "In use"), ("retired", "Replaced")],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("pass_mark", models.FloatField(default=0.65)),
                ("drafted_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
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
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["department_id", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("department", "version"),
                        name="one_scorecard_of_a_version",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("department",),
                        name="one_draft_scorecard_of_a_department",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("department",),
                        name="one_scorecard_in_use_of_a_department",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pass_mark__gt", 0), ("pass_mark__lte", 1)),
                        name="a_pass_mark_is_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at", None), ("published_by", None), ("state", "draft")),
                            models.Q(
                                ("published_at__isnull", False),
                                ("published_by__isnull", False),
                                ("state__in", ["published", "retired"]),
                            ),
                            _connector="OR",
                        ),
                        name="a_published_scorecard_says_when_and_by_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScorecardEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "In use"), ("retired", "Replaced")],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("pass_mark", models.FloatField(default=0.65)),
                ("drafted_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
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
                    "drafted_by",
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
                        to="evaluation.scorecard",
                    ),
                ),
                (
                    "published_by",
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
            name="Criterion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("group", models.CharField(max_length=60)),
                ("code", models.SlugField(max_length=40)),
                ("question", models.CharField(max_length=200)),
                ("looks_like", models.TextField(blank=True, max_length=1000)),
                (
                    "scale",
                    models.CharField(
                        choices=[("yes_no", "Yes or no"), ("four", "1 to 4")], default="yes_no", max_length=6
                    ),
                ),
                ("weight", models.PositiveSmallIntegerField(default=1)),
                ("is_critical", models.BooleanField(default=False)),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("agent", "The agent"),
                            ("guidance", "Guidance is missing or wrong"),
                            ("authority", "No authority to settle it"),
                            ("promise", "We promised what we do not keep"),
                            ("product", "The product is the cause"),
                            ("process", "A process or policy is the cause"),
                            ("tool", "The tools stood in the way"),
                        ],
                        default="agent",
                        max_length=9,
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criteria",
                        to="evaluation.scorecard",
                    ),
                ),
            ],
            options={
                "ordering": ["place", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("scorecard", "code"), name="a_code_once_in_a_scorecard"),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gte", 1), ("weight__lte", 10)),
                        name="a_criterion_weighs_one_to_ten",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_critical", False), ("about", "agent"), _connector="OR"),
                        name="only_what_the_agent_does_is_critical",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CriterionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("place", models.PositiveSmallIntegerField()),
                ("group", models.CharField(max_length=60)),
                ("code", models.SlugField(db_index=False, max_length=40)),
                ("question", models.CharField(max_length=200)),
                ("looks_like", models.TextField(blank=True, max_length=1000)),
                (
                    "scale",
                    models.CharField(
                        choices=[("yes_no", "Yes or no"), ("four", "1 to 4")], default="yes_no", max_length=6
                    ),
                ),
                ("weight", models.PositiveSmallIntegerField(default=1)),
                ("is_critical", models.BooleanField(default=False)),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("agent", "The agent"),
                            ("guidance", "Guidance is missing or wrong"),
                            ("authority", "No authority to settle it"),
                            ("promise", "We promised what we do not keep"),
                            ("product", "The product is the cause"),
                            ("process", "A process or policy is the cause"),
                            ("tool", "The tools stood in the way"),
                        ],
                        default="agent",
                        max_length=9,
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
                        to="evaluation.criterion",
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="evaluation.scorecard",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CalibrationSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Being scored"), ("closed", "Closed")], default="open", max_length=6
                    ),
                ),
                ("discussion", models.TextField(blank=True, max_length=10000)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.department",
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
                ("panel", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evaluation.scorecard",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="CalibrationItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                (
                    "agent",
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
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="evaluation.calibrationsession",
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
                "constraints": [
                    models.UniqueConstraint(fields=("session", "ticket"), name="a_ticket_once_in_a_session"),
                    models.UniqueConstraint(fields=("session", "place"), name="a_place_once_in_a_session"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Scoring",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scored_at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scorings",
                        to="evaluation.calibrationitem",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scored_by",
                    models.ForeignKey(
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
                        fields=("item", "reviewer"), name="one_scoring_of_an_item", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CalibrationMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.PositiveSmallIntegerField(null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evaluation.criterion",
                    ),
                ),
                (
                    "scoring",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="evaluation.scoring",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value", None), models.Q(("value__gte", 0), ("value__lte", 4)), _connector="OR"
                        ),
                        name="calibrationmark_is_on_a_scale",
                    ),
                    models.UniqueConstraint(
                        fields=("scoring", "criterion"), name="a_criterion_once_in_a_scoring"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CountedMonths",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_one", models.BooleanField(default=True, editable=False, unique=True)),
                ("counted_at", models.DateTimeField()),
                ("since", models.DateField()),
                ("counted_in", models.CharField(max_length=60)),
                ("tickets", models.PositiveIntegerField()),
                ("shares", models.JSONField()),
                ("charges", models.JSONField()),
                ("facts", models.JSONField()),
            ],
            options={
                "verbose_name_plural": "counted months",
            },
        ),
        migrations.CreateModel(
            name="Goal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("acknowledge", "Acknowledged in time"),
                            ("first_reply", "First reply in time"),
                            ("resolve", "Solved in time"),
                            ("satisfied", "Satisfied with the answer"),
                            ("first_contact", "Settled at the first contact"),
                            ("coded", "Solved with a reason found"),
                            ("prevented", "Fixes proven to work"),
                        ],
                        max_length=16,
                    ),
                ),
                ("target", models.FloatField()),
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
                "ordering": ["measure", "department_id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("measure", "department"), name="one_goal_for_a_measure", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("target__gt", 0), ("target__lte", 1)), name="a_goal_is_a_share"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GoalEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("acknowledge", "Acknowledged in time"),
                            ("first_reply", "First reply in time"),
                            ("resolve", "Solved in time"),
                            ("satisfied", "Satisfied with the answer"),
                            ("first_contact", "Settled at the first contact"),
                            ("coded", "Solved with a reason found"),
                            ("prevented", "Fixes proven to work"),
                        ],
                        max_length=16,
                    ),
                ),
                ("target", models.FloatField()),
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
                        to="evaluation.goal",
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
            name="BonusRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.TextField(max_length=2000)),
                ("least", models.FloatField()),
                ("full", models.DecimalField(decimal_places=2, max_digits=12)),
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
                "ordering": ["department_id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("department",), name="one_bonus_rule_a_department", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("least__gte", 0), ("least__lte", 100)),
                        name="a_bonus_begins_between_0_and_100",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("full__gte", 0)), name="a_bonus_is_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BonusRuleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("words", models.TextField(max_length=2000)),
                ("least", models.FloatField()),
                ("full", models.DecimalField(decimal_places=2, max_digits=12)),
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
                        to="evaluation.bonusrule",
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
            name="Statement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quarter", models.DateField()),
                ("edition", models.PositiveSmallIntegerField(default=1)),
                ("score", models.FloatField(null=True)),
                ("inputs", models.JSONField()),
                ("parts", models.JSONField()),
                ("guards", models.JSONField()),
                ("words", models.TextField(blank=True)),
                ("least", models.FloatField(null=True)),
                ("full", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("would_pay", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("digest", models.CharField(max_length=64)),
                ("drafted_at", models.DateTimeField()),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.department",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-quarter", "department__name", "-edition"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("department", "quarter", "edition"),
                        name="one_statement_a_department_and_quarter",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("settled", "Guard settled"),
                            ("issued", "Issued"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "guard",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("uncoded", "uncoded"),
                            ("other", "other"),
                            ("recoded", "recoded"),
                            ("intake", "intake"),
                            ("reopened", "reopened"),
                            ("satisfaction", "satisfaction"),
                            ("unanswered", "unanswered"),
                            ("asked", "asked"),
                            ("severity", "severity"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
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
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="evaluation.statement",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("statement", "act", "guard"), name="an_act_on_a_statement_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("act", "issued"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="settled_and_withdrawn_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("act", "settled"), models.Q(("guard", ""), _negated=True)),
                            models.Q(models.Q(("act", "settled"), _negated=True), ("guard", "")),
                            _connector="OR",
                        ),
                        name="a_guard_is_settled_by_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SampleSize",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("per_agent", models.PositiveSmallIntegerField(default=2)),
                ("set_at", models.DateTimeField()),
                (
                    "department",
                    models.OneToOneField(
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
                    models.CheckConstraint(
                        condition=models.Q(("per_agent__lte", 20)), name="at_most_twenty_a_week"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SampleSizeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("per_agent", models.PositiveSmallIntegerField(default=2)),
                ("set_at", models.DateTimeField()),
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
                        to="evaluation.samplesize",
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
            name="ReviewedWeek",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("monday", models.DateField()),
                ("seed", models.BigIntegerField()),
                ("per_agent", models.PositiveSmallIntegerField()),
                ("answers", models.PositiveIntegerField()),
                ("drawn_at", models.DateTimeField()),
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
                "ordering": ["-monday", "department_id"],
                "constraints": [
                    models.UniqueConstraint(fields=("monday", "department"), name="a_week_is_drawn_from_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
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
                            ("troubled", "Drawn: unhappy, reopened or escalated"),
                            ("any", "Drawn by chance"),
                            ("hand", "Chosen by hand"),
                        ],
                        max_length=8,
                    ),
                ),
                ("chance", models.FloatField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "To review"),
                            ("draft", "Draft"),
                            ("published", "Published"),
                            ("acknowledged", "Acknowledged"),
                            ("disputed", "Disputed"),
                            ("settled", "Settled"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("summary", models.TextField(blank=True, max_length=4000)),
                ("score", models.FloatField(null=True)),
                ("system_score", models.FloatField(null=True)),
                ("passed", models.BooleanField(null=True)),
                ("made_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True, max_length=4000)),
                ("answered_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settlement", models.TextField(blank=True, max_length=4000)),
                ("first_score", models.FloatField(null=True)),
                ("first_passed", models.BooleanField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "week",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="evaluation.reviewedweek",
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evaluation.scorecard",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["agent", "-published_at"], name="review_of_agent"),
                    models.Index(fields=["published_at"], name="review_published"),
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "draft", "disputed"])),
                        fields=["department", "state"],
                        name="review_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("week", "ticket", "agent"), name="an_answer_is_drawn_once_a_week"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft"), ("why", "hand")),
                        fields=("ticket", "agent", "reviewer"),
                        name="one_open_review_by_hand",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reviewer", models.F("agent")), _negated=True),
                        name="nobody_reviews_their_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_by", models.F("agent")), _negated=True),
                            models.Q(("settled_by", models.F("reviewer")), _negated=True),
                        ),
                        name="a_third_person_settles_a_review",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("chance", None), ("week", None), ("why", "hand")),
                            models.Q(
                                ("chance__gt", 0),
                                ("chance__lte", 1),
                                ("week__isnull", False),
                                ("why__in", ["troubled", "any"]),
                            ),
                            _connector="OR",
                        ),
                        name="what_is_drawn_has_a_chance",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at", None), ("state__in", ["waiting", "draft", "lapsed"])),
                            models.Q(
                                ("published_at__isnull", False),
                                ("reviewer__isnull", False),
                                ("scorecard__isnull", False),
                                ("state__in", ["published", "acknowledged", "disputed", "settled"]),
                            ),
                            _connector="OR",
                        ),
                        name="what_is_published_was_reviewed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.PositiveSmallIntegerField(null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("is_corrected", models.BooleanField(default=False)),
                ("first_value", models.PositiveSmallIntegerField(null=True)),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evaluation.criterion",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="evaluation.review",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value", None), models.Q(("value__gte", 0), ("value__lte", 4)), _connector="OR"
                        ),
                        name="reviewmark_is_on_a_scale",
                    ),
                    models.UniqueConstraint(
                        fields=("review", "criterion"), name="a_criterion_once_in_a_review"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RaisedCause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("agent", "The agent"),
                            ("guidance", "Guidance is missing or wrong"),
                            ("authority", "No authority to settle it"),
                            ("promise", "We promised what we do not keep"),
                            ("product", "The product is the cause"),
                            ("process", "A process or policy is the cause"),
                            ("tool", "The tools stood in the way"),
                        ],
                        max_length=9,
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="analysis.case"
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.issue",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
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
        pgtrigger.migrations.AddTrigger(
            model_name="bonusrule",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "evaluation_bonusruleevent" ("department_id", "full", "id", "least", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "words") VALUES (NEW."department_id", NEW."full", NEW."id", NEW."least", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."set_at", NEW."set_by_id", NEW."words"); RETURN NULL;',
                    hash="9754861e45c6fdfc54aaee2c42fa42573ad8fed3",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b980a",
                    table="evaluation_bonusrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bonusrule",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "evaluation_bonusruleevent" ("department_id", "full", "id", "least", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "words") VALUES (NEW."department_id", NEW."full", NEW."id", NEW."least", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."set_at", NEW."set_by_id", NEW."words"); RETURN NULL;',
                    hash="2054063c376e7589014c5f1762c6ddb1c22ae645",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e4b23",
                    table="evaluation_bonusrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bonusruleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a0d1c8b67eaffc6dd6f08269e71c6349a83feee3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_88751",
                    table="evaluation_bonusruleevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="goal",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "evaluation_goalevent" ("department_id", "id", "measure", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "target") VALUES (NEW."department_id", NEW."id", NEW."measure", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."set_at", NEW."set_by_id", NEW."target"); RETURN NULL;',
                    hash="dc9e9429badda49a8bd9e06ee383d47f79ced3bb",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_db33b",
                    table="evaluation_goal",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="goal",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "evaluation_goalevent" ("department_id", "id", "measure", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "target") VALUES (NEW."department_id", NEW."id", NEW."measure", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."set_at", NEW."set_by_id", NEW."target"); RETURN NULL;',
                    hash="ddfb40e99c3a2f1d6749110831f69df9472fe6a5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_abfd2",
                    table="evaluation_goal",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="goalevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="57f0fb9c8945b398ce43daddc23de7a64c9bebba",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_11d96",
                    table="evaluation_goalevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="samplesize",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "evaluation_samplesizeevent" ("department_id", "id", "per_agent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id") VALUES (NEW."department_id", NEW."id", NEW."per_agent", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."set_at", NEW."set_by_id"); RETURN NULL;',
                    hash="317354a4b0e0ffc75ac40418a0615e9acad0092a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_92bcc",
                    table="evaluation_samplesize",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="samplesize",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "evaluation_samplesizeevent" ("department_id", "id", "per_agent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id") VALUES (NEW."department_id", NEW."id", NEW."per_agent", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."set_at", NEW."set_by_id"); RETURN NULL;',
                    hash="1c6dddf65934a3682bf17862d7ecc4c601844b58",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_cc5aa",
                    table="evaluation_samplesize",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="samplesizeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3e6bdb179278d07bcf0d169650b8676b6c6d793a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4f5e6",
                    table="evaluation_samplesizeevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="scorecard",
            trigger=pgtrigger.compiler.Trigger(
                name="states_of_a_scorecard",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:published,published:retired}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="6d7aa01e2a2777491abc83a02e63faca66a9debb",
                    operation="UPDATE",
                    pgid="pgtrigger_states_of_a_scorecard_c2138",
                    table="evaluation_scorecard",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="scorecard",
            trigger=pgtrigger.compiler.Trigger(
                name="published_scorecards_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NOT (OLD."state" = \'draft\') AND (OLD."department_id" IS DISTINCT FROM (NEW."department_id") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."pass_mark" IS DISTINCT FROM (NEW."pass_mark") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at")))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="dc2583fda9d85a778c99685a04bb1652a5a800ff",
                    operation="UPDATE",
                    pgid="pgtrigger_published_scorecards_stay_0777d",
                    table="evaluation_scorecard",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="scorecard",
            trigger=pgtrigger.compiler.Trigger(
                name="published_scorecards_are_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT (OLD.\"state\" = 'draft'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="02c755b4d3cea706037b4a27c27c4d16a0403294",
                    operation="DELETE",
                    pgid="pgtrigger_published_scorecards_are_kept_8abfd",
                    table="evaluation_scorecard",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="scorecard",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "evaluation_scorecardevent" ("department_id", "drafted_at", "drafted_by_id", "id", "name", "pass_mark", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "state", "version") VALUES (NEW."department_id", NEW."drafted_at", NEW."drafted_by_id", NEW."id", NEW."name", NEW."pass_mark", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."published_at", NEW."published_by_id", NEW."state", NEW."version"); RETURN NULL;',
                    hash="4b2f14864039fccfa1ef4822328ed51f070c8b4f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_731d7",
                    table="evaluation_scorecard",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="scorecard",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "evaluation_scorecardevent" ("department_id", "drafted_at", "drafted_by_id", "id", "name", "pass_mark", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "state", "version") VALUES (NEW."department_id", NEW."drafted_at", NEW."drafted_by_id", NEW."id", NEW."name", NEW."pass_mark", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."published_at", NEW."published_by_id", NEW."state", NEW."version"); RETURN NULL;',
                    hash="d1657b8541491ba00db17be7db3664d25d2bc720",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c7f7b",
                    table="evaluation_scorecard",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="review",
            trigger=pgtrigger.compiler.Trigger(
                name="states_of_a_review",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{waiting:draft,waiting:published,draft:published,published:acknowledged,published:disputed,disputed:settled,waiting:lapsed,draft:lapsed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="6d82616570ff73fff9aaccf9bde1cfa751559583",
                    operation="UPDATE",
                    pgid="pgtrigger_states_of_a_review_87382",
                    table="evaluation_review",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="criterionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="faad862698bba5e123fb98337f7a152f54316d1c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ffc19",
                    table="evaluation_criterionevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="criterion",
            trigger=pgtrigger.compiler.Trigger(
                name="published_criteria_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NOT EXISTS (\n        SELECT 1 FROM evaluation_scorecard\n        WHERE id = COALESCE(NEW.scorecard_id, OLD.scorecard_id) AND state = 'draft'\n    ) THEN\n        RAISE EXCEPTION 'A published scorecard stays as it is: draft a new version.';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n",
                    hash="9599259dd7d68b3b4da7740740e48bb95a1f5cd3",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_published_criteria_stay_3be6c",
                    table="evaluation_criterion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="criterion",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "evaluation_criterionevent" ("about", "code", "group", "id", "is_critical", "looks_like", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "question", "scale", "scorecard_id", "weight") VALUES (NEW."about", NEW."code", NEW."group", NEW."id", NEW."is_critical", NEW."looks_like", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."question", NEW."scale", NEW."scorecard_id", NEW."weight"); RETURN NULL;',
                    hash="743dc9f812557f52d0b0a58e26d18ed34bbffbbb",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c7e76",
                    table="evaluation_criterion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="criterion",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "evaluation_criterionevent" ("about", "code", "group", "id", "is_critical", "looks_like", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "question", "scale", "scorecard_id", "weight") VALUES (NEW."about", NEW."code", NEW."group", NEW."id", NEW."is_critical", NEW."looks_like", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."question", NEW."scale", NEW."scorecard_id", NEW."weight"); RETURN NULL;',
                    hash="3bf025a08ac7074f5ee3b8a6f322155537154325",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7669c",
                    table="evaluation_criterion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calibrationsession",
            trigger=pgtrigger.compiler.Trigger(
                name="states_of_a_calibration",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{open:closed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="e06bc912de6da866391b61a06e4d0115e4c14ffc",
                    operation="UPDATE",
                    pgid="pgtrigger_states_of_a_calibration_74e8b",
                    table="evaluation_calibrationsession",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="scorecardevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e521422420499451d1f8ad11c12da74b4b1c248c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9e11b",
                    table="evaluation_scorecardevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statement",
            trigger=pgtrigger.compiler.Trigger(
                name="statements_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8c04d3714f576c7d6ce9e26df9829383d2ea4085",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_statements_stay_5450d",
                    table="evaluation_statement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statementact",
            trigger=pgtrigger.compiler.Trigger(
                name="statement_acts_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="03a8313628a377907b0d557e5d95cd8e193bd78c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_statement_acts_stay_578bc",
                    table="evaluation_statementact",
                    when="BEFORE",
                ),
            ),
        ),
    ]
