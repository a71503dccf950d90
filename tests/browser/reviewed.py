"""Reviewed answers for the desk the browser looks at: enough to say something, one in each state, one calibration."""

from datetime import timedelta

from django.urls import reverse

from apps.evaluation.models import Review
from apps.evaluation.quality import services
from helpdesk.models import Event, Ticket
from tests.evaluation import reviewing
from tests.factories import NOW, Cast


def review_answers(cast: Cast) -> dict[str, str]:
    """Four months of Ana's answers. The tickets are closed and told to nobody: the queue stays as it is."""
    newest = max(Event.objects.values_list("pk", flat=True), default=0)
    rows = [
        reviewing.reviewed(
            cast, at=NOW - timedelta(days=11 * n), wish=n % 2, guidance=min(n % 3, 1), remedy=2 + n % 3
        )
        for n in range(11)
    ]
    services.dispute_review(
        review=rows[0], words="The customer had said so on the phone.", by=cast.ana, at=NOW
    )
    services.acknowledge_review(review=rows[1], words="Right, I will ask.", by=cast.ana, at=NOW)
    waiting = reviewing.waiting(cast)
    draft = services.draft_scorecard(department=None, by=cast.ada, at=NOW)
    session = reviewing.session(cast, reviewing.answered(cast), reviewing.answered(cast))
    used, leo = session.scorecard, reviewing.second_lead(cast)
    for item in session.items.all():
        for person, wish in ((cast.lena, 1), (leo, 0)):
            given = reviewing.marks(used, wish=wish, remedy=3)
            services.score_item(item=item, marks=given, by=person, at=NOW)
    _put_away(
        [*Review.objects.values_list("ticket", flat=True), *session.items.values_list("ticket", flat=True)]
    )
    Event.objects.filter(pk__gt=newest).update(owes=[])
    return {
        "review to write": reverse("quality_review", kwargs={"pk": waiting.pk}),
        "review disputed": reverse("quality_review", kwargs={"pk": rows[0].pk}),
        "review": reverse("quality_review", kwargs={"pk": rows[2].pk}),
        "scorecard": reverse("quality_scorecard", kwargs={"pk": draft.pk}),
        "new_criterion": reverse("add_criterion", kwargs={"pk": draft.pk}),
        "criterion": reverse("edit_criterion", kwargs={"pk": draft.pk, "number": draft.criteria.first().pk}),
        "calibration": reverse("calibration_session", kwargs={"pk": session.pk}),
        "calibrated": reverse("calibration_item", kwargs={"pk": session.pk, "place": 1}),
    }


def _put_away(tickets: list[int]) -> None:
    for status in ("open", "solved", "closed"):
        Ticket.objects.filter(pk__in=tickets).update(status=status, solved_at=NOW, closed_at=NOW)
