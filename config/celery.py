"""The Celery application: queues by urgency, the schedule from config/schedule.py."""

import os

from celery import Celery
from django.conf import settings
from kombu import Queue

from config.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("helpdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_default_queue = "default"
# One worker serves all five; a larger site starts workers for some of them (`worker -Q mail`).
app.conf.task_queues = [Queue(name) for name in ("default", "mail", "webhooks", "analysis", "reports")]
app.conf.beat_schedule = SCHEDULE
app.add_defaults(  # a function: the settings are read when they are needed, not when this module is imported
    lambda: {
        "redbeat_redis_url": settings.CELERY_REDBEAT_REDIS_URL,
        "redbeat_redis_options": {"retry_period": 30, "socket_connect_timeout": 2},
        # Seconds. A killed scheduler leaves its lock behind: the next one waits for this long, and no longer.
        "redbeat_lock_timeout": 30,
        "beat_max_loop_interval": 5,
        "worker_redirect_stdouts": False,  # a traceback stays in one piece
        # Unacknowledged tasks are handed out again when Valkey is back: do not run them twice at once.
        "worker_cancel_long_running_tasks_on_connection_loss": True,
    }
)
app.autodiscover_tasks()
