"""Which issue a text is about, whether it is about any, and what it speaks of besides.

`train` learns from coded tickets, from the taxonomy's own words (so it works with no coded ticket at all) and, while
there are few, from uncoded ones. `Model.predict` gives the three likeliest issues with a calibrated probability, and
says when a text fits none; `read` also looks at each sentence by itself.

The files: `features` (texts to numbers), `classify` (numbers to issues), `calibrate` (how sure it may be), `novelty`
(what fits no code), `train`, `model`, `sentences`, `store` (bytes without pickle: loading one runs no code).

Pure: no ORM, no clock, no chance but a seed. scikit-learn is imported inside the functions that need it: it costs a
second and 100 MB, and web processes import this package for its names only.
"""

from apps.intake.suggestion.kinds import IssueWords, NotEnoughIssues, Prediction, StaleModel, Suggestion
from apps.intake.suggestion.model import Model
from apps.intake.suggestion.sentences import Further, Reading, read
from apps.intake.suggestion.store import dump, load
from apps.intake.suggestion.train import train

__all__ = [
    "Further",
    "IssueWords",
    "Model",
    "NotEnoughIssues",
    "Prediction",
    "Reading",
    "StaleModel",
    "Suggestion",
    "dump",
    "load",
    "read",
    "train",
]
