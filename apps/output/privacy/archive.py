"""The archive of one customer: `data.json` for programs, `index.html` for people, and the files that came and went.

It is written to a temporary file and holds one table at a time in memory.
"""

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from apps.output.privacy.reach import personal, rows_of
from helpdesk.locales import as_written_to
from helpdesk.models import Attachment, Customer

# What the page for people calls columns; those that only programs read keep their names.
NAMES = {
    "address": _("Address"), "amount": _("Amount"), "answer": _("Answer"), "at": _("When"), "body": _("Text"),
    "channel": _("Channel"), "closed_at": _("Closed"), "comment": _("Text"), "day": _("Day"), "due_at": _("Due"),
    "email": _("E-mail address"), "external_id": _("External id"), "joined_on": _("Customer since"),
    "kind": _("Kind"), "language": _("Language"), "left_on": _("Left on"), "minutes": _("Minutes"),
    "name": _("Name"), "note": _("Note"), "number": _("Phone number"), "opened_at": _("Opened"),
    "organisation": _("Organisation"), "phone": _("Phone number"), "question": _("Question"),
    "reason": _("Reason"), "region": _("Region"), "remedy": _("Remedy"), "segment": _("Segment"),
    "sender_email": _("E-mail address"), "sender_name": _("Name"), "sent_at": _("Sent"),
    "severity": _("Severity"), "solved_at": _("Solved"), "state": _("State"), "status": _("State"),
    "subject": _("Subject"), "text": _("Text"), "time_zone": _("Time zone"), "value": _("Value a year"),
    "why": _("Why"),
}  # fmt: skip
HIDDEN = ("search", "key", "letter_id", "owes", "password")
PROFILE = (
    "email", "name", "phone", "organisation", "segment", "region", "value", "language", "time_zone", "joined_on",
    "left_on",
    "external_id", "created_at",
)  # fmt: skip
Row = dict[str, Any]


def sections(*, with_notes: bool) -> list[str]:
    return [label for label, how in personal().items() if how.exported and (with_notes or not how.internal)]


def write(into: IO[bytes], customer: Customer, *, with_notes: bool, progress: Callable[[int], None]) -> None:
    names = sections(with_notes=with_notes)
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        known: dict[str, Any] = {"customer": {name: getattr(customer, name) for name in PROFILE}}
        for number, label in enumerate(names):
            hidden = ("note",) if label == "helpdesk.Event" and not with_notes else ()
            known[label] = [_said(row, hidden) for row in rows_of(label, customer).iterator(chunk_size=500)]
            progress(number + 1)
        known["files"] = list(_files(archive, customer, with_notes=with_notes))
        archive.writestr("data.json", json.dumps(known, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        archive.writestr("index.html", str(_page(known, customer)))


def _said(row: Model, hidden: tuple[str, ...]) -> Row:
    """What a row says: its own columns, without what only we need to run."""
    fields = [field for field in row._meta.concrete_fields if field.name not in HIDDEN]
    said = {field.name: field.value_from_object(row) for field in fields}
    if isinstance(said.get("data"), dict):
        said["data"] = {name: value for name, value in said["data"].items() if name not in hidden}
    return said


def _files(archive: zipfile.ZipFile, customer: Customer, *, with_notes: bool) -> Iterator[Row]:
    rows: Any = rows_of("helpdesk.Attachment", customer)
    for row in rows if with_notes else rows.filter(note=None):
        place = f"files/{row.pk}-{PurePosixPath(row.name.replace(chr(92), '/')).name or 'file'}"
        if row.file.storage.exists(row.file.name):
            with row.file.open() as content, archive.open(place, "w") as inside:
                for chunk in content.chunks():
                    inside.write(chunk)
        yield _file(row, place)


def _file(row: Attachment, place: str) -> Row:
    return {
        "message": row.message_id,
        "name": row.name,
        "type": row.content_type,
        "size": row.size,
        "place": place,
    }


def _page(known: Row, customer: Customer) -> SafeString:
    """For people: in the language of the person it is about, as far as the house speaks it."""
    with as_written_to(customer):
        return _in_words(known)


def _in_words(known: Row) -> SafeString:
    parts = [_table(gettext("Customer"), [known["customer"]])]
    parts += [
        _table(str(personal()[label].title), rows)
        for label, rows in known.items()
        if label in personal() and rows
    ]
    files = format_html_join(
        "", '<li><a href="{}">{}</a></li>', ((one["place"], one["name"]) for one in known["files"])
    )
    return format_html(
        '<!doctype html><html lang="{}"><meta charset="utf-8"><title>{}</title><body>{}<h2>{}</h2>'
        "<ul>{}</ul></body></html>",
        get_language(),
        gettext("All we know of them"),
        format_html_join("", "{}", ((part,) for part in parts)),
        gettext("Files"),
        files,
    )


def _table(title: str, rows: list[Row]) -> SafeString:
    blocks = format_html_join("", "<dl>{}</dl><hr>", ((_entries(row),) for row in rows))
    return format_html("<h2>{}</h2>{}", title, blocks)


def _entries(row: Row) -> SafeString:
    given = ((NAMES.get(name, name), value) for name, value in row.items() if value not in (None, "", [], {}))
    return format_html_join("", "<dt><b>{}</b></dt><dd>{}</dd>", given)
