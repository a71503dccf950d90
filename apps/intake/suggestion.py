"""Which issue a text is about: the suggestion a person settles in one keystroke.

Method: TF-IDF of words (1-2) and of characters within words (2-5, so that endings, compounds and typing errors cost
little), sublinear, into one linear classifier for all issues: a support vector machine where the issues have about
30 coded tickets each, logistic regression (C = 30) with fewer. The taxonomy's names, definitions and examples are
the first examples of their issue, so it works with no coded ticket at all; codes that the taxonomy no longer has
are left out.

Confidence is a probability in 0..1: the softmax of the margins, its temperature fitted on tickets held out of
training (`_PRIOR_TEMPERATURE` while there are too few). It is calibrated on average, not for each issue, and knows
nothing of issues that nobody has named yet: a low first confidence is the sign of those.

Limits: deterministic; 20,000 short texts train in seconds on one core; features are capped, so a model is a few
megabytes. Measured on Banking77: 91 % right at first with TF-IDF alone. A model is stored without pickle: loading
one runs no code.

scikit-learn is imported inside the functions that need it: it costs a second and 100 MB, and web processes import
this file for its names only.
"""

import io
import json
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

_FORMAT = 1
_BROKEN = (
    OSError,
    EOFError,
    KeyError,
    TypeError,
    ValueError,
    NotImplementedError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
_MAX_CHARS = 2_000  # a complaint names its reason early; long threads only slow training down
_MAX_WORDS, _MAX_CHARACTER_GRAMS = 30_000, 60_000
_ENOUGH_PER_ISSUE = 30
_ENOUGH_TO_CALIBRATE = 60
_HELD_OUT, _MOST_HELD_OUT = 0.2, 2_000
_PLENTY = 8_000  # from here on the held-out tickets are not missed, and the second fit is saved
_TOO_MANY_FOR_LOGISTIC = 5_000  # its time grows with tickets times issues; the machine's stays bearable
_PRIOR_TEMPERATURE = 0.35
_SMALLEST_TEMPERATURE, _LARGEST_TEMPERATURE = 0.02, 5.0

Floats = npt.NDArray[np.float32]


class NotEnoughIssues(ValueError):
    """A suggestion needs at least two issues to choose between."""


class StaleModel(ValueError):
    """The bytes are no model, or one that another version of this file wrote: train anew."""


@dataclass(frozen=True, slots=True)
class IssueWords:
    """What the taxonomy says about one issue."""

    code: str
    name: str
    definition: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model. `weights` is (features, issues); `trained_on` counts coded tickets, not taxonomy examples."""

    codes: tuple[str, ...]
    weights: Floats
    intercepts: Floats
    temperature: float
    method: str
    trained_on: int
    vectorizers: tuple["TfidfVectorizer", ...]

    def predict(self, texts: Sequence[str], *, top: int = 3) -> list[list[Suggestion]]:
        """The `top` likeliest issues of each text, best first. A text without a known word gets none."""
        if not texts:
            return []
        features = _features(self.vectorizers, texts)
        confidences = _softmax((features @ self.weights + self.intercepts) / self.temperature)
        order = np.argsort(-confidences, axis=1, kind="stable")[:, :top]
        known = np.diff(features.indptr) > 0
        return [
            [Suggestion(self.codes[j], round(float(row[j]), 4)) for j in best] if has_words else []
            for row, best, has_words in zip(confidences, order, known, strict=True)
        ]


def train(
    texts: Sequence[str], labels: Sequence[str], issues: Iterable[IssueWords], *, seed: int = 0
) -> Model:
    """Learn from coded tickets and the taxonomy. Raises NotEnoughIssues, and ValueError for unequal lengths."""
    if len(texts) != len(labels):
        raise ValueError(f"{len(texts)} texts, but {len(labels)} labels.")
    issues = list(issues)
    valid = {issue.code for issue in issues}
    coded = [
        (text, label) for text, label in zip(texts, labels, strict=True) if label in valid and text.strip()
    ]
    first = [(text, issue.code) for issue in issues for text in _first_examples(issue)]
    codes = tuple(sorted({code for _, code in first} | {code for _, code in coded}))
    if len(codes) < 2:
        raise NotEnoughIssues("A suggestion needs at least two issues to choose between.")
    everything = [*coded, *first]
    vectorizers = _vectorizers()
    features = _side_by_side(
        [each.fit_transform(_shortened(text for text, _ in everything)) for each in vectorizers]
    )
    index = {code: number for number, code in enumerate(codes)}
    targets = np.array([index[code] for _, code in everything])
    counts = Counter(code for _, code in coded)
    enough = np.median([counts[code] for code in codes]) >= _ENOUGH_PER_ISSUE
    method = "svm" if enough or len(coded) > _TOO_MANY_FOR_LOGISTIC else "logistic"
    held = _held_out(len(coded), targets, seed)
    weights, intercepts = _fit(method, features[~held], targets[~held], len(codes), seed)
    temperature = _PRIOR_TEMPERATURE
    if held.any():
        temperature = _temperature(features[held] @ weights + intercepts, targets[held])
    if held.any() and len(coded) < _PLENTY:
        weights, intercepts = _fit(method, features, targets, len(codes), seed)
    return Model(
        codes=codes,
        weights=weights,
        intercepts=intercepts,
        temperature=temperature,
        method=method,
        trained_on=len(coded),
        vectorizers=vectorizers,
    )


def _first_examples(issue: IssueWords) -> list[str]:
    return [
        text
        for text in (f"{issue.name}. {issue.definition}", issue.name, *issue.examples)
        if text.strip(" .")
    ]


def _vectorizers() -> tuple["TfidfVectorizer", ...]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    shared: dict[str, Any] = {"sublinear_tf": True, "strip_accents": "unicode", "dtype": np.float32}
    words = {"ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"}
    return (
        TfidfVectorizer(max_features=_MAX_WORDS, **words, **shared),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), max_features=_MAX_CHARACTER_GRAMS, **shared),
    )


def _features(vectorizers: Sequence["TfidfVectorizer"], texts: Sequence[str]) -> Any:
    """(texts, features), sparse: words, then characters, each of unit length."""
    return _side_by_side([each.transform(_shortened(texts)) for each in vectorizers])


def _shortened(texts: Iterable[str]) -> list[str]:
    return [text[:_MAX_CHARS] for text in texts]


def _side_by_side(blocks: list[Any]) -> Any:
    from scipy.sparse import hstack

    return hstack(blocks, format="csr", dtype=np.float32)


def _fit(
    method: str, features: Any, targets: npt.NDArray[Any], issues: int, seed: int
) -> tuple[Floats, Floats]:
    """Weights (features, issues) and intercepts (issues). An issue missing from `targets` gets a hopeless margin."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    if method == "svm":
        classifier = LinearSVC(C=1.0, tol=0.1, max_iter=200, random_state=seed)
    else:
        classifier = LogisticRegression(C=30.0, tol=1e-3, max_iter=200)
    classifier.fit(features, targets)
    weights = np.zeros((features.shape[1], issues), dtype=np.float32)
    intercepts = np.full(issues, -10.0, dtype=np.float32)
    present = classifier.classes_
    if len(present) == 2:  # one margin for two issues: give each its half
        weights[:, present] = np.outer(classifier.coef_[0], [-0.5, 0.5])
        intercepts[present] = classifier.intercept_[0] * np.array([-0.5, 0.5])
    else:
        weights[:, present] = classifier.coef_.T
        intercepts[present] = classifier.intercept_
    return weights, intercepts


def _held_out(coded: int, targets: npt.NDArray[Any], seed: int) -> npt.NDArray[np.bool_]:
    """Which examples calibrate the confidence: coded tickets only, and none while there are few."""
    held = np.zeros(len(targets), dtype=bool)
    if coded >= _ENOUGH_TO_CALIBRATE:
        wanted = min(int(coded * _HELD_OUT), _MOST_HELD_OUT)
        held[np.random.default_rng(seed).permutation(coded)[:wanted]] = True
    if len(np.unique(targets[~held])) < 2:
        held[:] = False
    return held


def _temperature(margins: npt.NDArray[Any], truth: npt.NDArray[Any]) -> float:
    """The divisor of the margins at which the held-out tickets' own issues are likeliest."""
    from scipy.optimize import minimize_scalar

    def surprise(log_temperature: float) -> float:
        likelihood = _softmax(margins / np.exp(log_temperature))[np.arange(len(truth)), truth]
        return float(-np.log(likelihood + 1e-9).mean())

    bounds = (np.log(_SMALLEST_TEMPERATURE), np.log(_LARGEST_TEMPERATURE))
    return float(np.exp(minimize_scalar(surprise, bounds=bounds, method="bounded").x))


def _softmax(margins: npt.NDArray[Any]) -> npt.NDArray[Any]:
    shifted = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def dump(model: Model) -> bytes:
    """The model as bytes for a row in the database. Weights keep half precision: no ranking changes by it."""
    about = {
        "format": _FORMAT,
        "codes": model.codes,
        "temperature": model.temperature,
        "method": model.method,
        "trained_on": model.trained_on,
        "vocabularies": [_in_order(vectorizer.vocabulary_) for vectorizer in model.vectorizers],
    }
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
        weights=model.weights.astype(np.float16),
        intercepts=model.intercepts,
        idf=np.concatenate([vectorizer.idf_ for vectorizer in model.vectorizers]).astype(np.float32),
    )
    return buffer.getvalue()


def _in_order(vocabulary: dict[str, int]) -> list[str]:
    return sorted(vocabulary, key=vocabulary.__getitem__)


def load(data: bytes) -> Model:
    """The model that `dump` wrote. Raises StaleModel."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            about = json.loads(stored["about"].tobytes())
            if about["format"] != _FORMAT:
                raise StaleModel(f"The model has format {about['format']}, this version reads {_FORMAT}.")
            weights, intercepts = stored["weights"].astype(np.float32), stored["intercepts"]
            return Model(
                codes=tuple(about["codes"]),
                weights=weights,
                intercepts=intercepts,
                temperature=about["temperature"],
                method=about["method"],
                trained_on=about["trained_on"],
                vectorizers=_restored(about["vocabularies"], stored["idf"]),
            )
    except StaleModel:
        raise
    except _BROKEN as error:
        raise StaleModel("The bytes are not a suggestion model.") from error


def _restored(vocabularies: list[list[str]], idf: npt.NDArray[Any]) -> tuple["TfidfVectorizer", ...]:
    vectorizers = _vectorizers()
    start = 0
    for vectorizer, words in zip(vectorizers, vocabularies, strict=True):
        vectorizer.vocabulary = {word: number for number, word in enumerate(words)}
        vectorizer.idf_ = idf[start : start + len(words)]
        start += len(words)
    return vectorizers
