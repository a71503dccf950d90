"""Macros: an answer we give often, and what is done to the ticket with it.

`filling.py` fills the fields of a text, without a database. `services.py` keeps macros and uses them: the words are
sent and the acts (the vocabulary of `acting/`) are done in one transaction, and each use is counted.
"""

from apps.response.macros.filling import (
    FIELDS,
    OWN,
    Filled,
    fill,
    is_open,
    nearest,
    own_fields_in,
    unknown_fields,
)

__all__ = ["FIELDS", "OWN", "Filled", "fill", "is_open", "nearest", "own_fields_in", "unknown_fields"]
