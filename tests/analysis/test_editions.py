"""A page can be read in any edition of the taxonomy: seams are told, and no ticket is lost or won by it."""

from datetime import timedelta
from html import unescape

import numpy as np
import pytest
from django.urls import reverse

from apps.analysis.editions import Moved, Standing, as_coded, back_to, seams
from apps.analysis.figures import Asked
from apps.analysis.issue_figures import IssueAsked
from apps.analysis.models import Case
from apps.analysis.queries.figures import figures
from apps.analysis.queries.issue_figures import issue_figures
from apps.analysis.queries.overview import overview
from helpdesk.models import Issue, Ticket
from helpdesk.services import (
    AddIssue,
    EditIssue,
    MergeIssues,
    MoveIssue,
    SplitIssue,
    publish_taxonomy,
    recode_waiting,
    undo_release,
)
from tests.analysis.kept_worlds import count_days
from tests.analysis.world import sow_quiet
from tests.factories import NOW

LONG_AGO = NOW - timedelta(days=30)


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def counted(world):
    sow_quiet(world, days=120)
    count_days(120)
    return world


def publish(world, *changes, at=LONG_AGO):
    release = publish_taxonomy(changes=changes, note="", by=world.cast.ada, at=at)
    recode_waiting(at=at)
    count_days(120)
    return release


def bars(release="", **asked):
    found = figures(Asked(release=release, **asked), at=NOW).figures
    return {row.label: row.tickets for row in found.issues}, found.tickets


# --- the engine


def ints(*values):
    return np.array(values, np.int64)


def moved(*rows):
    columns = [ints(*column) for column in zip(*rows, strict=True)]
    return Moved(*columns[:4], columns[4].astype(bool))


def test_codings_get_back_what_they_were_given_the_latest_recoding_first():
    day, customer, issue = ints(1, 1, 2, 3), ints(7, 8, 7, 9), ints(3, 3, 3, 3)
    moves = [moved((1, 7, 1, 2, 0)), moved((1, 7, 2, 3, 0), (2, 7, 2, 3, 0))]
    assert as_coded(day, customer, issue, moves).issue.tolist() == [1, 3, 2, 3]


def test_two_letters_of_one_customer_on_one_day_are_two():
    found = as_coded(ints(1, 1, 1), ints(7, 7, 7), ints(3, 3, 3), [moved((1, 7, 1, 3, 0), (1, 7, 2, 3, 0))])
    assert sorted(found.issue.tolist()) == [1, 2, 3]


def test_a_ticket_whose_two_codes_became_one_has_two_again():
    found = as_coded(ints(1, 2), ints(7, 7), ints(3, 3), [moved((1, 7, 1, 3, 1))])
    assert found.issue.tolist() == [3, 3]
    assert (found.copies.tolist(), found.copied.tolist()) == ([0], [1])


def test_what_was_coded_by_hand_since_stays():
    assert as_coded(ints(1), ints(7), ints(4), [moved((1, 7, 1, 3, 0))]).issue.tolist() == [4]


def test_nodes_go_back_release_by_release():
    now = {"a": Standing("x/a", "A now"), "b": Standing("b", "B", "a"), "part": Standing("part", "Part")}
    then = back_to(
        now,
        [
            (3, [{"change": "edit", "code": "a", "label": "A then"}, {"change": "move", "code": "a", "parent": ""}]),
            (2, [{"change": "reinstate", "code": "b"}, {"change": "merge", "codes": ["part"], "into": "a"}]),
        ],
    )  # fmt: skip
    assert then["a"] == Standing("a", "A then")
    assert then["b"].read_as == ""
    assert then["part"].read_as == "a"


def test_a_seam_says_what_was_counted_otherwise():
    day = NOW.date()
    merge = [{"change": "merge", "codes": ["b"], "into": "a", "recode": True}]
    (seam,) = seams(frozenset({"a"}), {"b": "Late refund"}, [(3, day, merge, [])])
    assert seam.words == f"Until {day:%-d %B %Y} “Late refund” counted apart (release 3)."
    assert seams(frozenset({"a", "b"}), {}, [(3, day, merge, [])]) == []


# --- the page


def test_a_merge_read_in_the_release_before_is_as_it_was(counted):
    before = bars()
    publish(counted, MergeIssues(("refund-late",), into="charged-twice"))
    assert bars("1") == before
    after, tickets = bars()
    assert after["Charged twice"] == before[0]["Charged twice"] + before[0]["Refund late"]
    assert (tickets, sum(after.values())) == (before[1], sum(before[0].values()))


def test_as_coded_then_is_what_people_gave(counted):
    before = bars()
    publish(counted, MergeIssues(("refund-late",), into="charged-twice"))
    publish(counted, MergeIssues(("charged-twice",), into="late-parcel"), at=NOW - timedelta(days=20))
    assert bars("coded") == before
    assert sum(bars("2")[0].values()) == sum(before[0].values())
    assert bars("2")[0]["Charged twice"] == before[0]["Charged twice"] + before[0]["Refund late"]


def test_what_was_taken_back_is_not_restored_twice(counted):
    before = bars()
    release = publish(counted, MergeIssues(("refund-late",), into="charged-twice"))
    undo_release(release=release, by=counted.cast.ada, at=NOW - timedelta(days=10))
    recode_waiting(at=NOW)
    count_days(120)
    assert bars("coded") == bars() == before
    merged, _ = bars("2")
    assert merged["Charged twice"] == before[0]["Charged twice"] + before[0]["Refund late"]


def test_the_parts_of_a_split_are_the_whole_again(counted):
    before = bars()
    parts = [
        AddIssue(code, label, parent="invoice")
        for code, label in (("by-card", "By card"), ("by-bank", "By bank"))
    ]
    publish(counted, *parts, SplitIssue("charged-twice", ("by-card", "by-bank"), read_as="by-card"))
    assert bars("1") == before
    assert "By card" in bars()[0]


def test_a_ticket_with_both_codes_has_both_in_the_release_before(counted):
    ticket = Ticket.objects.filter(
        primary_issue=counted.refund, opened_at__gt=NOW - timedelta(days=60)
    ).first()
    ticket.classify(
        counted.charged, release=counted.charged.release, by=counted.cast.ana, at=NOW, primary=False
    )
    count_days(120)
    before = bars()
    publish(counted, MergeIssues(("refund-late",), into="charged-twice"))
    assert bars("1") == before
    assert sum(bars()[0].values()) == sum(before[0].values()) - 1


def test_a_moved_branch_stands_where_it_stood(counted):
    publish(counted, MoveIssue("charged-twice", ""), EditIssue("charged-twice", label="Billed two times"))
    assert "Charged twice" in bars("1")[0]
    assert "Billed two times" in bars()[0]
    assert bars("1", level="top")[0]["Invoice"] > bars(level="top")[0]["Invoice"]


def test_the_trend_says_where_a_release_merged(counted):
    publish(counted, MergeIssues(("refund-late",), into="charged-twice"))
    found = overview(asked=Asked(), at=NOW, user_cases=Case.objects.all())
    assert "release 2" in found.charts["trend"].svg
    assert any("“Refund late” counted apart" in words for _, _, words in found.figures.trend.seams)
    then = overview(asked=Asked(release="1"), at=NOW, user_cases=Case.objects.all())
    assert "release 2" not in then.charts["trend"].svg  # counted alike on both sides


def test_the_control_chart_has_the_seam_and_each_reading_its_own_line(counted):
    before = issue_figures(counted.charged, IssueAsked(days=182), at=NOW).figures
    publish(counted, MergeIssues(("refund-late",), into="charged-twice"))
    after = issue_figures(Issue.objects.get(pk=counted.charged.pk), IssueAsked(days=182), at=NOW).figures
    then = issue_figures(counted.charged, IssueAsked(days=182, release="1"), at=NOW).figures
    assert [week.tickets for week in then.weeks] == [week.tickets for week in before.weeks]
    assert after.tickets > before.tickets
    assert after.seams[0][1].startswith("release 2")
    assert (before.seams, then.seams) == ((), ())


def test_the_pages_offer_the_editions_and_say_in_which_they_are_read(counted, sign_in):
    client = sign_in(counted.cast.nils)
    alone = unescape(client.get(reverse("analysis")).content.decode())
    assert "As coded then" not in alone
    publish(counted, MergeIssues(("refund-late",), into="charged-twice"))
    shown = unescape(client.get(reverse("analysis")).content.decode())
    assert "As of release 2" in shown
    assert "release=1" in shown
    then = unescape(client.get(reverse("analysis"), {"release": "1"}).content.decode())
    assert "Read in another edition" in then
    assert "/analysis/issues/refund-late/?release=1" in then
    gone = unescape(client.get(reverse("issue_analysis", args=["refund-late"])).content.decode())
    assert "It is read as another issue now" in gone


def test_an_address_computes_the_same_in_its_edition(counted):
    publish(counted, MergeIssues(("refund-late",), into="charged-twice"))
    found = figures(Asked(release="1"), at=NOW)
    assert "release=1" in found.provenance.address
    again = figures(Asked.read({"release": "1"}), at=NOW)
    assert again.provenance.digest == found.provenance.digest


@pytest.mark.parametrize("word", ["-1", "x", "1.5", "9" * 20])
def test_a_release_that_cannot_be_is_refused(word):
    with pytest.raises(ValueError, match="no release"):
        Asked(release=word)
