import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
import pgvector.django.halfvec
import pgvector.django.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("intake", "0001_initial"), ("intake", "0002_the_fingerprint_of_a_suggestion_model")]

    initial = True

    dependencies = [
        ("helpdesk", "0001_tables"),
    ]

    operations = [
        pgvector.django.VectorExtension(),
        migrations.CreateModel(
            name="InboundMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mailbox", models.CharField(max_length=254)),
                ("raw", models.BinaryField()),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("fingerprint", models.CharField(max_length=80, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Waiting to be read"),
                            ("done", "Taken"),
                            ("duplicate", "Same mail again"),
                            ("screened", "Screened out"),
                            ("quarantined", "Quarantined"),
                        ],
                        default="received",
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("sender", models.CharField(blank=True, max_length=320)),
                ("subject", models.CharField(blank=True, max_length=500)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("received_at", models.DateTimeField()),
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
                    models.Index(fields=["sender", "-received_at"], name="mail_of_sender"),
                    models.Index(
                        condition=models.Q(("state", "received")), fields=["received_at"], name="mail_waiting"
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["screened", "quarantined"])),
                        fields=["-id"],
                        name="mail_held_back",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("mailbox", "sha256"), name="one_row_per_delivery"),
                    models.UniqueConstraint(fields=("mailbox", "fingerprint"), name="one_mail_per_mailbox"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuggestionModel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("data", models.BinaryField()),
                (
                    "fingerprint",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            models.Func("data", function="sha256"),
                            models.Value("hex"),
                            function="encode",
                            output_field=models.TextField(),
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                ("trained_at", models.DateTimeField()),
                ("method", models.CharField(max_length=20)),
                ("trained_on", models.PositiveIntegerField()),
                ("encoder", models.CharField(blank=True, max_length=80)),
                ("accuracy", models.FloatField(null=True)),
                ("blind_accuracy", models.FloatField(null=True)),
                ("blind_tickets", models.PositiveIntegerField(default=0)),
                ("auto_fill", models.FloatField(null=True)),
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
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="EncodedText",
            fields=[
                ("digest", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("vector", models.BinaryField()),
            ],
            options={
                "ordering": ["digest"],
            },
        ),
        migrations.CreateModel(
            name="TextFit",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="helpdesk.ticket",
                    ),
                ),
                ("novelty", models.FloatField(null=True)),
                ("fits_no_code", models.BooleanField()),
                ("is_blind", models.BooleanField()),
                (
                    "model",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="intake.suggestionmodel",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("fits_no_code", True)), fields=["ticket"], name="fits_no_code"
                    ),
                    models.Index(
                        condition=models.Q(("is_blind", True)), fields=["ticket"], name="blind_tickets"
                    ),
                ],
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
                ("rank", models.PositiveSmallIntegerField()),
                ("confidence", models.FloatField()),
                ("is_further", models.BooleanField(default=False)),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.issue"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.ticket"
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="intake.suggestionmodel",
                    ),
                ),
            ],
            options={
                "ordering": ["rank"],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "rank"), name="one_suggestion_per_rank")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=300)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done"), ("failed", "Stopped by an error")],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("imported", models.PositiveIntegerField(default=0)),
                ("known", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
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
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="TextVector",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="helpdesk.ticket",
                    ),
                ),
                ("encoder", models.CharField(max_length=40)),
                ("vector", pgvector.django.halfvec.HalfVectorField(null=True)),
                ("encoded_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    pgvector.django.indexes.HnswIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.comparison.Cast(
                                "vector", pgvector.django.halfvec.HalfVectorField(dimensions=384)
                            ),
                            name="halfvec_cosine_ops",
                        ),
                        condition=models.Q(("encoder", "all-minilm-l6-v2")),
                        name="text_vector_minilm",
                    ),
                    pgvector.django.indexes.HnswIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.comparison.Cast(
                                "vector", pgvector.django.halfvec.HalfVectorField(dimensions=512)
                            ),
                            name="halfvec_cosine_ops",
                        ),
                        condition=models.Q(("encoder", "use-multilingual-3")),
                        name="text_vector_use",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="inboundmail",
            trigger=pgtrigger.compiler.Trigger(
                name="states_of_a_mail",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{received:done,received:duplicate,received:screened,received:quarantined,screened:done,quarantined:done}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="34d2e248c97b9040dc7389079cef5b16b040e4a2",
                    operation="UPDATE",
                    pgid="pgtrigger_states_of_a_mail_a790c",
                    table="intake_inboundmail",
                    when="BEFORE",
                ),
            ),
        ),
    ]
