"""Doors of background work."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.response import services
from apps.response.bulk.services import work_on_bulk
from apps.response.checklists.services import remind_of_tasks
from apps.response.closing.services import work_on_closing
from apps.response.links.services import answer_waiting_children
from apps.response.queries.counting import FRESH, to_count_for
from apps.response.recoding.services import work_on_hand_recodings
from apps.response.rules.services import forget_runs, look_by_the_clock, mind_rules
from apps.response.sending_later.services import send_due_replies
from apps.response.snoozing.services import wake_due
from helpdesk.models import User
from helpdesk.permissions import may


@shared_task(queue="analysis")
def draw_readings(**_: Any) -> None:
    services.draw_readings(by=User.objects.system(), at=timezone.now())


@shared_task(queue="default")
def close_settled(**_: Any) -> None:
    services.close_settled(by=User.objects.system(), at=timezone.now())


@shared_task(queue="default")
def end_waiting(**_: Any) -> None:
    work_on_closing(by=User.objects.system(), at=timezone.now())


@shared_task(queue="default")
def forget_settled_drafts(**_: Any) -> None:
    services.forget_settled_drafts(at=timezone.now())


@shared_task(queue="default")
def wake_snoozed(**_: Any) -> None:
    wake_due(by=User.objects.system(), at=timezone.now())


@shared_task(queue="default")
def send_later_replies(**_: Any) -> None:
    send_due_replies(by=User.objects.system(), at=timezone.now())


@shared_task(queue="default")
def remind_of_due_tasks(**_: Any) -> None:
    remind_of_tasks(by=User.objects.system(), at=timezone.now())


@shared_task(queue="default")
def work_on_approvals(**_: Any) -> None:
    services.work_on_approvals(by=User.objects.system(), at=timezone.now())


@shared_task(queue="analysis")
def recode_by_hand(**_: Any) -> None:
    work_on_hand_recodings(at=timezone.now())


@shared_task(queue="default")
def answer_children(**_: Any) -> None:
    answer_waiting_children(at=timezone.now())


@shared_task(queue="default")
def act_in_bulk(**_: Any) -> None:
    work_on_bulk(at=timezone.now())


@shared_task(queue="default")
def obey_timed_rules(**_: Any) -> None:
    look_by_the_clock(by=User.objects.system(), at=timezone.now())


@shared_task(queue="default")
def mind_rules_names(**_: Any) -> None:
    mind_rules(by=User.objects.system(), at=timezone.now())


@shared_task(queue="default")
def forget_rule_runs(**_: Any) -> None:
    forget_runs(at=timezone.now())


@shared_task(queue="default")
def count_views(**_: Any) -> None:
    """For everybody who looks at them: a task for each person, which is of no use once it has waited."""
    for number in to_count_for(at=timezone.now()):
        count_views_of.apply_async(kwargs={"user_id": number}, expires=FRESH.seconds)


@shared_task(queue="default")
def count_views_of(user_id: int, **_: Any) -> None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None and may(user, "response.view"):
        services.count_views(user=user, at=timezone.now())
