"""What the lists in config/ name is there, and what is there is in the lists."""

import ast
from importlib import import_module
from io import StringIO

import pytest
from celery import current_app
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from config.figures import FIGURES
from config.panels import PANELS
from config.schedule import SCHEDULE
from config.subscribers import SUBSCRIBERS
from helpdesk import events
from helpdesk.context import SECTIONS
from helpdesk.permissions import VERBS
from tests.house.source import house

EVERY_VERB = frozenset().union(*VERBS.values())


def words(*, besides: str) -> set[str]:
    """Every string constant of the house's source, but for one file's."""
    return {
        node.value
        for module in house()
        if module.name != besides
        for node in module.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("name", sorted({name for names in SUBSCRIBERS.values() for name in names}))
def test_every_subscriber_is_a_function(name):
    assert callable(events.resolve(name))


@pytest.mark.parametrize("name", FIGURES.values())
def test_every_kind_of_figure_is_answered_by_a_function(name):
    assert callable(import_string(name))


@pytest.mark.parametrize("entry", SCHEDULE.values(), ids=SCHEDULE.keys())
def test_every_scheduled_task_exists(entry):
    import_module(entry["task"].rpartition(".")[0])
    assert entry["task"] in current_app.tasks


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.label)
def test_every_section_of_the_navigation_leads_somewhere(section):
    assert reverse(section.url_name)
    assert section.verb in EVERY_VERB


@pytest.mark.parametrize("page", PANELS)
def test_every_panel_has_an_address(page):
    given = (
        {"number": 1}
        if page in ("ticket", "conversation", "case", "seen")
        else {"code": "x"}
        if page == "issue"
        else {"pk": 1}
        if page in ("customer", "sent", "side_sent")
        else {}
    )
    for panel in PANELS[page]:
        try:
            assert reverse(panel.url_name, kwargs=given)
        except NoReverseMatch:
            pytest.fail(f"config/panels.py names {panel.url_name}, which is no URL that takes {given}.")
        assert panel.verb in EVERY_VERB


def test_every_verb_in_the_table_is_asked_for_somewhere():
    asked = words(besides="helpdesk/permissions.py")
    assert not EVERY_VERB - asked, f"Nothing asks for {sorted(EVERY_VERB - asked)}: strike it from the table."


def test_nothing_asks_for_a_verb_that_nobody_has():
    wrong = [
        f"{module.at(call.lineno)}: {call.args[1].value}"
        for module in house()
        for call in module.nodes
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).split(".")[-1] in {"require", "may"}
        and len(call.args) > 1
        and isinstance(call.args[1], ast.Constant)
        and call.args[1].value not in EVERY_VERB
    ]
    assert not wrong, f"Add the verb to a role in helpdesk/permissions.py.\n{wrong}"


def test_every_declared_kind_of_event_is_recorded_somewhere():
    declared = words(besides="config/subscribers.py")
    assert not set(SUBSCRIBERS) - declared, (
        "Declared but never recorded: strike it from config/subscribers.py."
    )


def test_no_migration_is_missing(db):
    out = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=out)
    except SystemExit:
        pytest.fail(
            f"Models and migrations differ: run `python3 manage.py makemigrations`.\n{out.getvalue()}"
        )
