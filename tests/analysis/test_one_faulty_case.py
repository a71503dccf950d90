"""A case that can't be judged or watched, before others: they get their verdict and are watched all the same."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from importlib import import_module

import pytest
from django.db import connection

from apps.analysis import services, tasks
from apps.analysis.models import Case, CaseState, Outcome, Verdict
from helpdesk import events
from helpdesk.models import Event, User
from tests.analysis.world import TODAY
from tests.evaluation.verdicts import judge
from tests.factories import NOW, make_cast

judging = import_module("apps.analysis.services.judge_case")
watching = import_module("apps.analysis.services.watch")
night = import_module("apps.analysis.services.run_analysis")


def make_case(cast, title):
    """Its decision date has come."""
    case = Case.open(
        title=title, detection_start=date(2025, 10, 1), detection_end=date(2025, 10, 28), by=cast.nils, at=NOW
    )
    case.move(CaseState.ASSESS, due_on=None, by=cast.nils, at=NOW)
    case.move(CaseState.MONITORING, due_on=None, decision_on=TODAY, by=cast.nils, at=NOW)
    return case


@pytest.fixture
def cases(cast) -> list[Case]:
    return [make_case(cast, title) for title in ("Faulty", "Second", "Third")]


def without_counting(*, case: Case, by: User, at: datetime) -> Verdict:
    """Instead of `judge_case`: a verdict for every case but the faulty one, which has got halfway."""
    verdict = judge(case, "effective", by=by, at=at)
    events.record("case.judged", about=case.ref, by=by, at=at)
    if case.title == "Faulty":
        raise ZeroDivisionError
    return verdict


def judged():
    return sorted(Verdict.objects.values_list("case__title", flat=True))


def test_the_others_get_their_verdict(cast, cases, monkeypatch):
    monkeypatch.setattr(judging, "judge_case", without_counting)
    with pytest.raises(ExceptionGroup, match="1 failed, 2 done"):
        services.judge_due_cases(by=cast.system, at=NOW)
    assert judged() == ["Second", "Third"]
    assert Event.objects.filter(kind="case.judged").count() == 2
    assert not cases[0].plans.exists()


def test_it_is_judged_once_its_fault_is_mended(cast, cases, monkeypatch):
    monkeypatch.setattr(judging, "judge_case", without_counting)
    with pytest.raises(ExceptionGroup):
        services.judge_due_cases(by=cast.system, at=NOW)
    Case.objects.filter(pk=cases[0].pk).update(title="Mended")
    assert [verdict.case for verdict in services.judge_due_cases(by=cast.system, at=NOW)] == [cases[0]]


def test_a_case_without_a_plan_is_such_a_case(cast, cases):
    with pytest.raises(ExceptionGroup) as raised:
        services.judge_due_cases(by=cast.system, at=NOW)
    assert [type(fault) for fault in raised.value.exceptions] == [services.TooEarly] * 3


def test_the_task_counts_as_failed(cast, cases):
    assert tasks.judge_case.apply(kwargs={"case": cases[0].pk}).state == "FAILURE"


def test_each_due_case_and_each_proven_one_has_a_task_of_its_own(cast, cases, monkeypatch):
    """One that hangs holds up nobody."""
    monkeypatch.setattr(tasks.judge_case, "delay", lambda **given: queued.append(given))
    monkeypatch.setattr(tasks.watch_case, "delay", lambda **given: queued.append(given))
    monkeypatch.setattr(tasks.timezone, "now", lambda: NOW)
    queued = []
    tasks.judge_due_cases.apply()
    assert queued == [{"case": case.pk} for case in cases]
    cases[0].close(Outcome.EFFECTIVE, note="", by=cast.nils, at=NOW)
    queued.clear()
    tasks.watch_proven.apply()
    assert queued == [{"case": cases[0].pk}]


@pytest.mark.django_db(transaction=True)
def test_workers_who_judge_at_once_give_each_case_one_verdict(monkeypatch):
    cast = make_cast()
    for number in range(4):
        make_case(cast, f"Case {number}")
    monkeypatch.setattr(judging, "judge_case", without_counting)

    def work(_):
        try:
            return len(services.judge_due_cases(by=cast.system, at=NOW))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(work, range(4))) == 4
    assert judged() == [f"Case {number}" for number in range(4)]


def test_the_other_proven_fixes_are_watched(cast, cases, monkeypatch):
    for case in cases:
        case.close(Outcome.EFFECTIVE, note="", by=cast.nils, at=NOW)
    watched = []

    def look(number, **_):
        if number == cases[0].pk:
            raise ZeroDivisionError
        watched.append(number)

    monkeypatch.setattr(watching, "_look", look)
    with pytest.raises(ExceptionGroup, match="1 failed, 2 done"):
        services.watch_proven(by=cast.system, at=NOW)
    assert watched == [case.pk for case in cases[1:]]


@pytest.mark.parametrize("faulty", ["find_emerging", "watch_proven", "judge_due_cases"])
def test_a_step_of_the_night_that_fails_does_not_stop_the_next(cast, monkeypatch, faulty):
    later, taken = {"find_emerging", "watch_proven", "judge_due_cases"}, set()

    def step(name):
        def take(**_):
            taken.add(name)
            if name == faulty:
                raise ZeroDivisionError

        return take

    for name in later:
        monkeypatch.setattr(night, name, step(name))
    with pytest.raises(ExceptionGroup, match="1 failed, 2 done"):
        services.run_analysis(by=cast.system, at=NOW)
    assert taken == later
