"""What the desk can show for each activity of the framework: every number in one statement."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from apps.awareness.maturity import DAYS, Looked, look
from apps.awareness.models import MaturityAssessment, MaturityGrade

# A share is null where there is nothing to take it of; 0/0 never happens.
EVIDENCE = """
WITH opened AS (
    SELECT id, severity, channel, product_id, primary_issue_id FROM helpdesk_ticket
    WHERE opened_at >= %(since)s AND opened_at < %(until)s AND merged_into_id IS NULL
), solved AS (
    SELECT ticket.id, ticket.first_replied_at, ticket.reopened_count, ticket.channel, issue.kind
    FROM helpdesk_ticket ticket LEFT JOIN helpdesk_issue issue ON issue.id = ticket.primary_issue_id
    WHERE solved_at >= %(since)s AND solved_at < %(until)s AND merged_into_id IS NULL
), coded AS (
    SELECT source, suspected_cause FROM helpdesk_ticketissue WHERE is_primary AND at >= %(since)s AND at < %(until)s
), used AS (
    SELECT issue.id, issue.owner_department_id FROM helpdesk_issue issue
    WHERE issue.kind = 'reason' AND issue.id IN (SELECT primary_issue_id FROM opened)
), agents AS (
    SELECT id FROM helpdesk_user WHERE is_active AND role IN ('agent', 'lead')
)
SELECT
    (SELECT extract(epoch FROM %(until)s - min(received_at)) / 86400 FROM intake_inboundmail
     WHERE state = 'quarantined') AS quarantine_age,
    (SELECT avg((severity <> 3)::int) FROM opened) AS rated,
    (SELECT count(DISTINCT channel) FROM opened) AS channels,
    (SELECT avg((product_id IS NOT NULL)::int) FROM opened) AS with_product,
    (SELECT avg((kind IS NOT NULL AND kind IN ('reason', 'no_problem'))::int) FROM solved) AS coded,
    (SELECT avg((source = 'person')::int) FROM coded) AS by_person,
    (SELECT avg((suspected_cause <> '')::int) FROM coded) AS suspected,
    (SELECT avg(EXISTS (SELECT 1 FROM response_guidance WHERE issue_id = used.id)::int) FROM used) AS guided,
    (SELECT avg((reopened_count = 0)::int) FROM solved) AS stayed_solved,
    (SELECT avg((first_replied_at IS NOT NULL)::int) FROM solved
     WHERE channel NOT IN ('phone', 'walk_in')) AS replied,
    (SELECT avg((state IN ('failed', 'bounced'))::int) FROM output_delivery
     WHERE created_at >= %(since)s AND created_at < %(until)s) AS failed,
    (SELECT avg(EXISTS (SELECT 1 FROM helpdesk_message WHERE ticket_id = opened.id AND direction = 'in')::int)
     FROM opened) AS with_words,
    (SELECT avg((state = 'met')::int) FROM control_clock
     WHERE started_at >= %(since)s AND state IN ('met', 'met_late', 'breached')) AS kept,
    (SELECT avg((state <> 'open')::int) FROM control_referral WHERE asked_at >= %(since)s) AS referrals_closed,
    (SELECT avg(EXISTS (SELECT 1 FROM control_survey WHERE ticket_id = solved.id AND sent_at IS NOT NULL)::int)
     FROM solved) AS asked,
    (SELECT avg((done_at IS NOT NULL)::int) FROM control_followup WHERE opened_at >= %(since)s) AS followed_up,
    (SELECT avg((judged_at IS NOT NULL AND judged_at < first_seen_on + 8)::int) FROM analysis_signal
     WHERE first_seen_on >= %(since)s::date AND first_seen_on < %(until)s::date - 7) AS judged,
    (SELECT avg(EXISTS (SELECT 1 FROM analysis_cause
                        WHERE case_id = analysis_case.id AND state = 'verified')::int)
     FROM analysis_case WHERE state IN ('planning', 'fixing', 'monitoring')
                        OR state = 'investigating' AND state_since < %(until)s - interval '21 days') AS with_cause,
    (SELECT count(DISTINCT case_id) FROM analysis_verdict
     WHERE verdict IN ('effective', 'partially effective') AND decided_at >= %(year)s) AS proven,
    (SELECT count(DISTINCT measure) FROM evaluation_goal) AS goals,
    (SELECT count(*) FROM response_secondreading WHERE second_at >= %(since)s) AS readings,
    (SELECT avg((owner_department_id IS NOT NULL)::int) FROM used) AS owned,
    (SELECT count(*) FROM evaluation_statementact WHERE act = 'issued' AND at >= %(half)s) AS statements,
    (SELECT avg(EXISTS (SELECT 1 FROM staff_skill WHERE user_id = agents.id)::int) FROM agents) AS skilled,
    (SELECT avg(EXISTS (SELECT 1 FROM staff_availability WHERE user_id = agents.id)::int) FROM agents)
        AS with_capacity,
    (SELECT avg((agent_limit > 0)::int) FROM response_guidance) AS empowered,
    (SELECT count(*) FROM awareness_campaign WHERE ends_on >= %(since)s::date)
        + (SELECT count(*) FROM control_survey WHERE answered_at >= %(since)s AND offered <> '{}') AS campaigns,
    (SELECT count(*) FROM awareness_notice WHERE published_at >= %(since)s) AS notices,
    (SELECT count(*) FROM awareness_waveletter WHERE sent_at >= %(since)s) AS waves,
    (SELECT count(*) FROM awareness_digest WHERE made_at >= %(since)s) AS digests,
    (SELECT count(*) FROM awareness_report WHERE made_at >= %(since)s) AS reports
"""


@dataclass(frozen=True)
class Row:
    """An activity as the page shows it: what the desk shows now, and the grades given last and before."""

    looked: Looked
    last: MaturityGrade | None
    before: MaturityGrade | None


def evidence(*, at: datetime) -> dict[str, float | None]:
    """Every number by name, of the last 90 days; one query."""
    given = {
        "since": at - timedelta(days=DAYS),
        "until": at,
        "half": at - timedelta(days=183),
        "year": at - timedelta(days=365),
    }
    with connection.cursor() as cursor:
        cursor.execute(EVIDENCE, given)
        names = [column[0] for column in cursor.description or ()]
        (values,) = cursor.fetchall()
    return {name: None if value is None else float(value) for name, value in zip(names, values, strict=True)}


def maturity(*, at: datetime) -> tuple[list[Row], list[MaturityAssessment]]:
    """Every activity with its evidence and its last two grades, and those two assessments; three queries."""
    newest = list(
        MaturityAssessment.objects.filter(at__lte=at).select_related("by").prefetch_related("grades")[:2]
    )
    grades = [{grade.activity: grade for grade in one.grades.all()} for one in newest]
    last, before = (*grades, {}, {})[:2]
    rows = [
        Row(found, last.get(found.activity.code), before.get(found.activity.code))
        for found in look(evidence(at=at))
    ]
    return rows, newest
