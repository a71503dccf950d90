"""An encoder that remembers: the texts of a night are nearly those of the night before."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from apps.intake.encoders import Encoder
from apps.intake.models import EncodedText


class Remembering:
    """Encodes what the table does not hold yet. Vectors are kept in half precision: 2 KB each."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dimensions = encoder.name, encoder.dimensions
        self._encoder = encoder
        self._used: set[str] = set()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        digests = [self._digest(text) for text in texts]
        found = self._remembered(digests)
        new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in found}
        encoded = self._encoder.encode(list(new.values())).astype(np.float16)
        found |= dict(zip(new, encoded, strict=True))
        rows = [EncodedText(digest=digest, vector=found[digest].tobytes()) for digest in new]
        EncodedText.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        self._used |= found.keys()
        vectors = [found[digest] for digest in digests]
        return np.array(vectors, dtype=np.float32).reshape(len(texts), self.dimensions)

    def forget_the_rest(self) -> None:
        """What was not asked for by this learner: older tickets, erased texts, other encoders."""
        EncodedText.objects.exclude(digest__in=self._used).delete()

    def _digest(self, text: str) -> str:
        return hashlib.blake2b(f"{self.name}\n{text}".encode("utf-8", "replace"), digest_size=16).hexdigest()

    def _remembered(self, digests: list[str]) -> dict[str, NDArray[np.float16]]:
        rows = EncodedText.objects.filter(digest__in=set(digests)).values_list("digest", "vector")
        return {digest: np.frombuffer(bytes(vector), np.float16) for digest, vector in rows.iterator()}
