"""What the page shell shows on every page; no queries here."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from helpdesk.models import User
from helpdesk.permissions import may


@dataclass(frozen=True)
class Section:
    """A place in the side navigation."""

    label: str
    url_name: str
    icon: str
    verb: str
    group: str
    key: str = ""  # leads there from every page
    also: str = ""  # another verb that lets one in

    def lets_in(self, user: User) -> bool:
        return any(may(user, verb) for verb in (self.verb, self.also) if verb)


SECTIONS = (
    Section("Queue", "queue", "inbox", "response.view", "Desk", "g q"),
    Section("Notifications", "notifications", "bell", "response.view", "Desk", "g i"),
    Section("Phone note", "phone_note", "phone", "intake.phone", "Desk"),
    Section("Customers", "customers", "contact", "output.customers", "Desk"),
    Section("My tasks", "my_tasks", "list-checks", "response.note", "Desk", "g m"),
    Section("Promises", "customer_promises", "handshake", "control.promise", "Desk"),
    Section("Approvals", "approvals", "badge-check", "response.view", "Desk"),
    Section("Search", "search", "search", "output.search", "Desk"),
    Section("Articles", "articles", "book-open", "output.articles", "Desk"),
    Section("Second reading", "readings", "glasses", "response.read_again", "Desk"),
    Section("Follow-ups", "follow_ups", "phone-outgoing", "response.reply", "Desk"),
    Section("Needs you", "needs_you", "bell-ring", "analysis.own", "Loop", also="analysis.case"),
    Section("Signals", "signals", "activity", "analysis.judge", "Loop"),
    Section("Root-cause board", "board", "columns-3", "analysis.view", "Loop", "g b"),
    Section("Analysis", "analysis", "chart-no-axes-combined", "analysis.view", "Loop", "g a"),
    Section("Reports", "reports", "file-chart-column", "awareness.report", "Loop"),
    Section("You said, we did", "notices", "megaphone", "awareness.view", "Loop"),
    Section("Campaigns", "campaigns", "message-circle-question-mark", "awareness.publish", "Loop"),
    Section("Suggestions", "suggestions", "lightbulb", "staff.suggest", "Loop"),
    Section("Standards", "standards", "gauge", "evaluation.view", "Team"),
    Section("Prevention", "prevention", "shield-check", "evaluation.view", "Team"),
    Section("Quality", "quality", "clipboard-check", "evaluation.view", "Team"),
    Section("What was given", "remedies_given", "gift", "evaluation.view", "Team"),
    Section("Reviews", "quality_reviews", "message-square-quote", "evaluation.answer_review", "Team"),
    Section("Maturity", "maturity", "list-checks", "evaluation.view", "Team"),
    Section("Coding quality", "coding_quality", "spell-check", "evaluation.view", "Team"),
    Section("People", "people", "users", "staff.view", "Team"),
    Section("Time spent", "time_spent", "timer", "staff.plan", "Team"),
    Section("Staffing forecast", "forecast", "calendar-clock", "staff.plan", "Team"),
    Section("Training", "training", "graduation-cap", "staff.learn", "Team"),
    Section("Absence", "absences", "calendar-off", "staff.be_away", "Team"),
    Section("Accounts", "accounts", "user-plus", "staff.accounts", "Admin"),
    Section("Departments", "department_list", "building-2", "staff.accounts", "Admin"),
    Section("Quarantine", "quarantine", "shield-alert", "intake.quarantine", "Admin"),
    Section("States", "statuses", "signpost", "response.manage", "Admin"),
    Section("Macros", "macros", "zap", "response.reply", "Admin"),
    Section("Closing by itself", "closing_rules", "hourglass", "response.manage", "Admin"),
    Section("Reopening", "reopen_policies", "undo-2", "response.manage", "Admin"),
    Section("Rules", "rules", "workflow", "response.rule", "Admin"),
    Section("Recurring tickets", "recurring_tickets", "repeat", "control.recur", "Admin"),
    Section("Checklists", "checklists", "list-todo", "response.manage", "Admin"),
    Section("Tags", "tag_list", "tags", "response.tags", "Admin"),
    Section("Fields", "custom_fields", "text-cursor-input", "intake.fields", "Admin"),
    Section("Words for customers", "customer_words", "languages", "intake.fields", "Admin"),
    Section("Recoding", "recodings", "replace", "response.recode", "Admin"),
    Section("Taxonomy", "taxonomy", "list-tree", "taxonomy.publish", "Admin"),
    Section("Clocks", "policies", "timer", "control.manage", "Admin"),
    Section("Surveys", "surveys", "smile", "control.manage", "Admin"),
    Section("Deliveries", "deliveries", "send", "output.manage", "Admin"),
    Section("Retention", "retention", "archive", "output.retention", "Admin"),
    Section("Webhooks", "webhooks", "webhook", "output.webhooks", "Admin"),
    Section("Trackers", "trackers", "link", "analysis.trackers", "Admin"),
    Section("Changes", "set_up_changes", "history", "helpdesk.changes", "Admin"),
    Section("API tokens", "tokens", "key-round", "helpdesk.tokens", "Admin"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Theme and density from cookies, so that the first paint is right, and the sections this person may enter."""
    theme, density = request.COOKIES.get("theme", ""), request.COOKIES.get("density", "")
    user = getattr(request, "user", None)  # an error page may come before anybody was looked up
    return {
        "theme": theme if theme in ("light", "dark") else "",
        "density": density if density in ("compact", "comfortable") else "",
        "sections": [s for s in SECTIONS if isinstance(user, User) and s.lets_in(user)],
    }
