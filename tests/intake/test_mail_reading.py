"""Reading real mail: no exception, nothing lost, the right values where they are known."""

import random
import time
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.intake.mail import Attachment, Letter, Limits, read
from apps.intake.mail import html as mail_html
from tests.intake import letters
from tests.intake.letters import base64_part, mail, multipart, nested, part

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
        ("windows-1258", "Việt".encode("utf-8"), None),
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


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("attachment; filename*0*=utf-8''%e2%82%ac; filename*1=\"-rates.pdf\"", "€-rates.pdf"),
        ("attachment; filename*=UTF-8''na%C3%AFve.pdf", "naïve.pdf"),
        ('attachment; filename="=?utf-8?q?caf=C3=A9.pdf?="', "café.pdf"),
        ('attachment; filename="Größe.pdf"', "Größe.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\dir\\\\a.txt"', "a.txt"),
        ('attachment; filename="..."', "attachment-1.pdf"),
        ("attachment", "attachment-1.pdf"),
        (f'attachment; filename="{"x" * 300}.pdf"', "x" * 99 + ".pdf"),
    ],
)
def test_file_names_are_decoded_and_made_safe(header, expected):
    raw = multipart(
        part("text/plain", "see"), base64_part("application/pdf", b"%PDF", Content_Disposition=header)
    )
    assert [(one.name, one.content) for one in reading(raw).attachments] == [(expected, b"%PDF")]


def test_equal_file_names_are_made_unique():
    one = base64_part("image/png", b"1", Content_Disposition='attachment; filename="a.png"')
    names = [attachment.name for attachment in reading(multipart(one, one, one)).attachments]
    assert names == ["a.png", "a (2).png", "a (3).png"]


def test_winmail_is_kept_and_marked():
    letter = reading(
        multipart(part("text/plain", "x"), base64_part("application/ms-tnef", b"\x78\x9f\x3e\x22"))
    )
    assert (letter.marks, letter.attachments[0].name) == (("tnef",), "winmail.dat")


def test_uuencoded_files_leave_the_text():
    letter = reading(mail("Look:\nbegin 644 cat.txt\n#0V%T\n`\nend\nBye"))
    assert letter.text == "Look:\nBye"
    assert letter.attachments == (Attachment("cat.txt", "application/octet-stream", b"Cat"),)
    assert letter.marks == ("uuencode",)


def test_the_word_begin_is_no_file():
    text = "begin 644 times\nwe waited"
    assert reading(mail(text)).text == text


def test_a_calendar_invitation_is_kept_as_such():
    raw = multipart(
        part("text/plain", "Come"),
        part("text/calendar; method=REQUEST", "BEGIN:VCALENDAR"),
        subtype="alternative",
    )
    letter = reading(raw)
    assert (letter.text, letter.marks, letter.attachments[0].name) == ("Come", ("calendar",), "invite.ics")


def test_encrypted_and_signed_mail_is_marked():
    encrypted = multipart(
        part("application/pgp-encrypted", "Version: 1"),
        part("application/octet-stream", "x"),
        subtype="encrypted",
    )
    assert reading(encrypted).marks == ("pgp",)
    assert reading(mail("MIIB", {"Content-Type": "application/pkcs7-mime"})).marks == ("smime",)


def test_a_forwarded_mail_is_an_attachment():
    inner = mail("inner words")
    letter = reading(multipart(part("text/plain", "see below"), part("message/rfc822", inner)))
    assert letter.text == "see below"
    assert letter.attachments[0].content_type == "message/rfc822"
    assert letter.attachments[0].content == inner


def test_an_inline_picture_is_no_attachment_where_the_html_shows_it():
    raw = multipart(
        part("text/html", '<p>Look <img src="cid:pic.one@x"></p>'),
        base64_part("image/png", b"1", Content_ID="<pic.one@x>"),
        base64_part("image/png", b"2", Content_ID="<pic.two@x>"),
        subtype="related",
    )
    letter = reading(raw)
    assert [one.inline for one in letter.attachments] == [True, False]
    assert 'src="cid:pic.one@x"' in letter.html


def test_html_only_gives_text():
    letter = reading(
        mail(
            "<p>Hi <b>you</b></p><ul><li>one<li>two</ul><table><tr><td>a<td>b</table>",
            {"Content-Type": "text/html"},
        )
    )
    assert letter.text.split() == "Hi you - one - two a b".split()


def test_an_alternative_says_it_once():
    raw = multipart(part("text/plain", "plain"), part("text/html", "<p>rich</p>"), subtype="alternative")
    assert (reading(raw).text, reading(raw).html) == ("plain", "<p>rich</p>")


def test_an_empty_text_alternative_does_not_hide_the_html():
    raw = multipart(part("text/plain", " \r\n"), part("text/html", "<p>rich</p>"), subtype="alternative")
    assert reading(raw).text == "rich"


def test_a_list_footer_does_not_replace_the_html_body():
    letter = reading(multipart(part("text/html", "<p>body</p>"), part("text/plain", "list <footer>")))
    assert letter.text == "body\n\nlist <footer>"
    assert letter.html == "<p>body</p>\n<p>list &lt;footer&gt;</p>"


def test_flowed_lines_are_joined():
    letter = reading(
        mail(
            "A long \r\nline\r\n> quoted \r\n> too\r\n-- \r\nZoe",
            {"Content-Type": "text/plain; format=flowed"},
        )
    )
    assert letter.text == "A long line\n> quoted too\n-- \nZoe"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("missing boundary", "hi"),
        ("boundary never seen", "words"),
        ("boundary is a dash", "dash"),
        ("deep", "at the bottom"),
        ("text declared base64", "This is plain text, whatever it says."),
        ("unknown encoding", "words"),
        ("mbox line", "Hello"),
        ("lone carriage returns", "Hello"),
        ("utf-16", "hello"),
        ("base64 multipart", "inside"),
        ("many headers", "body"),
        ("huge subject", "Hello"),
    ],
)
def test_the_words_survive(kind, expected):
    assert reading(EVIL[kind]).text == expected
    assert reading(EVIL[kind]).unreadable == ""


def test_a_huge_subject_is_cut_with_a_defect():
    letter = reading(EVIL["huge subject"])
    assert len(letter.subject) == 500
    assert "subject: cut" in letter.defects


def test_an_empty_body_with_an_attachment_is_a_letter():
    letter = reading(
        multipart(base64_part("image/png", b"1", Content_Disposition="attachment; filename=a.png"))
    )
    assert (letter.text, len(letter.attachments), letter.unreadable) == ("", 1, "")


@pytest.mark.parametrize("kind", ["nothing", "blank lines", "nul bytes only", "every byte", "body only"])
def test_what_is_no_mail_is_unreadable_with_a_reason(kind):
    assert reading(EVIL[kind]).unreadable


def test_an_oversized_mail_keeps_its_headers_and_says_why():
    letter = reading(mail("x" * 20_000), total_bytes=10_000)
    assert letter.subject == "My card did not arrive"
    assert "larger" in letter.unreadable


def test_time_running_out_is_said():
    ticks = iter(range(1_000_000))
    letter = read(
        nested(100, part("text/plain", "x")),
        received_at=RECEIVED,
        limits=Limits(seconds=5),
        clock=lambda: next(ticks),
    )
    assert "seconds" in letter.unreadable


def test_caps_on_parts_depth_and_attachments_leave_defects():
    assert any("parts" in one for one in reading(EVIL["many parts"]).defects)
    assert any("deeper" in one for one in reading(nested(10, part("text/plain", "x")), depth=5).defects)
    attached = [base64_part("image/png", b"1", Content_Disposition="attachment") for _ in range(4)]
    letter = reading(multipart(*attached), attachments=3)
    assert (len(letter.attachments), letter.defects) == (3, ("more than 3 attachments",))


@pytest.mark.parametrize(
    "dirt",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="http://insecure.test/">x</a>',
        '<img src="data:text/html;base64,xxxx">',
        "<svg onload=alert(1)><circle/></svg>",
        '<iframe src="https://x.test"></iframe>',
        '<form action="https://x.test"><input name=a></form>',
        '<p style="position:fixed">x</p>',
        '<meta http-equiv="refresh" content="0;url=https://x.test">',
        "<style>*{display:none}</style>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    ],
)
def test_html_is_made_harmless(dirt):
    clean = reading(mail(f"<p>ok</p>{dirt}", {"Content-Type": "text/html"})).html
    assert "ok" in clean
    for word in (
        "script",
        "onerror",
        "onload",
        "javascript",
        "http:",
        "data:",
        "iframe",
        "<form",
        "style",
        "meta",
        "svg",
    ):
        assert word not in clean


def test_remote_pictures_wait_for_a_click():
    page = '<img src="https://x.test/a.png"><img src="cid:a@x">'
    assert mail_html.sanitise(page) == page
    assert mail_html.sanitise(page, remote_images=False) == '<img><img src="cid:a@x">'


def test_tangled_html_is_kept_as_text():
    letter = reading(mail("words" + "<div>" * 50_000, {"Content-Type": "text/html"}))
    assert (letter.html, letter.text) == ("", "words")
