"""What may be done to a ticket at once, as data: bulk acts, macros, rules and recurring tickets all speak of it.

An act reads `{"act": "assign", "value": 12}`. `kinds.py` is the table of the acts there are; a new one is one entry.
`read_acts` takes what was kept or sent, `perform` does a list of them on one ticket through the services that pages
call, `undo` puts back what was changed and nobody has changed since. `look_up` reads what acts name (people,
departments, issues, products, fields) once, for as many tickets as there are. `ActsForm` asks for acts on a page.
"""

from apps.response.acting.act import Act, Done, Facts, Undone, Value, read_done, written
from apps.response.acting.deeds import Doing, PuttingBack
from apps.response.acting.forms import ActsForm
from apps.response.acting.kinds import (
    Kind,
    check_there,
    kinds,
    look_up,
    names_for,
    read_acts,
    usable_by,
)
from apps.response.acting.nouns import Known, Noun
from apps.response.acting.services import perform, undo
from apps.response.acting.telling import describe, name_of

__all__ = [
    "Act",
    "ActsForm",
    "Doing",
    "Done",
    "Facts",
    "Kind",
    "Known",
    "Noun",
    "PuttingBack",
    "Undone",
    "Value",
    "check_there",
    "describe",
    "kinds",
    "look_up",
    "name_of",
    "names_for",
    "perform",
    "read_acts",
    "read_done",
    "undo",
    "usable_by",
    "written",
]
