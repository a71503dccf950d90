from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.response.query import MAX_DEPTH, MAX_TOKENS, All, Any, Not, Term, Words, read
from apps.response.query.tree import walk
from tests.factories import NOW

# A Wednesday afternoon in Berlin.
HERE = datetime(2026, 5, 20, 15, 30, tzinfo=ZoneInfo("Europe/Berlin"))


def term(key, value):
    return Term(key, value, f"{key}:{value}")


def asked(text):
    return read(text, at=NOW).where.parts


def test_conditions_words_and_order_are_told_apart():
    query = read('is:open -tag:vip "exact words" refund -late sort:due', at=NOW)
    assert query.where.parts == (
        term("is", "open"),
        Not(term("tag", "vip")),
        Words('"exact words"'),
        Words("refund"),
        Not(Words("late")),
    )
    assert (query.sort, query.wrong) == ("due", ())


A, B, C = term("tag", "a"), term("tag", "b"), term("tag", "c")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("tag:a", (A,)),
        ("tag:a tag:b", (A, B)),
        ("tag:a or tag:b", (Any((A, B)),)),
        ("tag:a OR tag:b OR tag:c", (Any((A, B, C)),)),
        # "or" binds less than standing side by side, as in other search engines
        ("tag:a tag:b or tag:c", (Any((All((A, B)), C)),)),
        ("tag:a (tag:b or tag:c)", (A, Any((B, C)))),
        ("(tag:a)", (A,)),
        ("(tag:a tag:b) or tag:c", (Any((All((A, B)), C)),)),
        ("-(tag:a tag:b)", (Not(All((A, B))),)),
        ("-(-tag:a)", (Not(Not(A)),)),
        ("((((tag:a or tag:b) tag:c)))", (Any((A, B)), C)),
        ("refund or credit", (Words("refund or credit"),)),
        ('(refund or "credit note") twice', (Words('refund or "credit note"'), Words("twice"))),
        ("refund or tag:a", (Any((Words("refund"), A)),)),
        ("refund or -credit", (Any((Words("refund"), Not(Words("credit")))),)),
        ("f(x) (y)", (Words("f(x)"), Words("y"))),
        ("channel:email,phone", (Any((Term("channel", "email", "channel:email,phone"),
                                      Term("channel", "phone", "channel:email,phone"))),)),
        ('customer:"Ali, Noor"', (Term("customer", "Ali, Noor", 'customer:"Ali, Noor"'),)),
        ("#4182", (Term("number", "4182", "#4182"),)),
        ("https://help.test/a", (Words("https://help.test/a"),)),
        ("Is:Open", (Term("is", "open", "Is:Open"),)),
    ],
)  # fmt: skip
def test_what_is_typed_is_a_tree(text, parts):
    query = read(text, at=NOW)
    assert (query.where.parts, query.wrong) == (parts, ())


def day(month, number):
    return datetime(2026, month, number, tzinfo=HERE.tzinfo)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("created:>7d", None, HERE - timedelta(days=7)),
        ("created:<2h", HERE - timedelta(hours=2), None),
        ("created:2h", HERE - timedelta(hours=2), None),
        ("created:7d..2d", HERE - timedelta(days=7), HERE - timedelta(days=2)),
        ("due:<1h", None, HERE + timedelta(hours=1)),
        ("due:30m", None, HERE + timedelta(minutes=30)),
        ("due:>2d", HERE + timedelta(days=2), None),
        ("due:1d..2d", HERE + timedelta(days=1), HERE + timedelta(days=2)),
        ("due:tomorrow", day(5, 21), day(5, 22)),
        ("created:2026-05-01", day(5, 1), day(5, 2)),
        ("created:>2026-05-01", day(5, 2), None),
        ("created:>=2026-05-01", day(5, 1), None),
        ("created:<2026-05-01", None, day(5, 1)),
        ("created:<=2026-05-01", None, day(5, 2)),
        ("created:2026-05-01..2026-05-31", day(5, 1), day(6, 1)),
        ("created:2026-05-01..*", day(5, 1), None),
        ("created:..2026-05-01", None, day(5, 2)),
        ("updated:today", day(5, 20), day(5, 21)),
        ("updated:>=yesterday", day(5, 19), None),
        ("solved:this-week", day(5, 18), day(5, 25)),
        ("solved:last-week", day(5, 11), day(5, 18)),
        ("solved:last-month", day(4, 1), day(5, 1)),
        ("solved:this-month", day(5, 1), day(6, 1)),
        ("solved:last-month..this-month", day(4, 1), day(6, 1)),
    ],
)
def test_times_are_spans_in_the_zone_of_who_asks(text, since, until):
    (found,) = read(text, at=HERE).where.parts
    assert (found.since, found.until) == (since, until)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("is:opne", "is:opne"),
        ("colour:red", "colour:red"),
        ("severity:5", "severity:5"),
        ("severity:critical,5", "severity:critical,5"),
        ("-colour:red", "-colour:red"),
        ("created:soon", "created:soon"),
        ("created:2026-02-31", "created:2026-02-31"),
        ("created:9999-12-31", "created:9999-12-31"),
        ("created:2026-05-31..2026-05-01", "created:2026-05-31..2026-05-01"),
        ("created:..", "created:.."),
        ("sort:x", "sort:x"),
        ("-sort:due", "-sort:due"),
        ("is:", "is:"),
        (")", ")"),
        ("()", "("),
        ("or", "or"),
    ],
)
def test_a_wrong_token_is_told_with_its_place_and_the_rest_runs(text, wrong):
    query = read(f"is:open {text} refund", at=NOW)
    assert [one.token for one in query.wrong] == [wrong] if text != "or" else True
    for one in query.wrong:
        assert query.text[one.start : one.end] == one.token
        assert one.reason
    found = [node for node in walk(query.where) if isinstance(node, Term | Words)]
    assert found == [term("is", "open"), Words("refund")]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("or tag:a", "or"),
        ("tag:a or", "or"),
        ("tag:a or (sort:due)", "or"),
        ("(tag:a", "("),
        ("-(tag:a", "-("),
        ("tag:a)", ")"),
        ("(tag:a sort:due)", "sort:due"),
    ],
)
def test_what_is_wrong_with_the_form_is_told_and_the_condition_stays(text, wrong):
    query = read(text, at=NOW)
    assert query.wrong[0].token == wrong
    assert query.terms == (A,)


def test_parentheses_go_five_deep():
    fits = "(" * MAX_DEPTH + "tag:a" + ")" * MAX_DEPTH
    assert read(fits, at=NOW).wrong == ()
    too_deep = read(f"({fits})", at=NOW)
    assert [wrong.token for wrong in too_deep.wrong] == ["("]
    assert too_deep.terms == (A,)


def test_nobody_asks_for_the_impossible():
    query = read(" ".join(["is:open"] * 500), at=NOW)
    assert len(query.terms) <= MAX_TOKENS
    assert query.wrong
    assert len(asked("( " * 400)) == 0


def test_only_so_many_words_are_looked_for():
    query = read("a b c d e f g h i", at=NOW)
    assert [wrong.token for wrong in query.wrong] == ["i"]


_PIECES = st.sampled_from(
    [
        "(",
        ")",
        "-(",
        "or",
        "tag:a",
        "-is:open",
        "word",
        '"two words"',
        "sort:due",
        "is:x",
        "due:<1h",
        "-",
        '"',
        ",",
    ]
)


@given(st.text(max_size=600) | st.lists(_PIECES, max_size=40).map(" ".join))
def test_whatever_is_typed_is_read_and_every_mistake_has_its_place(text):
    query = read(text, at=NOW)
    for wrong in query.wrong:
        assert 0 <= wrong.start <= wrong.end <= len(query.text)
        assert wrong.token == "…" or query.text[wrong.start : wrong.end] == wrong.token


@example("-( -is:open )")
@given(st.lists(_PIECES, max_size=20).map(" ".join))
def test_what_was_understood_reads_the_same_again(text):
    query = read(text, at=NOW)
    if not query.wrong:
        assert read(" ".join(part.token for part in query.where.parts), at=NOW).where == query.where
