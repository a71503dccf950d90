from datetime import date
from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from apps.control import calendars
from apps.control.clock import BusinessCalendar

WORKING_WEEK = ["09:00-17:00"] * 5 + ["", ""]


def working_week() -> list[str]:
    return list(WORKING_WEEK)


@pghistory.track(append_only=True)
class Calendar(models.Model):
    """When somebody is there: the hours in which promises of time are counted."""

    name = models.CharField(max_length=80, unique=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    # Seven entries, Monday first, each like "09:00-12:30 13:30-18:00" or "22:00-06:00"; an empty one is a day off.
    week = ArrayField(models.CharField(max_length=80, blank=True), size=7, default=working_week)
    # Public holidays come from the `holidays` library: a country code, and a part of the country.
    country = models.CharField(max_length=2, blank=True)
    subdivision = models.CharField(max_length=10, blank=True)
    days_off = ArrayField(models.DateField(), default=list, blank=True)
    # What each own day off is called: {"2026-12-24": "Shut for stocktaking"}; a day may have no name.
    names_of_days = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        try:
            self.hours(around=date(2026, 1, 1))
        except (ValueError, KeyError, NotImplementedError) as error:
            raise ValidationError(_("This calendar can't be used: %(error)s") % {"error": error}) from error

    def hours(self, *, around: date) -> BusinessCalendar:
        """The engine's calendar, with the public holidays of the years before and after this day."""
        return calendars.build(
            timezone=self.time_zone, week=tuple(self.week), country=self.country,
            subdivision=self.subdivision, days_off=tuple(self.days_off), year=around.year,
        )  # fmt: skip
