from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Step:
    """Something the company does at a moment of its past. `reads`: it looks at the tickets that have come in by then."""

    at: datetime
    act: Callable[[datetime], object]
    reads: bool = True
