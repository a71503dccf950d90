"""What is done about articles and their topics."""

from apps.output.articles.services.articles import FIELDS, add_article, change_article
from apps.output.articles.services.carry import carry_articles
from apps.output.articles.services.files import FileInUse, add_files, remove_file
from apps.output.articles.services.from_ticket import draft_from_ticket
from apps.output.articles.services.parts import AlreadySaid, ask_author, say_parts
from apps.output.articles.services.rows import PUBLISH, READ, WRITE, NoDraft
from apps.output.articles.services.tell import tell_authors
from apps.output.articles.services.topics import TopicInUse, remove_topic, save_topic
from apps.output.articles.services.words import (
    DraftMoved,
    NotPublished,
    NotRead,
    ask_review,
    confirm_translation,
    discard_draft,
    draft_text,
    publish_text,
    refuse_draft,
    restore_version,
    withdraw_text,
)

__all__ = [
    "FIELDS",
    "PUBLISH",
    "READ",
    "WRITE",
    "AlreadySaid",
    "DraftMoved",
    "FileInUse",
    "NoDraft",
    "NotPublished",
    "NotRead",
    "TopicInUse",
    "add_article",
    "add_files",
    "ask_author",
    "ask_review",
    "carry_articles",
    "change_article",
    "confirm_translation",
    "discard_draft",
    "draft_from_ticket",
    "draft_text",
    "publish_text",
    "refuse_draft",
    "remove_file",
    "remove_topic",
    "restore_version",
    "save_topic",
    "say_parts",
    "tell_authors",
    "withdraw_text",
]
