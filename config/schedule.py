"""What runs by the clock. Times are UTC; every task may be missed or run twice without harm."""

from celery.schedules import crontab

STALE_AFTER = 300.0  # seconds; longer than any usual queue, or a busy worker would never send mail


def often(task: str, seconds: float, stale_after: float = STALE_AFTER) -> dict[str, object]:
    """A task of seconds: one that waited for minutes is thrown away, or an outage would pile up thousands."""
    return {"task": task, "schedule": seconds, "options": {"expires": stale_after}}


SCHEDULE: dict[str, dict[str, object]] = {
    # Behind a long queue nothing is lost yet: to queue it again would only make the queue longer.
    "sweep events": often("helpdesk.tasks.sweep_events", 30.0, stale_after=60.0),
    "make event partitions": {
        "task": "helpdesk.tasks.make_event_partitions",
        "schedule": crontab(hour=0, minute=10),
    },
    "forget what has expired": {
        "task": "helpdesk.tasks.forget_expired",
        "schedule": crontab(hour=1, minute=10),
    },
    "publish planned releases": often("helpdesk.tasks.publish_planned_releases", 30.0),
    "recode tickets": often("helpdesk.tasks.recode_tickets", 15.0, stale_after=15.0),
    "recode by hand": often("apps.response.tasks.recode_by_hand", 5.0, stale_after=15.0),
    "act on many tickets": often("apps.response.tasks.act_in_bulk", 3.0, stale_after=15.0),
    "recode by suggestion": often("apps.evaluation.tasks.recode_by_suggestion", 60.0, stale_after=60.0),
    "read waiting mail": often("apps.intake.tasks.read_waiting_mail", 60.0),
    # New tickets are encoded as they come; these are for the others: brought in by file, or read by another encoder.
    "encode the newest tickets": often("apps.intake.tasks.encode_newest_tickets", 240.0),
    "encode tickets": {"task": "apps.intake.tasks.encode_tickets", "schedule": crontab(minute=25)},
    "train suggestions": {
        "task": "apps.intake.tasks.train_suggestions",
        "schedule": crontab(hour=1, minute=30),
    },
    "answer children": often("apps.response.tasks.answer_children", 5.0, stale_after=15.0),
    "wake snoozed tickets": often("apps.response.tasks.wake_snoozed", 20.0),
    "send answers for later": often("apps.response.tasks.send_later_replies", 20.0),
    "remind of due tasks": often("apps.response.tasks.remind_of_due_tasks", 60.0),
    "work on approvals": often("apps.response.tasks.work_on_approvals", 60.0),
    "deal waiting tickets": often("apps.staff.tasks.deal_waiting", 60.0, stale_after=60.0),
    "obey timed rules": often("apps.response.tasks.obey_timed_rules", 60.0, stale_after=60.0),
    "mind what rules name": {"task": "apps.response.tasks.mind_rules_names", "schedule": crontab(minute=35)},
    "count views": often("apps.response.tasks.count_views", 5.0, stale_after=5.0),
    "open recurring tickets": often("apps.control.tasks.open_recurring", 30.0, stale_after=60.0),
    "tick clocks": often("apps.control.tasks.tick", 20.0),
    "mind silent customers": {
        "task": "apps.control.tasks.mind_silent_customers",
        "schedule": crontab(minute=15),
    },
    "tick promises": often("apps.control.tasks.tick_promises", 60.0),
    "send due surveys": {"task": "apps.control.tasks.send_due_surveys", "schedule": crontab(minute="*/10")},
    "send mail": often("apps.output.tasks.send_due", 5.0),
    "send news to colleagues": often("apps.output.tasks.send_news", 20.0, stale_after=60.0),
    "forget read news": {
        "task": "apps.output.tasks.forget_read_news",
        "schedule": crontab(hour=1, minute=45),
    },
    "send webhooks": often("apps.output.tasks.send_webhooks", 3.0, stale_after=15.0),
    "run tracker errands": often("apps.analysis.tasks.run_errands", 5.0, stale_after=30.0),
    "look at trackers": often("apps.analysis.tasks.look_at_trackers", 120.0),
    "forget what trackers said": {
        "task": "apps.analysis.tasks.forget_tracker_news",
        "schedule": crontab(hour=1, minute=25),
    },
    "forget what webhooks said": {
        "task": "apps.output.tasks.forget_webhook_deliveries",
        "schedule": crontab(hour=1, minute=20),
    },
    # Tickets that were being opened while their customer was merged into another.
    "carry stragglers": often("apps.output.tasks.carry_stragglers", 300.0),
    "settle visits of the help centre": {
        "task": "apps.output.tasks.settle_help_visits",
        "schedule": crontab(minute=35),
    },
    "export customers": often("apps.output.tasks.export_customers", 5.0, stale_after=15.0),
    "erase customers": often("apps.output.tasks.erase_customers", 10.0, stale_after=15.0),
    "let old words go": {"task": "apps.output.tasks.apply_retention", "schedule": crontab(hour=3, minute=30)},
    "forget exports": {"task": "apps.output.tasks.forget_exports", "schedule": crontab(hour=1, minute=12)},
    "forget sessions": {"task": "apps.output.tasks.forget_sessions", "schedule": crontab(hour=1, minute=17)},
    "forget old merges": {
        "task": "apps.output.tasks.forget_old_merges",
        "schedule": crontab(hour=1, minute=15),
    },
    # Each hour, so that a missed one costs an hour; a ticket takes each step once.
    "end what waits in vain": {
        "task": "apps.response.tasks.end_waiting",
        "schedule": crontab(minute=45),
        "options": {"expires": 3000.0},
    },
    "close settled tickets": {
        "task": "apps.response.tasks.close_settled",
        "schedule": crontab(hour=2, minute=20),
    },
    "forget settled drafts": {
        "task": "apps.response.tasks.forget_settled_drafts",
        "schedule": crontab(hour=1, minute=35),
    },
    "forget what rules saw": {
        "task": "apps.response.tasks.forget_rule_runs",
        "schedule": crontab(hour=1, minute=40),
    },
    # A week's sample is drawn once, on the first night after it; the nights after it make good a missed one.
    "draw readings": {"task": "apps.response.tasks.draw_readings", "schedule": crontab(hour=2, minute=10)},
    "draw reviews": {"task": "apps.evaluation.tasks.draw_reviews", "schedule": crontab(hour=2, minute=15)},
    # What standards and prevention show, where tickets are too many to be counted at every view.
    "count months": {
        "task": "apps.evaluation.tasks.count_months",
        "schedule": crontab(minute="2-59/15"),
        "options": {"expires": 600.0},
    },
    "renew certificates": {
        "task": "apps.staff.tasks.renew_certificates",
        "schedule": crontab(hour=6, minute=20),
    },
    "send waves": often("apps.awareness.tasks.send_waves", 60.0, stale_after=60.0),
    # Before the night counts them.
    "unmark unknown campaigns": {
        "task": "apps.awareness.tasks.unmark_unknown",
        "schedule": crontab(minute=20),
        "options": {"expires": 3000.0},
    },
    "send outreaches": often("apps.awareness.tasks.send_outreaches", 60.0, stale_after=60.0),
    "send digests": {
        "task": "apps.awareness.tasks.send_digests",
        "schedule": crontab(hour=7, minute=0, day_of_week="mon"),
    },
    # The first working day is the calendar's, not cron's; the days after it make good what was missed.
    "send the executive report": {
        "task": "apps.awareness.tasks.send_due_report",
        "schedule": crontab(hour=7, minute=10, day_of_month="1-10"),
    },
    # The first days of a quarter are left to late answers; the days after make good what was missed.
    "draft incentive statements": {
        "task": "apps.evaluation.tasks.draft_statements",
        "schedule": crontab(hour=6, minute=20, day_of_month="5-12", month_of_year="1,4,7,10"),
    },
    "run the analysis": {"task": "apps.analysis.tasks.run_analysis", "schedule": crontab(hour=2, minute=40)},
    "look at today": {
        "task": "apps.analysis.tasks.look_at_today",
        "schedule": crontab(minute=5),
        "options": {"expires": 3000.0},  # the next hour looks at more
    },
    # Tickets with the issue of an open case become its evidence, however they came to their code.
    "join evidence": {
        "task": "apps.analysis.tasks.join_evidence",
        "schedule": crontab(minute="4-59/15"),
        "options": {"expires": 600.0},
    },
    "take up analyses left lying": {
        "task": "apps.analysis.tasks.take_up_runs",
        "schedule": crontab(minute="*/5"),
    },
    # The night's analysis does both as well, unless its count has failed.
    "watch proven fixes": {
        "task": "apps.analysis.tasks.watch_proven",
        "schedule": crontab(hour=5, minute=30),
    },
    # Each hour, so that a missed one costs an hour; within the company's calendar, one rung a day.
    "remind owners": {
        "task": "apps.analysis.tasks.remind_owners",
        "schedule": crontab(minute=35),
        "options": {"expires": 3000.0},
    },
    # Weekly and monthly letters; each hour, so that a missed one costs an hour.
    "mail saved views": {
        "task": "apps.analysis.tasks.mail_views",
        "schedule": crontab(minute=50, hour="6-18"),
        "options": {"expires": 3000.0},
    },
    "judge due cases": {"task": "apps.analysis.tasks.judge_due_cases", "schedule": crontab(hour=6, minute=0)},
}
