"""The search box of the queue: `is:open assignee:@me issue:billing/refund -tag:vip due:<1h "exact words"`.

Pure: text goes in; terms, words, a sort order and what could not be understood come out. A token that is wrong is told
and left out; the rest still runs. At most `MAX_TOKENS` tokens are read, so that nobody can ask for the impossible.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from helpdesk.models import Channel, Severity

MAX_TOKENS, MAX_WORDS, MAX_LENGTH = 24, 8, 500
_TOKEN = re.compile(r'-?(?:[A-Za-z_]+:)?(?:"[^"]*"?|[^\s"]+)')
_KEYED = re.compile(r"(-?)([A-Za-z_]+):(.*)", re.DOTALL)
_AGE = re.compile(r"([<>]?)(\d{1,4})([mhdw])")
_DATE = re.compile(r"([<>]?)(\d{4}-\d{2}-\d{2})")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

STATES = (
    "open", "new", "waiting", "waiting-customer", "waiting-owner", "solved", "closed", "assigned", "unassigned",
    "coded", "uncoded", "overdue", "paused", "reopened", "merged",
)  # fmt: skip
SORTS = ("due", "updated", "created", "oldest", "severity")
# key -> what may follow it, as it is told to somebody who typed something else
KEYS = {
    "is": f"one of {', '.join(STATES)}",
    "assignee": "@me, none, a name or an address",
    "department": "the short name of a department",
    "issue": "a path such as billing/refund, or none",
    "owner": "the short name of the department that owns the issue, or none",
    "product": "the code of a product, or none",
    "customer": "a name or an address",
    "severity": f"one of {', '.join(label.lower() for label in Severity.labels)}",
    "channel": f"one of {', '.join(Channel.values)}",
    "tag": "a tag",
    "created": "an age such as <2h or >7d, or a date such as >2026-05-01",
    "updated": "an age such as <2h or >7d, or a date such as >2026-05-01",
    "due": "a time such as <1h",
    "sort": f"one of {', '.join(SORTS)}",
}
_CHOICES = {
    "is": STATES,
    "severity": tuple(label.lower() for label in Severity.labels),
    "channel": tuple(Channel.values),
    "sort": SORTS,
}


@dataclass(frozen=True)
class Term:
    """One condition. `moment` is there for times: the moment a `<` or `>` (in `value`) compares with."""

    key: str
    value: str
    negated: bool = False
    token: str = ""
    moment: datetime | None = None


@dataclass(frozen=True)
class Words:
    """A word, an "exact phrase", or several of them joined by `or`: in the syntax of web search."""

    text: str
    negated: bool = False


@dataclass(frozen=True)
class Wrong:
    """A token that was left out, and why."""

    token: str
    reason: str


@dataclass(frozen=True)
class Query:
    text: str
    terms: tuple[Term, ...] = ()
    words: tuple[Words, ...] = ()
    sort: str = ""
    wrong: tuple[Wrong, ...] = ()


def read(text: str, *, at: datetime) -> Query:
    """Understand what was typed; `at` is the moment from which ages count."""
    text = " ".join(text.replace("\0", "").split())
    tokens = _TOKEN.findall(text[:MAX_LENGTH])
    read_terms: list[Term] = []
    words: list[str] = []
    wrong: list[Wrong] = []
    for token in tokens[:MAX_TOKENS]:
        understood = _term(token, at)
        if understood is None:
            words.append(token)
        elif isinstance(understood, Wrong):
            wrong.append(understood)
        else:
            read_terms.append(understood)
    if len(tokens) > MAX_TOKENS or len(text) > MAX_LENGTH:
        wrong.append(Wrong("…", f"only the first {MAX_TOKENS} parts are read"))
    groups, too_many = _groups(words)
    sorts = [term.value for term in read_terms if term.key == "sort"]
    return Query(
        text=text,
        terms=tuple(term for term in read_terms if term.key != "sort"),
        words=groups,
        sort=sorts[-1] if sorts else "",
        wrong=(*wrong, *too_many),
    )


def _term(token: str, at: datetime) -> Term | Wrong | None:
    """The condition a token stands for; None when it is a word to look for."""
    if re.fullmatch(r"#\d{1,18}", token):
        return Term("number", token[1:], token=token)
    found = _KEYED.fullmatch(token)
    if found is None or '"' in found[2]:
        return None
    negated, key, value = bool(found[1]), found[2].lower(), found[3].strip('"').strip()
    if key in ("http", "https", "mailto"):
        return None
    if key not in KEYS:
        return Wrong(token, f"“{key}:” is not known. Known are {', '.join(KEYS)}.")
    value = value.lower() if key != "customer" else value
    if not value or (key in _CHOICES and value not in _CHOICES[key]):
        return Wrong(token, f"after “{key}:” comes {KEYS[key]}.")
    if key in ("created", "updated", "due"):
        return _timed(token, key, value, negated, at)
    return Term(key, value, negated, token)


def _timed(token: str, key: str, value: str, negated: bool, at: datetime) -> Term | Wrong:
    """Ages count back from now, due times forward: created:<2h is younger than two hours, due:<1h within the hour."""
    if age := _AGE.fullmatch(value):
        span = timedelta(**{_UNITS[age[3]]: int(age[2])})
        if key == "due":
            return Term(key, age[1] or "<", negated, token, at + span)
        # Younger than means later than.
        return Term(key, "<" if age[1] == ">" else ">", negated, token, at - span)
    if day := _DATE.fullmatch(value):
        try:
            moment = datetime.fromisoformat(day[2]).replace(tzinfo=UTC)
        except ValueError:
            return Wrong(token, f"{day[2]} is no day of any calendar.")
        return Term(key, day[1] or ("<" if key == "due" else ">"), negated, token, moment)
    return Wrong(token, f"after “{key}:” comes {KEYS[key]}.")


def _groups(words: list[str]) -> tuple[tuple[Words, ...], tuple[Wrong, ...]]:
    """Words side by side must all be found; those joined by `or` are one group."""
    groups: list[str] = []
    joining = False
    for word in words:
        bare = word.strip("()")
        if bare.lower() == "or" and groups:
            joining = True
        elif bare.strip('"-'):
            if joining:
                groups[-1] += f" or {bare.lstrip('-')}"
            else:
                groups.append(bare)
            joining = False
    read_groups = tuple(Words(group.lstrip("-"), group.startswith("-")) for group in groups[:MAX_WORDS])
    too_many = tuple(
        Wrong(group, f"only the first {MAX_WORDS} words are looked for.") for group in groups[MAX_WORDS:]
    )
    return read_groups, too_many
