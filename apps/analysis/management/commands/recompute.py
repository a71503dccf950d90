import json
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.analysis.provenance import Address, Answer, plain
from apps.analysis.queries.changes import NOTHING_WRITTEN
from helpdesk.errors import DomainError


class Command(BaseCommand):
    help = (
        "Compute figures again from the address that stands below them, and print them as JSON, to the last digit; "
        "fail when they are not what is stored or was shown."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "address",
            help="analysis?days=90&by=money&as_of=2026-05-04T10:00:00%%2B00:00, or ledger, signal:12, case:31/money",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            address = Address.read(options["address"])
            answer = _function(address.kind)(address, address.as_of or timezone.now())
        except ValueError as error:
            raise CommandError(f"This is no address of figures: {error}.") from error
        except DomainError as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(json.dumps(_told(address, answer), indent=2, sort_keys=True, ensure_ascii=False))
        if answer.differing or (address.digest and address.digest != answer.provenance.digest):
            raise CommandError(_different(address, answer))


def _function(kind: str) -> Callable[[Address, datetime], Answer]:
    known: dict[str, str] = import_module("config.figures").FIGURES
    if kind not in known:
        raise ValueError(f"it begins with one of: {', '.join(known)}")
    found: Callable[[Address, datetime], Answer] = import_string(known[kind])
    return found


def _told(address: Address, answer: Answer) -> dict[str, Any]:
    where = answer.provenance
    told = {"provenance": where.told, "figures": plain(answer.figures)}
    if address.digest:
        told["digest"] = {"shown": address.digest, "found": where.digest}
    if answer.lines:
        told["stored"] = {line.name: plain(line) for line in answer.lines}
    if answer.changed:
        told["changed_since"] = list(answer.changed)
    return told


def _different(address: Address, answer: Answer) -> str:
    """What differs, and why the same question may have another answer now."""
    where, said = answer.provenance, ["The figures differ:"]
    said += [
        f"{line.name}: {line.stored!r} is stored, {line.computed!r} comes out." for line in answer.differing
    ]
    if address.digest and address.release != where.release:
        said.append(f"read in release {address.release} of the taxonomy then, in {where.release} now.")
    return " ".join([*said, *(answer.changed or (NOTHING_WRITTEN,))])
