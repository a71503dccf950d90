"""Learning from coded tickets, the taxonomy's words, and uncoded tickets.

Method: TF-IDF and an encoder's vector into one linear classifier (`features`, `classify`). The taxonomy's names,
definitions and examples are the first examples of their issue; codes that the taxonomy no longer has are left out.
While the issues have few tickets, uncoded ones teach too (self-training: Scudder 1965, Yarowsky 1995): the classifier
codes them, and learns again from the two thirds it was surest of, at weight 0.3. That is worth a point at three
examples an issue and nothing at ten. Accuracy, confidence and novelty come from held-out tickets (`calibrate`,
`novelty`).

Limits: 10,000 short texts of 77 issues take about half a minute of one core when their vectors are at hand, and 15 ms
more for each that must be encoded: at most `encode_most` are, the first ones; the others count by their words. Features
are capped, so a model is some megabytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from apps.intake.suggestion import calibrate, novelty
from apps.intake.suggestion.classify import LOGISTIC, Classifier, fit, method_for
from apps.intake.suggestion.features import Described, Describer, learn_words
from apps.intake.suggestion.kinds import Floats, Ints, IssueWords, NotEnoughIssues
from apps.intake.suggestion.model import Model

if TYPE_CHECKING:
    from apps.intake.encoders import Encoder

_UNCODED_WEIGHT = 0.3
_UNCODED_HELPS_BELOW = (
    10  # coded tickets of an issue: with more of them a second lesson costs time and is worth nothing
)
_SURE_SHARE = 0.7  # of the uncoded: what the classifier is least sure of would teach it its doubts


@dataclass(frozen=True, slots=True)
class _Lesson:
    """Coded tickets first, then the taxonomy's examples. `uncoded` is None when it would not help."""

    known: Described
    targets: Ints
    coded: int
    encoded: int  # of the coded, how many may have a vector
    uncoded: Described | None
    issues: int
    method: str
    seed: int

    def learnt(self, without: "calibrate.Bools | None" = None) -> Classifier:
        """A classifier that has not seen the coded tickets of `without`."""
        rows = np.arange(len(self.targets))
        if without is not None:
            rows = np.flatnonzero(~np.concatenate([without, np.zeros(len(rows) - self.coded, np.bool_)]))
        known, targets, weights = self.known[rows], self.targets[rows], np.ones(len(rows), np.float32)
        first = fit(self.method, known, targets, weights, self.issues, self.seed)
        if self.uncoded is None:
            return first
        guesses, sure = _surest(first.margins(self.uncoded))
        return fit(
            self.method,
            _stacked(known, self.uncoded[sure]),
            np.concatenate([targets, guesses]),
            np.concatenate([weights, np.full(len(sure), _UNCODED_WEIGHT, np.float32)]),
            self.issues,
            self.seed,
        )


def train(
    texts: Sequence[str],
    labels: Sequence[str],
    issues: Iterable[IssueWords],
    *,
    encoder: "Encoder | None" = None,
    uncoded: Sequence[str] = (),
    encode_most: int = 5_000,
    seed: int = 0,
) -> Model:
    """Learn. `texts` come newest first: where not all can be encoded, the newest are.

    Raises NotEnoughIssues, and ValueError for unequal lengths.
    """
    if len(texts) != len(labels):
        raise ValueError(f"{len(texts)} texts, but {len(labels)} labels.")
    issues = list(issues)
    coded = _usable(texts, labels, {issue.code for issue in issues})
    first = [(text, issue.code) for issue in issues for text in issue.first_examples]
    codes = tuple(sorted({code for _, code in (*coded, *first)}))
    if len(codes) < 2:
        raise NotEnoughIssues("A suggestion needs at least two issues to choose between.")
    describer = learn_words([text for text, _ in (*coded, *first)], encoder)
    lesson = _lesson(describer, coded, first, codes, list(uncoded), encode_most, seed)
    model = Model(
        codes=codes,
        describer=describer,
        classifier=lesson.learnt(),
        temperature=calibrate.PRIOR_TEMPERATURE,
        trained_on=len(coded),
    )
    return _measured(model, lesson) if lesson.coded >= calibrate.ENOUGH else model


def _usable(texts: Sequence[str], labels: Sequence[str], valid: set[str]) -> list[tuple[str, str]]:
    return [pair for pair in zip(texts, labels, strict=True) if pair[1] in valid and pair[0].strip()]


def _lesson(
    describer: Describer,
    coded: list[tuple[str, str]],
    first: list[tuple[str, str]],
    codes: tuple[str, ...],
    uncoded: list[str],
    encode_most: int,
    seed: int,
) -> _Lesson:
    numbers = {code: number for number, code in enumerate(codes)}
    targets = np.array([numbers[code] for _, code in (*coded, *first)], dtype=np.intp)
    per_issue = np.bincount(targets[: len(coded)], minlength=len(codes))
    method = method_for(per_issue)
    known = _stacked(
        describer.describe([text for text, _ in coded], encoded=encode_most),
        describer.describe([text for text, _ in first]),
    )
    helps = method == LOGISTIC and bool(uncoded) and np.median(per_issue) < _UNCODED_HELPS_BELOW
    others = describer.describe(uncoded, encoded=encode_most) if helps else None
    return _Lesson(known, targets, len(coded), encode_most, others, len(codes), method, seed)


def _stacked(above: Described, below: Described) -> Described:
    from scipy.sparse import vstack

    return Described(
        vstack([above.words, below.words], format="csr"), np.vstack([above.vectors, below.vectors])
    )


def _surest(margins: Floats) -> tuple[Ints, Ints]:
    """What the uncoded seem to be, and their rows: those whose best issue leads clearly."""
    two = np.partition(margins, -2, axis=1)[:, -2:]
    lead = two[:, 1] - two[:, 0]
    rows = np.flatnonzero(lead >= np.quantile(lead, 1 - _SURE_SHARE))
    return margins[rows].argmax(axis=1), rows


def _held_out_margins(lesson: _Lesson) -> tuple[Floats, "calibrate.Bools"]:
    """(coded, issues) margins by classifiers that had not seen the ticket, and which tickets have one.

    Only newest ones, which are described as a ticket will be that asks.
    """
    margins = np.zeros((lesson.coded, lesson.issues), dtype=np.float32)
    held = np.zeros(lesson.coded, dtype=np.bool_)
    for some in calibrate.held_out(min(lesson.coded, lesson.encoded), lesson.seed):
        without = np.concatenate([some, np.zeros(lesson.coded - len(some), np.bool_)])
        margins[without] = lesson.learnt(without).margins(lesson.known[np.flatnonzero(without)])
        held |= without
    return margins, held


def _measured(model: Model, lesson: _Lesson) -> Model:
    """The model with what held-out tickets say about it."""
    margins, held = _held_out_margins(lesson)
    if not held.any():
        return model
    margins, truth = margins[held], lesson.targets[: lesson.coded][held]
    temperature = calibrate.temperature(margins, truth)
    confidences, right = calibrate.softmax(margins / temperature), margins.argmax(axis=1) == truth
    return replace(
        model,
        temperature=temperature,
        accuracy=float(right.mean()),
        auto_fill=calibrate.sure_from(confidences.max(axis=1), right),
        novelty=novelty.learn(margins, lesson.known.vectors[: lesson.coded], np.flatnonzero(held)),
    )
