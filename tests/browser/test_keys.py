"""The queue and the ticket by the keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.visitor import Visitor
from tests.browser.worlds import DOT
from tests.factories import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

Visit = Callable[..., Visitor]


def test_signing_in_leads_to_the_queue(desk: Desk, visit: Visit):
    visitor = visit(desk)
    page = visitor.open("/queue/")
    # Mallory has no other window: the first sign-in renews the password's hash, which ends older sessions.
    page.locator("#id_username").fill("mallory@desk.test")
    page.locator("#id_password").fill(PASSWORD)
    visitor.press("Enter")
    expect(page).to_have_url(re.compile("/queue/"))
    expect(page.get_by_role("search")).to_be_visible()


def test_j_and_k_move_and_enter_opens(desk: Desk, visit: Visit):
    visitor = visit(desk, "ana")
    page = visitor.open("/queue/?view=all-open")
    subjects = page.locator("[data-list] [data-open]").all_inner_texts()
    visitor.press("j", "j", "j", "k")
    assert visitor.focused() == subjects[1]
    visitor.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(subjects[1])
    visitor.settle()
    visitor.press("u")
    expect(page).to_have_url(re.compile(r"/queue/\?view=all-open"))


def test_space_peeks_and_brackets_fold_what_stands_beside_a_ticket(desk: Desk, visit: Visit):
    visitor = visit(desk, "ana")
    page = visitor.open("/queue/?view=all-open")
    subjects = page.locator("[data-list] [data-open]").all_inner_texts()
    peek = page.locator("#peek")
    visitor.press("j", " ")
    expect(peek.get_by_role("heading")).to_contain_text(subjects[0])
    assert visitor.focused() == subjects[0]
    visitor.press("j")
    expect(peek.get_by_role("heading")).to_contain_text(subjects[1])
    assert visitor.barriers() == []
    visitor.press(" ")
    expect(peek).to_be_hidden()
    assert visitor.focused() == subjects[1]
    visitor.press(" ")
    expect(peek).to_be_visible()
    visitor.press("Escape")
    expect(peek).to_be_hidden()
    page = visitor.open("ticket")
    visitor.press("[", "]")
    expect(page.locator("#list")).to_be_hidden()
    expect(page.locator("#context")).to_be_hidden()
    page = visitor.open("ticket")
    expect(page.locator("#list")).to_be_hidden()
    visitor.press("[", "]")
    expect(page.locator("#list")).to_be_visible()
    expect(page.locator("#context")).to_be_visible()


def test_a_reply_is_written_kept_sent_and_taken_back_by_keys(desk: Desk, visit: Visit):
    visitor = visit(desk, "ana")
    page = visitor.open("writing")
    visitor.press("r")
    assert visitor.focused() == "reply-body"
    page.keyboard.type("We took one of them back.")
    page.locator("#panel-reply [type=file]").set_input_files(
        {"name": "invoice.png", "mimeType": "image/png", "buffer": DOT}
    )
    expect(page.locator("#panel-reply .file")).to_contain_text("invoice.png")
    expect(page.locator("#panel-reply [data-draft-status]")).to_contain_text("Draft saved")
    visitor.open("writing")
    expect(page.locator("#panel-reply .file img")).to_be_visible()
    expect(page.locator("#reply-body")).to_have_value("We took one of them back.")
    visitor.press("r", "Control+Enter")
    expect(page.locator(".msg").get_by_text("We took one of them back.")).to_be_visible()
    expect(page.locator("#reply-body")).to_have_value("")
    expect(page.locator(".fate").get_by_text(re.compile("leaves in"))).to_be_visible()
    expect(page.locator("[data-countdown]")).to_contain_text("leaves in")
    visitor.press("z")
    expect(page.get_by_text("Taken back, never sent")).to_be_visible()
    expect(page.locator("#reply-body")).to_have_value("We took one of them back.")
    expect(page.locator("#panel-reply .file")).to_contain_text("invoice.png")


DROPPED = """([name, kind]) => {
  const files = new DataTransfer();
  files.items.add(new File(["words"], name, { type: "text/plain" }));
  const field = document.getElementById("reply-body");
  const given = { bubbles: true, cancelable: true };
  const event = kind === "paste" ? new ClipboardEvent(kind, { ...given, clipboardData: files })
    : new DragEvent(kind, { ...given, dataTransfer: files });
  field.dispatchEvent(event);
  return event.defaultPrevented;
}"""


def test_a_file_is_pasted_and_another_dropped_into_the_composer(desk: Desk, visit: Visit):
    visitor = visit(desk, "lena")
    page = visitor.open("writing")
    visitor.press("r")
    page.keyboard.type("Look at these.")
    for kind in ("paste", "drop"):
        assert page.evaluate(DROPPED, [f"by-{kind}.txt", kind])
        expect(page.locator("#panel-reply .file").filter(has_text=f"by-{kind}.txt")).to_be_visible()
    expect(page.locator("#panel-reply [data-draft-status]")).to_contain_text("Draft saved")
    visitor.open("writing")
    expect(page.locator("#panel-reply .file")).to_have_count(2)
    for _ in range(2):
        page.locator("#panel-reply [data-removes-file]").first.click()
    with page.expect_response(re.compile("/drafts/reply/")):
        page.locator("#reply-body").fill("")


def test_p_gives_two_people_two_tickets(desk: Desk, visit: Visit):
    pages = [visit(desk, name) for name in ("ana", "lena")]
    taken = []
    for visitor in pages:
        page = visitor.open("/queue/?view=unassigned")
        visitor.press("p")
        expect(page).to_have_url(re.compile(r"/t/\d+/\?.*play=1"))
        taken.append(page.locator("#ticket-bar h1 .num").inner_text())
    assert taken[0] != taken[1]


def test_n_writes_a_note_for_the_team_only(desk: Desk, visit: Visit):
    visitor = visit(desk, "lena")
    page = visitor.open("writing")
    visitor.press("n")
    assert visitor.focused() == "note-body"
    expect(page.get_by_text("Only your team sees this")).to_be_visible()
    page.keyboard.type("Wrote this one before.")
    visitor.press("Control+Enter")
    expect(page.locator(".msg-note").get_by_text("Wrote this one before.")).to_be_visible()


def test_c_classifies_and_enter_takes_the_likeliest(desk: Desk, visit: Visit):
    visitor = visit(desk, "ana")
    page = visitor.open("coding")
    likeliest = page.locator(".suggestion .clip").first.inner_text()
    visitor.press("c")
    expect(page.locator("#issue-rows button").first).to_contain_text(likeliest)
    visitor.press("Enter")
    expect(page.locator("#facts dd").filter(has_text=likeliest).first).to_be_visible()
    expect(page.locator(".suggestion")).to_have_count(0)


def test_what_is_known_of_an_issue_comes_with_the_press_that_names_it(desk: Desk, visit: Visit):
    visitor = visit(desk, "ana")
    page = visitor.open("late")
    expect(page.locator("#rca-panel")).not_to_contain_text("neighbours")
    page.locator(".suggestion").filter(has_text=re.compile("parcel", re.IGNORECASE)).first.click()
    expect(page.locator("#rca-panel")).to_contain_text("Ask the customer to look with the neighbours")
    expect(page.locator(".suggestion")).to_have_count(0)


def test_the_list_and_the_ticket_show_the_same_working_time(desk: Desk, visit: Visit):
    visitor = visit(desk, "ana")
    page = visitor.open("/queue/?view=all-open")
    row = (
        page.locator("[data-list] > *")
        .filter(has_text="Where is my parcel?")
        .or_(page.locator("[data-list] > *").filter(has_text="Second charge on my card"))
        .first
    )
    badge = row.locator("[data-clock]")
    expect(badge).to_be_visible()
    left = badge.inner_text()
    row.locator("[data-open]").click()
    expect(page.locator("#ticket-bar [data-clock]")).to_have_text(left, use_inner_text=True)
    expect(page.locator("#clocks-panel [data-clock]").first).to_have_text(left, use_inner_text=True)


def test_a_question_mark_lists_the_keys(desk: Desk, visit: Visit):
    visitor = visit(desk, "ana")
    page = visitor.open("ticket")
    visitor.press("?")
    keys = page.get_by_role("dialog", name="Keys that work here")
    for name in ("Reply", "Internal note", "Classify", "Move in the list", "Send"):
        expect(keys.get_by_text(name, exact=True)).to_be_visible()
    assert visitor.barriers() == []
    visitor.press("Escape")
    expect(keys).to_be_hidden()


def test_letters_in_a_field_are_only_letters(desk: Desk, visit: Visit):
    visitor = visit(desk, "ana")
    page = visitor.open("ticket")
    address = page.url
    visitor.press("r")
    page.keyboard.type("jkrnciusz?/")
    expect(page.locator("#reply-body")).to_have_value("jkrnciusz?/")
    assert page.url == address
    assert page.locator("dialog[open]").count() == 0
    assert visitor.focused() == "reply-body"


def test_keys_can_be_switched_off(desk: Desk, visit: Visit):
    visitor = visit(desk, "ana")
    page = visitor.open("ticket")
    visitor.press("?")
    page.get_by_role("button", name="Switch single-letter keys on or off").click()
    visitor.press("Escape")
    visitor.open("ticket")
    visitor.press("n")
    expect(page.locator("#panel-note")).to_be_hidden()


def test_the_theme_goes_round_and_is_kept(desk: Desk, visit: Visit):
    visitor = visit(desk, "ana")
    page = visitor.open("/queue/")
    visitor.press("Shift+D", "Shift+D")
    visitor.open("/queue/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_search_box_says_what_could_come_next(desk: Desk, visit: Visit):
    visitor = visit(desk, "ana")
    page = visitor.open("/queue/?view=all-open")
    visitor.press("/")
    page.keyboard.press("Control+A")
    page.keyboard.type("is:op")
    offered = page.get_by_role("option")
    expect(offered).to_have_text(re.compile("is:open"))
    visitor.photograph("search box")
    page.keyboard.press("ArrowDown")
    expect(offered).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Search tickets")).to_have_value("is:open ")
    page.keyboard.type("assignee:@")
    expect(page.get_by_role("option")).to_have_text(re.compile("assignee:@me"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    page.keyboard.type("me")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q=is%3Aopen(\+|%20)assignee%3A%40me"))


def test_a_table_is_walked_like_a_list(desk: Desk, visit: Visit):
    visitor = visit(desk, "ana")
    page = visitor.open("queue_table")
    subjects = page.locator("[data-list] [data-open]").all_inner_texts()
    visitor.press("j", "j")
    assert visitor.focused() == subjects[1]
    visitor.press("x")
    expect(page.locator("[data-selected]")).to_have_text("1")


def test_three_are_chosen_assigned_and_given_back_by_keys(desk: Desk, visit: Visit):
    visitor = visit(desk, "lena")
    page = visitor.open("/queue/?view=unassigned")
    subjects = page.locator("[data-list] [data-open]").all_inner_texts()
    visitor.press("j", "x", "Shift+J", "Shift+J")
    expect(page.locator("[data-selected]")).to_have_text("3")
    visitor.photograph("three chosen")
    visitor.press("i")
    expect(page.get_by_text("Assign to me: 3 tickets.")).to_be_visible()
    assert page.locator("[data-list] [data-open]").all_inner_texts() == subjects[3:]
    visitor.photograph("three assigned")
    visitor.settle()
    visitor.press("z")
    expect(page.get_by_text("3 tickets are as they were.")).to_be_visible()
    assert page.locator("[data-list] [data-open]").all_inner_texts() == subjects


def test_ctrl_k_goes_anywhere_and_does_what_the_page_can(desk: Desk, visit: Visit):
    visitor = visit(desk, "ana")
    page = visitor.open("ticket")
    number = re.search(r"/t/(\d+)/", desk.address("solved"))[1]
    visitor.press("Control+k")
    assert visitor.focused() == "palette-q"
    options = page.get_by_role("listbox").get_by_role("option")
    page.keyboard.type("Snooze")
    expect(options.first.locator("kbd")).to_have_text("B")
    visitor.photograph("palette with acts")
    page.locator("#palette-q").fill(f"#{number}")
    expect(options.first).to_contain_text(f"#{number} ")
    assert visitor.barriers() == []
    visitor.press("Enter")
    expect(page).to_have_url(re.compile(f"/t/{number}/"))
