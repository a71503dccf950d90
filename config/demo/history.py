"""What people at the demo company did about causes: the cases a loader creates, with the day of every step.

Three are past their decision date and wait for the night's verdict; one waits for its owner's answer, so that an owner
who signs in has something to do, and the others stand in every other state (`under_way.py`). Days are counted back from the end of the world, and moved on to a working day.
"""

from datetime import date

from apps.control.clock import BusinessCalendar
from config.demo import planted, under_way
from config.demo.diary import Diary
from config.demo.planned import Action, Cause, Heard, PlannedCase, Rejection


def cases(end: date, calendar: BusinessCalendar) -> tuple[PlannedCase, ...]:
    """All cases, oldest first."""
    diary = Diary(end, calendar)
    return (
        _displaced(diary),
        _proven(diary),
        _without_effect(diary),
        _investigating(diary),
        _awaiting(diary),
        *under_way.cases(diary),
    )


def _proven(diary: Diary) -> PlannedCase:
    fixed = diary.work(planted.PROVEN_FIXED)
    return PlannedCase(
        title="Both plans are billed in the month of a plan change",
        issue_code=planted.PROVEN,
        related=(),
        statement="Customers who change their plan are charged for the old and the new one. Known in single cases for "
        "years; several times as many since plan changes can be made in the app.",
        is_text="Plan changes in the app, all plans, all regions, first bill after the change.",
        is_not_text="Plan changes made by our staff; customers who never changed; one-off orders.",
        state="monitoring",
        severity=2,
        department="billing",
        owner="omar@warmfold.example",
        verifier="priya@warmfold.example",
        opened_by="priya@warmfold.example",
        signal_kind="surge",
        detected_from=diary.day(planted.PROVEN_STARTS),
        detected_to=diary.day(planted.PROVEN_STARTS - 10),
        opened_on=diary.work(236),
        routed_on=diary.work(233),
        due_on=diary.after(diary.work(233), 3),
        accepted_on=diary.work(231),
        causes=(
            Cause(
                "occurrence",
                "The billing run charges every plan that was active on any day of the month and never asks whether "
                "the other plan replaced it.",
                "process",
                "Replayed 40 double charges: in all 40 both plans were active on the day of the run. In 40 single "
                "charges taken by lot it was none.",
                diary.work(219),
            ),
            Cause(
                "escape",
                "The check before the run compares totals with last month, which a few hundred double charges do not move.",
                "process",
                "The check passed in each of the eight runs since the rise began.",
                diary.work(216),
            ),
        ),
        actions=(
            Action(
                "One charge a customer and month: the database refuses the second",
                "corrective", "strong", "fix_cause", "omar@warmfold.example",
                diary.work(155), fixed, "priya@warmfold.example", diary.work(planted.PROVEN_FIXED - 3),
            ),
            Action(
                "List of customers with two active plans before each run",
                "detection", "medium", "change_process", "grace@warmfold.example",
                diary.work(165), diary.work(160), "priya@warmfold.example", diary.work(158),
            ),
        ),
        plan=diary.plan(
            detected=planted.PROVEN_STARTS, implemented=planted.PROVEN_FIXED, frozen=205, expected_reduction=0.5,
            second_source="Refunds booked with the reason 'double charge', from accounting",
        ),
        action_on=fixed,
        heard=Heard(diary.work(planted.PROVEN_FIXED - 40), gone=19, still=2),
    )  # fmt: skip


def _without_effect(diary: Diary) -> PlannedCase:
    fixed = diary.work(planted.NO_EFFECT_FIXED)
    return PlannedCase(
        title="Parcels are marked as delivered and are not there",
        issue_code=planted.NO_EFFECT,
        related=(),
        statement="Twice as many customers as before the change of carrier say that a parcel marked as delivered never "
        "came. The rise is old; it came up in the half-year review and not as an alarm.",
        is_text="All regions since the new carrier took over the last mile.",
        is_not_text="Parcels that need a signature; parcels to shops.",
        state="monitoring",
        severity=2,
        department="delivery",
        owner="ruth@warmfold.example",
        verifier="priya@warmfold.example",
        opened_by="lena@warmfold.example",
        signal_kind="chronic",
        detected_from=diary.day(236),
        detected_to=diary.day(230),
        opened_on=diary.work(229),
        routed_on=diary.work(219),
        due_on=diary.after(diary.work(219), 3),
        accepted_on=diary.work(216),
        rejections=(
            Rejection(
                "installation", "nadia@warmfold.example", diary.work(225), "not_ours",
                "Our fitters bring their own parts; the carrier's contract lies with Delivery.", "delivery",
            ),
        ),
        causes=(
            Cause(
                "occurrence",
                "Drivers scan a whole street as delivered before they walk it, because the tour leaves them no time.",
                "employee",
                "In 31 of 40 cases the scans of a street lie within one minute.",
                diary.work(205),
            ),
            Cause(
                "escape",
                "Nobody compares the place of the scan with the address.",
                "process",
                "The carrier's data holds both; the report shows neither.",
                diary.work(203),
            ),
        ),
        actions=(
            Action(
                "Retraining of all drivers: scan at the door",
                "corrective", "weak", "equip", "ruth@warmfold.example",
                diary.work(183), fixed, "priya@warmfold.example", diary.work(planted.NO_EFFECT_FIXED - 4),
            ),
        ),
        plan=diary.plan(
            detected=236, implemented=planted.NO_EFFECT_FIXED, frozen=197, expected_reduction=0.5,
            second_source="Searches opened with the carrier, from its monthly statement",
            override="Retraining is all the carrier offers this year; accepted by the head of operations.",
        ),
        action_on=fixed,
    )  # fmt: skip


def _displaced(diary: Diary) -> PlannedCase:
    fixed = diary.work(planted.DISPLACED_FIXED)
    return PlannedCase(
        title="Login codes by text message do not arrive",
        issue_code=planted.DISPLACED,
        related=(planted.DISPLACED_TO,),
        statement="A steady stream of customers cannot sign in because the code by text message is late or never comes.",
        is_text="Sign-in by text message, all networks, all regions.",
        is_not_text="Customers who stay signed in; sign-in by the web page with a mailed code.",
        state="monitoring",
        severity=2,
        department="software",
        owner="mei@warmfold.example",
        verifier="priya@warmfold.example",
        opened_by="priya@warmfold.example",
        signal_kind="chronic",
        detected_from=diary.day(262),
        detected_to=diary.day(255),
        opened_on=diary.work(252),
        routed_on=diary.work(249),
        due_on=diary.after(diary.work(249), 3),
        accepted_on=diary.work(248),
        causes=(
            Cause(
                "occurrence",
                "The provider of text messages drops messages at busy hours.",
                "product",
                "A tenth of 500 test messages took more than ten minutes or did not come.",
                diary.work(230),
            ),
            Cause(
                "escape",
                "We count messages handed to the provider and not those that arrived.",
                "process",
                "The dashboard was green on the worst day.",
                diary.work(228),
            ),
        ),
        actions=(
            Action(
                "Authenticator app instead of text messages, for everybody",
                "corrective", "strong", "fix_cause", "mei@warmfold.example",
                diary.work(165), fixed, "priya@warmfold.example", diary.work(planted.DISPLACED_FIXED - 2),
            ),
        ),
        plan=diary.plan(
            detected=262, implemented=planted.DISPLACED_FIXED, frozen=215, expected_reduction=0.6,
            second_source="Share of sign-ins that succeed at the first attempt, from the server's log",
        ),
        action_on=fixed,
    )  # fmt: skip


def _investigating(diary: Diary) -> PlannedCase:
    routed = diary.after(diary.end, -9)
    return PlannedCase(
        title="Valves arrive cracked",
        issue_code="parcel-damaged",
        related=(),
        statement="Nearly every working day somebody opens a parcel with a broken valve. It has been so for as long as we count.",
        is_text="Valves in the flat box, by post.",
        is_not_text="Hubs; parcels packed at the second site.",
        state="investigating",
        severity=3,
        department="delivery",
        owner="ruth@warmfold.example",
        verifier="priya@warmfold.example",
        opened_by="priya@warmfold.example",
        signal_kind="chronic",
        detected_from=diary.after(diary.end, -14),
        detected_to=diary.after(diary.end, -12),
        opened_on=diary.after(diary.end, -11),
        routed_on=routed,
        due_on=diary.after(routed, 3),
        accepted_on=diary.after(routed, 2),
    )


def _awaiting(diary: Diary) -> PlannedCase:
    routed = diary.after(diary.end, -1)
    return PlannedCase(
        title="Refunds are approved and not released",
        issue_code="refund-not-arrived",
        related=("refund-wrong-amount",),
        statement="The largest single reason in Billing: customers wait for refunds that one of us approved and nobody released.",
        is_text="Refunds above 50, all channels.",
        is_not_text="Refunds that accounting enters by itself.",
        state="routed",
        severity=2,
        department="billing",
        owner="omar@warmfold.example",
        verifier="priya@warmfold.example",
        opened_by="priya@warmfold.example",
        signal_kind="chronic",
        detected_from=diary.after(diary.end, -6),
        detected_to=diary.after(diary.end, -4),
        opened_on=diary.after(diary.end, -3),
        routed_on=routed,
        due_on=diary.after(routed, 3),
    )
