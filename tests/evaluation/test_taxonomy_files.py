"""The taxonomy out as a file and in again, packs to begin with, and the tickets of a split issue by suggestion."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from apps.evaluation.taxonomy.files import as_csv, as_json, exported, read_lines, wanted
from apps.evaluation.taxonomy.packs import FOLDER, packs, packs_in
from apps.evaluation.taxonomy.services import (
    draft_lines,
    recode_by_suggestion,
    suggest_next_batch,
    suggest_waiting,
)
from apps.intake.suggestion import Prediction, Reading, Suggestion
from helpdesk.errors import Invalid
from helpdesk.models import ChangeSet, Issue, Recoding, TaxonomyRelease
from helpdesk.services import AddIssue, SplitIssue, publish_change_set, publish_taxonomy
from tests.factories import NOW, make_issue, make_ticket


@pytest.fixture
def tree(cast):
    billing = make_issue("billing", owner=cast.billing, definition='All about money; "bills", too')
    return make_issue(
        "twice", parent=billing, owner=cast.billing, examples=["It came twice", "=2*3"], excludes="-"
    )


def bring(content, by, at=NOW):
    data = content.encode() if isinstance(content, str) else content
    return draft_lines(lines=read_lines(data), by=by, at=at)


@pytest.mark.parametrize("write", [as_csv, lambda rows: as_json(rows, release=1)], ids=["csv", "json"])
def test_what_goes_out_and_comes_in_again_changes_nothing(cast, tree, write):
    found = bring(write(exported()), cast.ada)
    assert (found.drafted, found.unchanged, found.refused) == (0, 2, ())
    assert ChangeSet.objects.draft() is None


@pytest.mark.parametrize("write", [as_csv, lambda rows: as_json(rows, release=1)], ids=["csv", "json"])
def test_a_file_makes_a_taxonomy_of_an_empty_desk(cast, tree, write):
    told, before = write(exported()), exported()
    tree.delete()
    Issue.objects.all().delete()
    assert bring(told, cast.ada).drafted == 2
    draft = ChangeSet.objects.draft()
    publish_change_set(change_set=draft, version=draft.version, note="", by=cast.ada, at=NOW)
    kept = [row | {"valid_from": ""} for row in exported()]
    assert kept == [row | {"valid_from": ""} for row in before]


def test_no_cell_is_a_formula_to_a_spreadsheet(cast, tree):
    make_issue("sum", definition="=SUM(A1)")
    cells = [row["definition"] for row in csv.DictReader(io.StringIO(as_csv(exported())))]
    assert "'=SUM(A1)" in cells


def test_only_what_differs_is_drafted(cast, tree):
    text = "code,label,parent\ntwice,Charged twice,\nnew,New one,billing\n"
    assert bring(text, cast.ada).drafted == 2
    assert [one.data["change"] for one in ChangeSet.objects.draft().changes.all()] == ["edit", "add"]
    assert Issue.objects.count() == 2


def test_rows_that_cannot_be_are_refused_by_line_and_the_others_are_drafted(cast, tree):
    text = (
        "code,label,parent,owner_department,default_severity\nlate,Late,nowhere,,\nslow,Slow,billing,,\nlost,,,,\n"
        "bad,Bad,,nobody,\nworse,Worse,,,7\nunder,Under,late,,\n"
    )
    found = bring(text, cast.ada)
    assert found.drafted == 1
    assert {row.line: row.reason for row in found.refused} == {
        2: "There is no issue nowhere.", 4: "A new issue needs a label.", 5: "There is no department nobody.",
        6: "Severity is 1 (critical) to 4 (low).", 7: "There is no issue late.",
    }  # fmt: skip


NO_FILES = [b"\xff\xfe", b"", b"{", b"[1]", b"name\nx\n", b'{"issues": {}}', b"code\x00", b"code\n"]


@pytest.mark.parametrize("content", NO_FILES, ids=map(repr, NO_FILES))
def test_what_is_no_taxonomy_is_refused(content):
    with pytest.raises(Invalid):
        read_lines(content)


def test_json_of_other_types_is_refused_by_line(cast):
    rows = [
        {"code": 1.5},
        {"code": "a", "label": ["x"]},
        {"code": "b", "label": "B", "examples": [1]},
        {"colour": 1},
    ]
    assert [one.line for one in wanted(read_lines(json.dumps(rows).encode())).refused] == [1, 2, 3, 4]


def test_the_page_takes_a_file_and_says_what_became_of_it(cast, sign_in, tree):
    file = SimpleUploadedFile("t.csv", b"code,label\nnew,New\nlost,\n")
    page = sign_in(cast.ada).post("/admin/taxonomy/files/", {"file": file})
    assert page.status_code == 200
    assert b"A new issue needs a label." in page.content
    assert ChangeSet.objects.draft().changes.count() == 1


def test_the_page_refuses_what_is_no_file(cast, sign_in):
    file = SimpleUploadedFile("t.csv", b"\xff\xfe\x00")
    assert sign_in(cast.ada).post("/admin/taxonomy/files/", {"file": file}).status_code == 422


@pytest.mark.parametrize("form", ["csv", "json"])
def test_the_page_gives_the_taxonomy_as_a_file(cast, sign_in, tree, form):
    answer = sign_in(cast.ada).get(f"/admin/taxonomy/files/taxonomy.{form}")
    assert answer["Content-Disposition"] == f'attachment; filename="taxonomy-1.{form}"'
    assert len(read_lines(answer.content)) == 2


@pytest.mark.parametrize("name", sorted(packs()))
def test_every_pack_is_drafted_whole_and_can_be_published(cast, name):
    pack = packs()[name]
    found = draft_lines(lines=pack.lines, by=cast.ada, at=NOW)
    assert (found.drafted, found.refused) == (len(pack.issues), ())
    assert 6 <= len(pack.branches) <= 9
    assert 35 <= pack.leaves <= 50
    draft = ChangeSet.objects.draft()
    publish_change_set(change_set=draft, version=draft.version, note="", by=cast.ada, at=NOW)
    assert not Issue.objects.leaves().filter(definition="").exists()


@pytest.mark.parametrize("name", sorted(packs_in("en")))
def test_a_pack_says_in_german_all_that_it_says_in_english(name):
    """The same codes in the same tree; whoever looks at a German page is offered, and loads, German words."""
    assert (FOLDER / "de" / f"{name}.json").exists()
    english, german = packs_in("en")[name], packs_in("de")[name]
    for one, other in zip(english.issues, german.issues, strict=True):
        assert {key: other[key] for key in ("code", "parent") if key in one} == {
            key: one[key] for key in ("code", "parent") if key in one
        }
        assert other.keys() == one.keys()
        assert len(other.get("examples", ())) == len(one.get("examples", ()))
        assert 0 < len(other["label"]) <= 120
        assert one.get("definition", "") != other.get("definition") or not one.get("definition")


def test_a_german_administrator_loads_german_words(cast, sign_in):
    client, german = sign_in(cast.ada), {"headers": {"accept-language": "de"}}
    assert "Allgemeine Kontaktgründe" in client.get("/admin/taxonomy/files/", **german).content.decode()
    assert client.post("/admin/taxonomy/packs/universal/load/", **german).status_code == 200
    drafted = ChangeSet.objects.get().changes.values_list("data", flat=True)
    assert "Doppelt abgebucht" in [change["label"] for change in drafted]


def test_packs_go_together_and_a_second_time_changes_nothing(cast):
    for pack in packs().values():
        assert draft_lines(lines=pack.lines, by=cast.ada, at=NOW).refused == ()
    again = draft_lines(lines=packs()["city"].lines, by=cast.ada, at=NOW)
    assert again.drafted == 0


def test_a_pack_is_loaded_by_its_button_and_by_the_command(cast, sign_in, capsys):
    assert sign_in(cast.ada).post("/admin/taxonomy/packs/universal/load/").status_code == 200
    call_command("load_pack", "banking")
    drafted = ChangeSet.objects.draft().changes.count()
    assert drafted == len(packs()["universal"].issues) + len(packs()["banking"].issues)
    assert "changes are in the draft" in capsys.readouterr().out


# --- a split issue ------------------------------------------------------------------------------------


@pytest.fixture
def split(cast, tree, monkeypatch):
    """Charged twice, split by card and by bank; the model is sure of cards and doubts banks."""
    tickets = []
    for subject in ("card", "bank", "card"):
        ticket = make_ticket(cast, subject=subject)
        ticket.classify(tree, release=TaxonomyRelease.objects.get(), by=cast.ana, at=NOW)
        tickets.append(ticket)
    parts = [AddIssue(code, code, parent="billing") for code in ("by-card", "by-bank")]
    publish_taxonomy(
        changes=[*parts, SplitIssue("twice", ("by-card", "by-bank"))], note="", by=cast.ada, at=NOW
    )

    def read(model, texts, *, top):
        sure = {True: Suggestion("by-card", 0.9), False: Suggestion("by-bank", 0.3)}
        return [Reading(Prediction((sure[text.startswith("card")],)), ()) for text in texts]

    monkeypatch.setattr("apps.evaluation.taxonomy.services.current_model", lambda at: (None, None))
    monkeypatch.setattr("apps.evaluation.taxonomy.services.suggestion.read", read)
    return tickets


def test_tickets_go_to_the_part_the_suggestion_is_sure_of(cast, tree, split):
    recode_by_suggestion(issue=Issue.objects.get(code="twice"), by=cast.ada, at=NOW)
    while suggest_next_batch(at=NOW, size=2):
        pass
    assert [ticket.issues.get().issue.code for ticket in split] == ["by-card", "twice", "by-card"]
    recoding = Recoding.objects.get()
    assert (recoding.state, recoding.recoded, recoding.left) == ("done", 2, 1)


def test_what_is_not_split_is_not_recoded_by_suggestion(cast, tree):
    with pytest.raises(Invalid, match="not split"):
        recode_by_suggestion(issue=tree, by=cast.ada, at=NOW)


def test_the_button_stands_until_it_is_pressed(cast, sign_in, split):
    ada, at = sign_in(cast.ada), timezone.now() + timedelta(seconds=1)
    assert b"by suggestion" in ada.get("/admin/taxonomy/releases/").content
    ada.post("/admin/taxonomy/issues/twice/recode/")
    assert suggest_waiting(at=at) == 2
    assert (
        b"Recode \xe2\x80\x9cTwice\xe2\x80\x9d by suggestion"
        not in ada.get("/admin/taxonomy/releases/").content
    )
