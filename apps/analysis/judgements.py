"""What can be done with a signal: for each judgement its form and the service behind it, for page and API alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.analysis import services, signal_forms
from apps.analysis.models import Case, Signal
from helpdesk.models import User


@dataclass(frozen=True)
class Judgement:
    form: type[signal_forms.JudgementForm]
    service: Callable[..., Any]


def _merge(*, signal: Signal, into: Case | Signal, by: User, at: datetime) -> None:
    if isinstance(into, Case):
        services.merge_signal(signal=signal, case=into, by=by, at=at)
    else:
        services.merge_signals(signal=signal, into=into, by=by, at=at)


JUDGEMENTS = {
    "promote": Judgement(signal_forms.JudgementForm, services.promote_signal),
    "merge": Judgement(signal_forms.MergeForm, _merge),
    "snooze": Judgement(signal_forms.SnoozeForm, services.snooze_signal),
    "dismiss": Judgement(signal_forms.DismissForm, services.dismiss_signal),
}
