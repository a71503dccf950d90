"""Boxes that points further right put on a page: the page loads each by its URL."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Panel:
    """A fragment view, and the verb it needs to be worth asking for."""

    url_name: str
    verb: str
    # What happens on the page that makes the box load again: "ticket:changed" after an act on the ticket.
    again: str = ""


PANELS: dict[str, tuple[Panel, ...]] = {
    "ticket": (
        # How each of its issues is answered; another issue, and the box is another one.
        Panel("guidance_panel", "response.view", again="ticket:changed"),
        # First: a known cause comes with what may be told and done. Which one it is follows from the issue.
        Panel("rca_panel", "response.view", again="ticket:changed"),
        # What is written for customers on its issues: a link into the reply.
        Panel("articles_panel", "output.articles", again="ticket:changed"),
        Panel("links_panel", "response.view", again="ticket:changed"),
        Panel("tasks_panel", "response.view"),
        Panel("own_fields_panel", "response.view", again="ticket:changed"),
        Panel("clocks_panel", "control.view"),
        Panel("promises_panel", "control.view"),
        Panel("time_panel", "response.view"),
        Panel("people_panel", "response.view"),
        Panel("sides_panel", "response.note"),
        Panel("similar_panel", "response.view"),
        Panel("referrals_panel", "control.view"),
    ),
    # A ticket stands before somebody: what they were told of it is read. Posted, and asked again as news comes.
    "seen": (Panel("see_ticket", "response.view"),),
    # Beside the messages of a ticket: how the delivery of each goes, and undo.
    "conversation": (Panel("delivery_states", "response.view"),),
    # After a reply was sent, on whichever page comes next: undo, while it is held.
    "sent": (Panel("undo_offer", "output.undo"),),
    "side_sent": (Panel("undo_side_offer", "output.undo"),),
    # Beside the due times of tickets, wherever they are listed: the working time that is left. Asked with `?number=`
    # for each of them.
    "due": (Panel("due_badges", "control.view"),),
    # Below a case: what its customers are told, and what they answered.
    "case": (Panel("case_waves", "awareness.publish", again="case:changed"),),
    # Below a customer: who rang whom, and whether they want letters they did not ask for.
    "customer": (Panel("customer_calls", "response.view"), Panel("customer_letters", "awareness.view")),
    # Below an issue: how far its code can be trusted.
    "issue": (Panel("issue_coding", "evaluation.view"),),
    # Below what a search found in tickets: what it finds elsewhere. Each is asked with the same `?q=`.
    "search": (Panel("case_search", "analysis.view"),),
}
