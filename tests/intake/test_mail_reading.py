"""Reading real mail: no exception, nothing lost, the right values where they are known."""

import random
import time
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.intake.mail import Letter, Limits, read
from tests.intake import letters
from tests.intake.letters import mail

RECEIVED = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVIL = letters.evil()


def reading(raw: bytes, **limits: float) -> Letter:
    return read(raw, received_at=RECEIVED, limits=Limits(**limits) if limits else None)


def assert_storable(letter: Letter) -> None:
    for field in fields(letter):
        shown = repr(getattr(letter, field.name)) if field.name != "attachments" else ""
        assert "\\x00" not in shown
    for text in (letter.text, letter.html, letter.subject, *(one.name for one in letter.attachments)):
        assert "\x00" not in text
        text.encode("utf-8")
    assert letter.date <= RECEIVED


@pytest.mark.parametrize("kind", EVIL)
def test_evil_mail_is_read_in_time_and_can_be_stored(kind):
    began = time.process_time()
    letter = reading(EVIL[kind])
    assert time.process_time() - began < 3
    assert_storable(letter)
    assert (
        letter.text
        or letter.html
        or letter.subject
        or letter.attachments
        or letter.unreadable
        or kind == "empty values"
    )


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2_000))
def test_arbitrary_bytes_never_raise(raw):
    assert_storable(reading(raw))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(kind for kind, raw in EVIL.items() if len(raw) < 20_000)),
    st.randoms(use_true_random=False),
)
def test_mutated_mail_never_raises(kind, chance: random.Random):
    raw = bytearray(EVIL[kind] or b"From: x")
    for _ in range(chance.randint(1, 30)):
        place = chance.randrange(len(raw) + 1)
        end = place + chance.randint(0, 8)
        raw[place:end] = chance.choice(
            [
                b"\x00",
                b"\r\n",
                b"\n\n",
                b"=?",
                b"?=",
                b"--",
                b'"',
                b"(",
                b";",
                b"*0*=",
                b"\xff\xfe",
                b"%",
                b"<",
                b"\x1b$B",
            ]
        )
    assert_storable(reading(bytes(raw)))


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=80),
    st.sampled_from(
        ["Subject", "From", "To", "Date", "Message-ID", "References", "Content-Type", "Content-Disposition"]
    ),
)
def test_any_header_value_never_raises(value, name):
    assert_storable(reading(mail(headers={name: value.encode("utf-8", "replace")})))


def test_a_plain_letter_has_its_values():
    letter = reading(
        mail(
            "Hello\r\nthere",
            {"Reply-To": "z2@example.org", "Cc": "o@example.org", "References": "<aa.1@x> <bb.2@x>"},
        )
    )
    assert (letter.sender.name, letter.sender.email) == ("Zoe", "zoe@example.org")
    assert letter.subject == "My card did not arrive"
    assert letter.message_id == "first.1@example.org"
    assert letter.references == ("aa.1@x", "bb.2@x")
    assert [one.email for one in letter.to + letter.cc + letter.reply_to] == [
        "support@helpdesk.test", "o@example.org", "z2@example.org",
    ]  # fmt: skip
    assert letter.date == datetime(2026, 2, 2, 9, tzinfo=UTC)
    assert letter.text == "Hello\nthere"
    assert (letter.html, letter.attachments, letter.defects, letter.unreadable) == ("", (), (), "")


@pytest.mark.parametrize(
    ("charset", "raw", "expected"),
    [
        ("gb2312", "镕你好".encode("gb18030"), "镕你好"),
        ("ks_c_5601-1987", "똠방각하".encode("cp949"), "똠방각하"),
        ("iso-2022-jp", "ｱｲｳ日本".encode("iso2022_jp_ext"), "ｱｲｳ日本"),
        ("iso-8859-8-i", "שלום".encode("cp1255"), "שלום"),
        ("x-mac-roman", "café".encode("mac_roman"), "café"),
        ("cp-850", "café".encode("cp850"), "café"),
        ('"UTF-8;format=flowed"', "café".encode(), "café"),
        ("windows-1258", "Việt".encode(), None),
        ("iso-8859-1", "„naïve“ €".encode("cp1252"), "„naïve“ €"),
        ("us-ascii", "café".encode(), "café"),
        ("latin9", "€".encode("iso8859-15"), "€"),
        ("shift_jis", "①髙".encode("cp932"), "①髙"),
        ("big5", "碁銹裏".encode("cp950"), "碁銹裏"),
        ("unicode-1-1-utf-7", "Grüße".encode("utf-7"), "Grüße"),
        ("utf-8", "Größe".encode("cp1252"), "Größe"),
        ("", "Привет, карта не пришла".encode("cp1251"), "Привет, карта не пришла"),
        ("", "Größe und Maß für müde Bäcker".encode("cp1252"), "Größe und Maß für müde Bäcker"),
    ],
)
def test_charsets_are_read_by_what_they_mean(charset, raw, expected):
    letter = reading(
        mail(raw, {"Content-Type": f"text/plain; charset={charset}" if charset else "text/plain"})
    )
    if expected is not None:
        assert letter.text == expected


def test_vietnamese_tone_marks_are_composed():
    letter = reading(mail(b"Vi\xea\xf2t", {"Content-Type": "text/plain; charset=windows-1258"}))
    assert letter.text == "Việt"


def test_a_wrong_charset_leaves_a_defect():
    assert any("charset" in one for one in reading(EVIL["unknown charset"]).defects)


def test_nul_is_removed_everywhere():
    letter = reading(mail(b"a\x00b", {"Subject": b"c\x00d", "From": b'"e\x00f" <zoe@example.org>'}))
    assert (letter.text, letter.subject, letter.sender.name) == ("ab", "cd", "ef")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("=?utf-8?q?caf=C3=A9?=", "café"),
        ("=?utf-8?B?Y2Fmw6k=?= =?utf-8?q?_ol=C3=A9?=", "café olé"),
        ("=?utf-8?b?ww==?= =?utf-8?b?qQ?=", "é"),  # one letter cut in two, badly padded
        ("=?iso-8859-1?q?a?= and =?utf-8?q?b?=", "a and b"),
        ("=?utf-8*en?q?hi?=", "hi"),
        ("=?utf-8?q?What??=", "What?"),
        ("=?utf-8?q?with space?=", "with space"),
        ("Ünïcode raw", "Ünïcode raw"),
        ("=?bad", "=?bad"),
        ("folded\r\n  value", "folded value"),
        ("a\u202egpj.exe", "agpj.exe"),
    ],
)
def test_subjects_are_decoded(raw, expected):
    assert reading(mail(headers={"Subject": raw})).subject == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ('"Doe, Jane" <jane@example.org>', [("Doe, Jane", "jane@example.org")]),
        ("Doe, Jane <jane@example.org>", [("Doe, Jane", "jane@example.org")]),
        ("jane@example.org (Jane Doe)", [("Jane Doe", "jane@example.org")]),
        ('"=?utf-8?q?Ren=C3=A9?=" <r@example.org>', [("René", "r@example.org")]),
        ("Team: a@example.org, b@example.org;", [("", "a@example.org"), ("", "b@example.org")]),
        ("undisclosed-recipients:;", []),
        ("a@example.org; b@example.org", [("", "a@example.org"), ("", "b@example.org")]),
        ("=?utf-8?q?evil=40bad=2Eorg?= <good@example.org>", [("evil@bad.org", "good@example.org")]),
        ("<good@EXAMPLE.org>", [("", "good@example.org")]),
        ("nobody", []),
        ("mailto:a@example.org", None),
    ],
)
def test_addresses_are_read(raw, expected):
    found = [(one.name, one.email) for one in reading(mail(headers={"To": raw})).to]
    assert expected is None or found == expected


def test_three_thousand_addresses_are_capped_with_a_defect():
    letter = reading(EVIL["many recipients"])
    assert len(letter.to) == 200
    assert "more than 200 addresses" in letter.defects


def test_a_missing_from_falls_back_to_sender():
    assert (
        reading(mail(headers={"From": None, "Sender": "relay@example.org"})).sender.email
        == "relay@example.org"
    )
    assert reading(EVIL["no from"]).sender is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<[]>", ()),
        ("<>", ()),
        ("<abc.1@x\r\n .org>", ("abc.1@x.org",)),
        ("plain.id@x.org", ("plain.id@x.org",)),
        ("", ()),
    ],
)
def test_message_ids_are_kept_only_when_usable(raw, expected):
    assert reading(mail(headers={"Message-ID": raw})).message_ids == expected


def test_several_message_ids_are_listed_but_none_is_the_id():
    letter = reading(mail(headers={"Message-ID": "<one.1@x> <two.2@x>"}))
    assert (letter.message_id, letter.message_ids) == ("", ("one.1@x", "two.2@x"))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "Mon, 1 Jan 1900 00:00:00 +0000",
        "Mon, 1 Jan 2120 00:00:00 +0000",
        "Sun, 1 Mar 2026 13:00:00 +0000",
    ],
)
def test_an_absurd_date_is_clamped_to_the_receipt(value):
    letter = reading(mail(headers={"Date": value}))
    assert letter.date == RECEIVED
    assert any(one.startswith("date:") for one in letter.defects)


def test_an_honest_date_in_the_past_is_kept():
    assert reading(mail(headers={"Date": "Sun, 1 Mar 2026 13:00:00 +0200"})).date == RECEIVED - timedelta(
        hours=1
    )
