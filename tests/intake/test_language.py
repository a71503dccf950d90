import pytest

from apps.intake.language import is_english, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I was charged twice for one order.", "en"),
        ("Where is my refund?", "en"),
        ("Mein Paket ist nicht angekommen.", "de"),
        ("Ich wurde zweimal belastet", "de"),
        ("Me han cobrado dos veces.", "es"),
        ("J'ai été débité deux fois", "fr"),
        ("Il mio pacco non è arrivato.", "it"),
        ("Er is twee keer afgeschreven", "nl"),
        ("Moja paczka nie dotarła.", "pl"),
        ("С меня списали дважды", "ru"),
        ("荷物が届きません。", "ja"),
        ("أين أموالي", "ar"),
        ("MEIN PAKET IST NICHT ANGEKOMMEN", "de"),
    ],
)
def test_a_sentence_says_its_language(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text", ["", " ", "ok", "Order 4711", "12.3.2024", "iPhone 12 Pro", "😀", "http://x.y/z", "\x00"]
)
def test_what_is_no_sentence_has_no_language(text):
    assert language_of(text) == ""


def test_english_of_any_country_and_what_is_not_known_is_read_as_english():
    assert [is_english(code) for code in ("", "en", "en-GB", "EN", "de", "es")] == [True] * 4 + [False] * 2
