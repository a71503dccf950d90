"""What somebody else writes about a ticket, who is not its customer: kept among us."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from apps.intake.files import NOT_IN_NAMES, File, clean_name
from helpdesk.models import SideConversation, SideLetter, SideState, User
from helpdesk.models.attachment import store
from helpdesk.permissions import require


@transaction.atomic
def receive_side_letter(
    *,
    side: SideConversation,
    sender_name: str,
    sender_email: str,
    body: str,
    attachments: Sequence[File] = (),
    message_id: str | None = None,
    is_automatic: bool = False,
    by: User,
    at: datetime,
) -> SideLetter | None:
    """Keep an answer in its side conversation, which is open again; None for a letter that is there already.

    An out-of-office is kept as such and opens nothing.
    """
    require(by, "intake.receive")
    if message_id and SideLetter.objects.filter(message_id=message_id).exists():
        return None
    if side.state == SideState.DONE and not is_automatic:
        side.move(SideState.OPEN, by=by, at=at)
    return SideLetter.receive(
        side=side, sender_name=sender_name[:200], sender_email=sender_email[:254], body=body,
        files=[_kept(file) for file in attachments], message_id=message_id, is_automatic=is_automatic, by=by, at=at,
    )  # fmt: skip


def _kept(file: File) -> dict[str, object]:
    """A file is stored; what is kept of it with a letter."""
    return {
        "name": clean_name(file.name),
        "content_type": NOT_IN_NAMES.sub("", file.content_type)[:120] or "application/octet-stream",
        "size": len(file.content),
        "sha256": store(file.content),
    }
