"""What could come next in the search box: keys, then the values of a key."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.contrib.postgres.search import TrigramWordDistance
from django.core.cache import cache
from django.db.models import Q

from apps.intake.custom_fields.checking import definitions
from apps.response.query.fields import CHOICES, KEYS, OWN, SHORT, TIMES
from helpdesk.custom_fields import Kind
from helpdesk.models import (
    Customer,
    Department,
    Issue,
    Organisation,
    Product,
    Role,
    Status,
    Ticket,
    TicketStatus,
    User,
)

MOST = 8
# Words are offered that the newest tickets carry: what nobody has used for so long is seldom asked for.
NEWEST, MOST_WORDS, WORDS_KEPT_FOR = 5_000, 500, 300  # the last in seconds
MIN_LETTERS = 2  # of a customer's name: one letter names everybody
MIN_LETTERS_OF_A_WORD = 3  # of a word that may be one
MIN_LETTERS_WITH_A_SLIP = 4  # fewer are like too many names
_TOKEN = re.compile(r'(-?)(?:([A-Za-z_]+(?:\.[\w-]+)?):)?("[^"]*|[^\s"()]*)$')
# The last of plain words: of a name, perhaps.
_PLAIN_WORDS = re.compile(
    r'(?:^|\s)((?:(?!or\s)[^\s"():-][^\s"():]*\s){0,3}[^\s"():-][^\s"():]*)$', re.IGNORECASE
)
_TIMES = ("today", "yesterday", "this-week", "last-week", "this-month", "last-month", "<2h", ">7d")
_DUE = ("<1h", "<1d", "today", "tomorrow", "none")


@dataclass(frozen=True)
class Completion:
    """`text` is the whole question with it, `caret` where one goes on typing."""

    label: str
    hint: str
    text: str
    caret: int


def complete(text: str, caret: int, *, user: User) -> list[Completion]:
    """At most eight, for the token before the caret. At most one query; none where its answer is known."""
    before, after = text[:caret], text[caret:]
    found = _TOKEN.search(before)
    if found is None:
        return []
    sign, key, typed = found[1], (found[2] or "").lower(), found[3].lstrip('"')
    key = SHORT.get(key, key)
    start = before[: found.start()] + sign
    if not key:
        if typed.lower().startswith(OWN):
            return [
                _completion(start, f"{OWN}{one.key}:", one.label, after, goes_on=True)
                for one in definitions()
                if one.key.startswith(typed.lower().removeprefix(OWN))
            ][:MOST]
        names = [name for name in KEYS if typed and name.startswith(typed.lower())]
        keys = [_completion(start, f"{name}:", str(KEYS[name]), after, goes_on=True) for name in names]
        return [*keys, *_named(before, typed, after, user)][:MOST]
    # The last of several values: severity:critical,hi
    first, comma, last = typed.rpartition(",") if key in CHOICES else ("", "", typed)
    values = _values(key, last, user)
    return [
        _completion(start, f"{key}:{first}{comma}{_quoted(value)}", hint, after)
        for value, hint in values[:MOST]
    ]


def _named(before: str, typed: str, after: str, user: User) -> list[Completion]:
    """A name that is typed without a key is most often a customer's; of several words all that are in the name are
    taken for it."""
    words = _PLAIN_WORDS.search(before)
    run = words[1] if words else typed
    found: list[Completion] = []
    if len(run) < MIN_LETTERS_OF_A_WORD:
        return found
    for email, name in _customers(run, user, or_else=typed):
        whole = all(word in name.lower() for word in run.lower().split())
        start = before[: -len(run)] if whole else before[: -len(typed)]
        made = _completion(start, f"customer:{email}", email, after)
        found.append(replace(made, label=name or email))
    return found


def _completion(start: str, token: str, hint: str, after: str, *, goes_on: bool = False) -> Completion:
    filled = start + token + ("" if goes_on or after.startswith(" ") else " ")
    return Completion(
        token, hint, filled + after, len(filled) + (0 if goes_on or not after.startswith(" ") else 1)
    )


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value


Values = list[tuple[str, str]]


def _values(key: str, typed: str, user: User) -> Values:
    if key.startswith(OWN):
        return _of_field(key.removeprefix(OWN), typed)
    if key in CHOICES:
        return [(value, "") for value in CHOICES[key] if value.startswith(typed.lower())]
    if key in TIMES:
        return [
            (value, "") for value in (_DUE if key == "due" else _TIMES) if value.startswith(typed.lower())
        ]
    return _NAMES[key](typed, user) if key in _NAMES else []


def _of_field(key: str, typed: str) -> Values:
    one = next((one for one in definitions() if one.key == key), None)
    choices = () if one is None else ("yes", "no") if one.kind == Kind.YES_NO else one.choices
    return [(choice, "") for choice in (*choices, "none") if choice.lower().startswith(typed.lower())]


def _among(fixed: Iterable[str], typed: str) -> Values:
    return [(value, "") for value in fixed if value.startswith(typed.lower())]


def _departments(typed: str, user: User) -> Values:
    named = Q(slug__istartswith=typed) | Q(name__icontains=typed)
    return list(Department.objects.filter(named).order_by("name").values_list("slug", "name")[:MOST])


def _owners(typed: str, user: User) -> Values:
    return _among(["none"], typed) + _departments(typed, user)


def _issues(typed: str, user: User) -> Values:
    named = Q(path__icontains=typed) | Q(label__icontains=typed)
    rows = Issue.objects.filter(named).order_by("path").values_list("path", "label")[:MOST]
    return _among(["none"], typed) + list(rows)


def _products(typed: str, user: User) -> Values:
    named = Q(code__istartswith=typed) | Q(name__icontains=typed)
    rows = Product.objects.filter(named, is_active=True).order_by("name").values_list("code", "name")[:MOST]
    return _among(["none"], typed) + list(rows)


def _people(typed: str, user: User) -> Values:
    named = Q(name__icontains=typed) | Q(email__istartswith=typed)
    people = User.objects.filter(named, is_active=True).exclude(
        role__in=[Role.CUSTOMER, Role.SYSTEM, Role.API_CLIENT]
    )
    rows = people.order_by("name").values_list("email", "name")[:MOST]
    return _among(["@me", "none"], typed) + list(rows)


def _customers(typed: str, user: User, *, or_else: str = "") -> Values:
    """Only those of whom this person may see a ticket; with a slip of the pen in the name, too. The likest first."""
    if len(typed) < MIN_LETTERS:
        return []
    named = Q(email__startswith=typed.lower()) | _like_in_name(typed)
    if or_else != typed and len(or_else) >= MIN_LETTERS_OF_A_WORD:
        named |= _like_in_name(or_else)
    seen = Ticket.objects.visible_to(user).order_by().values("customer_id")
    rows = Customer.objects.filter(named, pk__in=seen, anonymised_at=None).exclude(email=None)
    found = rows.order_by(TrigramWordDistance(typed, "name"), "name", "pk").values_list("email", "name")[
        :MOST
    ]
    return [(email, name) for email, name in found if email]


def _organisations(typed: str, user: User) -> Values:
    """Only those of whose people this person may see a ticket."""
    if len(typed) < MIN_LETTERS:
        return _among(["none"], typed)
    rows = Organisation.objects.visible_to(user).filter(_like_in_name(typed))
    found = rows.order_by(TrigramWordDistance(typed, "name"), "name").values_list("name", flat=True)[:MOST]
    return [*_among(["none"], typed), *((name, "") for name in found)]


def _like_in_name(typed: str) -> Q:
    named = Q(name__icontains=typed)
    return named | Q(name__trigram_word_similar=typed) if len(typed) >= MIN_LETTERS_WITH_A_SLIP else named


def _states(typed: str, user: User) -> Values:
    """The categories, and the states in the company's own words."""
    own = TicketStatus.objects.filter(Q(key__istartswith=typed) | Q(label__icontains=typed), retired_at=None)
    rows = own.order_by("order", "key").values_list("key", "label")[:MOST]
    categories = [(value, str(label)) for value, label in Status.choices]
    return [(value, said) for value, said in categories if value.startswith(typed.lower())] + list(rows)


@dataclass(frozen=True)
class Words:
    """What the newest tickets somebody sees are marked with, the most frequent first."""

    tag: tuple[str, ...]
    region: tuple[str, ...]
    segment: tuple[str, ...]


def words_of(user: User) -> Words:
    """At most one query, of rows by number: it takes as long among a million tickets as among ten thousand."""
    known: Words | None = cache.get(key := f"query-words:{user.pk}")
    if known is None:
        rows = Ticket.objects.visible_to(user).order_by("-pk").values_list("tags", "region", "segment")
        counted: tuple[Counter[str], ...] = (Counter(), Counter(), Counter())
        for tags, region, segment in rows[:NEWEST]:
            for counter, found in zip(counted, (tags, [region], [segment]), strict=True):
                counter.update(word for word in found if word)
        known = Words(*(tuple(word for word, _ in one.most_common(MOST_WORDS)) for one in counted))
        cache.set(key, known, WORDS_KEPT_FOR)
    return known


def _like(words: Iterable[str], typed: str) -> Values:
    """Those that begin so come before those in which a later word does."""
    text = typed.lower()
    beginning = [word for word in words if word.lower().startswith(text)]
    inside = [word for word in words if text in word.lower() and word not in beginning] if text else []
    return [(word, "") for word in (*beginning, *inside)]


def _tags(typed: str, user: User) -> Values:
    return _among(["none"], typed) + _like(words_of(user).tag, typed)


def _regions(typed: str, user: User) -> Values:
    return _like(words_of(user).region, typed)


def _segments(typed: str, user: User) -> Values:
    return _like(words_of(user).segment, typed)


_NAMES: dict[str, Callable[[str, User], Values]] = {
    "department": _departments,
    "owner": _owners,
    "issue": _issues,
    "product": _products,
    "assignee": _people,
    "customer": _customers,
    "organisation": _organisations,
    "status": _states,
    "tag": _tags,
    "region": _regions,
    "segment": _segments,
}
