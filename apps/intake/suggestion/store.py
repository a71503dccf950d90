"""A model as bytes for a row in the database, without pickle: loading runs no code."""

import io
import json
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from apps.intake.suggestion.classify import Classifier
from apps.intake.suggestion.features import Describer, vectorizers
from apps.intake.suggestion.kinds import StaleModel
from apps.intake.suggestion.model import Model
from apps.intake.suggestion.novelty import Novelty

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

    from apps.intake.encoders import Encoder

FORMAT = 2
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


def dump(model: Model) -> bytes:
    """Weights and vectors keep half precision: no ranking changes by it."""
    novelty = model.novelty
    about = {
        "format": FORMAT,
        "encoder": model.encoder_name,
        "codes": model.codes,
        "method": model.method,
        "temperature": model.temperature,
        "accuracy": model.accuracy,
        "auto_fill": model.auto_fill,
        "trained_on": model.trained_on,
        "novelty": novelty and [novelty.means, novelty.spreads, novelty.threshold],
        "vocabularies": [_in_order(vectorizer.vocabulary_) for vectorizer in model.describer.vectorizers],
    }
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
        weights=model.classifier.weights.astype(np.float16),
        intercepts=model.classifier.intercepts,
        idf=np.concatenate([each.idf_ for each in model.describer.vectorizers]).astype(np.float32),
        known=(novelty.known if novelty else np.zeros((0, 0))).astype(np.float16),
    )
    return buffer.getvalue()


def _in_order(vocabulary: dict[str, int]) -> list[str]:
    return sorted(vocabulary, key=vocabulary.__getitem__)


def load(data: bytes, encoder: "Encoder | None" = None) -> Model:
    """The model that `dump` wrote, with the encoder it was trained with; one of words alone needs none.

    Raises StaleModel.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            about = json.loads(stored["about"].tobytes())
            _check(about, encoder)
            return _restored(about, stored, encoder)
    except StaleModel:
        raise
    except _BROKEN as error:
        raise StaleModel("The bytes are not a suggestion model.") from error


def _check(about: dict[str, Any], encoder: "Encoder | None") -> None:
    if about["format"] != FORMAT:
        raise StaleModel(f"The model has format {about['format']}, this version reads {FORMAT}.")
    name = encoder.name if encoder else ""
    if about["encoder"] not in ("", name):
        raise StaleModel(f"The model was trained with “{about['encoder']}”, not with “{name}”.")


def _restored(about: dict[str, Any], stored: Any, encoder: "Encoder | None") -> Model:
    weights = stored["weights"].astype(np.float32)
    novelty = None
    if about["novelty"]:
        means, spreads, threshold = about["novelty"]
        novelty = Novelty(stored["known"].astype(np.float32), tuple(means), tuple(spreads), threshold)
    return Model(
        codes=tuple(about["codes"]),
        describer=Describer(
            _vectorizers(about["vocabularies"], stored["idf"]), encoder if about["encoder"] else None
        ),
        classifier=Classifier(about["method"], weights, stored["intercepts"]),
        temperature=about["temperature"],
        trained_on=about["trained_on"],
        accuracy=about["accuracy"],
        auto_fill=about["auto_fill"],
        novelty=novelty,
    )


def _vectorizers(vocabularies: list[list[str]], idf: npt.NDArray[Any]) -> tuple["TfidfVectorizer", ...]:
    found = vectorizers()
    start = 0
    for vectorizer, words in zip(found, vocabularies, strict=True):
        vectorizer.vocabulary = {word: number for number, word in enumerate(words)}
        vectorizer.idf_ = idf[start : start + len(words)]
        start += len(words)
    return found
