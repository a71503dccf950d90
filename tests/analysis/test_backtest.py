"""History played to the detectors says when they would have spoken, from what was known by then."""

from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from apps.analysis.backtest import World, evenings, quiet
from apps.analysis.lines import Line, Lines
from apps.analysis.models import AnalysisRun, Signal
from apps.analysis.places import EVERYWHERE, Place
from tests.analysis import planted
from tests.analysis.world import day_before, sow, sow_quiet


@pytest.fixture
def surged(world):
    """Charged twice at three times its usual rate for nine days in the north, two months ago."""
    sow_quiet(world, days=200, but=(world.charged,))
    sow(world, world.charged, {(200, 60): 2.0, (60, 51): 1.5, (51, 0): 2.0}, seed=1)
    sow(world, world.charged, {(60, 51): 5.0}, seed=2, regions=("north",))
    return world


def play(*options):
    out = StringIO()
    call_command("backtest", "--worlds", "0", *map(str, options), stdout=out)
    return out.getvalue()


def raised(text):
    return [line for line in text.splitlines() if line.startswith("20")]


def test_a_surge_of_the_past_is_raised_on_its_day_and_said_where(surged):
    (line, *_) = [one for one in raised(play()) if "Charged twice" in one]
    assert str(day_before(60)) <= line[:10] <= str(day_before(55))
    assert "region north" in line
    assert not Signal.objects.exists()
    assert not AnalysisRun.objects.exists()


def test_nothing_is_raised_earlier_for_what_came_later(surged):
    """Cutting the history off after a night changes nothing of what was raised until then."""
    cut = str(day_before(52))
    until = raised(play("--from", day_before(100), "--to", cut))
    whole = [line for line in raised(play("--from", day_before(100))) if line[:10] <= cut]
    assert [line[:10] for line in until] == [line[:10] for line in whole]
    assert until


def test_it_counts_what_quiet_worlds_raise(surged):
    out = StringIO()
    call_command("backtest", "--worlds", "2", "--every", "7", "--seed", "5", stdout=out)
    assert "Surges in 2 worlds with the same lines in which nothing happens: " in out.getvalue()


def test_without_history_there_is_nothing_to_play(cast):
    with pytest.raises(CommandError, match="no history"):
        play()


def test_every_is_at_least_one(surged):
    with pytest.raises(CommandError, match="at least 1"):
        play("--every", "0")


# The worlds


def make_world(length=300, families=30):
    own = [Line(n, EVERYWHERE) for n in range(families)]
    parts = [Line(n, Place("region", "north")) for n in range(families)]
    counts = planted.counts(planted.usual(families, length, level=3.0), seed=1)
    table = np.concatenate([counts, np.random.default_rng(2).binomial(counts, 0.4)]).astype(float)
    parents = np.concatenate([np.full(families, -1), np.arange(families)])
    return World(
        Lines((*own, *parts), table, parents, np.zeros(2 * families, np.int64)), planted.days(length), None
    )


def test_a_quiet_world_has_the_levels_of_the_real_one_and_none_of_its_surges():
    world = make_world()
    world.lines.counts[0, 200:214] += 20
    drawn = quiet(world, seed=1).lines.counts
    assert drawn.sum(1)[1:] == pytest.approx(world.lines.counts.sum(1)[1:], rel=0.25)
    assert drawn[0, 200:214].mean() < 8
    assert drawn.shape == world.lines.counts.shape


def test_an_evening_knows_its_past_only():
    world = make_world()
    until = {one.day: one.looked_at.p[:, -1] for one in evenings(world, 150, 171)}
    world.lines.counts[:, 171:] = 99
    again = {one.day: one.looked_at.p[:, -1] for one in evenings(world, 150, 171)}
    assert list(until) == list(range(150, 171))
    for day, p in until.items():
        np.testing.assert_array_equal(p, again[day])


def test_every_so_many_nights():
    assert [one.day for one in evenings(make_world(), 150, 171, every=5)] == [150, 155, 160, 165, 170]
