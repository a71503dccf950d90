"""The language of the search box: `is:open (assignee:@me or issue:billing) -tag:vip due:<1h "exact words" sort:due`.

Pure: text goes in; a tree of conditions and words, a sort order and what could not be understood come out. A token that
is wrong is told with its place and left out; the rest still runs.

    query      = any
    any        = all { "or" all }
    all        = part { part }                      side by side: both
    part       = [ "-" ] ( "(" any ")" | condition | words )
    condition  = key ":" value { "," value }        several values: one of them
    words      = word | '"' exact words '"'

At most `MAX_TOKENS` tokens are read, and parentheses five deep, so that nobody can ask for the impossible.
"""

from apps.response.query.fields import KEYS, SORTS, STATES, VALUES
from apps.response.query.reading import MAX_DEPTH, MAX_TOKENS, read
from apps.response.query.tree import All, Any, Node, Not, Query, Term, Words, Wrong

__all__ = [
    "KEYS",
    "MAX_DEPTH",
    "MAX_TOKENS",
    "SORTS",
    "STATES",
    "VALUES",
    "All",
    "Any",
    "Node",
    "Not",
    "Query",
    "Term",
    "Words",
    "Wrong",
    "read",
]
