"""Who reacts to what: the catalogue of event kinds, and the subscribers each is owed to.

A name "control.start_clocks" is the function `start_clocks` in `apps/control/subscribers.py`. Subscribers are
idempotent. Kinds that owe nobody stand here too: a kind that is not in this list can't be recorded.
"""

SUBSCRIBERS: dict[str, tuple[str, ...]] = {
    # A ticket's life
    "ticket.opened": ("intake.suggest", "output.acknowledge", "control.start_clocks", "staff.assign"),
    "ticket.classified": ("staff.assign",),
    "ticket.assigned": (),
    "ticket.moved": ("staff.assign", "control.restart_clocks"),
    "ticket.rated": ("control.restart_clocks",),
    "ticket.begun": ("control.resume_clocks",),
    "ticket.held": ("control.pause_clocks",),
    "ticket.resolved": ("control.stop_clocks", "control.plan_survey"),
    "ticket.reopened": ("control.reopen_clocks",),
    "ticket.closed": ("control.stop_clocks",),
    "ticket.merged": ("control.stop_clocks",),
    "outcome.told": (),
    # What is said
    "message.received": ("response.hear", "control.resume_clocks"),
    "message.written": ("output.deliver", "control.meet_clocks"),
    "message.withdrawn": ("control.unmeet_clocks",),
    "note.added": (),
    "mail.quarantined": (),
    "mail.bounced": ("output.note_bounce",),
    # Out of the house
    "delivery.sent": (),
    "delivery.failed": ("output.note_failure",),
    # Time
    "clock.warned": (),
    "clock.breached": ("control.escalate",),
    "referral.opened": ("output.tell_department",),
    "referral.answered": (),
    "referral.closed": (),
    "survey.planned": (),
    "survey.sent": (),
    # The loop
    "signal.raised": (),
    "signal.judged": (),
    "case.opened": (),
    "case.routed": (),
    "case.accepted": (),
    "case.rejected": (),
    "case.moved": (),
    "cause.judged": (),
    "action.added": (),
    "action.moved": (),
    "plan.frozen": (),
    "case.judged": ("awareness.publish_fix",),
    "case.regressed": (),
    # What people are told
    "digest.sent": (),
    "notice.published": (),
}
