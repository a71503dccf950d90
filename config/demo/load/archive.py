"""The tickets of eighteen months with everything said and done about them, copied in the order in which they came.

The company's own story is told between them (`load.story`): a case that is opened in March sees the tickets of
March and none of April.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from apps.control.clock import due_at
from apps.control.models import Clock, ServicePolicy, Survey
from apps.control.queries import policy_for
from config.demo import asides
from config.demo.load.house import House
from config.demo.load.records import Hands, Spoken, happenings
from config.demo.load.table import Table
from config.demo.rows import SurveyRow, TicketRow, World
from helpdesk.models import CodingSource, Direction, Event, IssueKind, Message, Note, Ticket, TicketIssue

FILLED = (Ticket, Message, Note, TicketIssue, Event, Survey, Clock)
AT_A_TIME = 1_000
CLOCKS_KEPT = timedelta(weeks=27)  # two quarters: what standards are measured by, and compared with
WARN_AFTER = 0.75
# Problems a survey shows, and the share of customers who have one of them in silence.
SHOWN, SILENT = 8, 0.04


class Archive:
    """The tickets that are still to come, and the tables they go into."""

    def __init__(
        self, world: World, house: House, customers: list[int], advance: Callable[[int], None]
    ) -> None:
        self.world, self.house, self.customers = world, house, customers
        self.random = Random(world.seed)
        self.advance = advance
        self.loaded = self.told = 0
        self.clocks_from = world.now - CLOCKS_KEPT
        self.surveys = {survey.ticket: survey for survey in world.surveys}
        inner = {issue.parent_id for issue in house.issues.values()}
        reasons = [issue for issue in house.issues.values() if issue.kind == IssueKind.REASON]
        self.reasons = [issue.pk for issue in reasons if issue.pk not in inner]
        self.asking = Random(world.seed + 3)  # its own, so that no other word of the past changes
        self.policies: dict[tuple[int, int, str], ServicePolicy | None] = {}
        self.tickets = Table(
            Ticket, "subject", "customer_id", "department_id", "assignee_id", "status", "severity", "channel",
            "contact_type", "product_id", "product_version", "segment", "region", "language", "primary_issue_id",
            "remedy_wanted", "attempts_before", "outcome", "would_buy_again", "told_others", "handling_minutes",
            "reopened_count", "occurred_at", "opened_at", "first_replied_at", "solved_at", "closed_at", "updated_at",
        )  # fmt: skip
        self.messages = Table(
            Message, "ticket_id", "direction", "channel", "customer_id", "author_id", "sender_name", "sender_email",
            "body", "at",
        )  # fmt: skip
        self.notes = Table(Note, "ticket_id", "author_id", "body", "at")
        self.issues = Table(
            TicketIssue, "ticket_id", "issue_id", "release_id", "is_primary", "source", "confidence", "coded_by_id",
            "coded_at", "at", "suspected_cause", "remedy", "remedy_amount",
        )  # fmt: skip
        self.events = Table(Event, "at", "kind", "ticket_id", "by_id", "data")
        self.answers = Table(
            Survey, "ticket_id", "key", "send_at", "sent_at", "answered_at", "outcome", "would_buy_again", "told_others",
            "would_recommend", "settled_at_first", "offered", "problems",
        )  # fmt: skip
        self.clocks = Table(
            Clock, "ticket_id", "policy_id", "kind", "state", "minutes", "started_at", "warn_at", "due_at",
            "breached_at", "met_at", "met_by_message_id",
        )  # fmt: skip

    def copy_until(self, moment: datetime) -> None:
        """Let in whoever wrote before this moment."""
        rows = self.world.tickets
        while self.loaded < len(rows) and rows[self.loaded].opened_at < moment:
            self._take(self.loaded, rows[self.loaded])
            self.loaded += 1
            if self.loaded % AT_A_TIME == 0:
                self._copy()
        self._copy()

    def _copy(self) -> None:
        for table in (
            self.tickets,
            self.messages,
            self.notes,
            self.issues,
            self.events,
            self.answers,
            self.clocks,
        ):
            table.copy()
        self.advance(self.loaded - self.told)
        self.told = self.loaded

    def _take(self, place: int, row: TicketRow) -> None:
        house, survey = self.house, self.surveys.get(place)
        agent = house.people[row.assignee].pk if row.assignee else None
        # Two codes may have become one.
        issues = list(dict.fromkeys(house.issues[code].pk for code in row.issues))
        ticket = self._ticket(row, agent, issues)
        said = self._said(ticket, row, agent)
        source = CodingSource.PERSON if row.first_replied_at and agent else CodingSource.MODEL
        self._code(ticket, row, agent, issues, source)
        hands = Hands(self._opener(row, agent), agent, house.system.pk)
        for one in happenings(row, hands, said, issues, source.value, survey, self.world.now):
            self.events.add(one.at, one.kind, ticket, one.by, one.data)
        if survey:
            self._answer(ticket, survey)
        if row.solved_at and row.opened_at > self.clocks_from:
            self._promise(ticket, row, said)

    def _ticket(self, row: TicketRow, agent: int | None, issues: list[int]) -> int:
        return self.tickets.add(
            row.subject, self.customers[row.customer], self.house.departments[row.department].pk, agent, row.status,
            row.severity, row.channel, row.contact_type, self.house.products[row.product].pk, row.product_version,
            row.segment, row.region, row.language, issues[0] if issues else None, row.remedy_wanted,
            row.attempts_before, row.outcome, row.would_buy_again, row.told_others, row.handling_minutes,
            row.reopened_count, row.occurred_at, row.opened_at, row.first_replied_at, row.solved_at, row.closed_at,
            row.updated_at,
        )  # fmt: skip

    def _opener(self, row: TicketRow, agent: int | None) -> int:
        if row.channel == "phone" and agent:
            return agent
        return self.house.shop.pk if row.channel == "api" else self.house.system.pk

    def _said(self, ticket: int, row: TicketRow, agent: int | None) -> Spoken:
        """The letter, its answer, and what came after."""
        self._hear(ticket, row, row.body, row.opened_at)
        reply = (
            self._speak(ticket, row, agent, row.reply, row.first_replied_at) if row.first_replied_at else None
        )
        complaint = second = complained_at = None
        if row.reopened_count and row.first_replied_at and row.solved_at:
            complained_at = row.first_replied_at + (row.solved_at - row.first_replied_at) / 2
            complaint = self._hear(ticket, row, self.random.choice(asides.STILL_WRONG), complained_at)
            answered_at = row.first_replied_at + (row.solved_at - row.first_replied_at) * 0.75
            second = self._speak(ticket, row, agent, self._second_answer(row), answered_at)
        note = noted_at = None
        text = asides.note(self.random, is_open=row.solved_at is None)
        if text and agent and row.first_replied_at:
            noted_at = row.opened_at + (row.first_replied_at - row.opened_at) * 0.8
            note = self.notes.add(ticket, agent, text, noted_at)
        return Spoken(reply, complaint, complained_at, second, note, noted_at)

    def _hear(self, ticket: int, row: TicketRow, body: str, at: datetime) -> int:
        who = self.world.customers[row.customer]
        return self.messages.add(
            ticket, Direction.IN.value, row.channel, self.customers[row.customer], None, who.name, who.email, body, at
        )  # fmt: skip

    def _speak(self, ticket: int, row: TicketRow, agent: int | None, body: str, at: datetime) -> int:
        return self.messages.add(ticket, Direction.OUT.value, row.channel, None, agent, "", "", body, at)

    def _second_answer(self, row: TicketRow) -> str:
        agent = self.house.people[row.assignee].name if row.assignee else "Your team"
        name = self.world.customers[row.customer].name.split()[0]
        return self.random.choice(asides.SECOND_ANSWERS).format(name=name, agent=agent)

    def _code(
        self, ticket: int, row: TicketRow, agent: int | None, issues: list[int], source: CodingSource
    ) -> None:
        by_person = source == CodingSource.PERSON
        coder = agent if by_person else self.house.system.pk
        confidence = None if by_person else round(self.random.uniform(0.55, 0.97), 2)
        for place, issue in enumerate(issues):
            # Cause and remedy were written down about the first reason.
            about = (row.suspected_cause, row.remedy, row.remedy_amount) if not place else ("", "", None)
            self.issues.add(
                ticket, issue, self.house.release.pk, not place, source.value, confidence, coder, row.coded_at,
                row.opened_at, *about,
            )  # fmt: skip

    def _answer(self, ticket: int, survey: SurveyRow) -> None:
        self.answers.add(
            ticket, secrets.token_urlsafe(32), survey.sent_at, survey.sent_at, survey.answered_at, survey.outcome,
            survey.would_buy_again, survey.told_others, survey.would_recommend, survey.solved_in_one,
            *self._asked_about(),
        )  # fmt: skip

    def _asked_about(self) -> tuple[list[int], list[int]]:
        """Problems they were shown, and those they have had and told nobody of."""
        shown = self.asking.sample(self.reasons, min(SHOWN, len(self.reasons)))
        return shown, [issue for issue in shown if self.asking.random() < SILENT]

    def _promise(self, ticket: int, row: TicketRow, said: Spoken) -> None:
        """The clocks of a solved ticket: what was promised in time, and whether it was kept."""
        policy = self._policy(row)
        if policy is None:
            return
        met = {"acknowledge": row.opened_at, "first_reply": row.first_replied_at, "resolve": row.solved_at}
        hours = policy.calendar.hours(around=row.opened_at.date())
        for kind, met_at in met.items():
            minutes = policy.minutes(kind)
            if minutes is None or met_at is None:
                continue
            due = due_at(row.opened_at, minutes, hours)
            late = due < met_at
            self.clocks.add(
                ticket, policy.pk, kind, Clock.State.MET_LATE.value if late else Clock.State.MET.value, minutes,
                row.opened_at, due_at(row.opened_at, minutes * WARN_AFTER, hours), due, due if late else None, met_at,
                said.reply if kind == "first_reply" else None,
            )  # fmt: skip

    def _policy(self, row: TicketRow) -> ServicePolicy | None:
        place = (self.house.departments[row.department].pk, row.severity, row.segment)
        if place not in self.policies:
            department, severity, segment = place
            asked = Ticket(department_id=department, severity=severity, segment=segment)
            self.policies[place] = policy_for(asked)
        return self.policies[place]
