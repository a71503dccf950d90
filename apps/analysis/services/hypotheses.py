from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.analysis.deadlines import today
from apps.analysis.models import (
    CalendarEntry,
    Case,
    CaseState,
    Cause,
    CauseState,
    Prediction,
    PredictionKind,
    Trial,
)
from apps.analysis.places import Place
from apps.analysis.queries.hypotheses import (
    ASKED,
    daily_counts,
    entries_for,
    looked_at,
    place_counts,
)
from apps.analysis.queries.taxonomy import read_taxonomy
from apps.analysis.services.access import locked_for_work, must_be_in, must_be_said
from apps.analysis.services.count_days import count_days
from apps.analysis.trials import Asked, DayTrial, Happened, PlaceTrial, answer, pack, table_of
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import User

MOST_LAG_DAYS = 60


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
        raise Invalid(_("Choose one of: %(asked)s.") % {"asked": ", ".join(ASKED)}, pointer="dimension")
    if dimension == case.dimension:
        raise Invalid(
            _("The whole case is about %(dimension)s %(value)s.")
            % {"dimension": dimension, "value": case.value},
            pointer="dimension",
        )
    if since is not None and since >= today(at):
        raise Invalid(_("There are no tickets since then yet."), pointer="since")
    prediction = Prediction.say(
        cause=cause, kind=PredictionKind.PLACE, dimension=dimension, since=since,
        value=must_be_said(value, "value", _("Which one"))[:120], by=by, at=at,
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
        raise Invalid(_("That was withdrawn from the calendar."), pointer="entry")
    day = entry.day if entry is not None else day
    if day is None:
        raise Invalid(_("Choose something from the calendar, or name a day."), pointer="day")
    if day >= today(at):
        raise Invalid(_("That day is still to come."), pointer="day")
    if not 0 <= lag_days <= MOST_LAG_DAYS:
        raise Invalid(
            _("From none to %(most_lag_days)s days.") % {"most_lag_days": MOST_LAG_DAYS}, pointer="lag_days"
        )
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
    must_be_in(case, CaseState.INVESTIGATING, CaseState.PLANNING, to=_("testing causes"))
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
    ask = _of_place if prediction.kind == PredictionKind.PLACE else _of_day
    asked = ask(prediction, case, first, last)
    return Trial.keep(
        prediction=prediction, record=pack(asked), method=asked.method, release_id=read_taxonomy().release,
        **answer(asked), by=by, at=at,
    )  # fmt: skip


def _of_place(prediction: Prediction, case: Case, first: date, last: date) -> Asked:
    place = Place(prediction.dimension, prediction.value)
    counts = place_counts(case, place, prediction.since, first=first, last=last)
    if isinstance(counts, list):
        known = _(" Known, for example: %(places)s.") % {"places": ", ".join(counts)} if counts else ""
        raise Invalid(
            _("No contact came from %(place)s.%(known)s") % {"place": place, "known": known}, pointer="value"
        )
    return PlaceTrial(
        place=str(place), dimension=place.dimension, first=counts.first, last=counts.last,
        since=table_of(counts.since), before=table_of(counts.before) if counts.before else None,
        unknown=counts.unknown,
    )  # fmt: skip


def _of_day(prediction: Prediction, case: Case, first: date, last: date) -> Asked:
    assert prediction.since is not None  # noqa: S101 (of every prediction of a day)
    counts = daily_counts(case, first=first, last=last)
    return DayTrial(
        first=counts.first, last=counts.last, tickets=tuple(map(float, counts.tickets)),
        shape=tuple(map(float, counts.shape)), day=prediction.since, lag_days=prediction.lag_days,
        happened=tuple(
            Happened(entry.day, str(entry), entry.pk == prediction.entry_id)
            for entry in entries_for(case, counts.first, counts.last)
        ),
    )  # fmt: skip
