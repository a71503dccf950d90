"""Files that come with words: what may come in, and under which name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings
from django.utils.translation import gettext as _

from helpdesk.errors import DomainError
from helpdesk.models import Attachment, Message, Note

MAX_FILES = 20
# Control characters, and those by which `gpj.exe` is made to read as a picture.
NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class TooManyFiles(DomainError):
    """At most 20 files can come with one message."""

    code = "too-many-files"
    status = 422


class FileTooLarge(DomainError):
    """This file is too large."""

    code = "file-too-large"
    status = 413


@dataclass(frozen=True, slots=True)
class File:
    """A file as a door hands it over. The type is what the sender says it is: nothing is decided by it."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""


def check_files(files: Sequence[File]) -> None:
    """Refuse what is too much: raises TooManyFiles or FileTooLarge."""
    if len(files) > MAX_FILES:
        raise TooManyFiles(pointer="attachments")
    for file in files:
        if len(file.content) > settings.ATTACHMENT_MAX_BYTES:
            limit = settings.ATTACHMENT_MAX_BYTES // 1024 // 1024
            raise FileTooLarge(
                _("%(clean_name)s is larger than %(limit)s MB. Send a smaller file.")
                % {"clean_name": clean_name(file.name), "limit": limit},
                pointer="attachments",
            )


def keep_files(owner: Message | Note, files: Sequence[File]) -> None:
    """Store the files of a message or a note; each content once, whatever it is called."""
    message, note = (owner, None) if isinstance(owner, Message) else (None, owner)
    for file in files:
        Attachment.keep(
            name=clean_name(file.name),
            content_type=NOT_IN_NAMES.sub("", file.content_type) or "application/octet-stream",
            content=file.content,
            message=message,
            note=note,
            content_id=file.content_id,
        )


def clean_name(name: str) -> str:
    """A name only: no folders, nothing that deceives the eye."""
    last = PurePosixPath(NOT_IN_NAMES.sub("", name).replace("\\", "/")).name.strip(". ")
    return last[-200:] or "attachment"
