"""The desk's own fields as conditions: by a value as it stands, by less and more, and by a part of a text."""

import json
import re
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, F, Func, Q, Value
from django.db.models.functions import Coalesce

from apps.response.query import Term
from apps.response.query.fields import ANY, OWN

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
_MORE_OR_LESS = re.compile(rf"(<=|>=|<|>)({_NUMBER.pattern})")
_SPECIAL = re.compile(r"([\\.^$|?+()\[\]{}])")


def own_field(term: Term) -> Q:
    """The index of values finds a whole one: a text, a number, yes or no, one of several. What is compared is read in
    one ticket after the other."""
    key, value = term.key.removeprefix(OWN), term.value
    if value.lower() == "none":
        return ~Q(custom__has_key=key)
    if value == ANY:
        return Q(custom__has_key=key)
    held: list[Any] = [value, [value]]
    if value.lower() in ("yes", "no"):
        held.append(value.lower() == "yes")
    elif _NUMBER.fullmatch(value):
        held.append(float(value) if "." in value else int(value))
    whole = reduce(or_, (Q(custom__contains={key: one}) for one in held))
    path = _compared(f"$.{json.dumps(key)}", term)
    return whole | Q(_Fits(path)) if path else whole


class _Fits(Coalesce):
    """Whether the values fit a path of PostgreSQL's JSON language; what can't be compared with it does not."""

    def __init__(self, path: str) -> None:
        asked = [F("custom"), Value(path), Value("{}"), Value(True)]
        template = "%(function)s(%(expressions)s)"
        fits = _Match(*asked, function="jsonb_path_match", template=template, output_field=BooleanField())
        super().__init__(fits, Value(False), output_field=BooleanField())


class _Match(Func):
    arg_joiner = ", "


def _compared(place: str, term: Term) -> str:
    """Empty where the value compares nothing."""
    value = term.value
    if found := _MORE_OR_LESS.fullmatch(value):
        return f"{place} {found[1]} {found[2]}"
    first, dots, last = value.partition("..")
    if dots and all(part in ("", ANY) or _NUMBER.fullmatch(part) for part in (first, last)):
        ends = [
            f"{place} {sign} {part}" for sign, part in ((">=", first), ("<=", last)) if part not in ("", ANY)
        ]
        return " && ".join(ends)
    if term.since or term.until:
        return " && ".join(_days(place, term.since, term.until))
    if ANY in value:
        pattern = _SPECIAL.sub(r"\\\1", value).replace(ANY, ".*")
        return f'{place} like_regex {json.dumps(f"^{pattern}$")} flag "is"'
    return ""


def _days(place: str, since: datetime | None, until: datetime | None) -> list[str]:
    """Days are kept as 2026-05-31, which compare as they are read. Other texts are longer or shorter."""
    ends = [f'{place} like_regex "^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$"']
    if since:
        ends.append(f'{place} >= "{since.date().isoformat()}"')
    if until:
        ends.append(f'{place} < "{until.date().isoformat()}"')
    return ends
