"""Organisations: members by word, by hand and by domain, merged, and managers who see what the others asked."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.intake.queries import request_key
from apps.intake.services import Contact, open_ticket
from apps.output.merges import CannotUndo
from apps.output.models import Delivery
from apps.output.organisations import queries, services
from apps.output.organisations.views_outside import key_of
from helpdesk.errors import DomainError, Invalid, NotAllowed, NotFound
from helpdesk.models import Customer, Event, Organisation, OrganisationDomain, Ticket
from tests.factories import NOW, make_ticket, make_token

DAY = timedelta(days=1)


@pytest.fixture
def acme(cast) -> Organisation:
    return services.add_organisation(values={"name": "Acme"}, by=cast.lena, at=NOW)


def customer(email: str, **fields) -> Customer:
    Customer.objects.bulk_create([Customer(email=email, created_at=NOW, **fields)])
    return Customer.objects.get(email=email)


def ticket_of(cast, who: Customer, **fields) -> Ticket:
    return make_ticket(cast, customer=who, **fields)


def managed(cast, acme, **fields) -> tuple[Customer, Customer]:
    """A manager and another member."""
    boss = customer("boss@acme.test", name="Bo", organisation="acme")
    clerk = customer("clerk@acme.test", name="Cleo", organisation="ACME ")
    services.appoint(customer=boss, is_manager=True, by=cast.lena, at=NOW)
    boss.refresh_from_db()
    return boss, clerk


# --- members ------------------------------------------------------------------------------------------


def test_a_word_makes_an_organisation_and_keeps_to_it(cast, acme):
    by_word = customer("a@x.test", organisation=" acme ")
    assert (by_word.member_of, by_word.organisation, by_word.member_since) == (acme, "Acme", None)
    services.change_organisation(organisation=acme, values={"name": "Acme Ltd"}, by=cast.lena, at=NOW)
    by_word.refresh_from_db()
    assert by_word.organisation == "Acme Ltd"
    by_word.organisation = "Other"
    by_word.save()
    by_word.refresh_from_db()
    assert by_word.member_of.name == "Other"
    assert by_word.member_since is not None
    services.join(customer=by_word, organisation=None, by=cast.ada, at=NOW)
    by_word.refresh_from_db()
    assert (by_word.member_of, by_word.organisation) == (None, "")


def test_whoever_writes_from_a_claimed_domain_joins_and_who_did_before(cast, acme):
    before = customer("early@acme.test")
    elsewhere = customer("loyal@acme.test", organisation="Other")
    services.change_organisation(organisation=acme, values={"segment": "trade"}, by=cast.lena, at=NOW)
    services.claim_domain(organisation=acme, domain=" @ACME.test ", by=cast.lena, at=NOW)
    ticket = open_ticket(
        subject="Late", body="Where is it?", customer=Contact("new@acme.test", "Nia"), channel="email",
        by=cast.system, at=NOW,
    )  # fmt: skip
    assert ticket.customer.member_of == acme
    assert ticket.segment == "trade"
    before.refresh_from_db()
    elsewhere.refresh_from_db()
    assert before.member_of == acme
    assert elsewhere.organisation == "Other"
    assert customer("x@sub.acme.test").member_of is None
    services.release_domain(domain=acme.domains.get(), by=cast.lena, at=NOW)
    assert customer("late@acme.test").member_of is None


@pytest.mark.parametrize(
    ("domain", "code"),
    [
        ("gmail.com", "public-domain"), ("desk.test", "invalid"), ("com", "invalid"), ("a b.com", "invalid"),
        ("-x.com", "invalid"), ("", "invalid"), ("other.test", "domain-in-use"),
    ],
)  # fmt: skip
def test_a_domain_that_says_nothing_is_refused_in_words(cast, acme, domain, code):
    other = services.add_organisation(values={"name": "Other"}, by=cast.lena, at=NOW)
    services.claim_domain(organisation=other, domain="other.test", by=cast.lena, at=NOW)
    with pytest.raises(DomainError) as refused:
        services.claim_domain(organisation=acme, domain=domain, by=cast.lena, at=NOW)
    assert refused.value.code == code
    assert len(refused.value.detail) > 15
    assert OrganisationDomain.objects.count() == 1


def test_an_agent_claims_no_domain_appoints_nobody_and_merges_nothing(cast, acme):
    who = customer("a@x.test", organisation="Acme")
    ticket_of(cast, who)
    for act in (
        lambda: services.claim_domain(organisation=acme, domain="acme.test", by=cast.ana, at=NOW),
        lambda: services.appoint(customer=who, is_manager=True, by=cast.ana, at=NOW),
        lambda: services.merge_organisations(kept=acme, gone=acme, by=cast.ana, at=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotFound):
        services.note_organisation(organisation=acme, body="x", by=cast.mallory, at=NOW)
    with pytest.raises(services.NameInUse):
        services.add_organisation(values={"name": "ACME"}, by=cast.lena, at=NOW)
    assert not OrganisationDomain.objects.exists()


def test_two_that_are_one_are_merged_and_the_other_name_leads_there(cast, acme):
    boss, _clerk = managed(cast, acme)
    other = services.add_organisation(values={"name": "Acme Group", "value": 900}, by=cast.lena, at=NOW)
    services.claim_domain(organisation=acme, domain="acme.test", by=cast.lena, at=NOW)
    services.note_organisation(organisation=acme, body="Pays late", by=cast.lena, at=NOW)
    services.merge_organisations(kept=other, gone=acme, by=cast.lena, at=NOW)
    boss.refresh_from_db()
    assert (boss.member_of, boss.organisation, boss.is_manager, boss.member_since) == (
        other,
        "Acme Group",
        True,
        None,
    )
    assert customer("new@x.test", organisation="acme").member_of == other
    page = queries.organisation_page(other, user=cast.ada, at=NOW)
    assert [one.domain for one in page.domains] == ["acme.test"]
    assert page.notes[0].body == "Pays late"
    assert (page.row.members, page.row.value) == (3, 900)
    assert list(Organisation.objects.called("acme")) == [other]


def test_a_merge_is_undone_and_what_came_since_stays(cast, acme, sign_in):
    boss, _clerk = managed(cast, acme)
    older, other = (
        services.add_organisation(values={"name": name}, by=cast.lena, at=NOW)
        for name in ("Acme Old", "Acme Group")
    )
    services.change_organisation(
        organisation=acme, values={"segment": "gold", "value": 70}, by=cast.lena, at=NOW
    )
    services.merge_organisations(kept=acme, gone=older, by=cast.lena, at=NOW)
    services.claim_domain(organisation=acme, domain="acme.test", by=cast.lena, at=NOW)
    services.note_organisation(organisation=acme, body="Pays late", by=cast.lena, at=NOW)
    since = dict(Customer.objects.filter(member_of=acme).values_list("pk", "member_since"))
    merge = services.merge_organisations(kept=other, gone=acme, by=cast.lena, at=NOW)
    other.refresh_from_db()
    assert (other.segment, other.value) == ("gold", 70)
    assert customer("old@x.test", organisation="Acme Old").member_of == other
    newcomer = customer("new@acme.test")

    page = f"/organisations/{other.pk}/"
    undo = f"{page}merges/{merge.pk}/undo/"
    with time_machine.travel(NOW, tick=True):
        browser = sign_in(cast.lena)
        assert undo in browser.get(page).content.decode()
        assert browser.post(undo).status_code == 302
        assert undo not in browser.get(page).content.decode()

    assert dict(Customer.objects.filter(member_of=acme).values_list("pk", "member_since")) == since
    boss.refresh_from_db()
    assert (boss.organisation, boss.is_manager) == ("Acme", True)
    assert Customer.objects.get(pk=newcomer.pk).member_of == other
    other.refresh_from_db()
    assert (other.segment, other.value, other.merged_into) == ("", None, None)
    restored = queries.organisation_page(Organisation.objects.get(pk=acme.pk), user=cast.ada, at=NOW)
    assert [one.domain for one in restored.domains] == ["acme.test"]
    assert [note.body for note in restored.notes] == ["Pays late"]
    assert customer("older@x.test", organisation="Acme Old").member_of == acme
    with pytest.raises(CannotUndo):
        services.undo_merge(merge=merge, by=cast.lena, at=NOW)


def test_merges_are_undone_last_first_for_thirty_days_by_who_may(cast, acme):
    two, three = (services.add_organisation(values={"name": name}, by=cast.lena, at=NOW) for name in "BC")
    first = services.merge_organisations(kept=two, gone=acme, by=cast.lena, at=NOW)
    second = services.merge_organisations(kept=three, gone=two, by=cast.lena, at=NOW)
    with pytest.raises(NotAllowed):
        services.undo_merge(merge=second, by=cast.ana, at=NOW)
    for merge, at in ((first, NOW), (second, NOW + timedelta(days=31))):
        with pytest.raises((CannotUndo, NotFound)):
            services.undo_merge(merge=merge, by=cast.lena, at=at)
    assert Organisation.objects.get(pk=acme.pk).merged_into == three
    services.undo_merge(merge=second, by=cast.lena, at=NOW)
    assert Organisation.objects.get(pk=acme.pk).merged_into == two
    services.undo_merge(merge=first, by=cast.lena, at=NOW)
    assert not Organisation.objects.exclude(merged_into=None).exists()


def test_a_program_undoes_a_merge(cast, acme):
    other = services.add_organisation(values={"name": "B"}, by=cast.lena, at=NOW)
    api = APIClient()
    token = make_token(cast.robot, "customers:read", "customers:write")
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    api.post(f"/api/v1/organisations/{other.pk}/merge/", {"gone": acme.pk}, format="json")
    (made,) = api.get(f"/api/v1/organisations/{other.pk}/merges/").data["data"]
    assert (made["kept"], made["gone"], made["undone_at"]) == (other.pk, acme.pk, None)
    undo = f"/api/v1/organisations/{other.pk}/merges/{made['id']}/undo/"
    assert api.post(undo).data["undone_at"]
    refused = api.post(undo)
    assert (refused.status_code, refused.json()["type"]) == (409, "/api/docs/problems/#merge-not-undone")


# --- seen ---------------------------------------------------------------------------------------------


def test_the_list_the_page_and_the_api_cost_the_same_for_one_and_for_twenty(cast, acme, sign_in):
    browser, api = sign_in(cast.lena), APIClient()
    token = make_token(cast.robot, "customers:read", "customers:write")
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    paths = ("/organisations/", "/organisations/?q=acme&having=manager", f"/organisations/{acme.pk}/")
    prices = []
    for run in range(2):
        for number in range(1 + 18 * run):
            who = customer(f"c{run}{number}@x.test", organisation="Acme", value=10)
            ticket_of(cast, who)
            customer(f"d{run}{number}@x.test", organisation=f"Acme {number}")
        services.appoint(customer=who, is_manager=True, by=cast.lena, at=NOW)
        prices.append([])
        for path in paths:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                answer = browser.get(path)
            assert answer.status_code == 200
            assert b"Acme" in answer.content
            prices[-1].append(len(asked))
    assert prices[0] == prices[1]
    said = api.get(f"/api/v1/organisations/{acme.pk}/").json()
    assert (said["name"], said["members"], said["worth"]) == ("Acme", 20, "200.00")
    found = queries.organisations_found("acmee", user=cast.lena)
    assert found.rows[0].organisation == acme
    assert found.rows[0].waiting == 20
    assert queries.organisations_found("", user=cast.mallory).rows == []


def test_by_api_and_by_page_one_is_made_changed_and_given_members(cast, sign_in):
    api = APIClient()
    api.credentials(
        HTTP_AUTHORIZATION=f"Bearer {make_token(cast.robot, 'customers:read', 'customers:write')}"
    )
    made = api.post("/api/v1/organisations/", {"name": "Beta"}, format="json").json()
    at = f"/api/v1/organisations/{made['id']}/"
    assert api.post(f"{at}domains/", {"domain": "beta.test"}, format="json").status_code == 201
    assert (
        api.post(f"{at}domains/", {"domain": "web.de"}, format="json")
        .json()["type"]
        .endswith("public-domain")
    )
    assert api.patch(at, {"segment": "trade"}, format="json").json()["domains"] == ["beta.test"]
    member = api.post(f"{at}members/", {"customer": cast.zoe.pk, "is_manager": True}, format="json")
    assert member.status_code == 200
    assert len(api.get(f"{at}members/").json()["data"]) == 1
    assert api.delete(f"{at}members/{cast.zoe.pk}/").status_code == 204
    assert api.post(f"{at}notes/", {"body": "Hello"}, format="json").status_code == 201
    page, browser = f"/organisations/{made['id']}/", sign_in(cast.lena)
    ticket_of(cast, cast.zoe)
    assert browser.post(f"{page}members/", {"email": "zoe@customer.test"}).status_code == 302
    assert browser.post(f"{page}members/", {"email": "no@body.test"}).status_code == 422
    assert browser.post(f"{page}members/{cast.zoe.pk}/", {"act": "appoint"}).status_code == 302
    cast.zoe.refresh_from_db()
    assert cast.zoe.is_manager
    assert cast.zoe.organisation == "Beta"
    assert browser.post(f"{page}edit/", {"name": "", "managers_may": "read"}).status_code == 422
    assert b"Beta" in browser.get(f"/customers/{cast.zoe.pk}/").content


@pytest.mark.parametrize("asked", ["organisation:acme", 'org:"ACME"', "organisation:acmee"])
def test_the_queue_finds_the_tickets_of_its_members(cast, acme, sign_in, asked):
    merged = services.add_organisation(values={"name": "Acmee"}, by=cast.lena, at=NOW)
    boss, _ = managed(cast, acme)
    ticket = ticket_of(cast, boss, subject="Of theirs")
    ticket_of(cast, cast.zoe, subject="Of nobody")
    services.merge_organisations(kept=acme, gone=merged, by=cast.lena, at=NOW)
    page = sign_in(cast.lena).get("/queue/", {"q": asked}).content.decode()
    assert ticket.subject in page
    assert "Of nobody" not in page
    page = sign_in(cast.lena).get("/queue/", {"q": "organisation:none"}).content.decode()
    assert "Of nobody" in page
    assert ticket.subject not in page


# --- managers -----------------------------------------------------------------------------------------


def test_a_manager_sees_the_tickets_of_the_members_and_nobody_else_does(cast, acme):
    boss, clerk = managed(cast, acme)
    own, other, strange = ticket_of(cast, boss), ticket_of(cast, clerk), ticket_of(cast, cast.zoe)
    stranger = customer("boss@other.test", organisation="Other")
    services.appoint(customer=stranger, is_manager=True, by=cast.lena, at=NOW)

    def seen(who: Customer) -> set[Ticket]:
        return set(Ticket.objects.visible_to_customer(Customer.objects.get(pk=who.pk)))

    assert seen(boss) == {own, other}
    assert seen(clerk) == {other}
    assert seen(stranger) == set()
    assert seen(cast.zoe) == {strange}
    # Who comes from elsewhere does not bring what they asked there.
    services.join(customer=cast.zoe, organisation=stranger.member_of, by=cast.ada, at=NOW)
    assert seen(stranger) == {strange}
    services.join(customer=cast.zoe, organisation=acme, by=cast.ada, at=NOW)
    assert seen(boss) == {own, other}
    assert seen(stranger) == set()
    services.change_organisation(organisation=acme, values={"managers_may": "nothing"}, by=cast.lena, at=NOW)
    assert seen(boss) == {own}
    services.change_organisation(organisation=acme, values={"managers_may": "read"}, by=cast.lena, at=NOW)
    for leave in (
        lambda: services.appoint(customer=boss, is_manager=False, by=cast.lena, at=NOW),
        lambda: services.join(customer=boss, organisation=stranger.member_of, by=cast.ada, at=NOW),
        lambda: Customer.objects.filter(pk=boss.pk).update(organisation=""),
        lambda: Customer.objects.filter(pk=boss.pk).update(anonymised_at=NOW),
    ):
        Customer.objects.filter(pk=boss.pk).update(member_of=acme)
        Customer.objects.filter(pk=boss.pk).update(is_manager=True)
        assert seen(boss) == {own, other}
        leave()
        assert seen(boss) <= {own}


def test_the_link_by_letter_opens_the_tickets_of_the_organisation_as_long_as_they_are_manager(cast, acme):
    boss, clerk = managed(cast, acme)
    own, other, strange = ticket_of(cast, boss), ticket_of(cast, clerk), ticket_of(cast, cast.zoe)
    outside = Client()
    page = outside.get(f"/help/r/{request_key(own)}/").content.decode()
    assert "Send me the link" in page
    assert other.subject not in page.replace(own.subject, "")
    outside.post(f"/help/r/{request_key(own)}/organisation/")
    outside.post(f"/help/r/{request_key(other)}/organisation/")  # a member, but no manager
    letter = Delivery.objects.get(about=f"customer:{boss.pk}")
    assert letter.to == ["boss@acme.test"]
    assert "/help/o/" in letter.text
    path = f"/help/o/{key_of(boss)}/"
    listed = outside.get(path).content.decode()
    assert f"#{other.pk} " in listed
    assert f"#{strange.pk} " not in listed
    assert outside.get(f"{path}{other.pk}/").status_code == 200
    assert outside.get(f"{path}{strange.pk}/").status_code == 404
    assert outside.post(f"{path}{other.pk}/", {"body": "May I?"}).status_code == 404
    services.change_organisation(organisation=acme, values={"managers_may": "comment"}, by=cast.lena, at=NOW)
    assert outside.post(f"{path}{other.pk}/", {"body": "We need it by Monday"}).status_code == 302
    said = other.messages.latest("pk")
    assert (said.sender_email, said.customer, other.participants.count()) == ("boss@acme.test", None, 0)
    services.appoint(customer=boss, is_manager=False, by=cast.lena, at=NOW)
    for gone in (path, f"{path}{other.pk}/", f"/help/o/{key_of(clerk)}/", "/help/o/x:y:z/"):
        assert outside.get(gone).status_code == 404


def test_what_is_done_is_told_without_a_word_of_it(cast, acme):
    managed(cast, acme)
    services.change_organisation(organisation=acme, values={"name": "Bo & Sons"}, by=cast.lena, at=NOW)
    told = Event.objects.filter(about=f"organisation:{acme.pk}")
    assert {event.kind for event in told} == {"organisation.added", "organisation.changed"}
    assert "Sons" not in str(list(told.values_list("data", flat=True)))
    with pytest.raises(Invalid):
        services.change_organisation(organisation=acme, values={"name": " "}, by=cast.lena, at=NOW)
