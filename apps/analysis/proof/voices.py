"""The second source that decides with the count: the customers' own "is it gone for you?".

Method: of those who were asked since the fix and answered, the share who still have it, with Wilson's 90 % interval
(Wilson 1927). A verdict that calls a fix proven says what is left of the problem at most: what the promise leaves, or
what was counted, whichever is more. Where even the lower end of the interval lies above that (5 % one-sided, as in
the count), customers contradict the count and the proof is held back.
Limits: who answers chose to, and who still has it answers more readily. So answers can hold back a proof and can never
make one; and under ten answers nothing is held back, they are only shown.
"""

from dataclasses import dataclass

from apps.analysis.agreement import share_interval
from helpdesk.sentences import Share, Words, counted, said

FEWEST = 10
_NINE_IN_TEN = 0.90


@dataclass(frozen=True)
class Voices:
    """How many customers were asked since the fix, and for how many it is gone and still there."""

    asked: int
    gone: int
    still: int

    def __post_init__(self) -> None:
        if min(self.gone, self.still) < 0 or self.answered > self.asked:
            raise ValueError("of so many who were asked at most so many can answer")

    @property
    def answered(self) -> int:
        return self.gone + self.still

    @property
    def share(self) -> float:
        """Of those who answered, who still have it."""
        return self.still / self.answered if self.answered else 0.0

    @property
    def low(self) -> float:
        return share_interval(self.share, self.answered, level=_NINE_IN_TEN)[0]

    @property
    def high(self) -> float:
        return share_interval(self.share, self.answered, level=_NINE_IN_TEN)[1]

    def contradict(self, *, promised: float, ratio: float) -> bool:
        """Whether clearly more still have it than a proof would leave; `ratio`: what was counted, over the expected."""
        return self.answered >= FEWEST and self.low > max(1 - promised, ratio)

    @property
    def sentence(self) -> Words:
        """“Of 40 customers who were asked 25 answered: 5 still have it (20%, 9 in 10 sure: 10% to 36%).”"""
        asked = counted("Of 1 customer who was asked", "Of %(n)s customers who were asked", n=self.asked)
        if not self.answered:
            return said("%(asked)s none has answered yet whether it is gone.", asked=asked)
        return counted(
            "%(asked)s %(answered)s answered: 1 still has it (%(share)s, 9 in 10 sure: %(low)s to %(high)s).",
            "%(asked)s %(answered)s answered: %(n)s still have it (%(share)s, 9 in 10 sure: %(low)s to %(high)s).",
            n=self.still,
            asked=asked,
            answered=self.answered,
            share=Share(self.share),
            low=Share(self.low),
            high=Share(self.high),
        )
