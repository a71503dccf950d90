"""A trained model, and what it says about texts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from apps.intake.suggestion.calibrate import softmax
from apps.intake.suggestion.classify import Classifier
from apps.intake.suggestion.features import Describer
from apps.intake.suggestion.kinds import Prediction, Suggestion
from apps.intake.suggestion.novelty import Novelty

_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Model:
    """`trained_on` counts coded tickets, not examples of the taxonomy.

    Of held-out tickets: `accuracy` is the share that were right at first, `auto_fill` the confidence from which
    nineteen in twenty were (None: never sure enough). All three are None while too few are coded to tell.
    """

    codes: tuple[str, ...]
    describer: Describer
    classifier: Classifier
    temperature: float
    trained_on: int
    accuracy: float | None = None
    auto_fill: float | None = None
    novelty: Novelty | None = None

    @property
    def method(self) -> str:
        return self.classifier.method

    @property
    def encoder_name(self) -> str:
        """Empty for a model of words alone."""
        return self.describer.encoder.name if self.describer.encoder else ""

    def predict(self, texts: Sequence[str], *, top: int = 3) -> list[Prediction]:
        """The `top` likeliest issues of each text. One pass for all texts: many at once cost half."""
        if not texts:
            return []
        described = self.describer.describe(texts)
        margins = self.classifier.margins(described)
        confidences = softmax(margins / self.temperature)
        order = np.argsort(-confidences, axis=1, kind="stable")[:, :top]
        above = self.novelty.above(margins, described.vectors) if self.novelty else [None] * len(texts)
        understood = np.diff(described.words.indptr) > 0
        if self.describer.encoder:
            understood |= [bool(_WORD.search(text)) for text in texts]
        return [
            Prediction(
                tuple(Suggestion(self.codes[j], round(float(row[j]), 4)) for j in best),
                None if far is None else float(far),
            )
            if has_words
            else Prediction(())
            for row, best, far, has_words in zip(confidences, order, above, understood, strict=True)
        ]
