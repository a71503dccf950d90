"""All that a verdict rests on, in one piece that can be stored: whoever has it can compute the verdict again.

Counts are whole tickets a day, days are indices from `first` on. Packed it is zlib-compressed JSON, which any
language reads; a year of two hundred issues takes about 50 kB.
"""

import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from apps.analysis.proof.coding import Audit
from apps.analysis.proof.voices import Voices

METHOD = "2026-2"  # changes with every change of the engine that can move a verdict
_PARTS: dict[str, Callable[..., Any]] = {"coded_before": Audit, "coded_after": Audit, "voices": Voices}


@dataclass(frozen=True)
class Record:
    """What was counted, and what the frozen plan asks of it.

    `everything`: each issue's own line, to learn how far rates wander by themselves; `offset`: log exposure, None
    where nobody keeps it; `frozen`: the baseline as it was counted when the plan was frozen; `decided` and
    `still_due`: the quarter's family; `texts`: the text model's count of the same issue, None without one;
    `contacts`: all tickets of the window after; `actions`: how many fixes share the verdict; `unit`: the likely money
    one contact stood for, None while unknown; `voices`: what customers who were asked said, None where nobody was.
    """

    first: date
    holidays: tuple[date, ...]
    tickets: tuple[int, ...]
    neighbours: tuple[int, ...]
    others: tuple[int, ...]
    everything: tuple[tuple[int, ...], ...]
    offset: tuple[float, ...] | None
    baseline_end: int
    detected: tuple[int, int]
    after: tuple[int, int]
    promised: float
    alpha: float
    level: float
    decided: tuple[float, ...] = ()
    still_due: int = 0
    frozen: tuple[int, ...] | None = None
    contacts: int = 0
    coded_before: Audit | None = None
    coded_after: Audit | None = None
    texts: tuple[int, ...] | None = None
    actions: int = 1
    unit: float | None = None
    voices: Voices | None = None
    method: str = METHOD

    def pack(self) -> bytes:
        said = json.dumps(asdict(self), default=str, separators=(",", ":"), sort_keys=True)
        return zlib.compress(said.encode(), 9)

    @classmethod
    def unpack(cls, packed: bytes) -> "Record":
        given: dict[str, Any] = json.loads(zlib.decompress(packed))
        days: dict[str, Any] = {"first": date.fromisoformat(given["first"])}
        days["holidays"] = tuple(map(date.fromisoformat, given["holidays"]))
        parts = {name: part(**given[name]) for name, part in _PARTS.items() if given.get(name)}
        return cls(**{name: _tuples(value) for name, value in given.items()} | days | parts)


def digest_of(counts: tuple[tuple[int, ...], ...]) -> str:
    """SHA-256 of counted series, as the frozen plan keeps it."""
    return hashlib.sha256(json.dumps(counts, separators=(",", ":")).encode()).hexdigest()


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
