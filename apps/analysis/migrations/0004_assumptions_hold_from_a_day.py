"""Assumptions get the day they hold from, an owner, and a channel and segment; rows are added, never changed."""

import datetime

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("analysis", "0003_changes_mark_their_day"),
        ("helpdesk", "0001_nouns"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="assumption",
            options={
                "ordering": ["parameter", "issue_id", "channel", "segment", "valid_from", "set_at", "id"]
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="assumption",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="assumption",
            name="update_update",
        ),
        migrations.RemoveConstraint(
            model_name="assumption",
            name="one_assumption_of_a_kind",
        ),
        migrations.AddField(
            model_name="assumption",
            name="channel",
            field=models.CharField(
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
        migrations.AddField(
            model_name="assumption",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assumption",
            name="segment",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="assumption",
            name="valid_from",
            field=models.DateField(default=datetime.date(2000, 1, 1)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="assumptionevent",
            name="channel",
            field=models.CharField(
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
        migrations.AddField(
            model_name="assumptionevent",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assumptionevent",
            name="segment",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="assumptionevent",
            name="valid_from",
            field=models.DateField(default=datetime.date(2000, 1, 1)),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="assumption",
            name="parameter",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="assumptionevent",
            name="parameter",
            field=models.CharField(
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
        # Rows there were before held from the day they were written down.
        migrations.RunSQL("UPDATE analysis_assumption SET valid_from = set_at::date", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="assumption",
            index=models.Index(fields=["parameter", "issue", "-valid_from"], name="assumption_in_force"),
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
    ]
