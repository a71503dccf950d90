from datetime import date, datetime
from typing import Any

from django.db import transaction

from apps.analysis import change_point, contrast
from apps.analysis.change_point import Change, find_change, step_at
from apps.analysis.deadlines import today
from apps.analysis.models import (
    CalendarEntry,
    Case,
    CaseState,
    Cause,
    CauseState,
    Finding,
    Prediction,
    PredictionKind,
    Trial,
)
from apps.analysis.places import Place
from apps.analysis.queries.hypotheses import (
    ASKED,
    DailyCounts,
    daily_counts,
    entries_for,
    looked_at,
    place_counts,
)
from apps.analysis.queries.taxonomy import read_taxonomy
from apps.analysis.services.access import locked_for_work, must_be_in, must_be_said
from apps.analysis.services.count_days import count_days
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import User

SIGNIFICANT = 0.05
MOST_LAG_DAYS = 60
# A rise under this would not be worth a case: where even the upper bound lies below, it did not begin there.
NO_RISE = 1.25
PLACE_METHOD, DAY_METHOD = "place contrast 1", "change point 1"


class NothingToTest(DomainError):
    """The case has no issue yet, and its tickets are counted by their issue. Describe it with one first."""

    code = "nothing-to-test"


@transaction.atomic
def predict_place(*, cause: Cause, dimension: str, value: str, since: date | None = None, by: User,
                  at: datetime) -> Trial:  # fmt: skip
    """Say where the tickets must be if this cause is the true one, and ask them at once.

    Raises WrongState, NothingToTest, Invalid for a place that no contact came from or that is the case's own.
    """
    case = _case_at_work(cause, by)
    if dimension not in ASKED:
        raise Invalid(f"Choose one of: {', '.join(ASKED)}.", pointer="dimension")
    if dimension == case.dimension:
        raise Invalid(f"The whole case is about {dimension} {case.value}.", pointer="dimension")
    if since is not None and since >= today(at):
        raise Invalid("There are no tickets since then yet.", pointer="since")
    prediction = Prediction.say(
        cause=cause, kind=PredictionKind.PLACE, dimension=dimension, since=since,
        value=must_be_said(value, "value", "Which one")[:120], by=by, at=at,
    )  # fmt: skip
    return _tried(prediction, case, by=by, at=at)


@transaction.atomic
def predict_day(*, cause: Cause, entry: CalendarEntry | None = None, day: date | None = None, lag_days: int = 3,
                by: User, at: datetime) -> Trial:  # fmt: skip
    """Say with what it must have begun if this cause is the true one, and ask the tickets at once.

    Raises WrongState, NothingToTest, Invalid without a day or with one still to come.
    """
    case = _case_at_work(cause, by)
    if entry is not None and entry.withdrawn_at is not None:
        raise Invalid("That was withdrawn from the calendar.", pointer="entry")
    day = entry.day if entry is not None else day
    if day is None:
        raise Invalid("Choose something from the calendar, or name a day.", pointer="day")
    if day >= today(at):
        raise Invalid("That day is still to come.", pointer="day")
    if not 0 <= lag_days <= MOST_LAG_DAYS:
        raise Invalid(f"From none to {MOST_LAG_DAYS} days.", pointer="lag_days")
    prediction = Prediction.say(
        cause=cause, kind=PredictionKind.DAY, entry=entry, since=day, lag_days=lag_days, by=by, at=at
    )
    return _tried(prediction, case, by=by, at=at)


@transaction.atomic
def try_again(*, prediction: Prediction, by: User, at: datetime) -> Trial:
    """Ask the tickets that have come in since once more; what was found before stays. Raises WrongState, Invalid."""
    return _tried(prediction, _case_at_work(prediction.cause, by), by=by, at=at)


def _case_at_work(cause: Cause, by: User) -> Case:
    case = locked_for_work(cause.case, by)
    must_be_in(case, CaseState.INVESTIGATING, CaseState.PLANNING, to="testing causes")
    if case.issue_id is None:
        raise NothingToTest
    return case


def _tried(prediction: Prediction, case: Case, *, by: User, at: datetime) -> Trial:
    first, last = looked_at(case, prediction.since, at)
    count_days(first=first, last=last, at=at)
    cause = Cause.objects.select_for_update(of=("self",), no_key=True).select_related("case").get(
        pk=prediction.cause_id
    )  # fmt: skip
    if cause.state == CauseState.HYPOTHESIS:
        cause.judge(CauseState.TESTING, evidence="", by=by, at=at)
    found = (_at_place if prediction.kind == PredictionKind.PLACE else _on_day)(prediction, case, first, last)
    release = read_taxonomy().release
    return Trial.keep(prediction=prediction, release_id=release, by=by, at=at, **found)


def _at_place(prediction: Prediction, case: Case, first: date, last: date) -> dict[str, Any]:
    place = Place(prediction.dimension, prediction.value)
    counts = place_counts(case, place, prediction.since, first=first, last=last)
    if isinstance(counts, list):
        known = f" Known, for example: {', '.join(counts)}." if counts else ""
        raise Invalid(f"No contact came from {place}.{known}", pointer="value")
    found = contrast.contrast(counts.since, counts.before)
    sentence = contrast.sentence(found, str(place))
    if counts.unknown:
        sentence += f" {counts.unknown} more, of which the {place.dimension} is not recorded, are left out."
    told = found.tickets > 0
    return {
        "finding": found.finding.value, "sentence": sentence, "first": counts.first, "last": counts.last,
        "tickets": found.tickets, "inside": found.inside, "expected": found.expected,
        "ratio": found.odds.ratio if told else None, "low": found.odds.low if told else None,
        "high": found.odds.high if told else None, "p": found.p if told else None, "dispersion": found.dispersion,
        "method": PLACE_METHOD,
    }  # fmt: skip


def _on_day(prediction: Prediction, case: Case, first: date, last: date) -> dict[str, Any]:
    counts = daily_counts(case, first=first, last=last)
    change = find_change(counts.tickets, counts.shape, rises_only=True)
    about: dict[str, Any] = {
        "first": counts.first, "last": counts.last, "tickets": float(counts.tickets.sum()), "method": DAY_METHOD,
    }  # fmt: skip
    if change is None or change.p > SIGNIFICANT:
        return about | _no_step(prediction, counts, change)
    low, high = counts.day(change.low), counts.day(change.high)
    assert prediction.since is not None  # noqa: S101 (of every prediction of a day)
    agrees = change.may_follow(counts.index(prediction.since), lag=prediction.lag_days)
    near = [
        entry for entry in entries_for(case, counts.first, counts.last)
        if change.may_follow(counts.index(entry.day), lag=prediction.lag_days)
    ]  # fmt: skip
    said = change_point.sentence(change, counts.day(change.at), low, high)
    said += f" {_said_of(prediction, agrees)}"
    if others := [str(entry) for entry in near if entry.pk != prediction.entry_id]:
        said += f" The calendar has there as well: {'; '.join(others)}."
    return about | {
        "finding": Finding.SUPPORTS if agrees else Finding.AGAINST, "sentence": said, "ratio": change.ratio,
        "low": change.ratio_low, "high": change.ratio_high, "p": change.p, "dispersion": change.dispersion,
        "changed_on": counts.day(change.at), "changed_from": low, "changed_until": high,
        "entries": [str(entry) for entry in near],
    }  # fmt: skip


def _said_of(prediction: Prediction, agrees: bool) -> str:
    lag = f" with {prediction.lag_days} days to show" if prediction.lag_days else ""
    return f"{prediction.since:%-d %b %Y}{lag} {'agrees' if agrees else 'does not agree'} with that."


def _no_step(prediction: Prediction, counts: DailyCounts, change: Change | None) -> dict[str, Any]:
    """No day stands out. A named day can still be refuted: where even the upper bound is no rise worth a case."""
    said = "No day stands out on which the level rose"
    said += f" (such a step by chance: {change.p:.0%})." if change else ": too few days or tickets."
    assert prediction.since is not None  # noqa: S101 (of every prediction of a day)
    index = counts.index(prediction.since)
    if change is None or not 0 < index < len(counts.tickets):
        return {"finding": Finding.TOO_FEW, "sentence": said}
    ratio, low, high = step_at(counts.tickets, counts.shape, index)
    since = f"From {prediction.since:%-d %b %Y} on"
    said += f" {since} it is {ratio:.2f} times what it was (90 % sure: {low:.2f} to {high:.2f})."
    finding = Finding.AGAINST if high < NO_RISE else Finding.TOO_FEW
    return {"finding": finding, "sentence": said, "ratio": ratio, "low": low, "high": high, "p": change.p,
            "dispersion": change.dispersion}  # fmt: skip
