from datetime import datetime

from apps.analysis.models import Case
from apps.staff import services
from apps.staff.models import Assignment
from helpdesk.models import Event, Issue, TaxonomyRelease, User


def lay_out_rules(*, event: Event, by: User, at: datetime) -> None:
    services.lay_out_rules(by=by, at=at)


def assign(*, event: Event, by: User, at: datetime) -> None:
    """A ticket came, got its code or changed its department: if nobody has it, somebody gets it."""
    if event.ticket is None:
        raise ValueError(f"{event} is about no ticket, so there is nobody to find for it.")
    services.assign(ticket=event.ticket, by=by, at=at)


def hear_review(*, event: Event, by: User, at: datetime) -> None:
    """Somebody's work was reviewed: what was missed may need a course."""
    person = User.objects.get(pk=event.data["person"])
    services.hear_review(
        review=event.data["review"], user=person, missed=event.data["missed"], published_at=event.at, by=by, at=at
    )  # fmt: skip


def tell_learner(*, event: Event, by: User, at: datetime) -> None:
    """Somebody was given a course."""
    row = Assignment.objects.select_related("user", "course").get(pk=_number(event))
    if row.user_id != event.by_id:
        services.tell_learner(assignment=row, by=by, at=at)


def carry_skills(*, event: Event, by: User, at: datetime) -> None:
    """Who could finish a merged issue can finish the one it is read as."""
    services.carry_skills(release=TaxonomyRelease.objects.get(pk=_number(event)), by=by)


def train_for_release(*, event: Event, by: User, at: datetime) -> None:
    """The taxonomy changed: who works with the changed part reads what is new."""
    release = TaxonomyRelease.objects.get(pk=_number(event))
    services.train_for_release(release=release, by=by, at=at)


def train_for_guidance(*, event: Event, by: User, at: datetime) -> None:
    """Guidance changed: who works with its issue confirms to have read it."""
    issue = Issue.objects.get(pk=event.data["issue"])
    services.train_for_guidance(issue=issue, number=event.pk, author=event.by, by=by, at=at)


def train_for_workaround(*, event: Event, by: User, at: datetime) -> None:
    """A case got a workaround, another one, or none any more."""
    if "workaround" in event.data["changed"]:
        case = Case.objects.select_related("issue").get(pk=_number(event))
        services.train_for_workaround(case=case, number=event.pk, author=event.by, by=by, at=at)


def tell_of_case(*, event: Event, by: User, at: datetime) -> None:
    """A case moved on: those whose suggestion led to it hear of it."""
    noun, _, number = event.about.partition(":")
    if noun != "case":
        raise ValueError(f"{event} is about no case, so there is nobody to tell.")
    services.tell_of_case(case=Case.objects.get(pk=number), event=event, by=by, at=at)


def tell_of_issues(*, event: Event, by: User, at: datetime) -> None:
    """The taxonomy was published: issues that were suggested may be in it."""
    services.tell_of_issues(by=by, at=at)


def mind_draft(*, event: Event, by: User, at: datetime) -> None:
    """Changes of the taxonomy were given up: issues that were suggested may be among them."""
    services.mind_draft(by=by, at=at)


def _number(event: Event) -> int:
    """Of what the event is about: "release:7"."""
    return int(event.about.partition(":")[2])
