"""What runs by the clock. Times are UTC; every task may be missed or run twice without harm."""

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, object]] = {
    "sweep events": {"task": "helpdesk.tasks.sweep_events", "schedule": 30.0},
    "make event partitions": {
        "task": "helpdesk.tasks.make_event_partitions",
        "schedule": crontab(hour=0, minute=10),
    },
}
