"""A draft can't be lost, whoever saves what in whichever order."""

import html
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from apps.intake.files import File
from apps.response import queries, services
from apps.response.models import Draft
from apps.response.services import Composer, Read, save_draft
from bench.drafts import Desk, lose_nothing
from helpdesk.errors import Invalid, NotAllowed, NotFound
from tests.factories import NOW, make_ticket, make_token
from tests.response.pages import count_queries


@pytest.fixture
def ticket(cast):
    return make_ticket(cast)


@pytest.fixture
def save(cast, ticket):
    """Ana's page saves."""

    def call(text, writer="one", revision=1, read=None, kind="reply", by=cast.ana, **more):
        composer = Composer(writer, revision)
        return save_draft(
            ticket=ticket, kind=kind, text=text, composer=composer, goes_on_with=read, by=by, at=NOW, **more
        )

    return call


def kept(ticket, user, kind="reply"):
    desk = queries.drafts_of(queries.ticket_in_full(ticket.pk, user=user))[kind]
    return [one.text for one in (desk.draft, *desk.others) if one]


def test_what_is_typed_is_kept_and_typed_on(cast, ticket, save):
    save("Dear")
    save("Dear Zoe", revision=2)
    assert kept(ticket, cast.ana) == ["Dear Zoe"]
    assert Draft.objects.count() == 1


def test_an_older_save_never_takes_the_place_of_a_newer_one(cast, ticket, save):
    save("Dear Zoe", revision=2)
    assert save("Dear", revision=1).text == "Dear Zoe"
    assert kept(ticket, cast.ana) == ["Dear Zoe"]


def test_a_page_goes_on_with_the_draft_it_found(cast, ticket, save):
    found = save("Dear")
    save("Dear Zoe", writer="two", revision=2, read=Read(found.pk, found.revision))
    assert kept(ticket, cast.ana) == ["Dear Zoe"]
    assert Draft.objects.count() == 1


def test_of_two_pages_that_go_on_with_one_draft_both_are_kept(cast, ticket, save):
    found = save("Dear")
    read = Read(found.pk, found.revision)
    save("Dear Zoe", writer="two", revision=2, read=read)
    save("Dear Max", writer="three", revision=2, read=read)
    save("Dear Tom", writer="one", revision=2, read=read)
    assert sorted(kept(ticket, cast.ana)) == ["Dear Max", "Dear Tom", "Dear Zoe"]


def test_a_reply_and_a_note_are_two_drafts(cast, ticket, save):
    save("For Zoe")
    save("For us", kind="note")
    assert (kept(ticket, cast.ana), kept(ticket, cast.ana, "note")) == (["For Zoe"], ["For us"])


def test_a_draft_is_its_authors_only(cast, ticket, save):
    save("Dear")
    assert kept(ticket, cast.lena) == []


def test_what_is_sent_is_no_draft_any_more(cast, ticket, save):
    save("Dear Zoe")
    services.reply(ticket=ticket, body="Dear Zoe!", composer=Composer("one", 2), by=cast.ana, at=NOW)
    assert kept(ticket, cast.ana) == []
    save("Dear Zoe", revision=2)  # a save that was late
    assert kept(ticket, cast.ana) == []
    save("One more thing", revision=3)
    assert kept(ticket, cast.ana) == ["One more thing"]


def test_a_first_save_that_comes_after_the_send_brings_nothing_back(cast, ticket, save):
    services.reply(ticket=ticket, body="Dear Zoe", composer=Composer("one", 1), by=cast.ana, at=NOW)
    save("Dear Zoe")
    assert kept(ticket, cast.ana) == []


def test_a_send_leaves_what_another_page_says_otherwise(cast, ticket, save):
    save("Dear Zoe")
    save("Something else", writer="two")
    save("Zoe", writer="three")
    services.reply(ticket=ticket, body="Dear Zoe", composer=Composer("one", 1), by=cast.ana, at=NOW)
    assert kept(ticket, cast.ana) == ["Something else"]


def test_a_note_that_is_added_leaves_the_reply(cast, ticket, save):
    save("Dear Zoe")
    services.add_note(ticket=ticket, body="Dear Zoe", composer=Composer("one", 5), by=cast.ana, at=NOW)
    assert kept(ticket, cast.ana) == ["Dear Zoe"]


def test_a_send_that_fails_leaves_the_draft(cast, ticket, save):
    save("Dear Zoe")
    seen = ticket.messages.get().pk
    services.reply(ticket=ticket, body="I was faster", by=cast.lena, at=NOW)
    with pytest.raises(services.NewerMessage), transaction.atomic():
        services.reply(
            ticket=ticket, body="Dear Zoe", seen=seen, composer=Composer("one", 2), by=cast.ana, at=NOW
        )
    assert kept(ticket, cast.ana) == ["Dear Zoe"]


def test_files_stay_with_a_draft_and_come_back_with_a_reply_that_is_taken_back(cast, ticket, save):
    stored = services.keep_file(
        ticket=ticket, kind="reply", file=File("a.txt", "text/plain", b"x"), by=cast.ana
    )
    save("Dear", files=[stored])
    desk = queries.drafts_of(queries.ticket_in_full(ticket.pk, user=cast.ana))["reply"]
    assert desk.draft.files == (stored,)
    message = services.reply(
        ticket=ticket, body="Dear Zoe", attachments=[File("a.txt", "text/plain", b"x")],
        composer=Composer("one", 1), by=cast.ana, at=NOW,
    )  # fmt: skip
    services.take_back(message=message, by=cast.ana, at=NOW + timedelta(seconds=3))
    desk = queries.drafts_of(queries.ticket_in_full(ticket.pk, user=cast.ana))["reply"]
    assert (desk.draft.text, desk.draft.files, desk.others) == ("Dear Zoe", (stored,), ())


def test_a_discarded_draft_is_gone(cast, ticket, save):
    draft = save("Dear")
    with pytest.raises(NotFound):
        services.discard_draft(draft=draft, by=cast.lena, at=NOW)
    services.discard_draft(draft=draft, by=cast.ana, at=NOW)
    assert kept(ticket, cast.ana) == []


def test_only_empty_rows_are_ever_dropped(cast, ticket, save):
    save("Dear")
    services.discard_draft(draft=save("x", writer="two"), by=cast.ana, at=NOW)
    assert services.forget_settled_drafts(at=NOW + timedelta(hours=1)) == 0
    assert services.forget_settled_drafts(at=NOW + timedelta(days=400)) == 1
    assert kept(ticket, cast.ana) == ["Dear"]


@pytest.mark.parametrize(
    ("who", "error"), [("mallory", NotFound), ("omar", NotAllowed), ("zoe_account", NotAllowed)]
)
def test_who_may_not_answer_has_no_draft_of_a_reply(cast, save, who, error):
    with pytest.raises(error):
        save("Dear", by=getattr(cast, who))
    assert not Draft.objects.exists()


def test_a_text_that_is_far_too_long_is_refused(save):
    with pytest.raises(Invalid):
        save("x" * 400_001)
    assert not Draft.objects.exists()


# Pages


def test_a_page_saves_and_another_machine_goes_on(cast, ana, sign_in, ticket):
    answer = ana.post(f"/t/{ticket.pk}/drafts/reply/", {"text": "Dear Zoe", "writer": "w", "revision": 1})
    told = answer.json()
    assert (answer.status_code, told["revision"], told["others"]) == (200, 1, 0)
    page = ana.get(f"/t/{ticket.pk}/").content.decode()
    assert ">Dear Zoe</textarea>" in page
    assert f'data-draft-pk="{told["draft"]}" data-draft-revision="1"' in page
    assert ">Dear Zoe</textarea>" not in sign_in(cast.lena).get(f"/t/{ticket.pk}/").content.decode()


def test_what_was_written_elsewhere_is_offered_and_can_be_discarded(ana, ticket, save):
    save("Dear Max")
    other = ana.post(f"/t/{ticket.pk}/drafts/reply/", {"text": "Dear Zoe", "writer": "w", "revision": 1})
    assert other.json()["others"] == 1
    fragment = ana.get(f"/t/{ticket.pk}/drafts/reply/").content.decode()
    assert "Dear Max" in fragment or "Dear Zoe" in fragment
    pk = Draft.objects.get(text="Dear Max").pk
    assert ana.post(f"/t/{ticket.pk}/drafts/{pk}/discard/").status_code == 302
    assert "Dear Max" not in ana.get(f"/t/{ticket.pk}/").content.decode()


def test_a_session_that_ended_while_typing_leads_back_to_the_ticket(client, cast, ticket):
    answer = client.post(f"/t/{ticket.pk}/reply/", {"body": "Dear Zoe"})
    assert answer.status_code == 302
    client.force_login(cast.ana, backend="django.contrib.auth.backends.ModelBackend")
    back = client.get(f"/t/{ticket.pk}/reply/")
    assert (back.status_code, back["Location"]) == (302, f"/t/{ticket.pk}/")


def test_a_refused_save_says_why_in_json(ana, ticket):
    answer = ana.post(f"/t/{ticket.pk}/drafts/reply/", {"text": "Dear Zoe"})
    assert answer.status_code == 422
    assert "refusal" in answer.json()
    assert ana.post(f"/t/{ticket.pk}/drafts/letter/", {}).status_code == 404


def test_twenty_drafts_cost_the_page_no_more_than_none(ana, ticket, save):
    none = count_queries(ana, f"/t/{ticket.pk}/")
    for number in range(19):
        save(f"Text {number}", writer=f"w{number}")
    assert count_queries(ana, f"/t/{ticket.pk}/") == none


def test_a_program_keeps_reads_and_discards_its_persons_drafts(client, cast, ticket):
    headers = {"Authorization": f"Bearer {make_token(cast.ana)}"}
    where = f"/api/v1/tickets/{ticket.pk}/drafts/"

    def put(**more):
        given = {"kind": "reply", "text": "Dear Zoe", "writer": "phone", "revision": 1} | more
        return client.put(where, given, content_type="application/json", headers=headers)

    draft = put()
    assert (draft.status_code, draft.json()["text"]) == (200, "Dear Zoe")
    assert put(text="Dear").json()["text"] == "Dear Zoe"
    assert put(colour="red").status_code == 422
    assert [one["text"] for one in client.get(where, headers=headers).json()["data"]] == ["Dear Zoe"]
    assert client.delete(f"{where}{draft.json()['id']}/", headers=headers).status_code == 204
    assert client.get(where, headers=headers).json()["data"] == []


# Chaos: the browser's part is played by `bench.drafts`, the server's by the service itself


def test_whatever_happens_nothing_that_was_typed_is_lost(cast, ticket):
    for seed in range(25):
        with transaction.atomic():
            lost = lose_nothing(Desk(ticket, cast.ana, seed), steps=40)
            transaction.set_rollback(True)
        assert lost == [], f"seed {seed}"


# Files in the composer

PICTURE = bytes.fromhex("89504e470d0a1a0a0000000d49484452")


def upload(client, ticket, name, kind, content=PICTURE):
    file = SimpleUploadedFile(name, content, kind)
    return client.post(f"/t/{ticket.pk}/drafts/reply/files/", {"file": file})


def token_in(page):
    return html.unescape(re.search(r'name="upload" value="([^"]+)"', page)[1])


def test_a_pasted_picture_is_shown_kept_and_sent(ana, ticket):
    chip = upload(ana, ticket, "paste.png", "image/png")
    token = token_in(chip.content.decode())
    assert chip.status_code == 201
    shown = ana.get(f"/t/{ticket.pk}/drafts/file/", {"token": token})
    assert (shown["Content-Type"], b"".join(shown.streaming_content)) == ("image/png", PICTURE)
    ana.post(f"/t/{ticket.pk}/drafts/reply/", {"text": "", "writer": "w", "revision": 1, "upload": token})
    again = token_in(ana.get(f"/t/{ticket.pk}/").content.decode())
    ana.post(
        f"/t/{ticket.pk}/reply/", {"body": "See this", "upload": again, "writer": "reloaded", "revision": 1}
    )
    assert ticket.messages.latest("pk").attachments.get().name == "paste.png"
    assert 'name="upload"' not in ana.get(f"/t/{ticket.pk}/").content.decode()


def test_what_is_no_picture_is_not_shown_in_a_page(ana, ticket):
    token = token_in(upload(ana, ticket, "evil.html", "text/html").content.decode())
    assert ana.get(f"/t/{ticket.pk}/drafts/file/", {"token": token}).status_code == 404
    assert ana.get(f"/t/{ticket.pk}/drafts/file/", {"token": "made up"}).status_code == 404


def test_a_file_that_is_too_large_is_told_and_the_draft_stays(cast, ana, ticket, save, settings):
    settings.ATTACHMENT_MAX_BYTES = 10
    save("Dear Zoe")
    answer = upload(ana, ticket, "big.png", "image/png")
    assert (answer.status_code, b"big.png" in answer.content) == (413, True)
    assert kept(ticket, cast.ana) == ["Dear Zoe"]


def test_a_stranger_can_add_no_file(cast, sign_in, ticket):
    assert upload(sign_in(cast.mallory), ticket, "a.png", "image/png").status_code == 404
