"""Doors of the analysis's background work.

A run is keyed by its day and the edition of the taxonomy, and stands in `AnalysisRun`: these tasks carry numbers of
runs, blocks and cases, any of them may come twice or never, and `take_up_runs` finds what was left lying.
"""

from functools import partial
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from apps.analysis import services
from apps.analysis.trackers import services as trackers
from helpdesk.models import User


@shared_task(queue="analysis")
def run_analysis(**_: Any) -> None:
    """Every night."""
    services.ask_for_run(by=User.objects.system(), at=timezone.now())


def begin(*, run: int) -> None:
    """For the subscriber of `analysis.asked`: to the analysis's own queue, once it is certain."""
    transaction.on_commit(partial(lay_out_run.delay, run=run))


@shared_task(queue="analysis")
def lay_out_run(*, run: int, **_: Any) -> None:
    pieces = services.lay_out_run(run=run, by=User.objects.system(), at=timezone.now())
    for block in pieces.blocks:
        look_at_block.delay(run=run, block=block)
    if pieces.is_done:
        _go_on()


@shared_task(queue="analysis")
def look_at_block(*, run: int, block: int, **_: Any) -> None:
    if services.look_at_block(run=run, block=block, by=User.objects.system(), at=timezone.now()):
        _go_on()


def _go_on() -> None:
    """What follows on the signals of a night; each by itself, so that none waits for the fault of another."""
    for task in (find_emerging, watch_proven, judge_due_cases):
        task.delay()


@shared_task(queue="analysis")
def take_up_runs(**_: Any) -> None:
    services.take_up_runs(by=User.objects.system(), at=timezone.now())


@shared_task(queue="analysis")
def look_at_today(**_: Any) -> None:
    services.look_at_today(by=User.objects.system(), at=timezone.now())


@shared_task(queue="analysis")
def find_emerging(**_: Any) -> None:
    services.find_emerging(by=User.objects.system(), at=timezone.now())


@shared_task(queue="analysis")
def watch_proven(**_: Any) -> None:
    for case in services.proven_cases():
        watch_case.delay(case=case)


@shared_task(queue="analysis")
def watch_case(*, case: int, **_: Any) -> None:
    services.watch_proven(by=User.objects.system(), at=timezone.now(), only=case)


@shared_task(queue="analysis")
def judge_due_cases(**_: Any) -> None:
    for case in services.due_cases(at=timezone.now()):
        judge_case.delay(case=case)


@shared_task(queue="analysis")
def judge_case(*, case: int, **_: Any) -> None:
    services.judge_due_cases(by=User.objects.system(), at=timezone.now(), only=case)


@shared_task(queue="analysis")
def remind_owners(**_: Any) -> None:
    """Every hour; outside the company's hours it does nothing."""
    services.remind_owners(by=User.objects.system(), at=timezone.now())


@shared_task(queue="analysis")
def join_evidence(**_: Any) -> None:
    for case in services.cases_to_join():
        join_case.delay(case=case)


@shared_task(queue="analysis")
def join_case(*, case: int, **_: Any) -> None:
    services.join_evidence(case=case, by=User.objects.system(), at=timezone.now())


@shared_task(queue="analysis")
def mail_views(**_: Any) -> None:
    """Each hour: what was missed on Monday or on the first is made good."""
    services.mail_views(by=User.objects.system(), at=timezone.now())


# Calls to programs of others share a queue, so that their slowness is nobody else's.


@shared_task(queue="webhooks")
def run_errands(**_: Any) -> None:
    for errand in trackers.due_errands(at=timezone.now()):
        run_errand.apply_async(kwargs={"errand": errand}, expires=60)


@shared_task(queue="webhooks")
def run_errand(*, errand: int, **_: Any) -> None:
    trackers.run_errand(number=errand, by=User.objects.system(), at=timezone.now())


@shared_task(queue="webhooks")
def look_at_trackers(**_: Any) -> None:
    """What their webhooks told is known already; this is for what they did not tell."""
    for item in trackers.stale_items(at=timezone.now()):
        look_at_item.apply_async(kwargs={"item": item}, expires=600)


@shared_task(queue="webhooks")
def look_at_item(*, item: int, **_: Any) -> None:
    trackers.look_at_item(number=item, by=User.objects.system(), at=timezone.now())


@shared_task(queue="default")
def forget_tracker_news(**_: Any) -> None:
    trackers.forget_old_news(at=timezone.now())
