"""Sentences that engines compute are read in the language of their reader, however long ago they were kept."""

import json
import logging
from datetime import date

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import override

from helpdesk import sentences
from helpdesk.sentences import (
    Day,
    Number,
    SentenceField,
    Share,
    counted,
    in_a_row,
    in_english,
    kept,
    read,
    said,
)


def without(n, left=3.0):
    return counted(
        "Without it there would be %(left)s.", "Without them there would be %(left)s.", n=n, left=Number(left)
    )


def in_german(words):
    with override("de"):
        return str(words)


def test_a_sentence_reads_in_the_language_of_the_moment():
    sentence = said("Started on %(day)s.", day=Day(date(2026, 5, 3), "D j M"))
    assert str(sentence) == "Started on Sun 3 May."
    assert in_german(sentence) == "Begonnen am So 3. Mai."
    with override("de"):
        assert in_english(sentence) == "Started on Sun 3 May."


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        (Number(1234.56, digits=1), "1234.6", "1234,6"),
        (Number(1234.56, digits=1, grouped=True), "1,234.6", "1.234,6"),
        (Number(2.0), "2", "2"),
        (Number(-0.2), "0", "0"),
        (Number(float("inf")), "∞", "∞"),
        (Share(0.426), "43%", "43\N{NO-BREAK SPACE}%"),
        (Day(date(2026, 5, 3)), "3 May 2026", "3. Mai 2026"),
    ],
)
def test_numbers_and_days_are_written_as_the_language_writes_them(value, english, german):
    assert (in_english(value), in_german(value)) == (english, german)
    assert read(json.loads(kept(value))) == value


def test_a_number_decides_how_it_is_said():
    assert str(without(1)) == "Without it there would be 3."
    assert str(without(2)) == "Without them there would be 3."
    assert in_german(without(1)) != in_german(without(2))


def test_what_was_kept_is_the_same_sentence_again():
    whole = in_a_row(
        [without(2, left=3.14), "", said("Started on %(day)s.", day=Day(date(2026, 5, 3))), "Typed."]
    )
    assert read(kept(whole)) == whole
    assert hash(read(kept(whole))) == hash(whole)
    assert kept(read(kept(whole))) == kept(whole)
    assert str(whole).endswith("Started on 3 May 2026. Typed.")


def test_nothing_in_a_row_is_an_empty_text_and_one_is_itself():
    assert in_a_row(["", ""]) == ""
    assert in_a_row(["", without(1)]) == without(1)


@pytest.mark.parametrize(
    "text", ["", "Twice as many.", "{name} wrote", '{"a": 1}', "{" * 9_000, "100 % of %(all)s"]
)
def test_a_plain_text_is_itself(text):
    assert read(text) == text
    assert kept(text) == text


@pytest.mark.parametrize(
    "form",
    [
        {"say": "Started on %(day)s.", "with": {}},
        {"say": "Started on %(day)s.", "with": {"day": {"day": "soon", "shown": "j M"}}},
        {"say": "Started.", "with": {"day": "x"}},
        {"row": [{"share": "much"}], "between": " "},
        {"say": 3},
    ],
)
def test_what_was_kept_with_a_gap_is_shown_as_it_stands_and_told_of(form, caplog):
    text = json.dumps(form)
    assert read(text) == text
    assert "can't be read" in caplog.text


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Started on %(day)s.", {}),
        ("Started.", {"day": "x"}),
        ("Started on %(day)s", {"days": "x"}),
        ("It is 90 % sure: %(low)s", {"low": "x"}),
        ("%(share).1f of all", {"share": "x"}),
    ],
)
def test_a_gap_is_found_by_who_writes_it(text, values):
    with pytest.raises(ValueError):
        sentences.Sentence(text, values)


def test_a_translation_that_does_not_fit_leaves_the_words_of_the_source_and_is_told_of(monkeypatch, caplog):
    caplog.set_level(logging.ERROR)
    monkeypatch.setattr(sentences, "gettext", lambda words: "Begonnen am %(tag)s.")
    assert str(said("Started on %(day)s.", day="Monday")) == "Started on Monday."
    assert "does not fit" in caplog.text


def test_a_text_that_nobody_translates_any_more_reads_as_it_was_written():
    gone = sentences.Sentence("Nobody says %(this)s now.", {"this": Share(0.5)})
    assert in_german(gone) == "Nobody says 50\N{NO-BREAK SPACE}% now."


class Told(models.Model):
    """A model that no table knows: fields alone are tried on it."""

    words = SentenceField()
    remarks = ArrayField(SentenceField())

    class Meta:
        app_label = "tests"
        managed = False

    def __str__(self):
        return str(self.words)


def test_the_column_holds_the_form_and_the_row_the_sentence():
    field, sentence = Told._meta.get_field("words"), without(2)
    assert field.get_prep_value(sentence) == kept(sentence)
    assert field.get_prep_value("Typed.") == "Typed."
    assert field.from_db_value(kept(sentence), None, None) == sentence
    assert field.from_db_value(None, None, None) is None
    assert field.value_to_string(Told(words=sentence)) == kept(sentence)
    assert field.to_python(kept(sentence)) == field.to_python(sentence) == sentence
    row = Told._meta.get_field("remarks").from_db_value([kept(sentence), "Old."], None, None)
    assert row == [sentence, "Old."]


def test_a_page_escapes_what_a_sentence_names():
    from django.template import Context, Template

    page = Template("{{ words }}").render(Context({"words": said("Started on %(day)s.", day="<b>")}))
    assert page == "Started on &lt;b&gt;."
