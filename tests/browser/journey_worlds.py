"""The world of the journeys: a year of contacts, one complaint that surged, cases that wait, and the letters sent."""

import email
import socket
from dataclasses import dataclass
from datetime import timedelta
from email import policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from django.test import override_settings
from django.urls import reverse
from django.utils.text import slugify

from apps.analysis import services as analysis
from apps.analysis.models import Case, OwnerLink, Signal
from apps.analysis.services.count_days import count_days
from apps.awareness.models import Report
from apps.awareness.services import send_digests, send_report
from apps.output.services import send_due
from helpdesk.models import Issue, Role
from tests.analysis.stages import SAID
from tests.analysis.test_pages import make_signal
from tests.analysis.world import TODAY, World, make_world, sow
from tests.browser.keyboard import WIDTHS
from tests.browser.worlds import Places, cookies, report
from tests.browser.year import describe_issues, live_a_year, prove_a_fix, routed_case
from tests.factories import NOW, make_cast, make_issue, make_user

NEXT_MONDAY = NOW + timedelta(days=5)
ANSWERS = ("accept", "reject", "ask", "fixed", "risk")
# Whoever walks a journey changes what is there: each width of the owner's has a case of its own for each answer.
CASES = (
    *(f"{name} {width}" for name in ANSWERS for width in WIDTHS),
    "promptly",
    "secret",
    "expired",
    "withdrawn",
    "twice",
)


@dataclass(frozen=True)
class Disorder:
    """Four issues of one branch: one that means the same as another, one that is two things, one that is elsewhere."""

    twin: str
    kept: str
    broad: str
    parts: tuple[str, str]
    stray: str


DISORDER = Disorder("Label lost", "Label missing", "Box broken", ("Box torn", "Box wet"), "Courier rude")


class Server:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 — aiosmtpd's name
        self.letters.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


def sent(world: World) -> list[EmailMessage]:
    """Everything that waits in the outbox leaves by SMTP, over a real socket."""
    handler = Server()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    smtp = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": port,
    }
    try:
        with override_settings(**smtp):
            while send_due(by=world.cast.system, at=NEXT_MONDAY + timedelta(hours=1)):
                pass
    finally:
        controller.stop()
    return handler.letters


def make_journeys_world() -> Places:
    """Omar has a letter about each of his cases; he has never signed in, and nobody has given him a password. One fix
    is proven, one complaint has surged in the south, and one branch of issues is to be put in order."""
    cast = make_cast()
    world = make_world(cast)
    sven = make_user("sven", Role.OWNER, cast.shipping)
    cast.shipping.head = sven
    cast.shipping.save(update_fields=["head"])
    describe_issues(world)
    live_a_year(world)
    proven = prove_a_fix(world)
    signal = surge_in_the_south(world, world.refund)
    put_out_of_order(world, "returns", DISORDER)
    cases = {name: route(world, name) for name in CASES}
    for _ in range(2):
        routed_case(world, world.late, "Couriers scan too early", at=NOW)
    send_digests(by=cast.system, at=NEXT_MONDAY)
    count_days(first=TODAY - timedelta(days=330), last=TODAY - timedelta(days=1), at=NOW)  # as every night
    report_id = report(cast)
    send_report(report=Report.objects.get(pk=report_id), by=cast.nils, at=NOW)
    cast.omar.set_unusable_password()
    cast.omar.save(update_fields=["password"])
    OwnerLink.objects.filter(case=cases["expired"]).update(expires_at=NOW)
    analysis.withdraw_links(case=cases["withdrawn"], by=cast.nils, at=NOW)
    letters = sent(world)
    return {
        **cookies(cast),
        **{f"case:{name}": reverse("case", args=[case.pk]) for name, case in cases.items()},
        **{f"letter:{name}": text_of(letter_about(f"Charged twice, {name}", letters)) for name in cases},
        **both_parts("digest", letter_about("Your week", letters, to="lena@desk.test")),
        **both_parts("report", letter_about("Executive report", letters, to="ceo@board.test")),
        "report_page": reverse("report", args=[report_id]),
        "signal": reverse("signal", args=[signal.pk]),
        "case:proven": reverse("case", args=[proven.pk]),
    }


def surge_in_the_south(world: World, issue: Issue) -> Signal:
    """For nine days the south has had so many more than the north."""
    sow(world, issue, {(9, 1): 6.0}, seed=7, regions=("south",), body=f"{issue.label}.")
    return make_signal(
        issue=issue, dimension="", value="", label=issue.label, observed=100, expected=20, ratio=5, excess=80,
        started_on=TODAY - timedelta(days=9), window_start=TODAY - timedelta(days=9),
        window_end=TODAY - timedelta(days=1), sentence="100 tickets since 27 April, where 20 were usual.",
    )  # fmt: skip


def put_out_of_order(world: World, branch: str, found: Disorder) -> None:
    """The branch as it grew, with forty days of contacts about it."""
    parent = make_issue(branch, owner=world.cast.shipping)
    rates = {found.twin: 4.0, found.kept: 1.0, found.broad: 0.3, found.stray: 0.3}
    for seed, (label, rate) in enumerate(rates.items(), 20):
        issue = make_issue(slugify(label), parent=parent, owner=world.cast.shipping)
        sow(world, issue, {(40, 0): rate}, seed=seed, body="About a return.")


def route(world: World, name: str) -> Case:
    nils = world.cast.nils
    case = analysis.open_case(issue=world.charged, by=nils, at=NOW)
    analysis.describe_case(case=case, **SAID | {"title": f"Charged twice, {name}"}, by=nils, at=NOW)
    analysis.route_case(case=case, by=nils, at=NOW)
    return case


def letter_about(subject: str, letters: list[EmailMessage], *, to: str = "") -> EmailMessage:
    return next(one for one in letters if subject in str(one["Subject"]) and to in str(one["To"]))


def text_of(letter: EmailMessage) -> str:
    return str(letter.get_body(("plain",)).get_content())


def both_parts(name: str, letter: EmailMessage) -> Places:
    """What a mail program shows, and what it shows who reads text alone."""
    return {name: str(letter.get_body(("html",)).get_content()), f"{name}:text": text_of(letter)}
