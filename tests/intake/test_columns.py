"""Import tables: dialects, encodings, column maps; one bad record never stops the rest."""

import io
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.intake.columns import FIELDS, RefusedRow, Row, UnreadableTable, guess_map, read_rows


def rows(content: bytes | str, column_map: dict[str, str] | None = None, **options):
    data = content if isinstance(content, bytes) else content.encode()
    return list(read_rows(io.BytesIO(data), column_map, **options))


def refusal(content: bytes | str, **options) -> RefusedRow:
    found = [one for one in rows(content, **options) if isinstance(one, RefusedRow)]
    assert len(found) == 1
    return found[0]


def test_a_file_with_usual_headers_needs_no_map():
    found = rows(
        "Ticket ID,Subject,Description,Requester Email,Created at,Priority,Tags\n"
        '17,Card,"It did not,\ncome",zoe@example.org,2024-02-28 14:30,high,"a, b"\n'
    )
    assert found == [
        Row(
            line=2, subject="Card", body="It did not,\ncome", external_id="17", customer_email="zoe@example.org",
            opened_at=datetime(2024, 2, 28, 14, 30, tzinfo=UTC), severity="high", tags=("a", "b"),
        )
    ]  # fmt: skip


def test_a_map_says_what_each_column_means():
    found = rows("x;y\nhello;Region 1\n", {"x": "body", "y": "region"})[0]
    assert (found.subject, found.body, found.region) == ("hello", "hello", "Region 1")


def test_headers_are_guessed_once_each():
    guessed = guess_map(
        ["ID", "Key", "Issue", "Issue Type", "Customer", "E-Mail", "Date received", "Nonsense"]
    )
    assert guessed == {
        "Key": "external_id", "Issue": "issue", "Issue Type": "contact_type", "Customer": "customer_name",
        "E-Mail": "customer_email", "Date received": "opened_at",
    }  # fmt: skip
    assert set(guessed.values()) <= set(FIELDS)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_usual_separator_is_found(separator):
    found = rows(f'subject{separator}"odd,; name"{separator}body\na{separator}{separator}b\n')[0]
    assert (found.subject, found.body) == ("a", "b")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_usual_encoding_is_read(encoding):
    assert rows("subject,body\nGröße,zu groß\n".encode(encoding))[0].subject == "Größe"


def test_lines_of_mixed_encodings_are_each_read():
    found = rows(b"subject,body\n" + "Größe,a\n".encode() + "Maß,b\n".encode("cp1252"))
    assert [one.subject for one in found] == ["Größe", "Maß"]


def test_nul_is_removed():
    assert rows(b"sub\x00ject,body\na\x00b,c\n")[0].subject == "ab"


def test_json_lines_are_read():
    found = rows(
        '{"subject": "a", "tags": ["x", "y"], "created": 1709130600, "extra": {}}\n\n{"body": "b", "id": 5}\n'
    )
    assert (found[0].tags, found[0].opened_at.year, found[1].external_id, found[1].line) == (
        ("x", "y"),
        2024,
        "5",
        3,
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-02-28", datetime(2024, 2, 28, tzinfo=UTC)),
        ("2024-02-28T14:30:00+02:00", datetime(2024, 2, 28, 12, 30, tzinfo=UTC)),
        ("2024-02-28T14:30:00Z", datetime(2024, 2, 28, 14, 30, tzinfo=UTC)),
        ("2024-02-28 14:30:00 UTC", datetime(2024, 2, 28, 14, 30, tzinfo=UTC)),
        ("2024/02/28", datetime(2024, 2, 28, tzinfo=UTC)),
        ("28.02.2024 14:30", datetime(2024, 2, 28, 14, 30, tzinfo=UTC)),
        ("03.04.2024", datetime(2024, 4, 3, tzinfo=UTC)),
        ("28/02/2024", datetime(2024, 2, 28, tzinfo=UTC)),
        ("02/28/2024 2:30 PM", datetime(2024, 2, 28, 14, 30, tzinfo=UTC)),
        ("28 Feb 2024", datetime(2024, 2, 28, tzinfo=UTC)),
        ("February 28, 2024", datetime(2024, 2, 28, tzinfo=UTC)),
        ("1709130600", datetime(2024, 2, 28, 14, 30, tzinfo=UTC)),
        ("1709130600000", datetime(2024, 2, 28, 14, 30, tzinfo=UTC)),
        ("", None),
    ],
)
def test_dates_are_read(value, expected):
    assert rows(f"subject|created\na|{value}\n")[0].opened_at == expected


def test_times_without_a_zone_are_in_the_zone_of_the_file():
    zone = timezone(timedelta(hours=2))
    assert rows("subject,created\na,2024-02-28 14:30\n", default_zone=zone)[0].opened_at.hour == 12


def test_the_file_itself_tells_whether_the_day_comes_first():
    found = rows("subject,created\na,03/04/2024\nb,25/04/2024\n")
    assert [one.opened_at.day for one in found] == [3, 25]
    assert rows("subject,created\na,03/04/2024\n", day_first=False)[0].opened_at.month == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("subject,created\na,31/02/2024\n", ["opened_at", '"31/02/2024"', "2024-02-28"]),
        ("subject,created\na,03/04/2024\n", ["day-month or month-day"]),
        ("subject,created\na,soon\n", ["is no date"]),
        ("subject,created\na,0001-01-01\n", ["1970"]),
        ("subject,created,occurred_at\na,2024-01-01,2024-01-02\n", ["before it happened"]),
        ("subject,email\na,not an address\n", ["customer_email", "not an e-mail"]),
        ("subject,body\n,\"\"\n", None),
        ("subject,body,region\n,,north\n", ["neither subject nor body"]),
        ("subject,body\na,b,c\n", ["3 cells, but 2 columns"]),
        (f"subject,body\n{'s' * 501},b\n", ["501 characters"]),
        (f"subject,body\na,{'b' * 140_000}\n", ["131,072"]),
        (f"subject,tags\na,{';'.join(f't{i}' for i in range(60))}\n", ["more than 50 tags"]),
        ('{"subject": ["a"]}\n', ["one value"]),
        ('{"subject": "a"\n', ["not readable as JSON"]),
        ('{"a":' + "[" * 100_000 + "\n", ["not readable as JSON"]),
        ('{"subject": "a"}\n[1]\n', ["one JSON object"]),
    ],
)  # fmt: skip
def test_a_bad_record_is_refused_with_its_reason(content, words):
    if words is None:
        assert rows(content) == []
        return
    found = refusal(content)
    for word in words:
        assert word in found.reason


def test_a_refused_record_does_not_stop_the_rest():
    found = rows(f"subject,created\na,bad\nb,2024-01-01\n{'x' * 200_000},\nc,2024-01-02\n")
    assert [type(one).__name__ for one in found] == ["RefusedRow", "Row", "RefusedRow", "Row"]
    assert [one.line for one in found] == [2, 3, 4, 5]


def test_a_quotation_mark_that_nobody_closed_does_not_swallow_the_file():
    found = rows('subject,body\na,"open\n' + "b,c\n" * 60_000)
    assert sum(isinstance(one, Row) for one in found) > 25_000
    assert sum(isinstance(one, RefusedRow) for one in found) == 1


def test_a_line_of_many_megabytes_is_refused_and_the_next_is_read():
    found = rows(b'{"subject": "' + b"x" * 5_000_000 + b'"}\n{"subject": "next"}\n')
    assert [type(one).__name__ for one in found] == ["RefusedRow", "Row"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"[{}]", "one JSON object a line"),
        (b"colour,size\nred,3\n", "No column says"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, words):
    with pytest.raises(UnreadableTable, match=words):
        rows(content)


def test_a_map_with_unknown_fields_or_columns_is_refused():
    with pytest.raises(UnreadableTable, match="unknown fields: colour"):
        rows("a\nb\n", {"a": "colour"})
    with pytest.raises(UnreadableTable, match="no column named z"):
        rows("a\nb\n", {"a": "body", "z": "subject"})


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"subject,created,email\n", b'{"subject": "a"}\n', b"\xff\xfe", b""]),
)
def test_arbitrary_bytes_give_rows_or_reasons(content, head):
    try:
        found = rows(head + content)
    except UnreadableTable:
        return
    assert all(isinstance(one, Row | RefusedRow) for one in found)
