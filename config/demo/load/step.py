from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Step:
    """Something the company does at a moment of its past."""

    at: datetime
    act: Callable[[datetime], object]
