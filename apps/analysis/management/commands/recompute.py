import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.analysis.figures import Asked
from apps.analysis.provenance import Address, plain
from apps.analysis.queries.figures import Found, figures


def _analysis(asked: dict[str, str], at: datetime) -> Found:
    return figures(Asked.read(asked), at=at)


# What an address may begin with.
KNOWN: dict[str, Callable[[dict[str, str], datetime], Found]] = {"analysis": _analysis}


class Command(BaseCommand):
    help = "Compute figures again from the address that stands below them, and print them as JSON, to the last digit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="analysis?days=90&by=money&as_of=2026-05-04T10:00:00%%2B00:00")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            address = Address.read(options["address"])
            if address.name not in KNOWN:
                raise ValueError(f"it begins with one of: {', '.join(KNOWN)}")
            found = KNOWN[address.name](address.asked, address.as_of or timezone.now())
        except ValueError as error:
            raise CommandError(f"This is no address of figures: {error}.") from error
        where = found.provenance
        answer = {"provenance": plain(where) | {"address": where.address}, "figures": plain(found.figures)}
        self.stdout.write(json.dumps(answer, indent=2, sort_keys=True, ensure_ascii=False))
        if address.digest and address.digest != where.digest:
            raise CommandError(_different(address, where.release))


def _different(address: Address, release: int | None) -> str:
    """Why the same question has another answer now."""
    if address.release != release:
        return (
            f"The figures differ: read in release {address.release} of the taxonomy then, in {release} now."
        )
    return "The figures differ: tickets of these days were coded again, merged or imported since."
