"""Signatures are folded away, and never words that somebody says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.intake.mail.html import sanitise
from apps.intake.mail.signature import part_signature, part_signature_html

BLOCK = "Miller Ltd\nHigh Street 1\n+44 20 555 100"


@pytest.mark.parametrize(
    ("shown", "signature"),
    [
        ("It broke.", "-- \nZoe Miller\nMiller Ltd"),
        ("It broke.\n\nBest regards\nZoe", BLOCK),
        ("Es ging kaputt.\n\nMit freundlichen Grüßen,\n\nZoe Müller", BLOCK),
        ("It broke.", "Sent from my iPhone"),
        ("Kaputt.", "Gesendet von meinem iPad"),
    ],
)
def test_a_signature_is_parted_from_the_words(shown, signature):
    found = part_signature(f"{shown}\n\n{signature}")
    assert (found.visible, found.quoted) == (shown, signature)


@pytest.mark.parametrize(
    "text",
    [
        "It broke.\n\nBest regards\nZoe",  # short: not worth a press
        "Thanks, but the invoice is still wrong.\nIt says 80.\nIt was 40.",
        f"It broke.\n\nBest regards\nZoe\n{BLOCK}\nPS: hurry",
        "It broke.\n\nBest regards\nZoe\nOne more thing\nCan you call me?",
        "-- \nonly a signature",
        "We saw\n--\n" + "a line of the log\n" * 30,
        "Sent from my phone it works, sent from the desk it does not, and that is the trouble that I have with it.",
        "",
    ],
)
def test_what_may_be_said_stays(text):
    assert part_signature(text).visible == text


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="-\n Best regards,Zo", max_size=200))
def test_nothing_is_lost(text):
    found = part_signature(text)
    kept = f"{found.visible}{found.quoted}"
    assert kept.replace("\n", "").replace(" ", "") == text.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize(
    ("page", "shown", "signature"),
    [
        ('<div>new</div><div class="gmail_signature">Zoe Ltd</div>', "new", "Zoe Ltd"),
        ('<p>new</p><div id="Signature"><p>Zoe Ltd</p></div><p>after</p>', "after", "Zoe Ltd"),
        ('<div class="gmail_signature">only this</div>', "only this", ""),
        ("<p>no signature</p>", "no signature", ""),
    ],
)
def test_html_signatures_are_cut_at_the_marks_of_mail_programs(page, shown, signature):
    found = part_signature_html(sanitise(page))
    assert shown in found.visible
    assert signature in found.quoted
    assert bool(signature) == bool(found.quoted)
