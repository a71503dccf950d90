"""The figures of a weekly letter: where they come from, and the same again, as its cases and verdicts had them then."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.analysis.deadlines import today
from apps.analysis.models import Case, Verdict
from apps.analysis.provenance import Address, Answer, Provenance, stored_lines
from apps.analysis.queries.changes import CASES, changes_since, release_at
from apps.analysis.queries.origins import as_it_was
from apps.awareness.models import Digest
from apps.awareness.queries import Matter, line_of
from helpdesk.models import User


def of_digest(made: Digest) -> Provenance:
    """Where the figures of a letter come from: what cases and verdicts said when it was made. One query."""
    return _digest_from(made, _stored(made))


def digest(address: Address, at: datetime) -> Answer:
    """The figures of each line as its case or verdict had them when the letter was made. Raises ValueError."""
    made = Digest.objects.select_related("owner").filter(pk=address.number).first()
    if made is None:
        raise ValueError(f"there is no digest {address.number}")
    computed: dict[str, str | None] = {}
    for line in made.lines:
        computed |= _again(line, made.made_at, made.owner)
    changed = changes_since(made.made_at, CASES, about=[f"case:{line['case']}" for line in made.lines])
    return Answer(computed, _digest_from(made, computed), stored_lines(_stored(made), computed), changed)


def _digest_from(made: Digest, figures: dict[str, str | None]) -> Provenance:
    release = release_at(made.made_at)
    return Provenance.of(f"digest:{made.pk}", {}, release=release, as_of=made.made_at, figures=figures)


def _stored(made: Digest) -> dict[str, str | None]:
    """The money of each line, and what the lines about verdicts say: the others have no figure in their words."""
    money = {line["key"]: _written(line["money"]) for line in made.lines}
    return money | {f"{line['key']} says": line["says"] for line in made.lines if _verdict_of(line)}


def _again(line: dict[str, Any], at: datetime, reader: User) -> dict[str, str | None]:
    case = Case.objects.get(pk=line["case"])
    found = {line["key"]: _written(as_it_was(case, "money_likely", at))}
    if number := _verdict_of(line):
        verdict = Verdict.objects.select_related("plan", "case").get(pk=number)
        found[f"{line['key']} says"] = line_of(Matter(verdict, today(at)), reader).says
        if verdict.is_proven:
            found[line["key"]] = _written(verdict.saved_likely)
    return found


def _verdict_of(line: dict[str, Any]) -> int | None:
    noun, _, number = line["key"].partition(":")
    return int(number) if noun == "verdict" else None


def _written(money: Any) -> str | None:
    return None if money is None else f"{Decimal(money):.2f}"
