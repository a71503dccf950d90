"""Every kind of event that a ticket can have is told in words on its history."""

import ast

from apps.response.queries.history import GROUPS
from apps.response.queries.history_sentences import SENTENCES
from config.subscribers import SUBSCRIBERS
from tests.house.source import house

# Nouns whose events are a ticket's, however they are recorded.
OF_TICKETS = (
    "ticket.", "message.", "messages.", "note.", "link.", "mail.", "delivery.", "clock.", "referral.", "remedy.",
    "outcome.", "survey.",
)  # fmt: skip


def recorded_on_tickets() -> set[str]:
    """Kinds that stand in a call of `record` which names a ticket."""
    return {
        call.args[0].value
        for module in house()
        for call in module.nodes
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).endswith("record")
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and any(given.arg == "ticket" for given in call.keywords)
    }


def test_every_kind_of_event_of_a_ticket_has_its_sentence():
    kinds = {kind for kind in SUBSCRIBERS if kind.startswith(OF_TICKETS)} | recorded_on_tickets()
    assert not kinds - set(SENTENCES), (
        f"Say in words what {sorted(kinds - set(SENTENCES))} means: apps/response/queries/history_sentences.py."
    )


def test_every_sentence_is_found_under_a_group():
    groups = tuple(kind for _, kinds in GROUPS.values() for kind in kinds)
    lost = [kind for kind in SENTENCES if not kind.startswith(groups)]
    assert not lost, (
        f"Nobody who narrows the history finds {lost}: GROUPS in apps/response/queries/history.py."
    )
