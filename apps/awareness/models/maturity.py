"""Rows of the self-assessment: how far the company says it has come, and what the desk showed that day."""

from typing import ClassVar

import pgtrigger
from django.db import models

from apps.awareness.maturity import BY_CODE, LABELS, Activity, Grade


class MaturityAssessment(models.Model):
    """One look at all activities of the eight functions, on one day; it stays as it was given."""

    at = models.DateTimeField()
    by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        triggers: ClassVar = [
            pgtrigger.Protect(name="assessments_stay", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"Assessment of {self.at:%Y-%m-%d}"


class MaturityGrade(models.Model):
    """The grade of one activity in one assessment, beside what the desk suggested and why."""

    assessment = models.ForeignKey(MaturityAssessment, models.PROTECT, related_name="grades")
    activity = models.CharField(max_length=20)
    grade = models.CharField(max_length=14, choices=[(grade.value, LABELS[grade]) for grade in Grade])
    suggested = models.CharField(max_length=14, choices=[(grade.value, LABELS[grade]) for grade in Grade])
    # The numbers of that day, by name.
    evidence = models.JSONField(default=dict)
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "activity"], name="one_grade_an_activity")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="maturity_grades_stay", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.activity}: {self.get_grade_display()}"

    @property
    def about(self) -> Activity | None:
        """None once the framework knows the activity no more."""
        return BY_CODE.get(self.activity)
