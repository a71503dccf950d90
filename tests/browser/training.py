"""What the team of the full desk learns: a course to do, one that runs out, news to read, and a note."""

from datetime import timedelta

from django.urls import reverse

from apps.response.services import save_guidance
from apps.staff import services
from apps.staff.models import Assignment
from helpdesk.models import Event
from tests.analysis.world import TODAY, World
from tests.factories import NOW, Cast

LONG_AGO = NOW - timedelta(days=20)


def train_people(world: World) -> dict[str, str]:
    """The addresses of a course and its editor."""
    cast = world.cast
    words = services.CourseWords(
        title="Refunds without tears", teaches="When to give money back, and how to say so.", minutes=25,
        body="Ask for the order first.\n\nThen look at both charges.", lasts_days=365, grants=2, is_required=True,
    )  # fmt: skip
    course = services.save_course(words=words, issues=[world.refund], by=cast.lena, at=LONG_AGO)
    services.assign_course(
        user=cast.ana, course=course, due_on=TODAY - timedelta(days=3), by=cast.lena, at=LONG_AGO
    )
    for user, days in ((cast.lena, 350), (cast.ana, 380)):
        services.grant_certificate(
            user=user, course=course, passed_on=TODAY - timedelta(days=days), by=cast.ada, at=NOW
        )
    services.lay_out_rules(by=cast.ada, at=LONG_AGO)
    services.add_rule(
        kind="missed", criterion="greeting", more_than=1, of_last=5, course=course, by=cast.lena, at=LONG_AGO
    )
    save_guidance(issue=world.charged, questions="Which order?", by=cast.lena, at=NOW)
    number = Event.objects.filter(kind="guidance.saved").latest("pk").pk
    services.train_for_guidance(issue=world.charged, number=number, author=cast.lena, by=cast.system, at=NOW)
    coach(cast)
    news = Assignment.objects.filter(user=cast.ana, reason="guidance").latest("pk")
    return {
        "course": reverse("course", kwargs={"pk": course.pk}),
        "edit_course": reverse("edit_course", kwargs={"pk": course.pk}),
        "briefing": reverse("course", kwargs={"pk": news.course_id}),
    }


def coach(cast: Cast) -> None:
    note = services.write_coaching_note(
        user=cast.ana, body="Long answers where two lines would do.", next_step="Say the answer first.",
        follow_up_on=TODAY, by=cast.lena, at=NOW,
    )  # fmt: skip
    services.answer_coaching_note(note=note, body="I will try it this week.", by=cast.ana, at=NOW)
    services.write_coaching_note(
        user=cast.ana, body="Ready for the difficult ones by summer.", is_private=True, by=cast.lena, at=NOW
    )
