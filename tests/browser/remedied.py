"""What was given and what waits for somebody's word, for the browser to look at."""

from datetime import timedelta
from decimal import Decimal

from django.urls import reverse

from apps.control import services as control
from apps.response import services
from apps.response.models import AskedApprover, GivenRemedy
from helpdesk.models import Issue, Ticket
from tests.factories import NOW, Cast


def give_and_ask(cast: Cast, ticket: Ticket) -> dict[str, str]:
    """Offers, a fact, two remedies of which one was struck out, and a request to the lead."""
    issue = Issue.objects.get(code="charged-twice")
    lena, ana = {"by": cast.lena, "at": NOW}, {"ticket": ticket, "by": cast.ana, "at": NOW}
    services.classify(issue=issue, **ana)
    offer = services.save_offer(
        issue=issue, remedy="refund", words="The second charge", agent_limit=Decimal(50), lead_limit=Decimal(500),
        **lena,
    )  # fmt: skip
    services.save_offer(issue=issue, remedy="repair", words="A visit at home", alone_from="lead", **lena)
    services.set_remedy_ceiling(per_day=Decimal(900), per_customer=Decimal(300), **lena)
    services.note_fact(issue=issue, question="Which card?", answer="The one that ends on 42", **ana)
    services.give_remedy(remedy="apology", reason="She had to write twice", **ana)
    services.give_remedy(remedy="refund", amount=Decimal(5), offer=offer, **ana)
    wrong = GivenRemedy.objects.filter(ticket=ticket, remedy="refund").latest("pk")
    services.strike_remedy(given=wrong, why="It was another customer", by=cast.ana, at=NOW)
    row = services.ask_approval(
        remedy="refund", amount=Decimal(80), offer=offer, why="Two fees of the bank as well", **ana
    )
    promise_customers(cast, ticket)
    words = {"questions": "Which card?\nWhich order?\nSince when?", "agent_limit": "50", "lead_limit": "500"}
    services.draft_guidance(issue=issue, words=words, **lena)
    places = ask_outside(cast, ticket)
    key = services.approval_key(asked=AskedApprover.objects.filter(approval=row)[0])
    return places | {
        "approval": reverse("approval", kwargs={"pk": row.pk}),
        "approval_by_link": reverse("approval_by_link", kwargs={"key": key}),
        "edit_offer": reverse("edit_offer", kwargs={"code": issue.code, "pk": offer.pk}),
    }


def promise_customers(cast: Cast, ticket: Ticket) -> None:
    """One to keep, one that is broken, one kept."""
    who = {"ticket": ticket, "by": cast.ana}
    control.make_promise(text="Call her on Friday", working_hours=16, is_public=True, at=NOW, **who)
    early = NOW - timedelta(days=2)
    control.make_promise(text="The invoice by Tuesday", due_at=early + timedelta(hours=6), at=early, **who)
    kept = control.make_promise(text="Ask accounting", due_at=early + timedelta(days=1), at=early, **who)
    control.keep_promise(promise=kept, by=cast.ana, at=early + timedelta(hours=1))
    control.tick_promises(by=cast.system, at=NOW)


def ask_outside(cast: Cast, ticket: Ticket) -> dict[str, str]:
    """The courier was asked, and another has answered, so that the customer is asked whether it is done."""
    who = {"ticket": ticket, "by": cast.ana, "at": NOW}
    couriers = [
        control.refer(
            outside_name=name, outside_email=email, reference="C-77", question="Where is it?", **who
        )
        for name, email in (("Swift Couriers", "claims@swift.test"), ("The bank", "cards@bank.test"))
    ]
    control.answer_referral(referral=couriers[1], answer="The charge is taken back.", by=cast.system, at=NOW)
    control.check_with_customer(referral=couriers[1], by=cast.ana, at=NOW)
    asked = control.referral_key(referral=couriers[0])
    done = control.referral_key(referral=couriers[1], salt=control.CUSTOMER)
    return {
        "answer_by_link": reverse("answer_by_link", kwargs={"key": asked}),
        "referral_done": reverse("referral_done", kwargs={"key": done}),
    }
