"""The taxonomy as a file, out and in: CSV for spreadsheets, JSON for other desks. One row is one issue.

A row that names a code we have says what is different about it (words, place, owner; `valid_to` retires it), a row with
another code adds an issue. An empty cell says nothing, so that a file of two columns changes nothing but those. Parents
stand before their children. Nothing is published: what comes of a file is put into the draft.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.errors import Invalid
from helpdesk.models import Department, Issue, IssueKind, User
from helpdesk.sentences import Number
from helpdesk.services import AddIssue, Change, EditIssue, MoveIssue, RetireIssue

FORMAT = "helpdesk-taxonomy/1"
WORDS = ("label", "definition", "includes", "excludes")
LISTS = ("examples", "counter_examples")
COLUMNS = (
    "code", "label", "parent", "kind", "definition", "includes", "excludes", "examples", "counter_examples",
    "owner_department", "owner", "default_severity", "valid_from", "valid_to", "replaced_by",
)  # fmt: skip
MAX_BYTES, MAX_ROWS = 2_000_000, 5_000
# A spreadsheet would compute a cell that begins like this.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One row of a file and where it stands."""

    number: int
    values: Row


@dataclass(frozen=True)
class Refused:
    """A row that can't be taken, and why."""

    line: int
    reason: str


# --- out ----------------------------------------------------------------------------------------------


def exported() -> list[dict[str, Any]]:
    """Every issue, retired ones too, parents first. One query."""
    issues = Issue.objects.select_related("parent", "owner_department", "owner", "replaced_by").order_by(
        "path"
    )
    return [
        {
            "code": issue.code, "label": issue.label, "parent": issue.parent.code if issue.parent else "",
            "kind": issue.kind, "definition": issue.definition, "includes": issue.includes,
            "excludes": issue.excludes, "examples": issue.examples, "counter_examples": issue.counter_examples,
            "owner_department": issue.owner_department.slug if issue.owner_department else "",
            "owner": issue.owner.email if issue.owner else "", "default_severity": issue.default_severity,
            "valid_from": issue.valid_from.isoformat(),
            "valid_to": issue.valid_to.isoformat() if issue.valid_to else "",
            "replaced_by": issue.replaced_by.code if issue.replaced_by else "",
        }
        for issue in issues
    ]  # fmt: skip


def as_json(rows: Sequence[Row], *, release: int) -> str:
    return json.dumps({"format": FORMAT, "release": release, "issues": rows}, ensure_ascii=False, indent=1)


def as_csv(rows: Iterable[Row]) -> str:
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS)
    table.writeheader()
    table.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    text = "\n".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


# --- in -----------------------------------------------------------------------------------------------


def read_lines(content: bytes) -> list[Line]:
    """The rows of a file in either format. Raises Invalid for what is neither."""
    if len(content) > MAX_BYTES:
        raise Invalid(_("The file is larger than 2 MB."), pointer="file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(_("The file is not UTF-8. Save it as UTF-8 and try again."), pointer="file") from error
    if "\0" in text:
        raise Invalid(_("This is no text file."), pointer="file")
    lines = _json_lines(text) if text.lstrip().startswith(("{", "[")) else _csv_lines(text)
    if not lines:
        raise Invalid(_("The file holds no issue."), pointer="file")
    if len(lines) > MAX_ROWS:
        raise Invalid(
            _("At most %(max_rows)s issues.") % {"max_rows": Number(MAX_ROWS, grouped=True)}, pointer="file"
        )
    return lines


def _json_lines(text: str) -> list[Line]:
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise Invalid(_("This is no JSON: %(error)s") % {"error": error}, pointer="file") from error
    rows = found.get("issues") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid(_('JSON holds a list under "issues", each an object with a "code".'), pointer="file")
    return [Line(number, row) for number, row in enumerate(rows, 1)]


def _csv_lines(text: str) -> list[Line]:
    table = csv.DictReader(io.StringIO(text), delimiter=";" if text.partition("\n")[0].count(";") else ",")
    if "code" not in (table.fieldnames or ()):
        raise Invalid(_("The first line has to name the columns, one of them “code”."), pointer="file")
    try:
        return [Line(table.line_num, _unquoted(row)) for row in table]
    except csv.Error as error:
        raise Invalid(
            _("Line %(line_num)s is no CSV: %(error)s.") % {"line_num": table.line_num, "error": error},
            pointer="file",
        ) from error


def _unquoted(row: Row) -> dict[str, Any]:
    cells = {name: value or "" for name, value in row.items() if name is not None}
    return {
        name: cell[1:]
        if isinstance(cell, str) and cell.startswith("'") and cell[1:].startswith(FORMULA)
        else cell
        for name, cell in cells.items()
    }


@dataclass(frozen=True)
class Wanted:
    """The changes a file asks for, each with the line it came from, and the lines that ask for nothing possible."""

    changes: tuple[tuple[int, Change], ...]
    refused: tuple[Refused, ...]
    unchanged: int


def wanted(lines: Sequence[Line]) -> Wanted:
    """What would have to change for the taxonomy to be as the file says. Three queries."""
    book = _Book(
        {issue.code: issue for issue in Issue.objects.select_related("parent", "replaced_by")},
        {department.slug: department for department in Department.objects.all()},
        {user.email.casefold(): user for user in User.objects.exclude(email="").exclude(role="customer")},
    )
    changes: list[tuple[int, Change]] = []
    refused: list[Refused] = []
    unchanged = 0
    for line in lines:
        try:
            found = book.changes(line.values)
        except Invalid as error:
            refused.append(Refused(line.number, error.detail))
        else:
            changes += [(line.number, change) for change in found]
            unchanged += not found
    return Wanted(tuple(changes), tuple(refused), unchanged)


@dataclass(frozen=True)
class _Book:
    """What names in a file stand for."""

    issues: Mapping[str, Issue]
    departments: Mapping[str, Department]
    people: Mapping[str, User]

    def changes(self, row: Row) -> list[Change]:
        """Raises Invalid with what is wrong in words."""
        if unknown := sorted(set(map(str, row)) - set(COLUMNS)):
            raise Invalid(_("Unknown columns: %(unknown)s.") % {"unknown": ", ".join(unknown)})
        code = _text(row, "code", 80)
        if not code or not code.replace("-", "").replace("_", "").isascii() or " " in code:
            raise Invalid(_("The code is missing, or has other characters than letters, digits, - and _."))
        given = self._given(row)
        node = self.issues.get(code)
        return self._added(code, given, row) if node is None else self._edited(node, given, row)

    def _given(self, row: Row) -> dict[str, Any]:
        given: dict[str, Any] = {
            name: text for name in WORDS if (text := _text(row, name, 120 if name == "label" else 10_000))
        }
        given |= {name: entries for name in LISTS if (entries := _entries(row, name))}
        if slug := _text(row, "owner_department", 80):
            given["owner_department"] = _known(self.departments, slug, _("There is no department %(name)s."))
        if email := _text(row, "owner", 254):
            given["owner"] = _known(self.people, email.casefold(), _("There is nobody %(name)s."))
        if severity := _text(row, "default_severity", 2):
            if severity not in {"1", "2", "3", "4"}:
                raise Invalid(_("Severity is 1 (critical) to 4 (low)."))
            given["default_severity"] = int(severity)
        return given

    def _added(self, code: str, given: dict[str, Any], row: Row) -> list[Change]:
        if "label" not in given:
            raise Invalid(_("A new issue needs a label."))
        kind = _text(row, "kind", 20) or IssueKind.REASON.value
        if kind not in IssueKind.values:
            raise Invalid(_("Known kinds: %(values)s.") % {"values": ", ".join(IssueKind.values)})
        if _text(row, "valid_to", 20):
            raise Invalid(_("It is retired where it comes from."))
        return [AddIssue(code, **given, kind=kind, parent=_text(row, "parent", 80))]

    def _edited(self, node: Issue, given: dict[str, Any], row: Row) -> list[Change]:
        now = {name: getattr(node, name) for name in given}
        differs = {
            name: value
            for name, value in given.items()
            if value != (tuple(now[name]) if name in LISTS else now[name])
        }
        found: list[Change] = [EditIssue(node.code, **differs)] if differs else []
        parent = _text(row, "parent", 80)
        if parent and parent != (node.parent.code if node.parent else ""):
            found.append(MoveIssue(node.code, parent))
        if _text(row, "valid_to", 20) and node.valid_to is None:
            found.append(RetireIssue(node.code, _text(row, "replaced_by", 80)))
        return found


def _text(row: Row, name: str, longest: int) -> str:
    value = row.get(name, "")
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise Invalid(_("“%(name)s” is no text.") % {"name": name})
    text = str(value).strip()
    if len(text) > longest:
        raise Invalid(
            _("“%(name)s” has more than %(longest)s characters.") % {"name": name, "longest": longest}
        )
    return text


def _entries(row: Row, name: str) -> tuple[str, ...]:
    value = row.get(name) or ""
    entries = value.splitlines() if isinstance(value, str) else value
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise Invalid(_("“%(name)s” is no list of texts.") % {"name": name})
    return tuple(text for entry in entries if (text := entry.strip()))


def _known(found: Mapping[str, Any], name: str, missing: str) -> Any:
    if name not in found:
        raise Invalid(missing % {"name": name})
    return found[name]
