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
from django.utils.translation import override

from apps.output.privacy.reach import personal, rows_of
from helpdesk.models import Attachment, Customer

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
        archive.writestr("index.html", str(_page(known)))


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


def _page(known: Row) -> SafeString:
    """In English, as the names of the columns are."""
    with override("en"):
        return _in_words(known)


def _in_words(known: Row) -> SafeString:
    parts = [_table("Customer", [known["customer"]])]
    parts += [
        _table(str(personal()[label].title), rows)
        for label, rows in known.items()
        if label in personal() and rows
    ]
    files = format_html_join(
        "", '<li><a href="{}">{}</a></li>', ((one["place"], one["name"]) for one in known["files"])
    )
    return format_html(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Export</title><body>{}<h2>Files</h2>'
        "<ul>{}</ul></body></html>",
        format_html_join("", "{}", ((part,) for part in parts)),
        files,
    )


def _table(title: str, rows: list[Row]) -> SafeString:
    blocks = format_html_join(
        "", "<dl>{}</dl><hr>",
        ((format_html_join("", "<dt><b>{}</b></dt><dd>{}</dd>",
                           ((name, value) for name, value in row.items() if value not in (None, "", [], {}))),)
         for row in rows),
    )  # fmt: skip
    return format_html("<h2>{}</h2>{}", title, blocks)
