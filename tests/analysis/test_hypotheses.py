from datetime import timedelta

import pgtrigger
import pytest
from django.db import InternalError, transaction

from apps.analysis import services
from apps.analysis.models import Case, Prediction, Trial
from apps.analysis.provenance import Address
from apps.analysis.queries.origins import of_trial
from apps.analysis.queries.recheck import NothingKept
from apps.analysis.services import recompute
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Customer, Event
from tests.analysis.stages import add_cause, fixing, fresh, investigating, nothing_happens, planning
from tests.analysis.world import TODAY, day_before, sow, sow_quiet
from tests.factories import NOW

RELEASED = day_before(20)


@pytest.fixture
def half_a_year(world):
    """As ever, in both regions; the charged-twice of the last 20 days come from the north."""
    sow_quiet(world, days=260, rate=1.0, but=(world.charged,))
    sow(world, world.charged, {(260, 0): 1.0}, seed=1)
    sow(world, world.charged, {(20, 0): 4.0}, seed=2, regions=("north",))
    return world


def release(world, day=RELEASED, **fields):
    given = {"kind": "release", "words": "Checkout 4.2"} | fields
    return services.add_entry(day=day, **given, by=world.cast.nils, at=NOW)


def place(world, cause, **fields):
    given = {"dimension": "region", "value": "north"} | fields
    return services.predict_place(cause=cause, **given, by=world.cast.omar, at=NOW)


def began(world, cause, **fields):
    return services.predict_day(cause=cause, **fields, by=world.cast.omar, at=NOW)


# --- where it must be


def test_the_tickets_support_the_place_they_come_from(half_a_year):
    cause = add_cause(half_a_year, investigating(half_a_year))
    trial = place(half_a_year, cause, since=RELEASED)
    assert trial.finding == "supports"
    assert trial.inside > 1.5 * trial.expected
    assert (trial.low > 1.5, trial.p < 0.001) == (True, True)
    assert trial.last == day_before(1)
    assert (trial.method, trial.release.number) == ("place contrast 1", 1)
    assert str(trial.prediction) == f"It is in region north since {RELEASED:%-d %b %Y}, and not elsewhere"
    assert fresh(cause).state == "testing"


def test_the_tickets_speak_against_the_other_place(half_a_year):
    cause = add_cause(half_a_year, investigating(half_a_year))
    assert place(half_a_year, cause, value="South", since=RELEASED).finding == "against"


def test_customers_of_one_organisation_are_a_place(half_a_year):
    Customer.objects.filter(pk=half_a_year.cast.zoe.pk).update(organisation="Acme")
    cause = add_cause(half_a_year, investigating(half_a_year))
    trial = place(half_a_year, cause, dimension="organisation", value="acme")
    assert trial.inside == trial.tickets


def test_tickets_that_do_not_name_the_place_are_left_out_and_counted(half_a_year):
    sow(half_a_year, half_a_year.charged, {(10, 0): 3.0}, seed=5, regions=("",))
    cause = add_cause(half_a_year, investigating(half_a_year))
    assert "more, of which the region is not recorded, are left out" in str(
        place(half_a_year, cause).sentence
    )


def test_an_unknown_place_is_refused_with_those_like_it(half_a_year):
    case = investigating(half_a_year)
    cause = add_cause(half_a_year, case)
    with nothing_happens(case), pytest.raises(Invalid, match="No contact came from region nort.*north"):
        place(half_a_year, cause, value="nort")
    assert not Prediction.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"dimension": "weather"}, {"value": " "}, {"since": TODAY}, {"since": TODAY + timedelta(days=9)}],
)
def test_a_place_that_makes_no_sense_is_refused(half_a_year, wrong):
    case = investigating(half_a_year)
    cause = add_cause(half_a_year, case)
    with nothing_happens(case), pytest.raises(Invalid):
        place(half_a_year, cause, **wrong)


def test_a_case_about_one_region_is_not_asked_for_its_region(half_a_year):
    case = investigating(half_a_year)
    cause = add_cause(half_a_year, case)
    Case.objects.filter(pk=case.pk).update(dimension="region", value="north")
    with nothing_happens(case), pytest.raises(Invalid, match="whole case is about region north"):
        place(half_a_year, cause)


def test_a_case_without_an_issue_cannot_be_counted(half_a_year):
    case = investigating(half_a_year)
    cause = add_cause(half_a_year, case)
    Case.objects.filter(pk=case.pk).update(issue=None)
    with nothing_happens(case), pytest.raises(services.NothingToTest):
        place(half_a_year, cause)


# --- when it must have begun


def test_the_tickets_support_the_release_on_whose_day_they_rose(half_a_year):
    cause = add_cause(half_a_year, investigating(half_a_year))
    entry = release(half_a_year)
    release(half_a_year, day=day_before(100), words="Checkout 4.1")
    release(half_a_year, day=RELEASED - timedelta(days=1), kind="price", words="Fees up")
    trial = began(half_a_year, cause, entry=entry)
    assert trial.finding == "supports"
    assert trial.changed_from <= RELEASED <= trial.changed_until
    assert str(entry) in trial.entries
    assert not any("4.1" in words for words in trial.entries)
    assert "Fees up" in str(trial.sentence)  # what else the calendar has there is told, so that nobody jumps


def test_the_tickets_speak_against_a_release_of_another_day(half_a_year):
    cause = add_cause(half_a_year, investigating(half_a_year))
    trial = began(half_a_year, cause, entry=release(half_a_year, day=day_before(60)))
    assert trial.finding == "against"
    assert "does not agree" in str(trial.sentence)


def test_a_level_that_never_changed_speaks_against_any_day(world):
    sow_quiet(world, days=230, rate=6.0)
    cause = add_cause(world, investigating(world))
    trial = began(world, cause, day=day_before(90))
    assert trial.finding == "against"
    assert str(trial.sentence).startswith("No day stands out")
    assert trial.changed_on is None


def test_a_handful_of_tickets_is_too_few_to_tell(world):
    sow_quiet(world, days=230, rate=0.05)
    cause = add_cause(world, investigating(world))
    assert began(world, cause, day=day_before(40)).finding == "too_few"


@pytest.mark.parametrize("wrong", [{}, {"day": TODAY}, {"day": RELEASED, "lag_days": 61}])
def test_a_day_that_makes_no_sense_is_refused(half_a_year, wrong):
    case = investigating(half_a_year)
    cause = add_cause(half_a_year, case)
    with nothing_happens(case), pytest.raises(Invalid):
        began(half_a_year, cause, **wrong)


def test_what_was_withdrawn_from_the_calendar_explains_nothing(half_a_year):
    case = investigating(half_a_year)
    cause, entry = add_cause(half_a_year, case), release(half_a_year)
    services.withdraw_entry(entry=entry, by=half_a_year.cast.nils, at=NOW)
    with nothing_happens(case), pytest.raises(Invalid, match="withdrawn"):
        began(half_a_year, cause, entry=fresh(entry))


# --- evidence, kept as it was found


def test_asking_again_adds_a_row_and_changes_none(half_a_year):
    cause = add_cause(half_a_year, investigating(half_a_year))
    first = place(half_a_year, cause)
    sow(half_a_year, half_a_year.charged, {(5, 0): 6.0}, seed=9, regions=("south",))
    again = services.try_again(prediction=first.prediction, by=half_a_year.cast.omar, at=NOW)
    assert again.tickets > first.tickets
    assert list(first.prediction.trials.all()) == [first, again]
    for row in (first, first.prediction):
        with pytest.raises(InternalError), transaction.atomic():
            row.save()
        with pytest.raises(InternalError), transaction.atomic():
            row.delete()


def test_what_the_tickets_said_is_evidence_for_the_verdict_a_person_gives(half_a_year):
    world = half_a_year
    cause = add_cause(world, investigating(world))
    trial = place(world, cause, since=RELEASED)
    assert fresh(cause).state == "testing"  # never judged by itself
    services.judge_cause(cause=cause, state="verified", by=world.cast.omar, at=NOW)
    assert fresh(cause).evidence == trial.sentence


def test_a_verdict_against_the_tickets_needs_words(half_a_year):
    world = half_a_year
    case = investigating(world)
    cause = add_cause(world, case)
    place(world, cause, value="south", since=RELEASED)
    with nothing_happens(case), pytest.raises(Invalid):
        services.judge_cause(cause=cause, state="verified", by=world.cast.omar, at=NOW)


def test_what_a_fix_removed_does_not_speak_against_its_own_cause(half_a_year):
    world = half_a_year
    case = planning(world)
    cause = case.causes.first()
    action = case.actions.create(
        title="x", strength="strong", added_by=world.cast.omar, added_at=NOW, implemented_on=day_before(5)
    )
    Case.objects.filter(pk=case.pk).update(detection_start=day_before(20))
    assert place(world, cause).last == day_before(6)
    assert action.case == case


def test_causes_are_tested_while_they_are_looked_for(half_a_year):
    case, _ = fixing(half_a_year)
    with nothing_happens(case), pytest.raises(services.WrongState):
        place(half_a_year, case.causes.first())


def test_an_agent_does_not_test_causes(half_a_year):
    case = investigating(half_a_year)
    cause = add_cause(half_a_year, case)
    with nothing_happens(case), pytest.raises(NotAllowed):
        services.predict_day(cause=cause, day=RELEASED, by=half_a_year.cast.ana, at=NOW)


def test_both_steps_stand_in_the_history(half_a_year):
    cause = add_cause(half_a_year, investigating(half_a_year))
    place(half_a_year, cause)
    kinds = list(Event.objects.filter(about=cause.case.ref).order_by("pk").values_list("kind", flat=True))
    assert kinds[-3:] == ["cause.predicted", "cause.judged", "cause.tested"]


# --- the doors


@pytest.fixture
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


def test_the_owner_asks_the_tickets_on_the_page(half_a_year, sign_in, today_is_now):
    case = investigating(half_a_year)
    cause = add_cause(half_a_year, case)
    client, url = sign_in(half_a_year.cast.omar), f"/cases/{case.pk}/"
    assert "where must they be?" in client.get(url).content.decode()
    given = {"cause": cause.pk, "dimension": "region", "value": "north", "since": RELEASED.isoformat()}
    assert client.post(f"{url}predict-place/", given).status_code == 302
    page = client.get(url).content.decode()
    assert "Supports it" in page
    assert "Ask the tickets again" in page
    trial = Trial.objects.get()
    assert client.post(f"{url}try-again/", {"prediction": trial.prediction_id}).status_code == 302
    assert "What they said before" in client.get(url).content.decode()


def test_what_was_typed_comes_back_with_what_is_wrong_with_it(half_a_year, sign_in, today_is_now):
    case = investigating(half_a_year)
    cause = add_cause(half_a_year, case)
    given = {"cause": cause.pk, "dimension": "region", "value": "nort"}
    answer = sign_in(half_a_year.cast.omar).post(f"/cases/{case.pk}/predict-place/", given)
    assert answer.status_code == 422
    assert 'value="nort"' in answer.content.decode()
    assert "No contact came from region nort" in answer.content.decode()


def test_the_api_predicts_and_shows_what_was_found(half_a_year, caller, today_is_now):
    case = investigating(half_a_year)
    cause, entry = add_cause(half_a_year, case), release(half_a_year)
    answer = caller(half_a_year.cast.nils, "cases:read", "cases:write").post(
        f"/api/v1/cases/{case.pk}/predict-day/",
        {"cause": cause.pk, "entry": entry.pk, "lag_days": 3},
        format="json",
    )
    assert answer.status_code == 200, answer.content
    (prediction,) = answer.json()["causes"][0]["predictions"]
    assert prediction["trials"][0]["finding"] == "supports"


# --- found again


@pytest.mark.parametrize("kind", ["place", "day"])
def test_a_trial_comes_out_again_from_what_was_kept_whatever_has_been_coded_since(half_a_year, kind):
    cause = add_cause(half_a_year, investigating(half_a_year))
    entry = release(half_a_year)
    trial = (
        place(half_a_year, cause, since=RELEASED)
        if kind == "place"
        else began(half_a_year, cause, entry=entry)
    )
    sow(half_a_year, half_a_year.charged, {(60, 20): 6.0}, seed=9, regions=("south",))
    services.withdraw_entry(entry=entry, by=half_a_year.cast.nils, at=NOW)
    found = recompute.trial(Address.read(of_trial(fresh(trial)).address), NOW)
    assert [line.name for line in found.differing] == []
    assert found.provenance.digest == of_trial(fresh(trial)).digest


def test_a_trial_that_was_altered_does_not_come_out_again(half_a_year):
    trial = place(half_a_year, add_cause(half_a_year, investigating(half_a_year)), since=RELEASED)
    with pgtrigger.ignore("analysis.Trial:trials_stay"):
        Trial.objects.update(ratio=9.0, finding="against")
    found = recompute.trial(Address.read(f"trial:{trial.pk}"), NOW)
    assert [line.name for line in found.differing] == ["finding", "ratio"]


def test_a_trial_of_before_trials_were_kept_says_so(half_a_year):
    trial = place(half_a_year, add_cause(half_a_year, investigating(half_a_year)), since=RELEASED)
    with pgtrigger.ignore("analysis.Trial:trials_stay"):
        Trial.objects.update(record=None)
    with pytest.raises(NothingKept):
        recompute.trial(Address.read(f"trial:{trial.pk}"), NOW)


@pytest.mark.parametrize("number", ["trial:999999", "trial:x", "trial"])
def test_no_such_trial_is_told(db, number):
    with pytest.raises(ValueError, match=r"trial|invalid"):
        recompute.trial(Address.read(number), NOW)
