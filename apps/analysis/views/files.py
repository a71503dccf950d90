"""Answers that are files to be kept."""

from django.http import HttpResponse

from apps.analysis.export import CSV_TYPE, XLSX_TYPE, Table, as_csv, as_xlsx

KINDS = {"csv": (as_csv, CSV_TYPE), "xlsx": (as_xlsx, XLSX_TYPE)}


def as_download(table: Table, kind: str) -> HttpResponse:
    """The table as a file of this kind (a key of `KINDS`)."""
    write, content_type = KINDS[kind]
    return download(write(table), f"{table.name}.{kind}", content_type)


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
