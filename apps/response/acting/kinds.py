"""The acts there are: one entry each. Whatever keeps, shows or does acts reads this table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.intake.custom_fields.checking import taken
from apps.response.acting import deeds, deeds_of_macros, options, values
from apps.response.acting.act import Act, Facts, Value, thawed
from apps.response.acting.deeds import Doing, PuttingBack
from apps.response.acting.nouns import (
    DEPARTMENT,
    FIELD,
    ISSUE,
    MACRO,
    ME,
    PERSON,
    PRODUCT,
    TICKET,
    Known,
    Noun,
    names_of,
    read_nouns,
)
from apps.response.acting.options import Options
from apps.response.macros import FIELDS, unknown_fields
from apps.response.services.answer import MAX_BODY
from helpdesk.asked import acts_of_others
from helpdesk.errors import Invalid
from helpdesk.models import Severity, Status, User
from helpdesk.permissions import may

MOST_ACTS = 12
CHOSEN, RULE = "chosen", "rule"


@dataclass(frozen=True)
class Kind:
    """One thing that may be done to a ticket.

    `read` checks a value from outside; `noun` says which row the value names. `do` is the act, and returns facts
    that only it knows; `facts` are those it may change. `put_back` undoes it where `stands` says that nobody changed
    it since: without one, where the facts are as the act left them. Without `put_back` it stays. `sentence` tells it
    with its value. On a form it is a choice in `field`, or a text where there are no `options`. `only`: where it may
    stand, if not everywhere: for tickets that somebody chose, or in rules, which have nobody who could say it.
    """

    label: Any
    verb: str
    read: values.Reader
    do: Callable[[Doing], Facts | None]
    facts: Callable[..., Facts]
    sentence: Callable[[str], str]
    put_back: Callable[[PuttingBack], None] | None = None
    stands: Callable[[PuttingBack], bool] | None = None
    noun: Noun | None = None
    field: str = ""
    options: Callable[[], Options] | None = None
    several: bool = False  # the field takes several values, separated by commas
    only: frozenset[str] = frozenset()


def _template(given: Any) -> Value:
    """A text with the fields of macros; one that no ticket fills is told now."""
    text = values.text(most=5_000)(given)
    if unknown := unknown_fields(str(text)):
        known = ", ".join(name for name in FIELDS if not name.startswith("agent."))
        raise Invalid(
            _("There is no field %(unknown)s. Fields are: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": known}
        )
    return text


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


_OURS: dict[str, Kind] = {
    "assign": Kind(
        gettext_lazy("Assign to"),
        "response.assign",
        values.name_of("a colleague by number or address, @me, or null for nobody", also=(ME, None)),
        deeds.give,
        deeds.holder,
        lambda value: _("Assign to %(who)s") % {"who": value or _("nobody")},
        deeds.give_back,
        noun=PERSON,
        options=options.people,
    ),
    "move": Kind(
        gettext_lazy("Move to"),
        "response.assign",
        values.name_of("a department by number or short name"),
        deeds.send,
        deeds.place,
        lambda value: _("Move to %(department)s") % {"department": value},
        deeds.fetch_back,
        deeds.stands_where_sent,
        noun=DEPARTMENT,
        options=options.departments,
    ),
    "rate": Kind(
        gettext_lazy("Severity"),
        "response.classify",
        values.severity,
        deeds.set_severity,
        deeds.severity,
        lambda value: _("Severity %(severity)s") % {"severity": Severity(int(value)).label},
        deeds.put_severity_back,
        options=lambda: ((str(one.value), str(one.label)) for one in Severity),
    ),
    "tag": Kind(
        gettext_lazy("Add tags"),
        "response.classify",
        values.tag,
        deeds.add_tag,
        deeds.has_tag,
        lambda value: _("Tag “%(tag)s”") % {"tag": value},
        deeds.put_tag_back,
        several=True,
    ),
    "untag": Kind(
        gettext_lazy("Take tags off"),
        "response.classify",
        values.tag_as_it_is,
        deeds.take_tag,
        deeds.has_meant,
        lambda value: _("Take tag “%(tag)s” off") % {"tag": value},
        deeds.put_untagged_back,
        several=True,
    ),
    "classify": Kind(
        gettext_lazy("Classify"),
        "response.classify",
        values.name_of("an issue by code"),
        deeds.code,
        deeds.codes,
        lambda value: _("Code as “%(issue)s”") % {"issue": value},
        deeds.put_codes_back,
        noun=ISSUE,
        options=options.issues,
    ),
    "also": Kind(
        gettext_lazy("It is also about"),
        "response.classify",
        values.name_of("an issue by code"),
        deeds.code_also,
        deeds.codes,
        lambda value: _("Code as “%(issue)s” too") % {"issue": value},
        deeds.put_codes_back,
        noun=ISSUE,
        options=options.issues,
    ),
    "product": Kind(
        gettext_lazy("Product"),
        "response.classify",
        values.name_of("a product by code, or null where it is not known", also=(None,)),
        deeds.set_product,
        deeds.product,
        lambda value: _("Product: %(product)s") % {"product": value or _("not known")},
        deeds.put_product_back,
        noun=PRODUCT,
        options=options.products,
    ),
    "fill": Kind(
        gettext_lazy("Fields"),
        "response.classify",
        values.fields,
        deeds.fill,
        deeds.filled,
        lambda value: value,
        deeds.empty_again,
        noun=FIELD,
    ),
    "hold": Kind(
        gettext_lazy("Wait"),
        "response.hold",
        values.one_of(Status.WAITING_CUSTOMER.value, Status.WAITING_OWNER.value),
        deeds.wait,
        deeds.state,
        lambda value: str(Status(value).label),
        deeds.put_state_back,
        field="state",
        options=lambda: (
            (one.value, str(one.label)) for one in (Status.WAITING_CUSTOMER, Status.WAITING_OWNER)
        ),
    ),
    "status": Kind(
        gettext_lazy("State"),
        "response.hold",
        values.text(most=40),
        deeds.bring,
        deeds.state,
        lambda value: _("State “%(state)s”") % {"state": value},
        deeds.put_state_back,
        field="state",
        options=options.states,
    ),
    "keep_open": Kind(
        gettext_lazy("Don't close by itself"),
        "response.hold",
        values.yes_or_no,
        deeds.keep,
        deeds.is_kept,
        lambda value: _("Don't close by itself") if value == "yes" else _("May close by itself"),
        deeds.keep_as_before,
        options=lambda: (("yes", _("Stays open, however long it waits")), ("no", _("May close by itself"))),
    ),
    "solve": Kind(
        gettext_lazy("Solve"),
        "response.solve",
        values.nothing,
        deeds.finish,
        deeds.state,
        lambda value: _("Solve"),
        deeds.put_state_back,
        field="state",
        options=lambda: [("", _("Solve"))],
    ),
    "reopen": Kind(
        gettext_lazy("Reopen"),
        "response.reopen",
        values.text(most=500, needed=False),
        deeds.open_again,
        deeds.state,
        lambda value: _("Reopen: %(reason)s") % {"reason": value} if value else _("Reopen"),
        deeds.put_state_back,
        field="state",
        options=lambda: [("", _("Reopen"))],
    ),
    "note": Kind(
        gettext_lazy("Note"),
        "response.note",
        values.text(most=MAX_BODY),
        deeds.say,
        deeds.nothing_else,
        lambda value: _("Note “%(text)s”") % {"text": _short(value)},
        deeds.unsay,
        deeds.note_stands,
    ),
    "merge": Kind(
        gettext_lazy("Merge into"),
        "response.merge",
        values.number_of("the number of the ticket they are merged into"),
        deeds.join,
        deeds.merged,
        lambda value: _("Merge into #%(number)s") % {"number": value},
        deeds.part,
        noun=TICKET,
        only=frozenset({CHOSEN}),
    ),
    "macro": Kind(
        gettext_lazy("Macro"),
        "response.reply",
        values.number_of("the number of a macro"),
        deeds_of_macros.use_macro,
        deeds.nothing_else,
        lambda value: _("Macro “%(name)s”") % {"name": value},
        deeds_of_macros.take_macro_back,
        deeds_of_macros.always,
        noun=MACRO,
        options=options.macros,
        only=frozenset({CHOSEN, RULE}),
    ),
    "notify": Kind(
        gettext_lazy("Notice to the customer"),
        "response.reply",
        _template,
        deeds.notify,
        deeds.nothing_else,
        lambda value: _("Notice to the customer “%(text)s”") % {"text": _short(value)},
        only=frozenset({RULE}),
    ),
    "tell": Kind(
        gettext_lazy("Tell"),
        "response.note",
        values.name_of("a colleague by number or address"),
        deeds.tell,
        deeds.nothing_else,
        lambda value: _("Tell %(who)s") % {"who": value},
        noun=PERSON,
        options=options.colleagues,
        only=frozenset({RULE}),
    ),
    "tell_department": Kind(
        gettext_lazy("Tell a department"),
        "response.note",
        values.name_of("a department by number or short name"),
        deeds.tell_department,
        deeds.nothing_else,
        lambda value: _("Tell everybody in %(department)s") % {"department": value},
        noun=DEPARTMENT,
        options=options.departments,
        only=frozenset({RULE}),
    ),
    "tell_assignee": Kind(
        gettext_lazy("Tell who has it"),
        "response.note",
        values.nothing,
        deeds.tell_assignee,
        deeds.nothing_else,
        lambda value: _("Tell who has it"),
        options=lambda: [("", _("Yes"))],
        only=frozenset({RULE}),
    ),
}


@cache
def kinds() -> Mapping[str, Kind]:
    """Ours, and those of points further right."""
    return {**_OURS, **acts_of_others()}


def read_acts(given: Any, *, alone: bool = False, ruled: bool = False) -> tuple[Act, ...]:
    """A list of acts from JSON. Raises Invalid that says which one and what to do.

    `alone`: acts that only make sense for tickets somebody chose are taken too; `ruled`: those of rules.
    """
    if not isinstance(given, list) or not 0 < len(given) <= MOST_ACTS:
        raise Invalid(
            _('Between 1 and %(most)s acts in a list: [{"act": "assign", "value": 12}].')
            % {"most": MOST_ACTS},
            pointer="acts",
        )
    names = names_for(alone=alone, ruled=ruled)
    return tuple(_read(one, number, names) for number, one in enumerate(given))


def names_for(*, alone: bool = False, ruled: bool = False) -> list[str]:
    here = {where for where, is_here in ((CHOSEN, alone), (RULE, ruled)) if is_here}
    return [name for name, one in kinds().items() if not one.only or one.only & here]


def _read(given: Any, number: int, names: Sequence[str]) -> Act:
    there = f"acts/{number}"
    if not isinstance(given, dict) or not {"act"} <= given.keys() <= {"act", "value"}:
        raise Invalid(
            _('An act reads {"act": "assign", "value": 12}, and holds nothing else.'), pointer=there
        )
    name = given["act"]
    kind = kinds().get(name) if isinstance(name, str) else None
    if kind is None or name not in names:
        raise Invalid(_("Acts are: %(acts)s.") % {"acts": ", ".join(names)}, pointer=f"{there}/act")
    try:
        return Act(name, kind.read(given.get("value")))
    except Invalid as error:
        raise Invalid(error.detail, pointer=f"{there}/value") from error


def look_up(acts: Iterable[Act]) -> Known:
    """The rows that these acts name, for as many tickets as there are: one query for each noun."""
    named = ((kinds()[act.name].noun, act) for act in acts)
    return read_nouns((noun, name) for noun, act in named if noun is not None for name in names_of(act, noun))


def check_there(act: Act, known: Known) -> None:
    """Raises Invalid for an act that names what is not there, or a value that its field can't take."""
    noun = kinds()[act.name].noun
    if noun is None:
        return
    rows = [known.of(noun, name) for name in names_of(act, noun)]
    if noun is FIELD:
        taken([row.definition for row in rows], {}, thawed(act.value))


def usable_by(user: User, acts: Sequence[Act]) -> bool:
    """Whether this person's role does all of these."""
    return all(may(user, kinds()[act.name].verb) for act in acts)
