"""How a suggestion can be answered: for each answer its form and the service behind it, for page and API alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.staff import services
from apps.staff.forms import suggestion as forms
from apps.staff.models import Suggestion
from apps.staff.models.suggestion import TRANSITIONS, SuggestionState
from helpdesk.marked import Marked
from helpdesk.models import User
from helpdesk.permissions import may


@dataclass(frozen=True)
class Way:
    """`to` is the state it leads to."""

    label: Marked
    form: type[forms.AnswerForm]
    service: Callable[..., Any]
    to: str


ANSWERS = {
    "take-up": Way(_("Take it up as a case"), forms.TakeUpForm, services.take_up_suggestion, SuggestionState.TAKEN_UP),
    "propose": Way(_("Propose a new issue"), forms.ProposeForm, services.propose_issue, SuggestionState.PROPOSED),
    "merge": Way(_("It says what another says"), forms.MergeForm, services.merge_suggestion, SuggestionState.MERGED),
    "decline": Way(_("Decline"), forms.DeclineForm, services.decline_suggestion, SuggestionState.DECLINED),
    "reopen": Way(_("Look at it again"), forms.ReopenForm, services.reopen_suggestion, SuggestionState.WAITING),
    "draft": Way(_("Put it into the draft"), forms.DraftForm, services.draft_proposed, ""),
}  # fmt: skip


def open_to(row: Suggestion, user: User) -> dict[str, Way]:
    """What this person may answer now."""
    found = {}
    if may(user, "staff.answer"):
        found = {name: way for name, way in ANSWERS.items() if way.to in TRANSITIONS[row.state]}
    if row.state == SuggestionState.PROPOSED and not row.proposed_code and may(user, "taxonomy.publish"):
        found["draft"] = ANSWERS["draft"]
    return found
