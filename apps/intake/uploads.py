"""Files handed over before the words they belong to: stored under their hash, named by a token that we sign.

No table: the token carries name, type and hash; it is good for a day, and so is proof enough that we have the file.
"""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from apps.intake.services import File
from helpdesk.errors import Invalid
from helpdesk.models.attachment import place_of, store

# Pictures that can hold no script; everything else is a download.
SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
GOOD_FOR = 24 * 3600  # seconds
_SALT = "intake.upload"


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is here already, wherever it is meant to go."""

    name: str
    content_type: str
    size: int
    sha256: str

    @property
    def is_picture(self) -> bool:
        """One that can hold no script, and so may stand in a page."""
        return self.content_type in SHOWN_INLINE

    @property
    def token(self) -> str:
        """Its name for the next day: whoever gives it back may send the file."""
        return signing.dumps([self.name, self.content_type, self.sha256], salt=_SALT)


def keep(file: File) -> Stored:
    """Store the content where `Attachment.keep` will look for it, so that it is stored once."""
    return Stored(file.name, file.content_type, len(file.content), store(file.content))


def look_up(token: str) -> Stored:
    """What a token stands for. Raises Invalid when it is not ours, or older than a day."""
    try:
        told: Any = signing.loads(token, salt=_SALT, max_age=GOOD_FOR)
        return Stored(told[0], told[1], default_storage.size(place_of(told[2])), told[2])
    except (signing.BadSignature, FileNotFoundError) as error:
        raise Invalid(
            _("Unknown or older than a day. Upload the file again."), pointer="attachments"
        ) from error


def fetch(token: str) -> File:
    """The file behind a token. Raises Invalid when it is not ours, or older than a day."""
    stored = look_up(token)
    with default_storage.open(place_of(stored.sha256)) as content:
        return File(stored.name, stored.content_type, content.read())
