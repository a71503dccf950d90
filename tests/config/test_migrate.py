"""A new desk's tables are drawn together: the same SQL, with the models rendered once."""

from io import StringIO

import pgtrigger
import pytest
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration, RunSQL
from django.db.migrations.state import ProjectState
from django.test.utils import CaptureQueriesContext
from pgtrigger.migrations import AddTrigger

from config.management.commands.migrate import Executor, drawn_together
from helpdesk.models import User


def table(model, **fields):
    return CreateModel(model, [("id", models.BigAutoField(primary_key=True)), *fields.items()])


def to(name):
    return models.ForeignKey(f"toys.{name}", models.CASCADE, related_name="+")


def guard(name):
    return AddTrigger(name, pgtrigger.Protect(name="keep", operation=pgtrigger.Delete).compile(User))


OPERATIONS = [
    table("box", name=models.CharField(max_length=20, unique=True)),
    table("toy", box=to("box"), friends=models.ManyToManyField("toys.toy")),
    RunSQL("SELECT 1"),
    table("child", toy=to("toy")),
    table("rule"),
    guard("toy"),
    guard("box"),
    AddField("box", "keeper", to("child")),
    AddIndex("box", models.Index(fields=["keeper", "name"], name="box_keeper")),
    AddConstraint("box", models.UniqueConstraint(fields=["keeper"], name="one_box_each")),
    table("late"),
]


def migration(operations, *, atomic=True):
    made = Migration("0001_initial", "toys")
    made.operations, made.atomic = operations, atomic
    return made


def sql_of(operations):
    """What is sent to the database, which is left as it was."""
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        with connection.schema_editor() as editor:
            migration(operations).apply(ProjectState(), editor)
        transaction.set_rollback(True)
    return [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]


def test_neighbouring_tables_become_one_operation_and_so_does_what_is_added_to_them():
    tables, sql, more, added, late = drawn_together(OPERATIONS)

    assert [tables.operations, more.operations] == [OPERATIONS[:2], OPERATIONS[3:5]]
    assert added.operations == OPERATIONS[5:10]
    assert late.operations == OPERATIONS[10:]
    assert sql == OPERATIONS[2]


@pytest.mark.django_db
def test_what_is_drawn_together_writes_the_same_sql_in_the_same_order():
    apart = sql_of(OPERATIONS)

    assert len(apart) > len(OPERATIONS)
    assert sql_of(drawn_together(OPERATIONS)) == apart


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("atomic", "fake_initial", "drawn"), [(True, False, True), (False, False, False), (True, True, False)]
)
def test_only_what_runs_whole_in_a_transaction_is_drawn_together(atomic, fake_initial, drawn):
    made = migration([*OPERATIONS], atomic=atomic)

    Executor(connection).apply_migration(ProjectState(), made, fake=True, fake_initial=fake_initial)

    assert (len(made.operations) < len(OPERATIONS)) is drawn


@pytest.mark.django_db
def test_the_command_works_that_way(monkeypatch):
    seen = []
    monkeypatch.setattr(Executor, "migration_plan", lambda self, *args, **options: seen.append(self) or [])

    call_command("migrate", plan=True, stdout=StringIO())

    assert seen
