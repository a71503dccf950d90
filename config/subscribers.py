"""Who reacts to what: the catalogue of event kinds, and the subscribers each is owed to.

A name "control.start_clocks" is the function `start_clocks` in `apps/control/subscribers.py`. Subscribers are
idempotent. Kinds that owe nobody stand here too: a kind that is not in this list can't be recorded.
"""

SUBSCRIBERS: dict[str, tuple[str, ...]] = {
    # The house
    "house.opened": ("control.lay_out_defaults", "evaluation.lay_out_goals"),
    "taxonomy.published": (),
    # A ticket's life
    "ticket.opened": (
        "intake.suggest",
        "intake.encode",
        "output.acknowledge",
        "control.start_clocks",
        "staff.assign",
    ),
    "ticket.classified": ("staff.assign",),
    "ticket.uncoded": (),
    "ticket.recoded": (),
    "ticket.assigned": (),
    "ticket.moved": ("staff.assign", "control.restart_clocks"),
    "ticket.rated": ("control.restart_clocks",),
    "ticket.described": (),
    "ticket.begun": ("control.resume_clocks",),
    "ticket.held": ("control.pause_clocks",),
    "ticket.resolved": ("control.stop_clocks", "control.plan_survey"),
    "ticket.reopened": ("control.reopen_clocks",),
    "ticket.closed": ("control.stop_clocks",),
    "ticket.merged": ("control.cancel_clocks",),
    "outcome.told": (),
    "remedy.given": (),
    # What is said
    "message.received": ("response.hear", "control.hear_customer"),
    "message.written": ("output.deliver", "control.meet_clocks"),
    "message.withdrawn": ("control.unmeet_clocks",),
    "note.added": (),
    "mail.screened": (),
    "mail.quarantined": (),
    "mail.restored": (),
    "mail.bounced": ("output.note_bounce",),
    # Out of the house
    "delivery.sent": (),
    "delivery.failed": ("output.note_failure",),
    # Time
    "clock.warned": (),
    "clock.breached": (),
    "referral.opened": (),
    "referral.answered": (),
    "referral.closed": (),
    # How far codes can be trusted
    "sample.drawn": (),
    "reading.done": (),
    "reading.settled": (),
    "reading.lapsed": (),
    # The loop
    "analysis.asked": ("analysis.begin_run",),
    "signal.raised": (),
    "signal.judged": (),
    "case.opened": (),
    "case.routed": (),
    "case.accepted": (),
    "case.rejected": (),
    "case.moved": (),
    "case.noted": (),
    "cause.judged": (),
    "evidence.changed": (),
    "cause.added": (),
    "cause.predicted": (),
    "cause.tested": (),
    "action.added": (),
    "action.moved": (),
    "plan.frozen": (),
    "case.judged": ("awareness.publish_fix",),
    "case.regressed": ("awareness.take_back_fix",),
    # What people are told
    "digest.sent": (),
    "report.made": (),
    "report.sent": (),
    "recipients.changed": (),
    "notice.drafted": (),
    "notice.edited": (),
    "notice.published": (),
    "notice.withdrawn": (),
}
