"""A value for each parameter of every address, so that it leads to something the full world holds."""

import re
from collections.abc import Iterable, Iterator
from itertools import product
from urllib.parse import urlsplit

from django.apps import apps
from django.urls import resolve

from apps.analysis.acts import ACTS
from apps.analysis.views.evidence import ABOUT_EVIDENCE
from apps.analysis.views.spread import ABOUT_SISTERS
from apps.evaluation.taxonomy.forms import ACTS as CHANGES
from apps.staff.answers import ANSWERS
from tests.browser.rare import add_what_is_rare
from tests.browser.worlds import Places

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")

# What stands at which parameter: the kind of row whose first one it is, or a word.
ROWS = {
    "admin/clocks/rungs/": "control.Rung",
    "admin/deliveries/": "output.Delivery",
    "admin/quarantine/": "intake.InboundMail",
    "admin/retention/holds/": "output.LegalHold",
    "admin/retention/rules/": "output.RetentionRule",
    "admin/surveys/rules/": "control.AskRule",
    "admin/taxonomy/change-sets/": "helpdesk.ChangeSet",
    "admin/taxonomy/draft/changes/": "helpdesk.DraftChange",
    "admin/taxonomy/recodings/": "helpdesk.Recoding",
    "admin/tokens/": "helpdesk.ApiToken",
    "admin/webhooks/*/": "output.WebhookDelivery",
    "analysis/calendar/": "analysis.CalendarEntry",
    "analysis/ownership/": "analysis.OwnershipRule",
    "analysis/runs/": "analysis.AnalysisRun",
    "analysis/views/": "analysis.SavedView",
    "article-topics/": "output.Topic",
    "articles/": "output.Article",
    "articles/*/files/": "output.ArticleFile",
    "articles/topics/": "output.Topic",
    "ask-rules/": "control.AskRule",
    "attachments/": "helpdesk.Attachment",
    "bulk-jobs/": "response.BulkJob",
    "calendars/": "control.Calendar",
    "calibrations/": "evaluation.CalibrationSession",
    "certificates/": "staff.Certificate",
    "closing-rules/": "response.ClosingRule",
    "course-assignments/": "staff.Assignment",
    "courses/": "staff.Course",
    "customers/*/phones/": "helpdesk.CustomerPhone",
    "follow-ups/": "control.FollowUp",
    "help/known/": "analysis.CaseNotice",
    "help/mine/addresses/": "helpdesk.CustomerAddress",
    "incentive-statements/": "evaluation.Statement",
    "legal-holds/": "output.LegalHold",
    "messages/": "helpdesk.Message",
    "offers/": "response.Offer",
    "people/away/": "helpdesk.Absence",
    "people/certificates/": "staff.Certificate",
    "people/courses/": "staff.Assignment",
    "people/forecast/rules/": "staff.StaffingRule",
    "people/notes/": "staff.CoachingNote",
    "people/skills/": "staff.Skill",
    "policies/": "control.ServicePolicy",
    "policies/*/rungs/": "control.Rung",
    "promises/": "control.CustomerPromise",
    "recodings/": "response.HandRecoding",
    "retention-rules/": "output.RetentionRule",
    "recurring/": "control.RecurringTicket",
    "recurring-tickets/": "control.RecurringTicket",
    "reviews/": "evaluation.Review",
    "scorecards/": "evaluation.Scorecard",
    "second-readings/": "response.SecondReading",
    "signals/run/": "analysis.AnalysisRun",
    "skills/": "staff.Skill",
    "splits/": "response.Split",
    "standards/goals/": "evaluation.Goal",
    "standards/prevention/rules/": "evaluation.BonusRule",
    "statuses/": "helpdesk.TicketStatus",
    "surveys/follow-ups/": "control.FollowUp",
    "t/*/children/answers/": "response.JointAnswer",
    "t/*/links/": "response.TicketLink",
    "t/*/macros/": "response.Macro",
    "t/*/splits/": "response.Split",
    "t/*/tasks/": "response.TicketTask",
    "t/*/time/": "response.TimeEntry",
    "taxonomy/draft/changes/": "helpdesk.DraftChange",
    "ticket-views/": "response.TicketView",
    "trackers/": "analysis.Tracker",
    "training/": "staff.Assignment",
    "training/rules/": "staff.TrainingRule",
    "webhooks/": "output.Webhook",
    "webhooks/*/deliveries/": "output.WebhookDelivery",
}
SAME = {  # as that one
    "colleagues/": "admin/accounts/",
    "inbox/seen/": "t/",
    "help/articles/": "articles/",
    "help/articles/*/files/": "articles/*/files/",
    "intake/similar/": "t/",
    "queue/beside/": "t/",
    "queue/play/": "t/",
    "tickets/": "t/",
    "waves/of/": "cases/",
}
ISSUE = ("charged-twice",)
WORDS: dict[str, tuple[object, ...]] = {
    "admin/departments/": ("billing",),
    "admin/fields/": ("order-id",),
    "admin/reopening/": ("billing",),
    "admin/words/": ("de",),
    "customer-words/": ("de",),
    "admin/taxonomy/issues/*/": tuple(CHANGES),
    "admin/taxonomy/packs/": ("universal",),
    "admin/taxonomy/releases/": (1,),
    "analysis/charts/": ("pareto",),
    "articles/*/": ("en",),
    "articles/*/texts/": ("en",),
    "help/topics/": ("bills",),
    "analysis/charts/*.": ("svg",),
    "analysis/issues/": ISSUE,
    "analysis/issues/*/": ("control",),
    "analysis/issues/*/*.": ("svg",),
    "calibrations/*/": (1,),
    "campaigns/*/rate/": (1,),
    "cases/*/": tuple(ACTS),
    "cases/*/charts/": ("weeks",),
    "cases/*/charts/*.": ("svg",),
    "cases/*/evidence/": tuple(sorted(ABOUT_EVIDENCE)),
    "cases/*/spread/": tuple(sorted(ABOUT_SISTERS)),
    "coding-quality/issues/": ISSUE,
    "dealing/": ("billing",),
    "departments/": ("billing",),
    "guidance/": ISSUE,
    "hooks/github/": ("not-a-key",),
    "hooks/jira/": ("not-a-key",),
    "people/dealing/": ("billing",),
    "reopen-policies/": ("billing",),
    "signals/*/": ("promote", "merge", "snooze", "dismiss"),
    "signals/*/weeks.": ("svg",),
    "standards/prevention/": ("billing",),
    "suggestions/*/": tuple(ANSWERS),
    "suggestions/*/answer/": tuple(ANSWERS),
    "suggestions/*/voice/": ("back", "withdraw"),
    "t/*/change/": ("hold", "move", "merge", "describe", "classify"),
    "taxonomy/releases/": (1,),
    "ticket-fields/": ("order-id",),
    "tickets/by-external-id/": ("order/4711",),
    "waves/of/*/": ("holding",),
}


class Samples:
    """Values for the parameters of any route, of rows that this world holds."""

    def __init__(self, places: Places) -> None:
        self.lacking: set[str] = set()
        self.known: dict[str, object] = add_what_is_rare(places)
        for place in places.values():
            if place.startswith("/"):
                found = resolve(urlsplit(place).path)
                for name, beginning in parameters(found.route):
                    self.known.setdefault(beginning, found.kwargs[name])

    def addresses(self, route: str) -> Iterator[tuple[str, str]]:
        """(what it is called in the table, address): more than one where a parameter names an act."""
        given = [self.values(name, beginning) for name, beginning in parameters(route)]
        for chosen in product(*given):
            named = [value if len(all_) > 1 else None for value, all_ in zip(chosen, given, strict=True)]
            yield filled(route, named), f"/{filled(route, chosen)}"

    def values(self, name: str, beginning: str) -> tuple[object, ...]:
        beginning = beginning.removeprefix("api/v1/")
        beginning = SAME.get(beginning, beginning).replace("tickets/*/", "t/*/")
        if name == "kind" and beginning == "t/*/drafts/":
            return ("reply", "note")
        if beginning in WORDS:
            return WORDS[beginning]
        if label := ROWS.get(beginning):
            return (apps.get_model(label)._default_manager.earliest("pk").pk,)
        if beginning not in self.known:
            self.lacking.add(beginning)
        return (self.known.get(beginning, 0),)


def filled(route: str, values: Iterable[object]) -> str:
    """The route with these in place of its parameters; None leaves one as it is."""
    left = iter(values)
    return PARAMETER.sub(lambda found: found[0] if (value := next(left)) is None else str(value), route)


def parameters(route: str) -> list[tuple[str, str]]:
    """Each parameter of a route, and what stands before it."""
    plain = PARAMETER.sub("*", route).split("*")
    return [(found[1], "*".join(plain[: place + 1])) for place, found in enumerate(PARAMETER.finditer(route))]
