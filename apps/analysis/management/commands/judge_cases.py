from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.analysis import services
from helpdesk.models import User


class Command(BaseCommand):
    help = "Give the verdict on every case whose decision date has come."

    def handle(self, *args: Any, **options: Any) -> None:
        verdicts = services.judge_due_cases(by=User.objects.system(), at=timezone.now())
        for verdict in verdicts:
            self.stdout.write(f"{verdict.case.number}: {verdict.verdict}. {verdict.reason}")
        self.stdout.write(f"{len(verdicts)} verdicts given.")
