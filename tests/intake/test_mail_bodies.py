"""What a mail says and what it carries: alternatives, attachments, HTML, and what survives broken structure."""

from datetime import UTC, datetime

import pytest

from apps.intake.mail import Attachment, Letter, Limits, read
from apps.intake.mail import html as mail_html
from tests.intake import letters
from tests.intake.letters import base64_part, mail, multipart, nested, part

RECEIVED = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVIL = letters.evil()


def reading(raw: bytes, **limits: float) -> Letter:
    return read(raw, received_at=RECEIVED, limits=Limits(**limits) if limits else None)


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
    assert letter.text.split() == ["Hi", "you", "-", "one", "-", "two", "a", "b"]


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
    assert "larger" in str(letter.unreadable)


def test_time_running_out_is_said():
    ticks = iter(range(1_000_000))
    letter = read(
        nested(100, part("text/plain", "x")),
        received_at=RECEIVED,
        limits=Limits(seconds=5),
        clock=lambda: next(ticks),
    )
    assert "seconds" in str(letter.unreadable)


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
