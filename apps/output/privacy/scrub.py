"""Looks for what names a person in every text of the database, and takes it out: the net below config/privacy.py.

Addresses, numbers and ids of other systems are looked for everywhere. A whole name (two words at least) is looked for
where colleagues write about cases, people and rules, and not in the conversations of other customers, who may be called
the same. One statement a table, each its own transaction; tables are read through, which takes seconds a million rows.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.db import connection

MARK = "[erased]"
SHORTEST_NAME, SHORTEST_NUMBER = 7, 7
# What is known of other customers and colleagues is theirs, and the erasure knows by itself what it looks for.
OTHERS = frozenset({
    "helpdesk_customer", "helpdesk_customeraddress", "helpdesk_customerphone", "helpdesk_user",
    "helpdesk_participant", "output_erasure", "django_migrations", "django_session", "helpdesk_organisationdomain",
})  # fmt: skip
# Conversations: of those of others only addresses and numbers are taken.
CONVERSATIONS = frozenset({
    "helpdesk_ticket", "helpdesk_message", "helpdesk_note", "output_delivery", "intake_inboundmail", "helpdesk_event",
    "helpdesk_customerchange", "output_customernote", "response_draft", "helpdesk_organisation",
    "output_organisationnote", "response_tickettask", "helpdesk_attachment",
})  # fmt: skip
TEXTS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      AND format_type(a.atttypid, NULL) IN ('text', 'character varying', 'jsonb', 'text[]', 'character varying[]')
    ORDER BY c.relname, a.attnum
"""


@dataclass(frozen=True)
class Terms:
    """What names one person."""

    exact: Sequence[str]  # addresses, numbers, ids
    names: Sequence[str]

    @classmethod
    def of(cls, said: Mapping[str, Sequence[str]]) -> "Terms":
        numbers = [one for one in said.get("numbers", ()) if len(one) >= SHORTEST_NUMBER]
        names = [one for one in said.get("names", ()) if " " in one.strip() and len(one) >= SHORTEST_NAME]
        return cls([*said.get("addresses", ()), *numbers], names)

    def pattern(self, *, names: bool) -> str:
        """As PostgreSQL reads it: whole words alone, so that anna@x.test is not found in hanna@x.test."""
        words = [*self.exact, *(self.names if names else ())]
        if not words:
            return ""
        either = "|".join(re.sub(r"([^\w\s])", r"\\\1", word) for word in words)
        return rf"(?<![\w.%+-])(?:{either})(?![\w-])"


@cache
def tables() -> Mapping[str, Sequence[tuple[str, str]]]:
    """Every table with its texts: name and type of each column."""
    found: dict[str, list[tuple[str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(TEXTS)
        for table, column, kind in cursor.fetchall():
            if table not in OTHERS:
                found.setdefault(table, []).append((column, kind))
    return found


def scrub(table: str, terms: Terms) -> int:
    """Take out of one table what names the person. Returns how many rows had it."""
    pattern = terms.pattern(names=table not in CONVERSATIONS)
    columns = tables()[table]
    if not pattern or not columns:
        return 0
    quote = connection.ops.quote_name
    # The words of a statement are names of tables and columns alone; what is looked for goes as a parameter.
    sets = ", ".join(
        f"{quote(name)} = regexp_replace({quote(name)}::text, %s, %s, 'gi')::{kind}" for name, kind in columns
    )
    found = " OR ".join(f"{quote(name)}::text ~* %s" for name, _ in columns)
    sql = f"UPDATE {quote(table)} SET {sets} WHERE {found}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*[pattern, MARK] * len(columns), *[pattern] * len(columns)])
        return int(cursor.rowcount)
