from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from apps.intake.columns import RefusedRow
from apps.intake.complaints import Subject, read_complaints, subjects_in
from apps.intake.models import ImportRun
from apps.intake.services.import_tickets import import_tickets
from helpdesk.models import Department, Issue, Product, User
from helpdesk.permissions import require
from helpdesk.services.taxonomy import publish_taxonomy
from helpdesk.services.taxonomy_changes import AddIssue

NOTE = "Issues of the Consumer Complaint Database"


def import_complaints(
    *,
    stream: BinaryIO,
    source: str,
    by: User,
    at: datetime,
    refuse: Callable[[RefusedRow], None],
    progress: Callable[[int], None],
    dry_run: bool = False,
) -> ImportRun:
    """Bring in complaints of the public database, with their issues as an edition of the taxonomy, and their products.

    What is here already is left alone: a file that has grown is simply brought in again. A dry run checks everything
    and leaves nothing. Raises NotAllowed, UnreadableTable for other columns than the Bureau's.
    """
    require(by, "intake.import")
    subjects, products = subjects_in(stream)
    if not dry_run:
        _make_room(subjects, products, by=by, at=at)
    return import_tickets(
        rows=read_complaints(stream), source=source, by=by, at=at, refuse=refuse, progress=progress,
        keep_unknown=dry_run, dry_run=dry_run,
    )  # fmt: skip


@transaction.atomic
def _make_room(subjects: set[Subject], products: dict[str, str], *, by: User, at: datetime) -> None:
    rows = [Product(code=code, name=name[:120]) for code, name in products.items()]
    Product.objects.bulk_create(rows, ignore_conflicts=True)
    if changes := _missing(subjects):
        publish_taxonomy(changes=changes, note=NOTE, by=by, at=at)


def _missing(subjects: set[Subject]) -> list[AddIssue]:
    """Issues before their parts. A new node belongs to the default department until somebody says whose it is."""
    owner = Department.objects.filter(is_default=True).first()
    known = set(Issue.objects.values_list("code", flat=True))
    issues = {subject.issue: subject.issue_label for subject in subjects}
    parts = {subject.part: subject for subject in subjects}
    above = [
        AddIssue(code=code, label=label, owner_department=owner)
        for code, label in sorted(issues.items()) if code not in known
    ]  # fmt: skip
    return above + [
        AddIssue(code=code, label=one.part_label, parent=one.issue, owner_department=owner)
        for code, one in sorted(parts.items()) if code not in known
    ]  # fmt: skip
