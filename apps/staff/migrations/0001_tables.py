import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("staff", "0001_initial"), ("staff", "0002_dealing")]

    initial = True

    dependencies = [
        ("analysis", "0001_tables"),
        ("control", "0001_tables"),
        ("helpdesk", "0001_tables"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Availability",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("capacity", models.PositiveSmallIntegerField(default=20)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "availabilities",
            },
        ),
        migrations.CreateModel(
            name="AvailabilityEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("capacity", models.PositiveSmallIntegerField(default=20)),
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
                        to="staff.availability",
                    ),
                ),
                (
                    "user",
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
            name="Skill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Learning"), (2, "Able"), (3, "Expert")], default=2
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issue__isnull", False), ("product__isnull", False), _connector="OR"
                        ),
                        name="a_skill_is_about_something",
                    ),
                    models.UniqueConstraint(
                        fields=("user", "issue", "product"),
                        name="one_level_for_a_skill",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SkillEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Learning"), (2, "Able"), (3, "Expert")], default=2
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
                        to="staff.skill",
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
                    "user",
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
            name="Course",
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
                        choices=[("course", "Course"), ("briefing", "To read")],
                        default="course",
                        max_length=8,
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("teaches", models.CharField(blank=True, max_length=300)),
                ("link", models.URLField(blank=True, max_length=500)),
                ("body", models.TextField(blank=True)),
                ("minutes", models.PositiveSmallIntegerField(default=15)),
                ("lasts_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "grants",
                    models.PositiveSmallIntegerField(
                        blank=True, choices=[(1, "Learning"), (2, "Able"), (3, "Expert")], null=True
                    ),
                ),
                ("is_required", models.BooleanField(default=False)),
                ("needs_lead", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("source", models.CharField(blank=True, max_length=60)),
                ("written_at", models.DateTimeField()),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["title"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True), ("kind", "course")),
                        fields=("title",),
                        name="one_course_of_a_title",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("source",),
                        name="one_briefing_of_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "course"),
                            models.Q(("grants", None), ("is_required", False), ("lasts_days", None)),
                            _connector="OR",
                        ),
                        name="a_briefing_certifies_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CourseEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("course", "Course"), ("briefing", "To read")],
                        default="course",
                        max_length=8,
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("teaches", models.CharField(blank=True, max_length=300)),
                ("link", models.URLField(blank=True, max_length=500)),
                ("body", models.TextField(blank=True)),
                ("minutes", models.PositiveSmallIntegerField(default=15)),
                ("lasts_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "grants",
                    models.PositiveSmallIntegerField(
                        blank=True, choices=[(1, "Learning"), (2, "Able"), (3, "Expert")], null=True
                    ),
                ),
                ("is_required", models.BooleanField(default=False)),
                ("needs_lead", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("source", models.CharField(blank=True, max_length=60)),
                ("written_at", models.DateTimeField()),
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
                        to="staff.course",
                    ),
                ),
                (
                    "written_by",
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
            name="Topic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="topics", to="staff.course"
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
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.product",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issue__isnull", False), ("product", None)),
                            models.Q(("issue", None), ("product__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_topic_is_an_issue_or_a_product",
                    ),
                    models.UniqueConstraint(
                        fields=("course", "issue", "product"),
                        name="a_course_covers_it_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TopicEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "course",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="staff.course",
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
                        to="staff.topic",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("by_hand", "Asked for by a lead"),
                            ("onboarding", "Getting started"),
                            ("qa_gap", "Missed in reviews"),
                            ("release", "The taxonomy changed"),
                            ("guidance", "Guidance changed"),
                            ("expiry", "The certificate runs out"),
                        ],
                        max_length=10,
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=60)),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("assigned", "To do"),
                            ("started", "Begun"),
                            ("passed", "Passed"),
                            ("excused", "Excused"),
                        ],
                        default="assigned",
                        max_length=8,
                    ),
                ),
                ("assigned_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("excuse", models.CharField(blank=True, max_length=200)),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="staff.course",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "id"],
                "indexes": [models.Index(fields=["user", "state"], name="training_of_a_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["assigned", "started"])),
                        fields=("user", "course", "reason", "source"),
                        name="one_open_assignment_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "excused"), _negated=True),
                            models.Q(("excuse", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="who_is_excused_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state__in", ["assigned", "started"])),
                            models.Q(("closed_at__isnull", False), ("state__in", ["passed", "excused"])),
                            _connector="OR",
                        ),
                        name="closed_training_has_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("passed_on", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("granted_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawal", models.CharField(blank=True, max_length=200)),
                (
                    "assignment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.assignment",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
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
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="staff.course",
                    ),
                ),
            ],
            options={
                "ordering": ["-passed_on", "-id"],
                "indexes": [models.Index(fields=["user", "course"], name="certificates_of_a_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gte", models.F("passed_on")),
                            _connector="OR",
                        ),
                        name="a_certificate_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at", None),
                            models.Q(("withdrawal", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_withdrawal_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CoachingNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("body", models.TextField()),
                ("next_step", models.TextField(blank=True)),
                ("follow_up_on", models.DateField(blank=True, null=True)),
                ("is_private", models.BooleanField(default=False)),
                (
                    "tickets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "reviews",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="staff.coachingnote",
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
                "ordering": ["-written_at", "-id"],
                "indexes": [models.Index(fields=["user", "-written_at"], name="coaching_of_a_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("author", models.F("user")), _negated=True),
                        name="nobody_coaches_themselves",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CoachingAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("body", models.TextField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="staff.coachingnote",
                    ),
                ),
            ],
            options={
                "ordering": ["written_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Dealing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("off", "Nobody gets it: people take tickets themselves"),
                            ("turn", "By turns: who got one longest ago"),
                            ("load", "By load: who has the smallest share of what they can carry"),
                            ("skill", "By skill, then by load"),
                        ],
                        max_length=5,
                    ),
                ),
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
        ),
        migrations.CreateModel(
            name="DealingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("off", "Nobody gets it: people take tickets themselves"),
                            ("turn", "By turns: who got one longest ago"),
                            ("load", "By load: who has the smallest share of what they can carry"),
                            ("skill", "By skill, then by load"),
                        ],
                        max_length=5,
                    ),
                ),
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
                        to="staff.dealing",
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
            name="DealtTo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("last_at", models.DateTimeField(null=True)),
                ("paused_at", models.DateTimeField(null=True)),
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
        migrations.CreateModel(
            name="TrainingRule",
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
                            ("missed", "A criterion is missed in reviews"),
                            ("release", "Issues change in a taxonomy release"),
                            ("guidance", "Guidance or a known error is published"),
                        ],
                        max_length=8,
                    ),
                ),
                ("criterion", models.CharField(blank=True, max_length=60)),
                ("more_than", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("of_last", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("within_days", models.PositiveSmallIntegerField(default=7)),
                ("made_at", models.DateTimeField()),
                (
                    "course",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.course",
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
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "missed"), _negated=True),
                            models.Q(
                                ("course__isnull", False),
                                ("issue", None),
                                ("more_than__isnull", False),
                                ("more_than__lt", models.F("of_last")),
                                models.Q(("criterion", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_rule_on_misses_says_how_many",
                    ),
                    models.UniqueConstraint(
                        fields=("kind", "criterion", "issue", "course"),
                        name="one_rule_for_the_same",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrainingRuleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missed", "A criterion is missed in reviews"),
                            ("release", "Issues change in a taxonomy release"),
                            ("guidance", "Guidance or a known error is published"),
                        ],
                        max_length=8,
                    ),
                ),
                ("criterion", models.CharField(blank=True, max_length=60)),
                ("more_than", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("of_last", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("within_days", models.PositiveSmallIntegerField(default=7)),
                ("made_at", models.DateTimeField()),
                (
                    "course",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="staff.course",
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
                        to="staff.trainingrule",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReviewHeard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("review", models.BigIntegerField(unique=True)),
                (
                    "missed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("published_at", models.DateTimeField()),
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
                "ordering": ["-published_at", "-review"],
                "indexes": [models.Index(fields=["user", "-published_at"], name="reviews_of_a_person")],
            },
        ),
        migrations.CreateModel(
            name="StaffingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("answered_share", models.FloatField(default=0.8)),
                ("answered_seconds", models.PositiveIntegerField(default=20)),
                ("busiest", models.FloatField(default=0.85)),
                ("shrinkage", models.FloatField(default=0.3)),
                ("promised_hours", models.PositiveSmallIntegerField(default=8)),
                ("blends", models.BooleanField(default=True)),
                ("hours_a_week", models.FloatField(default=40.0)),
                ("live_minutes", models.FloatField(blank=True, null=True)),
                ("deferred_minutes", models.FloatField(blank=True, null=True)),
                ("minutes_source", models.CharField(blank=True, max_length=250)),
                ("minutes_dated_on", models.DateField(blank=True, null=True)),
                ("set_at", models.DateTimeField()),
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
                    "department",
                    models.OneToOneField(
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
                        fields=("department",), name="one_staffing_rule_a_department", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_share__gt", 0),
                            ("answered_share__lt", 1),
                            ("busiest__gt", 0),
                            ("busiest__lt", 1),
                            ("shrinkage__gte", 0),
                            ("shrinkage__lt", 1),
                        ),
                        name="staffing_shares_are_shares",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hours_a_week__gt", 0), ("promised_hours__gte", 1)),
                        name="staffing_hours_are_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deferred_minutes", None), ("live_minutes", None)),
                            models.Q(
                                models.Q(("minutes_source", ""), _negated=True),
                                ("minutes_dated_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="assumed_minutes_have_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("live_minutes", None), ("live_minutes__gt", 0), _connector="OR"),
                            models.Q(
                                ("deferred_minutes", None), ("deferred_minutes__gt", 0), _connector="OR"
                            ),
                        ),
                        name="assumed_minutes_are_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffingRuleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("answered_share", models.FloatField(default=0.8)),
                ("answered_seconds", models.PositiveIntegerField(default=20)),
                ("busiest", models.FloatField(default=0.85)),
                ("shrinkage", models.FloatField(default=0.3)),
                ("promised_hours", models.PositiveSmallIntegerField(default=8)),
                ("blends", models.BooleanField(default=True)),
                ("hours_a_week", models.FloatField(default=40.0)),
                ("live_minutes", models.FloatField(blank=True, null=True)),
                ("deferred_minutes", models.FloatField(blank=True, null=True)),
                ("minutes_source", models.CharField(blank=True, max_length=250)),
                ("minutes_dated_on", models.DateField(blank=True, null=True)),
                ("set_at", models.DateTimeField()),
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
                        to="staff.staffingrule",
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
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("problem", models.TextField()),
                ("remedy", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for an answer"),
                            ("taken_up", "Taken up as a case"),
                            ("proposed", "Proposed as a new issue"),
                            ("merged", "Part of another"),
                            ("declined", "Declined"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("proposed_label", models.CharField(blank=True, max_length=120)),
                ("proposed_code", models.SlugField(blank=True, max_length=80)),
                ("suggested_at", models.DateTimeField()),
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
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="analysis.case",
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
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.suggestion",
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
                    "proposed_under",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.issue",
                    ),
                ),
                (
                    "suggested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="helpdesk.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["state", "-state_since"], name="suggestion_states"),
                    models.Index(
                        condition=models.Q(("case__isnull", False)),
                        fields=["case"],
                        name="suggestion_of_case",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "taken_up"), _negated=True),
                            ("case__isnull", False),
                            _connector="OR",
                        ),
                        name="suggestions_taken_up_have_a_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state", "merged"), _negated=True),
                                ("merged_into__isnull", False),
                                _connector="OR",
                            ),
                            models.Q(("merged_into", models.F("pk")), _negated=True),
                        ),
                        name="merged_suggestions_say_into_which",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="declined_suggestions_say_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "proposed"), _negated=True),
                            models.Q(("proposed_label", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="proposed_suggestions_name_the_issue",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuggestionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("problem", models.TextField()),
                ("remedy", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for an answer"),
                            ("taken_up", "Taken up as a case"),
                            ("proposed", "Proposed as a new issue"),
                            ("merged", "Part of another"),
                            ("declined", "Declined"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("proposed_label", models.CharField(blank=True, max_length=120)),
                ("proposed_code", models.SlugField(blank=True, db_index=False, max_length=80)),
                ("suggested_at", models.DateTimeField()),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="analysis.case",
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
                    "merged_into",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="staff.suggestion",
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
                        to="staff.suggestion",
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
                    "proposed_under",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="helpdesk.issue",
                    ),
                ),
                (
                    "suggested_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="helpdesk.ticket",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Voice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "suggestion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="voices",
                        to="staff.suggestion",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("suggestion", "user"), name="one_voice_a_person_and_suggestion"
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="availability",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "staff_availabilityevent" ("capacity", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."capacity", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."user_id"); RETURN NULL;',
                    hash="bd6610cefef8e98ea2d1cebe6e0b89eb0a3b044f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_cd0ba",
                    table="staff_availability",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="availability",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "staff_availabilityevent" ("capacity", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."capacity", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."user_id"); RETURN NULL;',
                    hash="bcca71fe58e3fa9bfc59d7428e7e0d5ba00ccc27",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_38ed5",
                    table="staff_availability",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="availabilityevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="41520f8fd5a8a2211008362780bbb23c21f87eba",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8e096",
                    table="staff_availabilityevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coachingnote",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="92ee05c66ec74c6ec709aea72a1b7bdf43485c1d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_58f01",
                    table="staff_coachingnote",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coachinganswer",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7f4d426f5384cebbecaa75768620f80567a7db85",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_78ee7",
                    table="staff_coachinganswer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="course",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "staff_courseevent" ("body", "grants", "id", "is_active", "is_required", "kind", "lasts_days", "link", "minutes", "needs_lead", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "teaches", "title", "written_at", "written_by_id") VALUES (NEW."body", NEW."grants", NEW."id", NEW."is_active", NEW."is_required", NEW."kind", NEW."lasts_days", NEW."link", NEW."minutes", NEW."needs_lead", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."teaches", NEW."title", NEW."written_at", NEW."written_by_id"); RETURN NULL;',
                    hash="357a8cd68e3a58eec9813bdee79249b86ed373a6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_612f9",
                    table="staff_course",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="course",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "staff_courseevent" ("body", "grants", "id", "is_active", "is_required", "kind", "lasts_days", "link", "minutes", "needs_lead", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "teaches", "title", "written_at", "written_by_id") VALUES (NEW."body", NEW."grants", NEW."id", NEW."is_active", NEW."is_required", NEW."kind", NEW."lasts_days", NEW."link", NEW."minutes", NEW."needs_lead", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."teaches", NEW."title", NEW."written_at", NEW."written_by_id"); RETURN NULL;',
                    hash="1a473338b5a5a907c648c03c092e1dfd0292a852",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_38092",
                    table="staff_course",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="training_states",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{assigned:started,assigned:passed,assigned:excused,started:passed,started:excused}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="ac69715e14841645bdfd978c3687292732d6c016",
                    operation="UPDATE",
                    pgid="pgtrigger_training_states_5d088",
                    table="staff_assignment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="courseevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1faa0367b29b91006101ad521a8efe8519e5d532",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d0667",
                    table="staff_courseevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealing",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "staff_dealingevent" ("department_id", "id", "mode", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id") VALUES (NEW."department_id", NEW."id", NEW."mode", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."set_at", NEW."set_by_id"); RETURN NULL;',
                    hash="a596145bb47c37f9996728535ccb650a1b760545",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0535a",
                    table="staff_dealing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealing",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "staff_dealingevent" ("department_id", "id", "mode", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id") VALUES (NEW."department_id", NEW."id", NEW."mode", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."set_at", NEW."set_by_id"); RETURN NULL;',
                    hash="2ba11fa1df67f79e03f765ab0b0fbbea9af149b7",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_22705",
                    table="staff_dealing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealingevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bf47b8de357b52a42a239d24c4a94b69438f7a72",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_90e93",
                    table="staff_dealingevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="skill",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "staff_skillevent" ("id", "issue_id", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "user_id") VALUES (NEW."id", NEW."issue_id", NEW."level", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."product_id", NEW."user_id"); RETURN NULL;',
                    hash="c85bb1a8ac7b7282948d58ee69304544a9fcffa7",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_cd5b7",
                    table="staff_skill",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="skill",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "staff_skillevent" ("id", "issue_id", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "user_id") VALUES (NEW."id", NEW."issue_id", NEW."level", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."product_id", NEW."user_id"); RETURN NULL;',
                    hash="93a76dedc9e5b9c58d2faaa5ef1a3473cd82df06",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_9ad43",
                    table="staff_skill",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="skillevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d43d9dd0e65cb753abdb13a536308c1d2b5ac78e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6ba37",
                    table="staff_skillevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="staffingrule",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "staff_staffingruleevent" ("answered_seconds", "answered_share", "blends", "busiest", "calendar_id", "deferred_minutes", "department_id", "hours_a_week", "id", "live_minutes", "minutes_dated_on", "minutes_source", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "promised_hours", "set_at", "set_by_id", "shrinkage") VALUES (NEW."answered_seconds", NEW."answered_share", NEW."blends", NEW."busiest", NEW."calendar_id", NEW."deferred_minutes", NEW."department_id", NEW."hours_a_week", NEW."id", NEW."live_minutes", NEW."minutes_dated_on", NEW."minutes_source", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."promised_hours", NEW."set_at", NEW."set_by_id", NEW."shrinkage"); RETURN NULL;',
                    hash="115bae2442726d96e41749476eda73a58ca1b96f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_87ffd",
                    table="staff_staffingrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="staffingrule",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "staff_staffingruleevent" ("answered_seconds", "answered_share", "blends", "busiest", "calendar_id", "deferred_minutes", "department_id", "hours_a_week", "id", "live_minutes", "minutes_dated_on", "minutes_source", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "promised_hours", "set_at", "set_by_id", "shrinkage") VALUES (NEW."answered_seconds", NEW."answered_share", NEW."blends", NEW."busiest", NEW."calendar_id", NEW."deferred_minutes", NEW."department_id", NEW."hours_a_week", NEW."id", NEW."live_minutes", NEW."minutes_dated_on", NEW."minutes_source", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."promised_hours", NEW."set_at", NEW."set_by_id", NEW."shrinkage"); RETURN NULL;',
                    hash="bdcaa1f617377426c3725dbe6ed4d0ed1127ec94",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_24eb4",
                    table="staff_staffingrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="staffingruleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="dcab702d4a70990d79a36c9e3ef43236e4781603",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_01347",
                    table="staff_staffingruleevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suggestion",
            trigger=pgtrigger.compiler.Trigger(
                name="suggestion_states",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{waiting:declined,waiting:merged,waiting:proposed,waiting:taken_up,proposed:declined,proposed:merged,proposed:taken_up,merged:waiting,declined:waiting}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="09bf9db82a35627a43897f244969361583f3ae2d",
                    operation="UPDATE",
                    pgid="pgtrigger_suggestion_states_485d2",
                    table="staff_suggestion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suggestion",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "staff_suggestionevent" ("answer", "answered_by_id", "case_id", "department_id", "id", "issue_id", "merged_into_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "product_id", "proposed_code", "proposed_label", "proposed_under_id", "remedy", "state", "state_since", "suggested_at", "suggested_by_id", "ticket_id", "title") VALUES (NEW."answer", NEW."answered_by_id", NEW."case_id", NEW."department_id", NEW."id", NEW."issue_id", NEW."merged_into_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."problem", NEW."product_id", NEW."proposed_code", NEW."proposed_label", NEW."proposed_under_id", NEW."remedy", NEW."state", NEW."state_since", NEW."suggested_at", NEW."suggested_by_id", NEW."ticket_id", NEW."title"); RETURN NULL;',
                    hash="6666bbd95a676debca061168cc28a01db286e44f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_edb33",
                    table="staff_suggestion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suggestion",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "staff_suggestionevent" ("answer", "answered_by_id", "case_id", "department_id", "id", "issue_id", "merged_into_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "product_id", "proposed_code", "proposed_label", "proposed_under_id", "remedy", "state", "state_since", "suggested_at", "suggested_by_id", "ticket_id", "title") VALUES (NEW."answer", NEW."answered_by_id", NEW."case_id", NEW."department_id", NEW."id", NEW."issue_id", NEW."merged_into_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."problem", NEW."product_id", NEW."proposed_code", NEW."proposed_label", NEW."proposed_under_id", NEW."remedy", NEW."state", NEW."state_since", NEW."suggested_at", NEW."suggested_by_id", NEW."ticket_id", NEW."title"); RETURN NULL;',
                    hash="33b0b238613432714a2a833df47a45e1405c986b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_39cf5",
                    table="staff_suggestion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suggestionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d3b8da78686430ce933e882941bc7765799a7d38",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6a800",
                    table="staff_suggestionevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="topic",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "staff_topicevent" ("course_id", "id", "issue_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id") VALUES (NEW."course_id", NEW."id", NEW."issue_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."product_id"); RETURN NULL;',
                    hash="78ab3c235b289812907339a6081e8b93f544f832",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_67801",
                    table="staff_topic",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="topic",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "staff_topicevent" ("course_id", "id", "issue_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id") VALUES (NEW."course_id", NEW."id", NEW."issue_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."product_id"); RETURN NULL;',
                    hash="3f4a9a36853935bd35df27f6ddb7aee336e159ec",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a6137",
                    table="staff_topic",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="topicevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="72427242099c7d012c135ce80f973bfa3f528d28",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ff030",
                    table="staff_topicevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trainingrule",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "staff_trainingruleevent" ("course_id", "criterion", "id", "issue_id", "kind", "made_at", "made_by_id", "more_than", "of_last", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "within_days") VALUES (NEW."course_id", NEW."criterion", NEW."id", NEW."issue_id", NEW."kind", NEW."made_at", NEW."made_by_id", NEW."more_than", NEW."of_last", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."within_days"); RETURN NULL;',
                    hash="2cee1c99b2924b682736e4681f03d5e0181f87c6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ff86d",
                    table="staff_trainingrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trainingrule",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "staff_trainingruleevent" ("course_id", "criterion", "id", "issue_id", "kind", "made_at", "made_by_id", "more_than", "of_last", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "within_days") VALUES (NEW."course_id", NEW."criterion", NEW."id", NEW."issue_id", NEW."kind", NEW."made_at", NEW."made_by_id", NEW."more_than", NEW."of_last", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."within_days"); RETURN NULL;',
                    hash="2959824fb85e8ba6c2abb905145cead20b0bb970",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_be0cc",
                    table="staff_trainingrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trainingruleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d4803d3655322c8cae9a39334e8eae602a0fc9b1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2c4ee",
                    table="staff_trainingruleevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
