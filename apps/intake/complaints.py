"""Complaints in the format of the public Consumer Complaint Database of the US Consumer Financial Protection Bureau.

A complaint becomes a row of an import like any other; what it is about becomes a taxonomy of its own, two levels deep
("Issue" and "Sub-issue"), and products. The Bureau's words for the issue are left out of the text: a model that learns
from texts would learn the answer with the question.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import BinaryIO

from django.utils.text import slugify

from apps.intake.cells import Refused, clean_text, clean_time
from apps.intake.columns import RefusedRow, Row, UnreadableTable

NEEDED = ("Date received", "Product", "Issue", "Complaint ID")
CODE_LENGTH, PRODUCT_LENGTH = 80, 60
IN_PROGRESS = "in progress"
UNSAID = "Not further specified"
CHANNELS = {"web": "form", "phone": "phone", "referral": "", "postal mail": "", "fax": "", "email": "email"}


@dataclass(frozen=True)
class Subject:
    """What a complaint is about: code and label of its issue, and of its sub-issue, by which the ticket is coded."""

    issue: str
    issue_label: str
    part: str
    part_label: str


def read_complaints(stream: BinaryIO) -> Iterator[Row | RefusedRow]:
    """Each complaint, in order. Raises UnreadableTable where the columns are not the Bureau's."""
    for line, record in _records(stream):
        try:
            yield _row(line, record)
        except Refused as error:
            yield RefusedRow(line, str(error))


def subjects_in(stream: BinaryIO) -> tuple[set[Subject], dict[str, str]]:
    """Every issue with its sub-issues, and every product by its code; one pass over the file."""
    subjects, products = set(), {}
    for _, record in _records(stream):
        subjects.add(subject_of(record))
        if name := _product(record):
            products[product_code(name)] = name
    return {subject for subject in subjects if subject.issue}, products


def subject_of(record: Mapping[str, str]) -> Subject:
    issue, part = _cell(record, "Issue"), _cell(record, "Sub-issue") or UNSAID
    if not issue:
        return Subject("", "", "", "")
    return Subject(_code("cfpb", issue), issue[:120], _code("cfpb", issue, part), part[:120])


def product_code(name: str) -> str:
    return _shortened(slugify(name), PRODUCT_LENGTH)


def _records(stream: BinaryIO) -> Iterator[tuple[int, dict[str, str]]]:
    stream.seek(0)
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")
    try:
        reader = csv.DictReader(text)
        missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
        if missing:
            raise UnreadableTable(f"These columns are missing: {', '.join(missing)}.")
        for record in reader:
            yield reader.line_num, record
    except csv.Error as error:
        raise UnreadableTable(f"The file can't be read as CSV: {error}.") from error
    finally:
        text.detach()  # the stream is the caller's


def _row(line: int, record: Mapping[str, str]) -> Row:
    number = clean_text("external_id", _cell(record, "Complaint ID"))
    if not number:
        raise Refused("Complaint ID is missing")
    received = clean_time("opened_at", _cell(record, "Date received"), zone=UTC, day_first=False)
    if received is None:
        raise Refused("Date received is missing")
    product = _product(record)
    answered = _cell(record, "Company response to consumer")
    return Row(
        line=line,
        subject=f"Complaint {number}" + (f" about {product}" if product else ""),
        body=clean_text("body", _cell(record, "Consumer complaint narrative")),
        opened_at=received,
        customer_name=f"Consumer {number}",
        issue=subject_of(record).part,
        product=product_code(product) if product else "",
        channel=CHANNELS.get(_cell(record, "Submitted via").casefold(), ""),
        status="open" if answered.casefold() == IN_PROGRESS else "closed",
        external_id=f"cfpb-{number}",
        region=clean_text("region", _cell(record, "State")),
        segment=clean_text("segment", _cell(record, "Tags")),
        contact_type="complaint",
        tags=tuple(filter(None, (_cell(record, "Company")[:60], answered[:60]))),
    )


def _product(record: Mapping[str, str]) -> str:
    return _cell(record, "Sub-product") or _cell(record, "Product")


def _cell(record: Mapping[str, str], name: str) -> str:
    return (record.get(name) or "").strip()


def _code(*parts: str) -> str:
    return _shortened("-".join(slugify(part) for part in parts), CODE_LENGTH)


def _shortened(code: str, length: int) -> str:
    """Short enough, and still another code than that of other words."""
    if len(code) <= length:
        return code
    return f"{code[: length - 9]}-{hashlib.sha256(code.encode()).hexdigest()[:8]}"
