"""Who may do what: one table of roles and verbs, and one function that asks it.

A verb is `<point>.<act>`. `require` is the first line of every service, so that mail, API, page and command
obey alike. Which *rows* somebody may see is `visible_to(user)` on the noun's QuerySet.
"""

from typing import Protocol

from django.utils.translation import gettext as _

from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models.department import Department
from helpdesk.models.user import Role, User

AGENT = frozenset({
    "helpdesk.prefer",
    "intake.open", "intake.phone", "response.view", "response.reply", "response.note", "response.assign",
    "response.classify", "response.hold", "response.solve", "response.reopen", "response.merge", "output.undo",
    "output.search", "control.refer", "control.view", "staff.view", "awareness.view", "analysis.flag",
    "response.read_again", "staff.be_away", "staff.suggest", "evaluation.answer_review",
    "staff.learn", "output.customers", "output.edit_customers", "response.link", "control.promise",
    "output.articles", "output.write_articles",
})  # fmt: skip
LEAD = AGENT | {
    "intake.quarantine", "intake.import", "response.manage", "response.settle", "output.manage", "control.manage",
    "analysis.view", "analysis.case", "evaluation.view", "evaluation.manage", "evaluation.review", "staff.manage",
    "awareness.publish", "awareness.report", "staff.plan", "staff.answer",
    "output.answer_for_address", "output.merge_customers", "response.share_macros", "output.organisations",
    "response.approve",
    "output.export_customers",
    "response.rule",
    "output.publish_articles", "output.help_report",
    "control.recur",
}  # fmt: skip
OWNER = frozenset({
    "helpdesk.prefer",
    "response.view", "response.note", "control.answer_referral", "control.view", "analysis.view", "analysis.own",
    "evaluation.view", "awareness.view", "output.search", "intake.open", "staff.be_away", "staff.suggest",
    "staff.learn", "output.customers", "output.articles", "output.write_articles", "output.publish_articles",
})  # fmt: skip
ANALYST = frozenset({
    "helpdesk.prefer", "response.view", "response.classify", "response.read_again", "response.settle", "response.note",
    "output.search", "control.view", "analysis.view", "analysis.flag", "analysis.judge", "analysis.case",
    "analysis.route", "analysis.verify", "analysis.run", "analysis.assume", "evaluation.view", "evaluation.compare",
    "staff.view", "awareness.view", "awareness.publish", "awareness.report", "intake.import", "staff.be_away",
    "staff.plan", "staff.suggest", "staff.answer", "staff.learn", "response.recode",
    "output.customers", "output.edit_customers",
    "output.articles", "output.write_articles", "output.publish_articles", "output.help_report",
})  # fmt: skip
ADMIN = LEAD | OWNER | ANALYST | {
    "taxonomy.publish", "evaluation.reward", "helpdesk.configure", "helpdesk.tokens", "output.webhooks",
    "analysis.trackers", "intake.fields", "output.erase_customers", "output.retention", "response.tags",
    "staff.accounts", "helpdesk.changes",
}  # fmt: skip
CUSTOMER = frozenset({
    "helpdesk.prefer", "intake.open", "intake.follow_up", "control.answer_survey", "output.customer_account",
})  # fmt: skip
API_CLIENT = frozenset({
    "intake.open", "intake.follow_up", "response.view", "response.reply", "response.note", "response.classify",
    "response.solve", "response.reopen", "response.assign", "response.hold", "response.merge", "output.search",
    "output.undo", "control.view", "control.refer", "control.answer_referral", "analysis.view", "analysis.judge",
    "analysis.case", "analysis.route", "evaluation.view", "taxonomy.publish", "staff.plan", "output.webhooks",
    "analysis.assume", "staff.suggest", "staff.answer", "staff.view", "staff.manage", "staff.learn",
    "analysis.trackers", "response.recode", "awareness.view", "awareness.publish", "analysis.flag", "analysis.run",
    "output.customers", "output.edit_customers", "output.merge_customers", "output.organisations", "response.link",
    "intake.fields", "response.share_macros", "output.export_customers", "output.erase_customers",
    "response.rule",
    "control.promise",
    "control.recur",
    "output.retention",
    "response.tags",
    "output.articles", "output.write_articles", "output.publish_articles", "output.help_report",
    # States, calendars, promises of time, guidance, surveys: their endpoints ask for the scope "admin".
    "response.manage", "control.manage", "staff.accounts", "helpdesk.changes",
})  # fmt: skip
# What concerns the whole company, and no program of one department.
WHOLE_COMPANY = frozenset(
    {
        "intake.fields",
        "analysis.trackers",
        "analysis.run",
        "awareness.publish",
        "output.organisations",
        "output.export_customers",
        "output.erase_customers",
        "output.retention",
        "response.tags",
        "staff.accounts",
        "helpdesk.changes",
    }
)
SYSTEM = ADMIN | CUSTOMER | API_CLIENT | {"intake.receive"}

VERBS: dict[str, frozenset[str]] = {
    Role.AGENT: AGENT,
    Role.LEAD: LEAD,
    Role.OWNER: OWNER,
    Role.ANALYST: ANALYST,
    Role.ADMIN: ADMIN,
    Role.CUSTOMER: CUSTOMER,
    Role.API_CLIENT: API_CLIENT,
    Role.SYSTEM: SYSTEM,
}


class HasVisibility(Protocol):
    """Anything that knows who may see it."""

    def is_visible_to(self, user: User) -> bool: ...


def may(user: User, verb: str) -> bool:
    if user.role == Role.API_CLIENT and user.department_id is not None and verb in WHOLE_COMPANY:
        return False
    return user.is_active and verb in VERBS[user.role]


def require(by: User, verb: str, row: HasVisibility | None = None) -> None:
    """Refuse with `NotAllowed` who lacks the verb, with `NotFound` who may not even know of the row."""
    if not may(by, verb):
        raise NotAllowed(
            _("Your role (%(role)s) does not allow this. Ask an administrator.")
            % {"role": by.get_role_display()}
        )
    if row is not None and not row.is_visible_to(by):
        raise NotFound


def decides_for_all(user: User) -> bool:
    """Administrators, and programs of the whole desk; everybody else decides for their own department."""
    return may(user, "helpdesk.configure") or (
        user.is_active and user.role == Role.API_CLIENT and user.department_id is None
    )


def require_own(by: User, verb: str, department: Department | None) -> None:
    """Who has the verb decides for their own department, administrators for all. Refuses others with `NotAllowed`."""
    require(by, verb)
    if decides_for_all(by):
        return
    if department is None or department.pk != by.department_id:
        raise NotAllowed(_("You decide for your own department. Ask an administrator for the others."))
