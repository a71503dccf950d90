from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.analysis.deadlines import today
from apps.analysis.market import multiplier_interval
from apps.analysis.models import Assumption, Parameter
from apps.analysis.presets import PRESETS
from apps.analysis.services.access import must_be_said
from apps.analysis.what_if import Supposed
from helpdesk import events
from helpdesk.errors import Invalid
from helpdesk.models import Channel, Issue, Role, User
from helpdesk.permissions import require

SHARES = frozenset(name for name in Parameter.values if name.startswith("loss_")) | {Parameter.WORD_OF_MOUTH}
# Numbers about the whole company, or about all contacts alike.
FOR_EVERYBODY = frozenset({Parameter.CUSTOMER_BASE, Parameter.MISROUTE_COST, Parameter.WORD_OF_MOUTH})
SAID = ("low", "likely", "high", "unit", "source", "dated_on", "population", "owner_id")


@transaction.atomic
def set_assumption(
    *,
    parameter: str,
    low: Decimal,
    likely: Decimal,
    high: Decimal,
    source: str,
    dated_on: date,
    population: str = "",
    unit: str = "",
    issue: Issue | None = None,
    channel: str = "",
    segment: str = "",
    valid_from: date | None = None,
    owner: User | None = None,
    by: User,
    at: datetime,
) -> Assumption:
    """Set one number of the money model from a day on (today), with its source, its range and who answers for it.

    A new row beside the old ones: figures of days before go on using what was assumed then. The same again is no
    new row. Raises Invalid.
    """
    require(by, "analysis.assume")
    _must_be_possible(parameter, low, likely, high)
    if channel and channel not in Channel.values:
        raise Invalid(
            _("Choose one of: %(labels)s.") % {"labels": ", ".join(map(str, Channel.labels))},
            pointer="channel",
        )
    if parameter in FOR_EVERYBODY and (issue or channel or segment):
        raise Invalid(
            _("This number holds for everybody; it has no issue, channel or segment."), pointer="issue"
        )
    if owner is not None and not owner.is_active:
        raise Invalid(_("Name somebody who is still here to answer for the number."), pointer="owner")
    if owner is None and by.role == Role.API_CLIENT:
        raise Invalid(_("A program answers for nothing: name the person who does."), pointer="owner")
    row = Assumption(
        parameter=parameter, issue=issue, channel=channel, segment=segment.strip(), low=low, likely=likely, high=high,
        source=must_be_said(source, "source", _("The source")), dated_on=dated_on, population=population, unit=unit,
        valid_from=valid_from or today(at), owner=owner or by, set_by=by, set_at=at,
    )  # fmt: skip
    same = Assumption.objects.filter(
        parameter=parameter, issue=issue, channel=channel, segment=row.segment, valid_from=row.valid_from
    ).last()
    if same is not None and all(getattr(same, name) == getattr(row, name) for name in SAID):
        return same
    row.save(force_insert=True)
    events.record("assumption.set", about=f"assumption:{row.pk}", by=by, at=at, data={"parameter": parameter})
    return row


@transaction.atomic
def keep_assumptions(
    *, numbers: Sequence[Supposed], source: str, dated_on: date, by: User, at: datetime
) -> list[Assumption]:
    """Keep numbers that were tried out on the analysis page, for everybody and from today on. Raises Invalid."""
    require(by, "analysis.assume")
    if not numbers:
        raise Invalid(_("Try out another number first."), pointer="source")
    for_all = Assumption.objects.filter(issue=None, channel="", segment="").in_force(today(at))
    units = dict(for_all.values_list("parameter", "unit"))
    return [
        set_assumption(
            parameter=one.parameter, low=one.low, likely=one.likely, high=one.high, source=source,
            dated_on=dated_on, unit=units.get(one.parameter, ""), by=by, at=at,
        )
        for one in numbers
    ]  # fmt: skip


def _must_be_possible(parameter: str, low: Decimal, likely: Decimal, high: Decimal) -> None:
    if parameter not in Parameter.values:
        raise Invalid(
            _("Choose one of: %(labels)s.") % {"labels": ", ".join(map(str, Parameter.labels))},
            pointer="parameter",
        )
    if not 0 <= low <= likely <= high:
        raise Invalid(_("Low, likely and high must be in order, and not negative."), pointer="likely")
    if parameter in SHARES and high > 1:
        raise Invalid(_("A share lies between 0 and 1."), pointer="high")
    if parameter == Parameter.MULTIPLIER and low < 1:
        raise Invalid(
            _("At least the customer who tells us has the problem: the multiplier is 1 or more."),
            pointer="low",
        )


@transaction.atomic
def measure_multiplier(
    *, told: int, asked: int, source: str, dated_on: date, population: str = "", issue: Issue | None = None,
    channel: str = "", segment: str = "", valid_from: date | None = None, owner: User | None = None, by: User,
    at: datetime,
) -> Assumption:  # fmt: skip
    """Set the multiplier from a survey: of `asked` customers with the problem `told` had told us; its range is the
    interval such a survey leaves. Raises Invalid, where nobody told us: then it is unknown, and not infinite.
    """
    if not 0 <= told <= asked or not asked:
        raise Invalid(_("Of those asked, nobody or some or all had told us."), pointer="told")
    if not told:
        raise Invalid(_("When nobody told us the multiplier is unknown: ask more customers."), pointer="told")
    low, high = multiplier_interval(told, asked)
    likely = Decimal(asked) / told
    return set_assumption(
        parameter=Parameter.MULTIPLIER, low=min(_rounded(low), _rounded(likely)), likely=_rounded(likely),
        high=max(_rounded(high or likely), _rounded(likely)), unit="customers", source=source, dated_on=dated_on,
        population=population or f"{asked} asked, {told} had told us", issue=issue, channel=channel, segment=segment,
        valid_from=valid_from, owner=owner, by=by, at=at,
    )  # fmt: skip


def _rounded(value: float | Decimal) -> Decimal:
    return Decimal(value).quantize(Decimal("0.0001"))


@transaction.atomic
def adopt_preset(*, name: str, by: User, at: datetime) -> list[Assumption]:
    """Take over a published set of numbers, with its source; each can be replaced by our own. Raises Invalid."""
    require(by, "analysis.assume")
    preset = PRESETS.get(name)
    if preset is None:
        raise Invalid(
            _("There is no such preset. Known: %(presets)s.") % {"presets": ", ".join(PRESETS)},
            pointer="name",
        )
    return [
        set_assumption(
            parameter=row.parameter, low=row.low, likely=row.likely, high=row.high, unit=row.unit,
            source=preset.source, dated_on=preset.dated_on, population=preset.population, by=by, at=at,
        )
        for row in preset.rows
    ]  # fmt: skip
