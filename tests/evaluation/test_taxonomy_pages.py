"""The pages of the taxonomy: everything is drafted, looked at, and published by one button."""

from datetime import timedelta

import pytest
from django.utils import timezone

from helpdesk.models import ChangeSet, Issue, Recoding, TaxonomyRelease
from helpdesk.services import AddIssue, MergeIssues, draft_changes, publish_taxonomy, recode_next_batch
from tests.factories import make_issue, make_ticket

PAGES = ("", "table/", "work/", "draft/", "releases/", "add/")


@pytest.fixture
def ada(cast, sign_in):
    return sign_in(cast.ada)


@pytest.fixture
def tree(cast):
    billing = make_issue("billing", owner=cast.billing)
    return [make_issue(code, parent=billing, owner=cast.billing) for code in ("twice", "wrong", "late")]


def code(cast, issue, n=1):
    for _ in range(n):
        ticket = make_ticket(cast, at=timezone.now() - timedelta(days=1))
        ticket.classify(issue, release=TaxonomyRelease.objects.first(), by=cast.ana, at=timezone.now())


def draft(cast, *changes):
    return draft_changes(changes=changes, by=cast.ada, at=timezone.now())


@pytest.mark.parametrize("page", PAGES)
def test_every_page_works_with_nothing_there_and_with_all(cast, ada, page):
    assert ada.get(f"/admin/taxonomy/{page}").status_code == 200
    parent = make_issue("billing")
    issues = [make_issue(one, parent=parent) for one in ("twice", "wrong")]
    code(cast, issues[0], 3)
    draft(cast, MergeIssues(("wrong",), into="twice"))
    assert ada.get(f"/admin/taxonomy/{page}?retired").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_nobody_but_who_publishes_sees_them(cast, sign_in, page):
    assert sign_in(cast.lena).get(f"/admin/taxonomy/{page}").status_code == 403


def test_the_tree_shows_each_branch_with_all_tickets_below(cast, ada, tree):
    code(cast, tree[0], 2)
    code(cast, tree[1])
    page = ada.get("/admin/taxonomy/")
    [billing] = page.context["tree"]
    assert (billing.own.tickets, billing.whole.tickets) == (0, 3)
    assert b"<details open>" in page.content


def test_the_table_is_sorted_by_tickets(cast, ada, tree):
    code(cast, tree[1], 2)
    code(cast, tree[2])
    found = ada.get("/admin/taxonomy/table/?sort=tickets").context["nodes"]
    assert [node.issue.code for node in found][:2] == ["wrong", "late"]


def test_what_lacks_an_owner_or_a_definition_is_to_be_looked_at(cast, ada, tree):
    make_issue("orphan", definition="What nobody owns.")
    found = ada.get("/admin/taxonomy/work/").context["tasks"]
    assert [task.issue.code for task in found if task.why == "No owner"] == ["orphan"]
    assert "orphan" not in [task.issue.code for task in found if task.why == "No definition"]


def test_what_nobody_uses_is_to_be_looked_at_and_what_is_new_is_not(cast, ada, tree):
    make_issue("new", valid_from=timezone.now().date())
    code(cast, tree[0])
    found = ada.get("/admin/taxonomy/work/").context["tasks"]
    assert {task.issue.code for task in found if task.why == "Unused"} == {"wrong", "late"}


def test_many_tickets_without_a_code_ask_for_an_issue(cast, ada, tree):
    code(cast, make_issue("none", kind="no_code"), 2)
    code(cast, tree[0], 8)
    [task] = [
        t for t in ada.get("/admin/taxonomy/work/").context["tasks"] if t.tone == "bad" and t.tickets == 2
    ]
    assert task.why == "Many without a fitting code"


def test_an_issue_is_added_to_the_draft_with_words_for_and_against_it(cast, ada):
    given = {
        "label": "Late parcel", "examples": "Where is it?\n\n It did not come ", "counter_examples": "It came broken\n",
        "default_severity": 2,
    }  # fmt: skip
    assert ada.post("/admin/taxonomy/add/", given).status_code == 302
    data = ChangeSet.objects.draft().changes.get().data
    assert (data["code"], data["default_severity"]) == ("late-parcel", 2)
    assert data["examples"] == ["Where is it?", "It did not come"]
    assert data["counter_examples"] == ["It came broken"]
    assert not Issue.objects.exists()


ACTS = [
    ("move", {"parent": ""}), ("merge", {"into": "wrong", "recode": "on"}),
    ("split", {"parts": "By card\nBy bank", "read_as_first": "on"}), ("retire", {"replaced_by": "late"}),
    ("edit", {"label": "Charged twice", "default_severity": 3, "owner_department": "billing"}),
]  # fmt: skip


@pytest.mark.parametrize(("act", "given"), ACTS)
def test_each_act_goes_into_the_draft(cast, ada, tree, act, given):
    if "owner_department" in given:
        given = given | {"owner_department": cast.billing.pk}
    answer = ada.post(f"/admin/taxonomy/issues/twice/{act}/", given)
    assert answer.status_code == 302, answer.context["form"].errors
    rows = list(ChangeSet.objects.draft().changes.all())
    assert rows[-1].data["change"] == act
    assert rows[-1].data.get("codes", [rows[-1].data.get("code")]) == ["twice"]


def test_an_edit_says_only_what_differs(cast, ada, tree):
    given = {"label": "Charged twice", "default_severity": 3, "owner_department": cast.billing.pk}
    ada.post("/admin/taxonomy/issues/twice/edit/", given)
    assert ChangeSet.objects.draft().changes.get().data == {
        "change": "edit", "code": "twice", "label": "Charged twice"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("act", "given"), [("merge", {}), ("split", {"parts": "One"}), ("edit", {"label": ""})]
)
def test_a_wrong_form_is_shown_again_and_drafts_nothing(cast, ada, tree, act, given):
    answer = ada.post(f"/admin/taxonomy/issues/twice/{act}/", given)
    assert answer.status_code == 422
    assert not ChangeSet.objects.exists()


def test_the_preview_tells_tickets_and_the_pareto_before_publishing(cast, ada, tree):
    code(cast, tree[0], 3)
    code(cast, tree[1], 2)
    code(cast, tree[2], 4)
    draft(cast, MergeIssues(("wrong",), into="twice"))
    effect = ada.get("/admin/taxonomy/draft/").context["effect"]
    assert (effect.losing, effect.changes[0].tickets, effect.recent) == (2, 2, 9)
    assert [(r.label, r.before, r.after, r.place_after) for r in effect.ranks] == [
        ("Late", 4, 4, 2), ("Twice", 3, 5, 1), ("Wrong", 2, None, None),
    ]  # fmt: skip
    assert Issue.objects.get(code="wrong").valid_to is None


def test_a_ticket_with_both_issues_counts_once_in_the_preview(cast, ada, tree):
    ticket = make_ticket(cast, at=timezone.now() - timedelta(days=1))
    for issue in tree[:2]:
        ticket.classify(issue, release=issue.release, by=cast.ana, at=timezone.now(), primary=False)
    draft(cast, MergeIssues(("wrong",), into="twice"))
    [twice, _wrong] = ada.get("/admin/taxonomy/draft/").context["effect"].ranks
    assert (twice.before, twice.after) == (1, 1)


def test_the_draft_is_published_by_the_button(cast, ada):
    change_set = draft(cast, AddIssue("billing", "Billing"))
    given = {"version": change_set.version, "note": "The first", "when": "now"}
    assert ada.post("/admin/taxonomy/draft/", given).status_code == 302
    assert TaxonomyRelease.objects.get().note == "The first"


def test_the_draft_is_published_later(cast, ada):
    change_set = draft(cast, AddIssue("billing", "Billing"))
    later = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    given = {"version": change_set.version, "when": "later", "publish_at": later}
    assert ada.post("/admin/taxonomy/draft/", given).status_code == 302
    assert ChangeSet.objects.get().state == "planned"
    assert b"Planned for" in ada.get("/admin/taxonomy/releases/").content


@pytest.mark.parametrize("wrong", [{"version": 7, "when": "now"}, {"version": 1, "when": "later"}])
def test_a_refused_publication_says_why(cast, ada, wrong):
    draft(cast, AddIssue("billing", "Billing"))
    assert ada.post("/admin/taxonomy/draft/", wrong).status_code == 422
    assert not TaxonomyRelease.objects.exists()


def test_a_draft_that_no_longer_fits_says_what_is_in_the_way(cast, ada):
    draft(cast, AddIssue("billing", "Billing"))
    publish_taxonomy(changes=[AddIssue("billing", "Mine")], note="", by=cast.ada, at=timezone.now())
    page = ada.get("/admin/taxonomy/draft/")
    assert page.context["effect"].refused == "The code billing is taken."
    assert b"Take out what is in the way" in page.content


def test_a_release_is_undone_by_its_button(cast, ada, tree):
    code(cast, tree[1])
    publish_taxonomy(changes=[MergeIssues(("wrong",), into="twice")], note="", by=cast.ada, at=timezone.now())
    assert b"Recoding" in ada.get("/admin/taxonomy/releases/").content
    assert ada.post("/admin/taxonomy/releases/2/undo/").status_code == 302
    assert TaxonomyRelease.objects.first().undoes.number == 2
    assert [one.kind for one in Recoding.objects.all()] == ["merge", "back"]


def test_a_recoding_says_how_far_it_is_and_looks_again_until_it_has_ended(cast, ada, tree):
    code(cast, tree[1], 3)
    publish_taxonomy(changes=[MergeIssues(("wrong",), into="twice")], note="", by=cast.ada, at=timezone.now())
    place = f"/admin/taxonomy/recodings/{Recoding.objects.get().pk}/"
    recode_next_batch(at=timezone.now(), size=2)
    page = ada.get(place, headers={"HX-Request": "true"})
    assert "Running: 2 / 3" in page.content.decode()
    assert "every 2s" in page.content.decode()
    assert "HX-Trigger" not in page
    while recode_next_batch(at=timezone.now()):
        pass
    page = ada.get(place, headers={"HX-Request": "true"})
    assert "Done: 3 / 3" in page.content.decode()
    assert "every 2s" not in page.content.decode()
    assert "has ended: 3 tickets." in page["HX-Trigger"]


def test_how_far_a_recoding_is_stands_on_the_page_of_releases_for_whoever_has_no_script(cast, ada, tree):
    code(cast, tree[1])
    publish_taxonomy(changes=[MergeIssues(("wrong",), into="twice")], note="", by=cast.ada, at=timezone.now())
    answer = ada.get(f"/admin/taxonomy/recodings/{Recoding.objects.get().pk}/")
    assert answer["Location"] == "/admin/taxonomy/releases/"


def test_how_far_a_recoding_is_is_for_publishers(cast, sign_in, tree):
    code(cast, tree[1])
    publish_taxonomy(changes=[MergeIssues(("wrong",), into="twice")], note="", by=cast.ada, at=timezone.now())
    assert (
        sign_in(cast.lena).get(f"/admin/taxonomy/recodings/{Recoding.objects.get().pk}/").status_code == 403
    )


def test_what_an_act_refuses_is_said_on_the_page(cast, ada, tree):
    answer = ada.post("/admin/taxonomy/releases/1/undo/", follow=True)
    assert b"can&#x27;t be undone" in answer.content


def test_tree_and_table_ask_as_much_for_twenty_issues_as_for_one(cast, ada, django_assert_num_queries):
    """Session, user; issues, counts; the draft's size, the latest release."""
    make_issue("one", owner=cast.billing)
    for n in range(20):
        for path in ("", "table/"):
            if n in (0, 19):
                with django_assert_num_queries(6):
                    ada.get(f"/admin/taxonomy/{path}")
        make_issue(f"more-{n}", owner=cast.shipping)


def test_releases_ask_as_much_for_ten_as_for_one(cast, ada, tree, django_assert_max_num_queries):
    """Session, user; names, what waits, releases counted and a page of them, recodings and their issues; the draft's
    size, the latest release."""
    for n in range(10):
        publish_taxonomy(changes=[AddIssue(f"n-{n}", "New")], note="", by=cast.ada, at=timezone.now())
        if n in (0, 9):
            with django_assert_max_num_queries(10):
                ada.get("/admin/taxonomy/releases/")


def test_what_is_to_be_looked_at_and_releases_come_twenty_a_page(cast, ada):
    for n in range(23):
        make_issue(f"orphan-{n:02}", definition="What nobody owns.")
        publish_taxonomy(changes=[AddIssue(f"n-{n}", "New")], note="", by=cast.ada, at=timezone.now())
    first, second = (ada.get("/admin/taxonomy/work/", {"page": n}).context["tasks"] for n in (1, 2))
    assert len(first) == 20
    assert second
    assert not {(task.why, task.issue) for task in first} & {(task.why, task.issue) for task in second}
    pages = [ada.get("/admin/taxonomy/releases/", {"page": n}) for n in (1, 2)]
    numbers = [one.release.number for page in pages for one in page.context["found"].releases]
    assert numbers == sorted(set(numbers), reverse=True)
    assert len(numbers) >= 23
    assert b"Page 1 of 2" in pages[0].content
    told = ada.get("/api/v1/taxonomy/releases/?page=2").json()
    assert (told["page"], told["pages"]) == (2, 2)
