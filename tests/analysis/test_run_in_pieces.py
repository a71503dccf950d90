"""A night split over workers says what a night in one go says, whoever is killed, and however often a piece comes."""

from datetime import date, timedelta
from functools import partial

import numpy as np
import pytest
from django.urls import reverse

from apps.analysis import blocks, services, surge
from apps.analysis.lines import Line, Lines
from apps.analysis.models import AnalysisRun, RunBlock, RunState, Signal
from apps.analysis.places import EVERYWHERE, Place
from apps.analysis.services import run_in_pieces
from helpdesk.errors import NotAllowed
from helpdesk.models import Event, Issue, Ticket
from tests.analysis import planted
from tests.analysis.world import day_before, sow, sow_quiet
from tests.factories import NOW, make_issue


def make_lines(families=12, places=5, length=200):
    """An issue and its places, again and again; the places come after all issues, as in life."""
    own = [Line(n, EVERYWHERE) for n in range(families)]
    parts = [Line(n, Place("region", str(k))) for n in range(families) for k in range(places)]
    parents = np.concatenate([np.full(families, -1), np.repeat(np.arange(families), places)])
    counts = planted.counts(planted.usual(len(parents), length, level=0.7), seed=1).astype(float)
    return Lines((*own, *parts), counts, parents, np.zeros(len(parents), np.int64)), planted.days(length)


@pytest.mark.parametrize("size", [1, 7, 30, 10_000])
def test_a_family_stays_in_one_block_and_every_line_is_in_one(size):
    lines, _ = make_lines()
    cut = blocks.blocks_of(lines, size)
    assert sorted(np.concatenate(cut)) == list(range(len(lines)))
    for rows in cut:
        above = lines.parents[rows]
        assert set(above[above >= 0]) <= set(rows)
    assert (len(cut) > 1) == (size < len(lines))


@pytest.mark.parametrize("size", [1, 30])
def test_the_blocks_together_are_the_survey_of_all_lines(size):
    lines, calendar = make_lines()
    whole = surge.survey(lines.counts, calendar, since=lines.since, parents=lines.parents)
    cut = blocks.blocks_of(lines, size)
    parts = [blocks.unpacked(blocks.packed(blocks.look_at(lines, rows, calendar, None))) for rows in cut]
    joined = blocks.joined(cut, parts)
    for name in ("observed", "expected", "p", "window", "dispersion", "log_variance"):
        np.testing.assert_allclose(getattr(joined, name), getattr(whole, name), rtol=1e-9, err_msg=name)
    assert joined.first == whole.first


@pytest.fixture
def surging(world):
    sow_quiet(world, days=150, but=(world.charged,))
    sow(world, world.charged, {(150, 9): 2.0, (9, 0): 1.5}, seed=1)
    sow(world, world.charged, {(9, 0): 5.0}, seed=2, regions=("north",))
    return world


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(run_in_pieces, "blocks_of", partial(blocks.blocks_of, size=4))


def ask(world):
    return services.ask_for_run(by=world.cast.nils, at=NOW)


def lay_out(world, run):
    return services.lay_out_run(run=run.pk, by=world.cast.system, at=NOW)


def look(world, run, block):
    return services.look_at_block(run=run.pk, block=block, by=world.cast.system, at=NOW)


def signals():
    kept = ("kind", "issue_id", "dimension", "value", "sentence", "where", "observed", "expected", "p", "q")
    return list(Signal.objects.order_by("issue", "dimension", "value").values(*kept))


def test_in_pieces_it_says_what_it_says_in_one_go(surging, small_blocks):
    run = ask(surging)
    pieces = lay_out(surging, run)
    assert len(pieces.blocks) > 1
    joined = [look(surging, run, block) for block in reversed(pieces.blocks)]
    assert joined == [False] * (len(joined) - 1) + [True]
    in_pieces = signals()
    assert in_pieces
    Signal.objects.all().delete()
    run = services.find_signals(by=surging.cast.system, at=NOW)
    assert [*map(_rounded, signals())] == [*map(_rounded, in_pieces)]
    assert AnalysisRun.objects.get() == run


def _rounded(row):
    return {name: round(value, 9) if isinstance(value, float) else value for name, value in row.items()}


def test_a_desk_that_fits_in_one_block_is_done_at_once(surging):
    assert lay_out(surging, ask(surging)).is_done
    assert AnalysisRun.objects.get().state == RunState.DONE
    assert Signal.objects.filter(issue=surging.charged).exists()


def test_a_block_that_comes_twice_does_no_harm(surging, small_blocks):
    run = ask(surging)
    blocks_left = lay_out(surging, run).blocks
    for block in blocks_left:
        look(surging, run, block)
    before, events = signals(), Event.objects.count()
    assert not look(surging, run, blocks_left[-1])
    assert lay_out(surging, run) == services.Pieces()
    assert (signals(), Event.objects.count()) == (before, events)


def test_what_a_killed_worker_left_is_taken_up_and_not_done_again(surging, small_blocks, deliver_news):
    run = ask(surging)
    pieces = lay_out(surging, run)
    look(surging, run, pieces.blocks[1])
    AnalysisRun.objects.update(seen_at=NOW - timedelta(days=900))
    assert services.take_up_runs(by=surging.cast.system, at=NOW) == 1
    assert services.take_up_runs(by=surging.cast.system, at=NOW) == 0
    assert Event.objects.filter(kind="analysis.asked").count() == 2
    assert set(lay_out(surging, run).blocks) == set(pieces.blocks) - {pieces.blocks[1]}


def test_one_killed_between_its_block_and_the_join_loses_no_join(surging, small_blocks):
    run = ask(surging)
    pieces = lay_out(surging, run)
    row = AnalysisRun.objects.get()
    night = run_in_pieces.read_night(row.day)
    for block in pieces.blocks:
        kept = blocks.packed(run_in_pieces._look(night, block))
        RunBlock.objects.create(run=row, number=block, basis=row.basis, found=kept)
    (block,) = lay_out(surging, run).blocks
    assert look(surging, run, block)
    assert AnalysisRun.objects.get().state == RunState.DONE
    assert not RunBlock.objects.exists()


def test_days_that_are_counted_again_meanwhile_begin_the_run_anew(surging, small_blocks):
    run = ask(surging)
    pieces = lay_out(surging, run)
    Ticket.objects.filter(opened_at__date=day_before(3)).update(region="west")
    services.count_days(first=day_before(10), last=day_before(1), at=NOW + timedelta(minutes=1))
    assert not look(surging, run, pieces.blocks[0])
    assert AnalysisRun.objects.get().state == RunState.ASKED
    assert lay_out(surging, run).blocks


def test_asked_twice_it_runs_once(surging):
    assert ask(surging) == ask(surging)
    assert Event.objects.filter(kind="analysis.asked").count() == 1


def test_a_run_that_fails_again_and_again_is_given_up(surging, small_blocks):
    run = ask(surging)
    for _ in range(run_in_pieces.GIVEN_UP_AFTER):
        assert lay_out(surging, run).blocks
    assert lay_out(surging, run) == services.Pieces()
    assert AnalysisRun.objects.get().state == RunState.FAILED


def test_who_may_not_run_it_can_not_ask_for_it(surging):
    with pytest.raises(NotAllowed):
        services.ask_for_run(by=surging.cast.ana, at=NOW)
    assert not AnalysisRun.objects.exists()


def test_the_button_leads_to_a_bar_and_the_bar_to_the_signals(surging, small_blocks, sign_in, monkeypatch):
    monkeypatch.setattr("apps.analysis.views.run.WAIT", 0)
    monkeypatch.setattr("apps.analysis.views.run.timezone.now", lambda: NOW)
    nils = sign_in(surging.cast.nils)
    bar = nils.post(reverse("run_analysis")).url
    assert "Waiting for a worker" in nils.get(bar).content.decode()
    run = AnalysisRun.objects.get()
    for number, block in enumerate(lay_out(surging, run).blocks):
        if number:
            page = nils.get(bar).content.decode()
            assert f'<progress value="{number}"' in page
        look(surging, run, block)
    assert nils.get(bar).url == reverse("signals")
    assert nils.get(bar, headers={"HX-Request": "true"}).headers["HX-Redirect"] == reverse("signals")


def test_the_bar_is_for_those_who_may_run_it(surging, sign_in):
    bar = reverse("run_progress", kwargs={"number": ask(surging).pk})
    assert sign_in(surging.cast.ana).get(bar).status_code == 403


# After a change of the taxonomy


def add_code(world, code, *, days_ago, parent=None):
    issue = make_issue(code, parent=parent)
    Issue.objects.filter(pk=issue.pk).update(valid_from=day_before(days_ago))
    issue.release.published_at = NOW - timedelta(days=800)
    issue.release.save()
    return issue


@pytest.mark.parametrize(("days_ago", "raised"), [(10, False), (40, True)])
def test_a_code_that_is_new_raises_nothing_for_two_weeks(world, days_ago, raised):
    """Half of the complaints about charges are called otherwise now; before them there were next to none."""
    sow_quiet(world, days=150, but=(world.charged,))
    new = add_code(world, "charged-thrice", days_ago=days_ago, parent=world.parent)
    sow(world, world.charged, {(150, 8): 8.0, (8, 0): 2.0}, seed=1)
    sow(world, new, {(150, 8): 0.1, (8, 0): 6.0}, seed=2)
    services.find_signals(by=world.cast.system, at=NOW)
    assert Signal.objects.filter(kind="surge", issue=new).exists() is raised


def test_a_new_code_is_heard_when_all_codes_beside_it_rise_with_it(world):
    sow_quiet(world, days=150)
    new = add_code(world, "charged-thrice", days_ago=10, parent=world.parent)
    sow(world, new, {(150, 8): 0.1, (8, 0): 25.0}, seed=2)
    services.find_signals(by=world.cast.system, at=NOW)
    assert Signal.objects.filter(kind="surge", issue=new).exists()


def test_the_first_edition_is_no_change(world):
    sow_quiet(world, days=150, but=(world.charged,))
    sow(world, world.charged, {(150, 9): 2.0, (9, 0): 8.0}, seed=1)
    Issue.objects.update(valid_from=date(2026, 5, 4))
    Issue.objects.first().release.__class__.objects.update(published_at=NOW - timedelta(days=2))
    services.find_signals(by=world.cast.system, at=NOW)
    assert Signal.objects.filter(kind="surge", issue=world.charged).exists()
