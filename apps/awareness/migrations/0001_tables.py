import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("awareness", "0001_initial"),
        ("awareness", "0002_voices_trials_and_places"),
        ("awareness", "0003_waves_in_several_languages"),
    ]

    initial = True

    dependencies = [
        ("analysis", "0001_tables"),
        ("helpdesk", "0001_tables"),
        ("output", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=16, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "where",
                    models.CharField(
                        choices=[
                            ("invoice", "Link on the invoice"),
                            ("packaging", "Code on the packaging"),
                            ("banner", "Banner on the website"),
                            ("survey", "Survey"),
                            ("other", "Elsewhere"),
                        ],
                        max_length=10,
                    ),
                ),
                ("question", models.TextField(max_length=1000)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("segment", models.CharField(blank=True, max_length=60)),
                ("region", models.CharField(blank=True, max_length=60)),
                ("reach", models.PositiveIntegerField(blank=True, null=True)),
                ("days_back", models.PositiveSmallIntegerField(default=90)),
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
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="analysis.calendarentry",
                    ),
                ),
                ("issues", models.ManyToManyField(blank=True, related_name="+", to="helpdesk.issue")),
            ],
            options={
                "ordering": ["-starts_on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="a_campaign_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignVisits",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("via", models.CharField(choices=[("link", "Link"), ("code", "QR code")], max_length=4)),
                ("number", models.PositiveIntegerField(default=0)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="awareness.campaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "day", "via"), name="one_count_of_visits_a_day_and_way"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("via", models.CharField(choices=[("link", "Link"), ("code", "QR code")], max_length=4)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="awareness.campaign",
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="helpdesk.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["campaign", "at"], name="replies_of_a_campaign")],
            },
        ),
        migrations.CreateModel(
            name="CampaignProblem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("told", models.BooleanField()),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.issue"
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="awareness.campaignreply",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("reply", "issue"), name="a_problem_once_a_reply")
                ],
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("week", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField()),
                ("lines", models.JSONField(default=list)),
                ("keys", models.JSONField(default=list)),
                ("skipped", models.CharField(blank=True, max_length=80)),
                (
                    "delivery",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="output.delivery",
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
                "ordering": ["-year", "-week", "owner_id"],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "year", "week"), name="one_digest_a_week"),
                    models.CheckConstraint(
                        condition=models.Q(("delivery", None), ("skipped", ""), _connector="OR"),
                        name="a_digest_is_sent_or_says_why_not",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=150)),
                ("body", models.TextField(max_length=5000)),
                (
                    "audience",
                    models.CharField(
                        choices=[("public", "Everybody"), ("internal", "Colleagues only")],
                        default="public",
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("withdrawn", "Withdrawn")],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("drafted_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="analysis.case",
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
                "ordering": ["state", "-published_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("audience", "public"), ("state", "published")),
                        fields=["-published_at", "-id"],
                        name="notice_public",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case",), name="one_notice_for_a_case"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="published_notices_have_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wave",
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
                            ("holding", "We know, and are at it"),
                            ("asking", "Something was changed: is it gone for you?"),
                            ("fixed", "Fixed, because you told us"),
                        ],
                        max_length=7,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("sending", "Going out"),
                            ("stopped", "Stopped"),
                            ("sent", "Sent"),
                        ],
                        default="draft",
                        max_length=7,
                    ),
                ),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField(max_length=5000)),
                ("an_hour", models.PositiveIntegerField(default=200)),
                ("drafted_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="analysis.case"
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
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "sending", "stopped"])),
                        fields=("case", "kind"),
                        name="one_open_wave_of_a_kind_and_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("an_hour__gte", 1)), name="a_wave_sends_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WaveText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField(max_length=5000)),
                ("question", models.CharField(blank=True, max_length=200)),
                (
                    "wave",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="awareness.wave"
                    ),
                ),
            ],
            options={
                "ordering": ["language"],
                "constraints": [
                    models.UniqueConstraint(fields=("wave", "language"), name="a_text_a_language_and_wave")
                ],
            },
        ),
        migrations.CreateModel(
            name="WaveLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("skipped", models.CharField(blank=True, max_length=80)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("gone", "Yes, it is gone"), ("still", "No, it is still there")],
                        max_length=5,
                    ),
                ),
                ("comment", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.customer"
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="output.delivery",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "wave",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="awareness.wave",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at", None), ("skipped", "")),
                        fields=["wave", "id"],
                        name="wave_to_send",
                    ),
                    models.Index(fields=["customer"], name="wave_letters_of_a_customer"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("wave", "customer"), name="one_letter_a_customer_and_wave"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sent_at", None), ("skipped", ""), _connector="OR"),
                        name="a_wave_letter_is_sent_or_says_why_not",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outreach",
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
                        choices=[("known", "A known problem"), ("how_to", "How to")], max_length=6
                    ),
                ),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField(max_length=5000)),
                ("segment", models.CharField(blank=True, max_length=60)),
                ("region", models.CharField(blank=True, max_length=60)),
                ("had_it_before", models.BooleanField(default=False)),
                ("held_back", models.FloatField(default=0.1)),
                ("seed", models.CharField(max_length=32)),
                ("window_days", models.PositiveSmallIntegerField(default=28)),
                ("an_hour", models.PositiveIntegerField(default=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("sending", "Going out"),
                            ("stopped", "Stopped"),
                            ("sent", "Sent"),
                        ],
                        default="draft",
                        max_length=7,
                    ),
                ),
                ("drafted_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "drafted_by",
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
                    "notice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outreaches",
                        to="awareness.notice",
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
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("held_back__gt", 0), ("held_back__lte", 0.5)),
                        name="a_share_is_held_back",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("an_hour__gte", 1)), name="an_outreach_sends_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutreachCustomer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held", models.BooleanField()),
                ("key", models.CharField(max_length=64, unique=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("unsent", models.CharField(blank=True, max_length=80)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.customer"
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="output.delivery",
                    ),
                ),
                (
                    "outreach",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drawn",
                        to="awareness.outreach",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("held", False), ("sent_at", None), ("unsent", "")),
                        fields=["outreach", "id"],
                        name="outreach_to_send",
                    ),
                    models.Index(fields=["customer"], name="outreach_of_a_customer"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("outreach", "customer"), name="a_customer_is_drawn_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("held", False), models.Q(("delivery", None), ("sent_at", None)), _connector="OR"
                        ),
                        name="who_is_held_back_gets_no_letter",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OptOut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.customer"
                    ),
                ),
                (
                    "outreach",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="awareness.outreach",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MaturityAssessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="MaturityGrade",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("activity", models.CharField(max_length=20)),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("absent", "Absent"),
                            ("unsatisfactory", "Unsatisfactory"),
                            ("satisfactory", "Satisfactory"),
                            ("best", "Best practice"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "suggested",
                    models.CharField(
                        choices=[
                            ("absent", "Absent"),
                            ("unsatisfactory", "Unsatisfactory"),
                            ("satisfactory", "Satisfactory"),
                            ("best", "Best practice"),
                        ],
                        max_length=14,
                    ),
                ),
                ("evidence", models.JSONField(default=dict)),
                ("note", models.TextField(blank=True)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grades",
                        to="awareness.maturityassessment",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("assessment", "activity"), name="one_grade_an_activity")
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("month", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField()),
                ("page", models.JSONField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("skipped", models.CharField(blank=True, max_length=80)),
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
                "ordering": ["-year", "-month"],
                "constraints": [
                    models.UniqueConstraint(fields=("year", "month"), name="one_report_a_month"),
                    models.CheckConstraint(
                        condition=models.Q(("month__gte", 1), ("month__lte", 12)),
                        name="a_report_is_of_a_month",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                (
                    "delivery",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="output.delivery"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="awareness.report",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "email"), name="one_letter_a_report_and_address"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportRecipient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
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
                "ordering": ["email"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="maturityassessment",
            trigger=pgtrigger.compiler.Trigger(
                name="assessments_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3c0ec001b761eb74a69d2400d983067afbacda1e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_assessments_stay_66c5b",
                    table="awareness_maturityassessment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="maturitygrade",
            trigger=pgtrigger.compiler.Trigger(
                name="maturity_grades_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d14eef070fa8622dccd0be2be0b65a3cb3fa378a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_maturity_grades_stay_dd4cd",
                    table="awareness_maturitygrade",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="notice",
            trigger=pgtrigger.compiler.Trigger(
                name="notice_states",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:published,draft:withdrawn,published:withdrawn,withdrawn:published,withdrawn:draft}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="6057e84086beb981d0e9d73157bbd9e01cd60a6c",
                    operation="UPDATE",
                    pgid="pgtrigger_notice_states_629ff",
                    table="awareness_notice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outreach",
            trigger=pgtrigger.compiler.Trigger(
                name="outreach_states",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:sending,sending:stopped,stopped:sending,sending:sent,stopped:sent}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="f8561353e7131b2f1b84490e4b8c7f32e4408d3e",
                    operation="UPDATE",
                    pgid="pgtrigger_outreach_states_69efc",
                    table="awareness_outreach",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outreach",
            trigger=pgtrigger.compiler.Trigger(
                name="lots_are_drawn_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."seed" IS DISTINCT FROM (NEW."seed"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="e23fe8a2f14ad9da8cee86fa27bab30f0908f8c1",
                    operation="UPDATE",
                    pgid="pgtrigger_lots_are_drawn_once_e10e1",
                    table="awareness_outreach",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outreachcustomer",
            trigger=pgtrigger.compiler.Trigger(
                name="a_lot_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."held" IS DISTINCT FROM (NEW."held") OR OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."outreach_id" IS DISTINCT FROM (NEW."outreach_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="0926768a1c454627712eae8723ba13b1c615ac18",
                    operation="UPDATE",
                    pgid="pgtrigger_a_lot_stays_6765f",
                    table="awareness_outreachcustomer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="reports_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="80631505babb6a28b2de9916fb464d908268de9e",
                    operation="UPDATE",
                    pgid="pgtrigger_reports_stay_d6b4c",
                    table="awareness_report",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="wave",
            trigger=pgtrigger.compiler.Trigger(
                name="wave_states",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:sending,sending:stopped,stopped:sending,sending:sent,stopped:sent}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="4131c5632b845f84e10fe35ecd8cf62029ec65ad",
                    operation="UPDATE",
                    pgid="pgtrigger_wave_states_507b1",
                    table="awareness_wave",
                    when="BEFORE",
                ),
            ),
        ),
    ]
