"""Rows of numbers to issues: one linear classifier for all of them.

Method: a support vector machine (C = 1) where the issues have about 30 coded tickets each, logistic regression with
fewer. The weight of the encoder's vector (2.8 and 4.2 times the words') and the regression's C were chosen on short
requests (bench/loop/data) at 3, 5 and 10 examples an issue and on real complaints; docs/decisions/0012 has the
numbers. The surface is flat: half or double cost a point at most.

Limits: deterministic for a seed. Time grows with texts times issues; regression over 2,000 texts would take minutes.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from apps.intake.suggestion.features import Described
from apps.intake.suggestion.kinds import Floats, Ints, Sparse

SVM, LOGISTIC = "svm", "logistic"
_ENOUGH_PER_ISSUE = 30
_TOO_MANY_FOR_LOGISTIC = 2_500
_MEANING = {SVM: 2.8, LOGISTIC: 4.2}
_LEAST_MARGIN = 1.0  # how far below all others an issue stands that the classifier has seen no text of


def method_for(per_issue: Ints) -> str:
    """`per_issue`: coded tickets of each issue."""
    enough = np.median(per_issue) >= _ENOUGH_PER_ISSUE or per_issue.sum() > _TOO_MANY_FOR_LOGISTIC
    return SVM if enough else LOGISTIC


@dataclass(frozen=True, slots=True)
class Classifier:
    """`weights` is (features, issues)."""

    method: str
    weights: Floats
    intercepts: Floats

    def margins(self, texts: Described) -> Floats:
        """(texts, issues): the higher, the likelier."""
        found: Floats = texts.weighted(_MEANING[self.method]) @ self.weights + self.intercepts
        return found


def fit(method: str, texts: Described, targets: Ints, weights: Floats, issues: int, seed: int) -> Classifier:
    """`targets` are numbers of issues, `weights` how much each text counts."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    if method == SVM:
        learner = LinearSVC(C=1.0, tol=0.1, max_iter=200, random_state=seed)
    else:
        learner = LogisticRegression(C=3.0, tol=1e-3, max_iter=200)
    rows: Sparse = texts.weighted(_MEANING[method])
    learner.fit(rows, targets, sample_weight=weights)
    return Classifier(method, *_of_all_issues(learner, issues))


def _of_all_issues(learner: Any, issues: int) -> tuple[Floats, Floats]:
    """An issue missing from the texts stands below the others."""
    present = learner.classes_
    weights = np.zeros((learner.coef_.shape[1], issues), dtype=np.float32)
    if len(present) == 2:  # one margin for two issues: give each its half
        halves = np.array([-0.5, 0.5])
        weights[:, present] = np.outer(learner.coef_[0], halves)
        own = learner.intercept_[0] * halves
    else:
        weights[:, present], own = learner.coef_.T, learner.intercept_
    intercepts = np.full(issues, own.min() - _LEAST_MARGIN, dtype=np.float32)
    intercepts[present] = own
    return weights, intercepts
