"""The Celery application: queues by urgency, the schedule from config/schedule.py."""

import os

from celery import Celery
from kombu import Queue

from config.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("helpdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_default_queue = "default"
# One worker serves all four; a larger site starts workers that serve some (`celery -A config worker -Q mail`).
app.conf.task_queues = [Queue(name) for name in ("default", "mail", "analysis", "reports")]
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()
