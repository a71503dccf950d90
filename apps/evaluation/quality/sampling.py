"""Which answers are drawn for review: some of every agent's, and each with a known chance.

An answer is a ticket on which an agent wrote to the customer in the week. Of each agent `per_agent` are drawn, or all
there are when they are fewer: agents are strata, so nobody is left out and nobody is looked at more than others. Within
an agent's, one in trouble (the customer was dissatisfied, the ticket was reopened or escalated) is `OVERSAMPLED`
times as likely as another: where every tenth answer is in trouble, every fourth drawn one is. The draw is systematic
through a shuffled list (apps/response/drawing.py), so every answer comes with just its chance, and 1 / chance undoes
the preference.

The seed of a week and the number of the agent fix the draw: the same answers in the same order give the same sample.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from apps.response.drawing import draw_by_size

OVERSAMPLED = 3.0


@dataclass(frozen=True, order=True)
class Answer:
    """A ticket that this agent answered, and whether it was in trouble."""

    agent: int
    ticket: int
    in_trouble: bool = False


@dataclass(frozen=True)
class DrawnAnswer:
    """It was drawn, and this is the chance it had."""

    answer: Answer
    chance: float


def draw_answers(answers: Iterable[Answer], per_agent: int, *, seed: int) -> list[DrawnAnswer]:
    """So many of every agent's answers. Raises ValueError for a seed below 0."""
    by_agent: dict[int, list[Answer]] = defaultdict(list)
    for answer in sorted(set(answers)):
        by_agent[answer.agent].append(answer)
    drawn: list[DrawnAnswer] = []
    for agent, rows in by_agent.items():
        sizes = [OVERSAMPLED if row.in_trouble else 1.0 for row in rows]
        found = draw_by_size(sizes, per_agent, seed=[seed, agent])
        places, chances = found.places.tolist(), found.chances.tolist()
        drawn += [DrawnAnswer(rows[place], chance) for place, chance in zip(places, chances, strict=True)]
    return sorted(drawn, key=lambda one: one.answer)
