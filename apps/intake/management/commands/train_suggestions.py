"""Train the issue suggestion now instead of tonight, and say how good it is."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.intake.models import SuggestionModel
from apps.intake.services import AlreadyTraining, train_suggestions
from helpdesk.models import User


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            model = train_suggestions(by=User.objects.system(), at=timezone.now())
        except AlreadyTraining as refusal:
            raise CommandError(refusal.detail) from refusal
        if model is None:
            self.stdout.write(
                "The taxonomy needs at least two issues before there is something to choose between."
            )
        elif model.accuracy is None:
            self.stdout.write(f"Trained on {model.trained_on} coded tickets; too few to tell how good it is.")
        else:
            self.stdout.write(
                f"Trained on {model.trained_on} coded tickets; {model.accuracy:.0%} right at first{_blind(model)}."
            )


def _blind(model: SuggestionModel) -> str:
    if model.blind_accuracy is None:
        return ""
    return f", {model.blind_accuracy:.0%} of {model.blind_tickets} tickets whose coders saw no suggestion"
