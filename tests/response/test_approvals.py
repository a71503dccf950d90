"""What is above an agent's authority: asked, answered by page or link, given, escalated; and what may be offered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from apps.analysis.queries.cases import needs_of
from apps.output.models import Delivery
from apps.response import services
from apps.response.models import Approval, AskedApprover, GivenRemedy, Guidance
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Absence, Event, Role, Ticket
from tests.factories import NOW, make_issue, make_ticket, make_token, make_user
from tests.response.pages import count_queries

LATER = NOW + timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def issue(cast):
    return make_issue()


@pytest.fixture
def ticket(cast, issue):
    """About an issue for which an agent may give 50 and a lead 200."""
    services.save_guidance(
        issue=issue, questions="Which invoice?\n- Which card?", explanation="The bank was asked twice.",
        agent_limit=Decimal(50), lead_limit=Decimal(200), by=cast.lena, at=NOW,
    )  # fmt: skip
    row = make_ticket(cast)
    services.classify(ticket=row, issue=issue, by=cast.ana, at=NOW)
    return row


@pytest.fixture
def ask(cast, ticket):
    def ask(amount="80", by=cast.ana, **more):
        given = {
            "remedy": "refund",
            "amount": Decimal(amount),
            "why": "She waited for weeks",
            "by": by,
            "at": NOW,
        }
        return services.ask_approval(ticket=ticket, **given | more)

    return ask


def coded(ticket):
    row = ticket.issues.get()
    return row.remedy, row.remedy_amount


def refused(error, act) -> str:
    before = Event.objects.count(), GivenRemedy.objects.count(), list(Approval.objects.values())
    with pytest.raises(error) as raised, transaction.atomic():
        act()
    assert (Event.objects.count(), GivenRemedy.objects.count(), list(Approval.objects.values())) == before
    return str(raised.value)


# Remedies


def test_several_remedies_add_up_and_one_is_struck_out(cast, ticket):
    for remedy, amount in (("apology", None), ("gift", None), ("refund", "20"), ("credit", "5.50")):
        services.give_remedy(
            ticket=ticket,
            remedy=remedy,
            amount=amount and Decimal(amount),
            reason="late",
            by=cast.ana,
            at=NOW,
        )
    assert coded(ticket) == ("refund", Decimal("25.50"))
    row = GivenRemedy.objects.get(remedy="refund")
    assert (row.guidance_version, row.reason) == (1, "late")
    refused(Invalid, lambda: services.strike_remedy(given=row, why=" ", by=cast.ana, at=NOW))
    other = make_user("bea", Role.AGENT, cast.billing)
    refused(services.AboveAuthority, lambda: services.strike_remedy(given=row, why="x", by=other, at=NOW))
    services.strike_remedy(given=row, why="Typed wrongly", by=cast.lena, at=LATER)
    assert coded(ticket) == ("credit", Decimal("5.50"))
    refused(services.StruckAlready, lambda: services.strike_remedy(given=row, why="x", by=cast.ana, at=NOW))


def test_a_second_press_gives_nothing_twice(cast, ticket):
    for at in (NOW, NOW + timedelta(seconds=5), LATER):
        services.give_remedy(ticket=ticket, remedy="refund", amount=Decimal(20), by=cast.ana, at=at)
    assert coded(ticket) == ("refund", Decimal(40))


def test_ceilings_hold_for_a_day_and_for_a_customer(cast, ticket, issue):
    services.set_remedy_ceiling(per_day=Decimal(60), per_customer=Decimal(90), by=cast.lena, at=NOW)

    def give(amount, by=cast.ana, at=NOW):
        return services.give_remedy(ticket=ticket, remedy="refund", amount=Decimal(amount), by=by, at=at)

    give(40)
    assert "today" in refused(services.AboveAuthority, lambda: give(30))
    give(45, at=NOW + DAY)
    assert "12 months" in refused(services.AboveAuthority, lambda: give(10, by=cast.lena))
    give(10, by=cast.ada)  # an administrator needs nobody
    give(10, at=NOW + timedelta(days=370))
    with pytest.raises(NotAllowed):
        services.set_remedy_ceiling(per_day=None, per_customer=None, by=cast.ana, at=NOW)


def test_offers_have_limits_of_their_own_and_come_from_the_issue_above(cast, ana, ticket):
    branch = make_issue("parcel")
    leaf = make_issue("lost", parent=branch)
    terms = {"issue": branch, "by": cast.lena, "at": NOW}
    credit = services.save_offer(
        remedy="credit", words="Next box free", agent_limit=Decimal(10), lead_limit=Decimal(30), **terms
    )
    repair = services.save_offer(remedy="repair", words="Send a fitter", alone_from="lead", **terms)
    services.save_offer(remedy="credit", words="For the best", segment="business", **terms)
    services.classify(ticket=ticket, issue=leaf, by=cast.ana, at=NOW)
    page = ana.get(f"/t/{ticket.pk}/guidance/").content.decode()
    assert "Next box free" in page
    assert "For the best" not in page
    give = {"ticket": ticket, "by": cast.ana, "at": NOW}
    services.give_remedy(remedy="credit", amount=Decimal(10), offer=credit, **give)
    refused(
        services.AboveAuthority,
        lambda: services.give_remedy(remedy="credit", amount=Decimal(11), offer=credit, **give),
    )
    refused(services.AboveAuthority, lambda: services.give_remedy(remedy="repair", offer=repair, **give))
    refused(Invalid, lambda: services.give_remedy(remedy="refund", offer=credit, **give))
    asked = services.ask_approval(remedy="repair", offer=repair, why="It leaks", **give)
    services.answer_approval(approval=asked, approve=True, by=cast.lena, at=NOW)
    services.use_approval(approval=asked, by=cast.ana, at=NOW)
    assert GivenRemedy.objects.get(remedy="repair").offer == repair
    services.retire_offer(offer=credit, by=cast.lena, at=NOW)
    refused(Invalid, lambda: services.give_remedy(remedy="credit", offer=credit, **give))


@pytest.mark.parametrize(
    "wrong",
    [{"words": " "}, {"remedy": "none"}, {"agent_limit": 9, "lead_limit": 5}, {"alone_from": "owner"},
     {"remedy": "apology", "lead_limit": 5}],
)  # fmt: skip
def test_an_offer_that_makes_no_sense_is_refused(cast, issue, wrong):
    with pytest.raises(Invalid):
        services.save_offer(
            **{"issue": issue, "remedy": "refund", "words": "Money back", "by": cast.lena, "at": NOW} | wrong
        )


# Approvals


def test_an_approval_is_asked_approved_and_given(cast, ana, sign_in, ticket, deliver_news):
    assert ana.post(f"/t/{ticket.pk}/guidance/give/", {"remedy": "refund", "amount": "80"}).status_code == 422
    said = {"remedy": "refund", "amount": "80", "reason": "She waited for weeks", "act": "ask"}
    assert ana.post(f"/t/{ticket.pk}/guidance/give/", said).status_code == 302
    row = Approval.objects.get()
    assert [one.user for one in row.asked.all()] == [cast.lena]
    deliver_news()
    (letter,) = Delivery.objects.filter(key__startswith="approval.asked")
    link = next(line for line in letter.text.splitlines() if "/approve/" in line)
    path = link[link.index("/approve/") :]
    nobody = type(ana)()
    assert nobody.get(path).status_code == 200
    assert Approval.objects.get().state == "asked"  # to look changes nothing
    assert nobody.post(path, {"act": "refuse"}).status_code == 422
    lena = sign_in(cast.lena)
    assert b"80.00" in lena.get("/approvals/").content
    assert nobody.post(path, {"act": "approve", "answer": "Fine"}).status_code == 302
    assert "already" in lena.post(f"/approvals/{row.pk}/", {"act": "approve"}).content.decode()
    assert coded(ticket) == ("", None)  # not given before the customer was told
    deliver_news()
    assert Delivery.objects.filter(key__startswith="approval.answered", to=[cast.ana.email]).exists()
    assert ana.post(f"/t/{ticket.pk}/approvals/{row.pk}/", {"act": "give"}).status_code == 302
    services.use_approval(approval=row, by=cast.ana, at=LATER)
    assert coded(ticket) == ("refund", Decimal(80))
    assert Approval.objects.get().answered_by == cast.lena


def test_a_question_is_asked_back_and_answered(cast, ask):
    row = ask()
    services.ask_back(approval=row, question="Since when?", by=cast.lena, at=NOW)
    refused(Invalid, lambda: services.explain_approval(approval=row, why="", by=cast.ana, at=NOW))
    row = services.explain_approval(approval=row, why="Since May", by=cast.ana, at=NOW)
    assert (row.state, row.why) == ("asked", "She waited for weeks — Since when? Since May")
    refused(
        services.AnsweredMeanwhile,
        lambda: services.explain_approval(approval=row, why="x", by=cast.ana, at=NOW),
    )


def test_approvals_that_nobody_may_ask_or_give_are_refused(cast, ask, ticket):
    refused(Invalid, lambda: ask(why=" "))
    refused(Invalid, lambda: ask(until=NOW))
    refused(services.NothingToAsk, lambda: ask("50"))
    refused(NotFound, lambda: ask(by=cast.mallory))
    row = ask()
    assert ask() == row  # once
    answer = {"approval": row, "approve": True, "at": NOW}
    refused(NotAllowed, lambda: services.answer_approval(by=cast.ana, **answer))
    refused(NotAllowed, lambda: services.answer_approval(by=cast.omar, **answer))
    refused(services.AnsweredMeanwhile, lambda: services.use_approval(approval=row, by=cast.ana, at=NOW))
    services.withdraw_approval(approval=row, by=cast.ana, at=NOW)
    refused(services.AnsweredMeanwhile, lambda: services.answer_approval(by=cast.lena, **answer))
    high = ask("500")
    assert [one.user for one in high.asked.all()] == [cast.ada]  # above what a lead may give
    refused(Invalid, lambda: services.answer_approval(approval=high, approve=True, by=cast.lena, at=NOW))


def test_who_stands_in_is_asked_for_a_lead_who_is_away(cast, ask):
    paul = make_user("paul", Role.LEAD, cast.shipping)
    pia = make_user("pia", Role.LEAD, cast.billing)
    away = {"begins_at": NOW - DAY, "ends_at": None, "by": cast.ada, "at": NOW}
    Absence.enter(user=cast.lena, stand_in=pia, **away)
    assert [(one.user, one.instead_of) for one in ask().asked.all()] == [(pia, None)]
    Absence.enter(user=pia, stand_in=paul, **away)  # who sees no ticket of Billing is not asked
    asked = ask("81").asked.all()
    assert {one.user for one in asked} <= {pia, cast.ada, paul}
    assert all(one.approval.ticket.is_visible_to(one.user) for one in asked)


def test_it_is_reminded_of_asked_further_up_and_given_up_once_each(cast, ask, deliver_news):
    row = ask(until=NOW + timedelta(hours=3))
    work = services.work_on_approvals
    minutes = (30, 61, 61, 121, 121, 181, 181)
    kinds = [work(by=cast.system, at=NOW + timedelta(minutes=one)) for one in minutes]
    assert kinds == [0, 1, 0, 1, 0, 1, 0]
    row.refresh_from_db()
    assert row.state == "expired"
    assert {one.user for one in row.asked.all()} == {cast.lena, cast.ada}
    deliver_news()
    assert Delivery.objects.filter(key__startswith="approval.expired").count() == 1
    assert not Delivery.objects.filter(
        key__startswith="approval.asked"
    ).exists()  # nobody is asked what is over


@pytest.mark.parametrize("key", ["nothing", "eyJhc2tlZCI6MX0:1wAAAA:forged"])
def test_a_forged_link_opens_nothing(client, db, key):
    assert client.get(f"/approve/{key}/").status_code == 404


def test_a_link_ends_with_its_persons_authority(cast, ask, client):
    ask()
    key = services.approval_key(asked=AskedApprover.objects.get())
    assert client.get(f"/approve/{key}/").status_code == 200
    cast.lena.is_active = False
    cast.lena.save()
    assert client.get(f"/approve/{key}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_the_first_counts_and_the_second_is_told():
    from tests.factories import make_cast

    cast = make_cast()
    issue, ticket = make_issue(), make_ticket(cast)
    Guidance.objects.create(issue=issue, agent_limit=1, lead_limit=900)
    services.classify(ticket=ticket, issue=issue, by=cast.ana, at=NOW)
    row = services.ask_approval(
        ticket=ticket, remedy="refund", amount=Decimal(80), why="Late", by=cast.ana, at=NOW
    )

    def answer(who):
        try:
            services.answer_approval(approval=row, approve=who == cast.lena, answer="No", by=who, at=NOW)
            return True
        except services.AnsweredMeanwhile as error:
            return str(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(answer, (cast.lena, cast.ada)))
    assert sorted(map(type, said), key=str) == [bool, str]
    assert Event.objects.filter(kind="approval.answered").count() == 1


def test_what_was_given_is_counted_by_month_and_beside_satisfaction(cast, sign_in, ticket):
    def give(to, remedy, amount=None):
        services.give_remedy(ticket=to, remedy=remedy, amount=amount, by=cast.ana, at=timezone.now())

    other = make_ticket(cast)
    services.classify(ticket=other, issue=ticket.issues.get().issue, by=cast.ana, at=NOW)
    give(ticket, "refund", Decimal(20))
    give(ticket, "apology")
    give(other, "refund", Decimal(12))
    Ticket.objects.filter(pk=ticket.pk).update(outcome="satisfied")
    Ticket.objects.filter(pk=other.pk).update(outcome="dissatisfied")
    lena = sign_in(cast.lena)
    figures = lena.get("/remedies/given/").context["figures"]
    assert [(row.with_money, row.without, row.money) for row in figures.months] == [(2, 1, Decimal(32))]
    headers = {"Authorization": f"Bearer {make_token(cast.robot)}"}
    told = lena.get("/api/v1/remedies/figures/", headers=headers).json()
    assert (told["months"][0]["money"], told["kinds"][1]["kind"]) == ("32.00", "both")
    shares = {one.label: (one.tickets, one.share, one.published) for one in figures.kinds[:2]}
    assert list(shares.values()) == [(1, 0.0, 0.37), (1, 1.0, 0.73)]
    few = count_queries(lena, "/remedies/given/")
    for number in range(5):
        services.classify(ticket=ticket, issue=make_issue(f"m{number}"), by=cast.ana, at=NOW)
        give(Ticket.objects.get(pk=ticket.pk), "apology")
    assert count_queries(lena, "/remedies/given/") == few
    assert b"32" in lena.get("/remedies/given/?format=csv").content
    assert sign_in(cast.ana).get("/remedies/given/").status_code == 403


def test_what_is_to_be_decided_stands_among_what_needs_one_with_its_size_and_day(cast, ask, sign_in):
    row = ask()
    (need,) = [one for one in needs_of(cast.lena, at=NOW) if one.url == f"/approvals/{row.pk}/"]
    assert (need.verb, need.money, need.due) == ("Decide on", Decimal(80), timezone.localdate(row.until))
    assert not need.is_overdue
    page = sign_in(cast.lena).get("/needs-you/").content.decode()
    assert need.object in page
    assert 'href="/needs-you/"' in page
    assert needs_of(cast.lena, at=row.until + DAY)[0].is_overdue
    assert not needs_of(cast.omar, at=NOW)
