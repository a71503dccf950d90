"""The rows of staff management, one noun a file."""

from apps.staff.models.people import Availability, Skill

__all__ = ["Availability", "Skill"]
