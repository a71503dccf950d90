"""The inbox: signals are merged, snoozed three ways, dismissed, and shown on piles; none is raised twice."""

import pytest
from django.urls import reverse

from apps.analysis.models import Case, Signal, SignalState
from apps.analysis.services import (
    AlreadyJudged,
    dismiss_signal,
    merge_signal,
    merge_signals,
    promote_signal,
    snooze_signal,
)
from apps.analysis.services.find_signals import Keeper
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event
from helpdesk.sentences import read
from tests.analysis.test_pages import make_signal, queries_of
from tests.analysis.world import TODAY, day_before
from tests.factories import NOW, make_ticket


def seen(signal, world, day=0, **numbers):
    """The next night sees the signal with these numbers."""
    keeper = Keeper(day=day_before(day), by=world.cast.system, at=NOW)
    names = ("kind", "issue_id", "dimension", "value", "label", "sentence", "detector", "started_on", "window_start",
             "window_end", "observed", "expected", "ratio", "excess")  # fmt: skip
    row = {name: getattr(signal, name) for name in names} | numbers
    kept = keeper.keep(**row)
    keeper.wake_snoozed()
    kept.refresh_from_db()
    return kept


def judged(signal, service, world, **given):
    service(signal=signal, by=world.cast.nils, at=NOW, **given)
    signal.refresh_from_db()
    return signal


def test_two_signals_of_one_thing_are_one_and_share_its_case(world):
    north, south, all_of_it = make_signal(1), make_signal(2), make_signal(3, issue=world.charged)
    judged(north, merge_signals, world, into=south)
    judged(south, merge_signals, world, into=all_of_it)
    north.refresh_from_db()
    assert (north.state, south.state) == (SignalState.MERGED, SignalState.MERGED)
    assert north.into == south.into == all_of_it
    case = promote_signal(signal=all_of_it, by=world.cast.nils, at=NOW)
    assert set(case.signals.all()) == {north, south, all_of_it}


def test_what_was_merged_into_a_signal_is_not_raised_again(world):
    north = make_signal(1)
    judged(north, merge_signals, world, into=make_signal(2))
    assert seen(north, world, excess=600, observed=700).state == SignalState.MERGED
    assert Signal.objects.count() == 2


def test_a_signal_is_not_merged_into_itself_nor_into_one_that_is_judged(world):
    signal, gone = make_signal(1), make_signal(2)
    judged(gone, dismiss_signal, world, dismissal="noise")
    for into in (signal, gone):
        with pytest.raises(Invalid):
            judged(signal, merge_signals, world, into=into)
    signal.refresh_from_db()
    assert signal.state == SignalState.NEW
    assert Event.objects.filter(about=f"signal:{signal.pk}").count() == 0


def test_snoozed_until_so_many_tickets_it_sleeps_until_they_are_there(world):
    signal = judged(make_signal(observed=9), snooze_signal, world, above=20)
    assert seen(signal, world, observed=19, excess=16).state == SignalState.SNOOZED
    assert seen(signal, world, observed=20, excess=17).state == SignalState.NEW
    assert str(read(Event.objects.get(kind="signal.raised").data["again"])) == "the number is reached"


def test_snoozed_with_nothing_more_it_sleeps_until_it_has_grown_by_half(world):
    signal = judged(make_signal(excess=6), snooze_signal, world)
    assert seen(signal, world, excess=8.9).state == SignalState.SNOOZED
    assert seen(signal, world, excess=9.1).state == SignalState.NEW


def test_a_number_that_is_reached_already_is_refused(world):
    signal = make_signal(observed=9)
    with pytest.raises(Invalid, match="9 tickets already"):
        judged(signal, snooze_signal, world, above=9)
    signal.refresh_from_db()
    assert signal.state == SignalState.NEW


def test_dismissed_it_comes_back_only_as_another_thing(world):
    signal = judged(make_signal(excess=6), dismiss_signal, world, dismissal="noise")
    assert seen(signal, world, excess=17.9).state == SignalState.DISMISSED
    assert seen(signal, world, excess=18.1).state == SignalState.NEW


def test_judged_twice_at_once_one_wins(world):
    signal = make_signal()
    judged(signal, merge_signals, world, into=make_signal(2))
    with pytest.raises(AlreadyJudged):
        snooze_signal(signal=signal, by=world.cast.nils, at=NOW)
    with pytest.raises(AlreadyJudged):
        merge_signals(signal=signal, into=make_signal(3), by=world.cast.nils, at=NOW)


def test_who_may_not_judge_may_not_merge(world):
    with pytest.raises(NotAllowed):
        merge_signals(signal=make_signal(1), into=make_signal(2), by=world.cast.ana, at=NOW)


# --- pages ----------------------------------------------------------------------------------------------


def post(client, signal, name, **given):
    return client.post(reverse(name, kwargs={"number": signal.pk}), given)


def test_each_pile_shows_its_own_and_says_why(world, sign_in):
    client = sign_in(world.cast.nils)
    new, asleep, away, merged = (make_signal(number) for number in range(4))
    post(client, asleep, "snooze_signal", above="50", reason="Wait and see")
    post(client, away, "dismiss_signal", dismissal="planned", reason="The spring letter")
    post(client, merged, "merge_signal", into=f"signal:{new.pk}")
    said = {name: client.get(reverse("signals"), {"show": name}).content.decode()
            for name in ("new", "snoozed", "cases", "dismissed")}  # fmt: skip
    assert "Line 0" in said["new"]
    assert "until 50 tickets" in said["snoozed"]
    assert "Wait and see" in said["snoozed"]
    assert "The spring letter" in said["dismissed"]
    assert "Line 3" in said["cases"]
    for name, line in (("snoozed", "Line 2"), ("dismissed", "Line 1"), ("cases", "Line 1")):
        assert f">{line}<" not in said[name]


def test_a_signal_is_merged_into_a_case_or_a_signal_from_one_list(world, sign_in):
    client = sign_in(world.cast.nils)
    case = promote_signal(signal=make_signal(1, issue=world.charged), by=world.cast.nils, at=NOW)
    first, second = make_signal(2), make_signal(3)
    post(client, first, "merge_signal", into=f"case:{case.pk}")
    post(client, second, "merge_signal", into=f"signal:{first.pk}")  # that one does not wait any more
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.case == case
    assert second.state == SignalState.NEW


@pytest.mark.parametrize("into", ["case:999", "signal:x", "", "ticket:1", "case:-1"])
def test_a_target_that_is_none_is_refused_with_the_reason(world, sign_in, into):
    signal = make_signal()
    answer = post(sign_in(world.cast.nils), signal, "merge_signal", into=into)
    assert answer.status_code == 422
    signal.refresh_from_db()
    assert signal.state == SignalState.NEW


def test_what_was_typed_stands_there_again_with_the_reason(world, sign_in):
    signal = make_signal(observed=9)
    page = post(sign_in(world.cast.nils), signal, "snooze_signal", above="3")
    assert page.status_code == 422
    assert "9 tickets already" in page.content.decode()
    assert 'value="3"' in page.content.decode()


def test_the_page_of_a_signal_shows_its_weeks_its_words_and_its_history(world, sign_in):
    ticket = make_ticket(world.cast, body="Charged twice, call +49 170 1234567")
    weekly = [2.0, 3.0, 2.0, 3.0, 2.0, 9.0, 12.0]
    signal = make_signal(weekly=weekly, examples=[ticket.pk], started_on=day_before(13), issue=world.charged)
    other = make_signal(5)
    judged(other, merge_signals, world, into=signal)
    client = sign_in(world.cast.nils)
    page = client.get(reverse("signal", kwargs={"number": signal.pk})).content.decode()
    assert "2 weeks above the usual range" in page
    assert "[phone]" in page
    assert "Line 5" in page
    judged(signal, dismiss_signal, world, dismissal="noise", reason="One caller")
    page = client.get(reverse("signal", kwargs={"number": signal.pk})).content.decode()
    assert "judged it: dismissed" in page
    assert "One caller" in page


def test_a_signal_merged_into_a_case_by_hand_brings_those_merged_into_it(world):
    case = promote_signal(signal=make_signal(1, issue=world.charged), by=world.cast.nils, at=NOW)
    small, large = make_signal(2), make_signal(3)
    judged(small, merge_signals, world, into=large)
    judged(large, merge_signal, world, case=case)
    small.refresh_from_db()
    assert small.case == case
    assert Case.objects.count() == 1


def test_the_page_of_a_signal_costs_the_same_with_much_and_with_little(world, sign_in):
    client, bare = sign_in(world.cast.nils), make_signal()
    little = queries_of(client, reverse("signal", kwargs={"number": bare.pk}))
    ticket = make_ticket(world.cast)
    full = make_signal(1, examples=[ticket.pk], issue=world.charged, weekly=[1.0] * 26)
    for number in range(2, 8):
        judged(make_signal(number), merge_signals, world, into=full)
    much = queries_of(client, reverse("signal", kwargs={"number": full.pk}))
    assert much <= little + 1 <= 12  # quotes


def test_the_inbox_is_not_for_agents(world, sign_in):
    signal = make_signal()
    client = sign_in(world.cast.ana)
    assert client.get(reverse("signals")).status_code == 403
    assert client.get(reverse("signal", kwargs={"number": signal.pk})).status_code == 403


def test_a_long_pile_has_pages(world, sign_in):
    day = TODAY
    Signal.objects.bulk_create(
        Signal(
            kind="surge", issue=world.charged, dimension="region", value=f"r{n}", label=f"Signal {n:02}",
            sentence="More than expected.", detector="surge", started_on=day, window_start=day, window_end=day,
            observed=30, expected=10, ratio=3, excess=100 - n, first_seen_on=day, last_seen_on=day,
        )
        for n in range(25)
    )  # fmt: skip
    client = sign_in(world.cast.nils)
    first, second = (client.get("/signals/", {"page": page}).content.decode() for page in (1, 2))
    assert "Page 1 of 2" in first
    assert "Signal 03" in first
    assert "Signal 22" in second
