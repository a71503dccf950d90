"""What a reply says anew, and what it quotes."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.intake.mail.html import sanitise
from apps.intake.mail.trim import passages, trim_html, trim_text


@pytest.mark.parametrize(
    "header",
    [
        "On Mon, 2 Feb 2026 at 10:00, Ana <ana@example.org> wrote:",
        "On Mon, 2 Feb 2026 at 10:00, Ana Maria de la Cruz y Santos\n<ana@example.org> wrote:",
        "Am 02.02.26 um 10:00 schrieb Ana:",
        "Le lun. 2 févr. 2026 à 10:00, Ana <ana@example.org> a écrit :",
        "El lun, 2 feb 2026 a las 10:00, Ana (<ana@example.org>) escribió:",
        "Il giorno lun 2 feb 2026 alle ore 10:00 Ana <ana@example.org> ha scritto:",
        "Em seg., 2 de fev. de 2026 às 10:00, Ana <ana@example.org> escreveu:",
        "Op ma 2 feb 2026 om 10:00 schreef Ana <ana@example.org>:",
        "Den mån 2 feb. 2026 kl 10:00 skrev Ana <ana@example.org>:",
        "pon., 2 lut 2026 o 10:00 Ana <ana@example.org> napisał(a):",
        "пн, 2 февр. 2026 г. в 10:00, Ana <ana@example.org>:",
        "Ana <ana@example.org> 于2026年2月2日周一 10:00写道：",
        "2026年2月2日(月) 10:00 Ana <ana@example.org>:",
        "2 Şub 2026 Pzt 10:00 tarihinde Ana <ana@example.org> şunu yazdı:",
        "-----Original Message-----\nFrom: Ana",
        "________________________________\nFrom: Ana\nSent: Monday",
        "Von: Ana\nGesendet: Montag, 2. Februar 2026\nAn: Zoe\nBetreff: Karte",
        "From: Ana\nSent: Monday\nTo: Zoe\nSubject: Card",
        "*From:* Ana\n*Sent:* Monday\n*To:* Zoe",
        "------------------ 原始邮件 ------------------\n发件人: Ana",
    ],
)
def test_a_quotation_is_folded_away_in_every_language(header):
    trimmed = trim_text(f"New words\n\n{header}\n\nold words")
    assert trimmed.visible == "New words"
    assert trimmed.quoted.endswith("old words")


def test_words_between_quotations_stay_visible():
    text = "Top\n\nOn Mon, 2 Feb 2026, Ana wrote:\n> first question\n\nfirst answer\n\n> second one\n\nsecond answer"
    assert trim_text(text).visible.split("\n\n") == ["Top", "first answer", "second answer"]
    assert [one.quoted for one in passages(text)] == [False, True, False, True, False]


@pytest.mark.parametrize(
    "text",
    [
        "> only a quotation",
        "See below\n\n---------- Forwarded message ----------\nFrom: Ana\nDate: Monday\nTo: me\n\nimportant",
        "Things I tried at 10:\n- one\n- two",
        "From: the beginning it was broken.\nThen it broke.",
        "",
    ],
)
def test_what_is_no_reply_is_shown_whole(text):
    assert trim_text(text).visible == text.strip()


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="> \nOnwrote:F_-1<@ab.", max_size=300))
def test_nothing_is_lost_by_trimming(text):
    assert "\n".join(one.text for one in passages(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "On 1 " * 60_000,
        ("On 1 " * 79 + "\n") * 2_000,
        "From: x\n" * 20_000,
        ("1 " * 190 + " schrieb :\n") * 2_000,
    ],
    ids=["attributions", "wrapped attributions", "labels", "backtracking"],
)
def test_hostile_text_costs_linear_time(text):
    began = time.process_time()
    trim_text(text)
    assert time.process_time() - began < 2


ATTRIBUTION = "On Monday, 2 Feb 2026, Ana wrote:"
GMAIL = f"""<div>new</div><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{ATTRIBUTION}<br></div>
<blockquote class="gmail_quote">old</blockquote><div>between</div>
<blockquote class="gmail_quote">older</blockquote></div>"""
OUTLOOK = '<p>new</p><hr><div id="divRplyFwdMsg">From: Ana</div><div>old</div>'
OUTLOOK_COPIED = '<div><p>new</p><div id="x_divRplyFwdMsg">From: Ana</div></div><div>old</div>'
OUTLOOK_EMPTY = '<div id="appendonsend"></div><p>old</p>'
YAHOO = f'<p>new</p><div class="ydp1ayahoo_quoted"><div>{ATTRIBUTION}</div><div>old</div></div>'
PROTON = f"""<p>new</p><div class="protonmail_quote">{ATTRIBUTION}
<blockquote class="protonmail_quote" type="cite">old</blockquote></div>"""
QQ = "<p>new</p><div>------------------ 原始邮件 ------------------</div><div>old</div>"
QQ_TAG = "<p>new</p><includetail><div>old</div></includetail>"
THUNDERBIRD = """<div class="moz-cite-prefix">Am 02.02.26 schrieb Ana:<br></div>
<blockquote type="cite">old</blockquote><p>new</p>"""
TWICE = '<blockquote type="cite">outer <blockquote type="cite">inner</blockquote></blockquote><p>new</p>'
CONTRACT = "<blockquote>a quoted contract</blockquote><p>new</p>"
FORWARD = """<p>see</p><div class="gmail_quote">
<div class="gmail_attr">---------- Forwarded message ---------</div>kept</div>"""


@pytest.mark.parametrize(
    ("page", "shown", "hidden"),
    [
        (GMAIL, ["new", "between"], ["old", "older", "wrote"]),
        (OUTLOOK, ["new"], ["old", "From"]),
        (OUTLOOK_COPIED, ["new"], ["old"]),
        (OUTLOOK_EMPTY, ["old"], []),  # nothing new: shown whole
        (YAHOO, ["new"], ["old"]),
        (PROTON, ["new"], ["old"]),
        (QQ, ["new"], ["old"]),
        (QQ_TAG, ["new"], ["old"]),
        (THUNDERBIRD, ["new"], ["old", "schrieb"]),
        (TWICE, ["new"], ["outer", "inner"]),
        (CONTRACT, ["contract", "new"], []),
        (FORWARD, ["see", "kept"], []),
    ],
)
def test_html_quotations_are_cut_at_the_marks_of_mail_programs(page, shown, hidden):
    trimmed = trim_html(sanitise(page))
    for word in shown:
        assert word in trimmed.visible
    for word in hidden:
        assert word not in trimmed.visible
        assert word in trimmed.quoted


PIECES = [
    "<div>", "</div>", '<div class="gmail_quote">', '<blockquote type="cite">', "</blockquote>", "x", "<hr>", "<span>",
    "</span>", '<div id="divRplyFwdMsg">', "-----Original Message-----", "<includetail>", ATTRIBUTION,
    '<div class="yahoo_quoted">',
]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_page_can_be_trimmed(pieces):
    trim_html(sanitise("".join(pieces)))
