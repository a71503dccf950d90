"""What the pages of this point show, each from one function with a fixed number of queries."""

from apps.response.queries.choices import departments, issues_like, people_who_answer, ticket_in_full
from apps.response.queries.completing import complete
from apps.response.queries.conversation import Entry, attachment_for, last_said, newest_message
from apps.response.queries.counting import Counts, look
from apps.response.queries.drafts import Desk, Kept, drafts_of
from apps.response.queries.finding import find
from apps.response.queries.history import GROUPS, Moment, Past, history, past
from apps.response.queries.queue import QueuePage, badge_state, next_in_view, queue_page, unclaimed
from apps.response.queries.readings import Branch, ReadingPage, dispute_page, reading_page
from apps.response.queries.ticket import TicketPage, copies_offered, macro_facts, ticket_page
from apps.response.queries.ticket_views import STANDARD, UNCOUNTED, View, slug_of, view_links, views_of

__all__ = [
    "GROUPS",
    "STANDARD",
    "UNCOUNTED",
    "Branch",
    "Counts",
    "Desk",
    "Entry",
    "Kept",
    "Moment",
    "Past",
    "QueuePage",
    "ReadingPage",
    "TicketPage",
    "View",
    "attachment_for",
    "badge_state",
    "complete",
    "copies_offered",
    "departments",
    "dispute_page",
    "drafts_of",
    "find",
    "history",
    "issues_like",
    "last_said",
    "look",
    "macro_facts",
    "newest_message",
    "next_in_view",
    "past",
    "people_who_answer",
    "queue_page",
    "reading_page",
    "slug_of",
    "ticket_in_full",
    "ticket_page",
    "unclaimed",
    "view_links",
    "views_of",
]
