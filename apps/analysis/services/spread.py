from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.analysis.models import (
    Action,
    ActionKind,
    ActionState,
    Case,
    CaseState,
    CausePath,
    CauseState,
    SpreadCheck,
    Strength,
)
from apps.analysis.models.action import EXITS
from apps.analysis.services.access import locked_for_work, must_be_in, must_be_said
from apps.analysis.services.actions import add_action
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Product, User

LOOKED_AT_IN = (CaseState.INVESTIGATING, CaseState.PLANNING, CaseState.FIXING, CaseState.MONITORING)
FROM_STRONG = (Strength.STRONG, Strength.MEDIUM, Strength.WEAK)


class AlreadyProposed(DomainError):
    """The fix is proposed for this product already. Look at the actions."""

    code = "already-proposed"


@transaction.atomic
def spread_to(*, case: Case, product: Product, by: User, at: datetime) -> Action:
    """Take the fix to a sister product too: a preventive action is proposed there, as strong as those here.

    Raises WrongState, AlreadyProposed, Invalid for the product the case is about.
    """
    case = locked_for_work(case, by)
    _must_be_sister(case, product)
    _must_not_be_on_its_way(case, product)
    cause = case.causes.filter(state=CauseState.VERIFIED, path=CausePath.OCCURRENCE).first()
    going = {action.strength for action in case.actions.all() if not action.is_out}
    strength = next((strength for strength in FROM_STRONG if strength in going), Strength.MEDIUM)
    title = _("The same in %(product)s: %(title)s") % {"product": product, "title": case.title}
    action = add_action(
        case=case, title=title, kind=ActionKind.PREVENTIVE, strength=strength,
        cause=cause, by=by, at=at,
    )  # fmt: skip
    SpreadCheck.note(case=case, product=product, action=action, by=by, at=at)
    return action


@transaction.atomic
def note_not_concerned(*, case: Case, product: Product, reason: str, by: User, at: datetime) -> SpreadCheck:
    """A sister product was looked at and has no such cause, and why not. Raises WrongState, Invalid."""
    case = locked_for_work(case, by)
    must_be_in(case, *LOOKED_AT_IN, to=_("looking at sister products"))
    _must_be_sister(case, product)
    return SpreadCheck.note(
        case=case, product=product, reason=must_be_said(reason, "reason", _("The reason")), by=by, at=at
    )


def _must_not_be_on_its_way(case: Case, product: Product) -> None:
    """Two who press the button propose one action; another one may follow where the last was given up, or in vain."""
    going = case.actions.exclude(state__in=[*EXITS, ActionState.INEFFECTIVE])
    if case.spread.filter(product=product, action__in=going).exists():
        raise AlreadyProposed(
            _("The fix is proposed for %(product)s already. Look at the actions.") % {"product": product}
        )


def _must_be_sister(case: Case, product: Product) -> None:
    if case.dimension == "product" and case.value == product.code:
        raise Invalid(
            _("%(number)s is about %(product)s itself.") % {"number": case.number, "product": product},
            pointer="product",
        )
