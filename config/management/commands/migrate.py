"""`migrate` as Django has it, but a new desk's tables are made in a fraction of the time.

Django renders all related models anew after every operation, to show each operation the models as they are after it.
Tables that are made one after the other need no more than the models as they are after the last, and so do
columns, indexes, constraints and triggers that are added to tables which are there: they are drawn together, and the
models are rendered once for all of them. The SQL stays the same.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.core.management.commands import migrate
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

# What these do is not changed by another of the same set that comes later. A table that is shown the column which is
# added to it next would be: it would be made with it, and then the column would be made once more.
INDEPENDENT: tuple[set[type[Operation]], ...] = (
    {CreateModel},
    {AddField, AddIndex, AddConstraint, AddTrigger},
)


class Together(Operation):
    """Several operations that can all be shown the models as they are after the last of them."""

    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # rendered again, whole, when the first operation asks
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)


def drawn_together(operations: Iterable[Operation]) -> list[Operation]:
    """The same operations in the same order, with neighbours that are independent of each other as one."""
    drawn: list[Operation] = []
    for independent, group in groupby(operations, independent_set):
        neighbours = list(group)
        drawn += neighbours if independent is None else [Together(neighbours)]
    return drawn


def independent_set(operation: Operation) -> int | None:
    """The place in INDEPENDENT of the set it is in; None when it must be seen alone."""
    return next((place for place, kinds in enumerate(INDEPENDENT) if type(operation) in kinds), None)


class Executor(MigrationExecutor):
    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        if migration.atomic and not fake_initial:  # which looks for the operations that make tables
            vars(migration)["operations"] = drawn_together(migration.operations)
        return super().apply_migration(state, migration, fake, fake_initial)


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        vars(migrate)["MigrationExecutor"] = Executor  # Django has no other way in
        super().handle(*args, **options)
