"""What customers were asked and told: a campaign that is over, and a letter whose comparison is."""

from datetime import datetime, timedelta
from random import Random

from django.db.models import Count

from apps.awareness.holdout import is_held
from apps.awareness.models import (
    CampaignProblem,
    CampaignReply,
    CampaignVisits,
    Outreach,
    OutreachCustomer,
    OutreachKind,
    WaveState,
)
from apps.awareness.services import open_campaign
from config.demo.load.house import House
from config.demo.rows import World
from helpdesk.models import Channel, Customer, IssueKind, Ticket, User

BROUGHT, ANSWERED, WRITTEN_TO = 36, 120, 1_200
SEED, SHARE = "demo", 0.2
KEPT = 3  # of those who were told, one in three wrote all the same


def tell_ahead(world: World, house: House) -> None:
    """A dozen queries."""
    analyst = next(person for email, person in house.people.items() if email.startswith("priya"))
    _ask(world, house, analyst)
    _write(world, analyst)


def _ask(world: World, house: House, analyst: User) -> None:
    """Some tickets of quiet issues came by the link on the invoice; most who answered had told nobody."""
    random, begin = Random(world.seed + 7), world.now - timedelta(weeks=9)
    planned = {case.issue_code for case in world.cases}
    span = Ticket.objects.filter(
        opened_at__range=(begin, begin + timedelta(weeks=2)), channel=Channel.FORM, merged_into=None,
        primary_issue__kind=IssueKind.REASON,
    ).exclude(primary_issue__code__in=planned)  # fmt: skip
    often = span.values_list("primary_issue").annotate(n=Count("pk")).order_by("-n", "primary_issue")
    some = {issue for issue, _ in often[4:8]}
    every = dict.fromkeys(
        house.issues.values()
    )  # what two were merged into stands there under both their codes
    issues = [issue for issue in every if issue.pk in some]
    row = open_campaign(
        name="Link on the invoices", where="invoice", issues=issues, reach=6_200,
        question="Was everything right lately? Tell us, also if it is a trifle: it helps us to put it right for everybody.",
        starts_on=begin.date(), ends_on=(begin + timedelta(days=13)).date(), by=analyst,
        at=begin - timedelta(days=3),
    )  # fmt: skip
    brought = list(span.filter(primary_issue__in=issues).order_by("opened_at")[:BROUGHT])
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in brought]).update(campaign=row.key)
    moments = [begin + timedelta(minutes=random.randrange(14 * 1440)) for _ in range(ANSWERED)]
    replies = CampaignReply.objects.bulk_create(
        [
            *(CampaignReply(campaign=row, at=one.opened_at, via=_way(random), ticket=one) for one in brought),
            *(CampaignReply(campaign=row, at=at, via=_way(random)) for at in sorted(moments)),
        ]
    )
    problems = [
        CampaignProblem(reply=reply, issue=issue, told=random.random() < 0.22)
        for reply in replies
        for issue in issues
        if (reply.ticket and issue.pk == reply.ticket.primary_issue_id) or random.random() < 0.3
    ]
    CampaignProblem.objects.bulk_create(problems)
    CampaignVisits.objects.bulk_create(
        CampaignVisits(
            campaign=row, day=(begin + timedelta(days=n)).date(), via=via, number=random.randint(9, 40)
        )
        for n in range(14)
        for via in ("link", "code")
    )


def _way(random: Random) -> str:
    return "code" if random.random() < 0.4 else "link"


def _write(world: World, analyst: User) -> None:
    """A how-to letter about what is asked most, seven weeks ago; those it reached wrote a third as often."""
    start = world.now - timedelta(weeks=7)
    window = Ticket.objects.filter(
        opened_at__range=(start, start + timedelta(days=28)), primary_issue__kind=IssueKind.REASON
    )
    asked = (
        window.values_list("primary_issue").annotate(n=Count("customer", distinct=True)).order_by("-n")[0][0]
    )
    wrote = set(window.filter(primary_issue=asked).values_list("customer", flat=True))
    row = Outreach.objects.create(
        kind=OutreachKind.HOW_TO, issue_id=asked, subject="{issue}: two steps that help at once",
        body="Hello {name},\n\nmany customers ask us about this, and two steps help most of them at once. They stand"
        " here: {help}\n\nIf it does not help, write to us. A person answers.",
        held_back=SHARE, seed=SEED, an_hour=500, drafted_by=analyst, drafted_at=start - timedelta(days=2),
    )  # fmt: skip
    row.move(WaveState.SENDING, by=analyst, at=start)
    quiet = Customer.objects.filter(email__isnull=False, left_on=None, joined_on__lt=start).exclude(
        pk__in=wrote
    )
    numbers = [*quiet.order_by("pk").values_list("pk", flat=True)[:WRITTEN_TO], *sorted(wrote)]
    OutreachCustomer.objects.bulk_create(
        _lot(row, number, held, start)
        for number in numbers
        for held in (is_held(SEED, number, SHARE),)
        if held or number not in wrote or number % KEPT == 0
    )
    row.move(WaveState.SENT, by=analyst, at=start + timedelta(hours=3))


def _lot(row: Outreach, number: int, held: bool, start: datetime) -> OutreachCustomer:
    return OutreachCustomer(
        outreach=row,
        customer_id=number,
        held=held,
        key=f"demo-{row.pk}-{number}",
        sent_at=None if held else start,
    )
