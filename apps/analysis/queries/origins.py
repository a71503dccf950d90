"""Where figures that are stored come from: signals, verdicts, plans, trials, and the money of cases.

Each is shown as its row has it, with the release in which it was read then, and as of the moment it was computed.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from apps.analysis.deadlines import midnight
from apps.analysis.models import Case, EffectivenessPlan, Signal, Trial, Verdict
from apps.analysis.provenance import Provenance
from helpdesk.models import Event, TaxonomyRelease
from helpdesk.sentences import in_english

SIGNAL = ("sentence", "where", "window_start", "window_end", "observed", "expected", "ratio", "excess", "p", "q",
          "ceiling", "exposure", "weekly")  # fmt: skip
VERDICT = (
    "verdict", "reason", "observed", "expected", "ratio", "low", "high", "p", "dispersion", "power",
    "neighbours_observed", "neighbours_expected", "level", "p_spent", "q", "family", "wander", "corrected_ratio",
    "corrected_low", "corrected_high", "texts_ratio", "texts_low", "texts_high", "voices_asked", "voices_gone",
    "voices_still", "voices_low", "voices_high", "remarks", "ceiling", "saved_low", "saved_likely", "saved_high",
)  # fmt: skip
PLAN = ("weekly", "dispersion", "power", "feasibility")
TRIAL = ("finding", "sentence", "first", "last", "tickets", "inside", "expected", "ratio", "low", "high", "p",
         "dispersion", "changed_on", "changed_from", "changed_until", "entries", "method")  # fmt: skip
MONEY = ("money_low", "money_likely", "money_high")


def stored(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """These columns of a row."""
    return {name: getattr(row, name) for name in names}


def of_signal(signal: Signal) -> Provenance:
    """As of the end of the last day that was counted for it, or of the hour it was counted until. The release is to be
    read with the row."""
    as_of = counted_until(signal) or midnight(signal.last_seen_on + timedelta(days=1))
    return _of(f"signal:{signal.pk}", signal.release, as_of, stored(signal, SIGNAL))


def counted_until(signal: Signal) -> datetime | None:
    """Of a day that was not over when it was looked at last, the minute; its sentence says it."""
    said = re.search(r"Today counts until (\d\d):(\d\d)\.$", in_english(signal.sentence))
    if said is None:
        return None
    return midnight(signal.last_seen_on).replace(hour=int(said[1]), minute=int(said[2]))


def of_verdict(verdict: Verdict) -> Provenance:
    """As of the moment it was given. The release is to be read with the row."""
    return _of(f"verdict:{verdict.pk}", verdict.release, verdict.decided_at, stored(verdict, VERDICT))


def of_plan(plan: EffectivenessPlan) -> Provenance:
    """As of the moment it was frozen. The release is to be read with the row."""
    assert plan.frozen_at is not None  # noqa: S101 (only frozen plans are kept)
    return _of(f"plan:{plan.pk}", plan.release, plan.frozen_at, stored(plan, PLAN))


def of_trial(trial: Trial) -> Provenance:
    """As of the moment the tickets were asked. The release is to be read with the row."""
    return _of(f"trial:{trial.pk}", trial.release, trial.made_at, stored(trial, TRIAL))


def of_money(cases: Iterable[Case]) -> dict[int, Provenance]:
    """Of the money at risk of each case that has any, by its key. One query; releases are to be read with the rows."""
    priced = {case.ref: case for case in cases if case.money_likely is not None}
    weighed = dict(_weighed(priced)) if priced else {}
    return {
        case.pk: _of(
            f"{ref}/money", case.release, weighed.get(ref, case.opened_at), stored(case, MONEY)
        )
        for ref, case in priced.items()
    }  # fmt: skip


def _weighed(refs: Iterable[str]) -> Iterable[tuple[str, datetime]]:
    """When the money of each was last written down, the latest coming last."""
    rows = Event.objects.filter(about__in=list(refs), kind="case.noted")
    return rows.filter(data__changed__has_any_keys=MONEY).order_by("at", "id").values_list("about", "at")


def as_it_was(case: Case, name: str, at: datetime) -> Any:
    """A field of a case as it stood at this moment, by its history: what the first change since changed it from."""
    later = Event.objects.filter(about=case.ref, kind="case.noted", at__gt=at)
    change = later.filter(data__changed__has_key=name).order_by("at", "id").first()
    if change is None:
        return getattr(case, name)
    before = change.data["changed"][name][0]
    return date.fromisoformat(before) if isinstance(getattr(case, name), date) else before


def _of(
    name: str, release: TaxonomyRelease | None, as_of: datetime, figures: Mapping[str, Any]
) -> Provenance:
    return Provenance.of(name, {}, release=release.number if release else None, as_of=as_of, figures=figures)
