from decimal import Decimal

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("response", "0001_macros_and_guidance"), ("response", "0002_second_readings")]

    initial = True

    dependencies = [
        ("helpdesk", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
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
                ("body", models.TextField()),
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
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "department"),
                        name="macro_name_once_in_a_department",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MacroEvent",
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
                        to="response.macro",
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
                ("name", models.CharField(max_length=120)),
                ("body", models.TextField()),
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
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
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
                (
                    "issue",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.issue"
                    ),
                ),
                ("questions", models.TextField(blank=True)),
                ("solution_space", models.TextField(blank=True)),
                ("explanation", models.TextField(blank=True)),
                ("prevention_tip", models.TextField(blank=True)),
                ("known_error", models.TextField(blank=True)),
                ("agent_limit", models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12)),
                ("lead_limit", models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12)),
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
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="response.guidance",
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
                ("questions", models.TextField(blank=True)),
                ("solution_space", models.TextField(blank=True)),
                ("explanation", models.TextField(blank=True)),
                ("prevention_tip", models.TextField(blank=True)),
                ("known_error", models.TextField(blank=True)),
                ("agent_limit", models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12)),
                ("lead_limit", models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12)),
            ],
            options={
                "abstract": False,
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
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
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
                (
                    "first_issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.issue"
                    ),
                ),
                (
                    "first_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("first_at", models.DateTimeField()),
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
                    "second_issue",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.issue",
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
                ("second_at", models.DateTimeField(null=True)),
                ("seconds", models.PositiveIntegerField(null=True)),
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
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
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
                "indexes": [
                    models.Index(fields=["first_at"], name="reading_first_at"),
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "differs"])),
                        fields=["state"],
                        name="reading_open",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guidance",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "response_guidanceevent" ("agent_limit", "explanation", "id", "issue_id", "known_error", "lead_limit", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prevention_tip", "questions", "solution_space") VALUES (NEW."agent_limit", NEW."explanation", NEW."id", NEW."issue_id", NEW."known_error", NEW."lead_limit", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prevention_tip", NEW."questions", NEW."solution_space"); RETURN NULL;',
                    hash="ece8545d06096784f394e5d6ea62fb6d4da211f4",
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
                    func='INSERT INTO "response_guidanceevent" ("agent_limit", "explanation", "id", "issue_id", "known_error", "lead_limit", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prevention_tip", "questions", "solution_space") VALUES (NEW."agent_limit", NEW."explanation", NEW."id", NEW."issue_id", NEW."known_error", NEW."lead_limit", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prevention_tip", NEW."questions", NEW."solution_space"); RETURN NULL;',
                    hash="1535a410076adc610283c2d5ac4c8e76fadb345b",
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
            model_name="macro",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "response_macroevent" ("body", "department_id", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "then") VALUES (NEW."body", NEW."department_id", NEW."id", NEW."is_active", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."then"); RETURN NULL;',
                    hash="70b00498abd086987f5b49b0235b6b5d44b0f42a",
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
                    func='INSERT INTO "response_macroevent" ("body", "department_id", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "then") VALUES (NEW."body", NEW."department_id", NEW."id", NEW."is_active", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."then"); RETURN NULL;',
                    hash="bf2361a96593284f1da1d23e5e9cafa50ba14b24",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d700e",
                    table="response_macro",
                    when="AFTER",
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
