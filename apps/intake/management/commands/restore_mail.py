"""Take mail that was held back after all: `restore_mail 12 13` by number, or `restore_mail --list`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.intake.models import InboundMail
from apps.intake.queries import mail_held_back
from apps.intake.services import restore_mail
from helpdesk.errors import DomainError
from helpdesk.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=int, nargs="*")
        parser.add_argument("--list", action="store_true", help="show what is held back, newest first")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            for mail in mail_held_back():
                self.stdout.write(
                    f"{mail.pk}  {mail.received_at:%Y-%m-%d %H:%M}  {mail.sender}  {mail.subject}"
                )
                self.stdout.write(f"    {mail.get_state_display()}: {mail.reason}")
        failed = [number for number in options["number"] if not self._restore(number)]
        if failed:
            raise CommandError(f"Not restored: {', '.join(map(str, failed))}.")

    def _restore(self, number: int) -> bool:
        mail = InboundMail.objects.filter(pk=number).first()
        if mail is None:
            self.stderr.write(f"There is no mail {number}.")
            return False
        try:
            mail = restore_mail(mail=mail, by=User.objects.system(), at=timezone.now())
        except DomainError as refusal:
            self.stderr.write(f"{number}: {refusal.detail}")
            return False
        self.stdout.write(f"{number} is on ticket #{mail.ticket_id}.")
        return True
