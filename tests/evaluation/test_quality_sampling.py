"""Which answers are drawn: some of everybody's, with a known chance."""

from collections import Counter

import pytest

from apps.evaluation.quality.sampling import Answer, draw_answers


def answers(agent, count, trouble=0, first=0):
    return [Answer(agent, first + n, n < trouble) for n in range(count)]


def test_every_agent_is_drawn_as_often_however_much_they_answer():
    found = draw_answers([*answers(1, 100), *answers(2, 3, first=500)], 2, seed=1)
    assert Counter(one.answer.agent for one in found) == {1: 2, 2: 2}


def test_who_answered_less_is_drawn_whole_with_certainty():
    found = draw_answers(answers(1, 1), 2, seed=1)
    assert [one.chance for one in found] == [1.0]


def test_the_same_seed_draws_the_same_in_whatever_order_they_come():
    rows = [*answers(1, 50, 5), *answers(2, 40, 2, first=500)]
    assert draw_answers(rows, 3, seed=4) == draw_answers(rows[::-1], 3, seed=4)
    assert draw_answers(rows, 3, seed=4) != draw_answers(rows, 3, seed=5)


def test_an_answer_in_trouble_is_three_times_as_likely():
    drawn = [one for seed in range(40) for one in draw_answers(answers(1, 40, 4), 2, seed=seed)]
    found = {one.answer.in_trouble: one.chance for one in drawn}
    assert found[True] == pytest.approx(3 * found[False])


def test_answers_come_with_the_chance_they_are_said_to_have():
    rows, often = answers(1, 10, 2), Counter()
    for seed in range(3000):
        often.update({one.answer.ticket: 1 for one in draw_answers(rows, 2, seed=seed)})
    chances = {0: 6 / 14, 1: 6 / 14} | dict.fromkeys(range(2, 10), 2 / 14)
    for ticket, chance in chances.items():
        assert often[ticket] / 3000 == pytest.approx(chance, abs=0.035)


def test_weighted_by_one_over_chance_the_sample_stands_for_all():
    rows = answers(1, 60, 9)
    totals = [sum(1 / one.chance for one in draw_answers(rows, 4, seed=seed)) for seed in range(800)]
    assert sum(totals) / 800 == pytest.approx(60, rel=0.03)


@pytest.mark.parametrize("rows", [[], answers(1, 5)])
def test_none_are_drawn_where_none_are_asked_for(rows):
    assert draw_answers(rows, 0, seed=1) == []
