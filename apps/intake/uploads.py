"""Files handed over before the words they belong to: stored under their hash, named by a token that we sign.

No table: the token carries name, type and hash; it is good for a day, and so is proof enough that we have the file.
"""

from typing import Any

from django.core import signing
from django.core.files.storage import default_storage

from apps.intake.services import File
from helpdesk.errors import Invalid
from helpdesk.models.attachment import place_of, store

GOOD_FOR = 24 * 3600  # seconds
_SALT = "intake.upload"


def keep(file: File) -> str:
    """Store the content; returns the token."""
    # Where `Attachment.keep` will look for it: the content is stored once.
    return signing.dumps([file.name, file.content_type, store(file.content)], salt=_SALT)


def fetch(token: str) -> File:
    """The file behind a token. Raises Invalid when it is not ours, or older than a day."""
    try:
        told: Any = signing.loads(token, salt=_SALT, max_age=GOOD_FOR)
        with default_storage.open(place_of(told[2])) as stored:
            return File(told[0], told[1], stored.read())
    except (signing.BadSignature, FileNotFoundError) as error:
        raise Invalid("Unknown or older than a day. Upload the file again.", pointer="attachments") from error
