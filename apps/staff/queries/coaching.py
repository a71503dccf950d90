"""Coaching notes as a page shows them."""

from datetime import date

from django.db.models import QuerySet

from apps.staff.models import CoachingNote
from helpdesk.models import User


def notes_about(user: User, *, seen_by: User) -> QuerySet[CoachingNote]:
    """What this reader may see of what was written about somebody, the newest first. Two queries."""
    notes = CoachingNote.objects.visible_to(seen_by).filter(user=user)
    return notes.select_related("author", "follows").prefetch_related("answers__author")


def follow_ups(by: User, *, today: date) -> QuerySet[CoachingNote]:
    """What a lead has to come back to by now. One query."""
    return CoachingNote.objects.to_follow_up(by, today).select_related("user")
