"""Cases of the demo company on which nothing is planted in the tickets: one for each state the others do not stand in.

Their issues come as they always did, so no verdict is due on them and none is promised by the data.
"""

from datetime import timedelta

from config.demo.diary import Diary
from config.demo.planned import Action, Cause, Ending, PlannedCase

ANALYST = "priya@warmfold.example"


def cases(diary: Diary) -> tuple[PlannedCase, ...]:
    """Oldest first."""
    return (
        _nothing_found(diary),
        _risk_accepted(diary),
        _watched(diary),
        _being_fixed(diary),
        _on_hold(diary),
        _being_planned(diary),
        _raised_by_an_agent(diary),
    )


def _case(diary: Diary, opened: int, **facts: object) -> PlannedCase:
    """A case that was opened so many days ago, routed two working days later and accepted after two more."""
    day = diary.work(opened)
    routed = diary.after(day, 2)
    usual: dict[str, object] = {
        "related": (), "severity": 3, "verifier": ANALYST, "opened_by": ANALYST, "signal_kind": "chronic",
        "detected_from": day - timedelta(days=9), "detected_to": day - timedelta(days=3), "opened_on": day,
        "routed_on": routed, "due_on": diary.after(routed, 3), "accepted_on": diary.after(routed, 2),
    }  # fmt: skip
    return PlannedCase(**(usual | facts))  # type: ignore[arg-type]


def _nothing_found(diary: Diary) -> PlannedCase:
    return _case(
        diary, 141, title="Two of us say two different things", issue_code="contradicting-answers",
        statement="Customers hear one thing by phone and read another on our pages. It is spread over all teams and topics.",
        is_text="All teams, all channels.", is_not_text="No single macro, article or person.",
        state="closed", department="delivery", owner="ruth@warmfold.example",
        ending=Ending(
            "no_cause", diary.work(112),
            "Sixty pairs of answers were read: no two of them had the same reason. It is looked at again with the next "
            "knowledge base.",
        ),
    )  # fmt: skip


def _risk_accepted(diary: Diary) -> PlannedCase:
    return _case(
        diary, 121, title="A new address needs two letters", issue_code="change-address",
        statement="Who moves has to tell us twice: once for the bill and once for the parcel.",
        is_text="Customers with a plan and an order under way.", is_not_text="Customers without an open order.",
        state="closed", department="billing", owner="omar@warmfold.example",
        ending=Ending(
            "risk", diary.work(104),
            "The two address books are joined with the new shop in spring. Until then a macro answers in one step.",
            diary.day(-170),
        ),
    )  # fmt: skip


def _watched(diary: Diary) -> PlannedCase:
    fixed = diary.work(26)
    return _case(
        diary, 97, title="Sensors beside a radiator read too high", issue_code="sensor-wrong",
        statement="Sensors show up to four degrees too much, and the room stays cold.",
        is_text="Sensors within a metre of a radiator, all versions.", is_not_text="Sensors on an inner wall.",
        state="monitoring", department="devices", owner="henrik@warmfold.example",
        workaround="Ask for the place of the sensor. Within a metre of a radiator: send the wall kit, free of charge.",
        causes=(
            Cause(
                "occurrence", "The guide in the box shows the sensor beside the radiator.", "promise",
                "Thirty of forty photos of customers show that place; of forty without the problem two do.",
                diary.work(80),
            ),
            Cause(
                "escape", "The guide was drawn before the sensor was tested in rooms.", "process",
                "Dates of the drawing and of the first test.", diary.work(78),
            ),
        ),
        actions=(
            Action(
                "New guide in every box, and a film in the app", "corrective", "medium", "expectations",
                "henrik@warmfold.example", diary.work(30), fixed, ANALYST, diary.work(23),
            ),
        ),
        plan=diary.plan(
            detected=106, implemented=26, frozen=64, expected_reduction=0.3,
            second_source="Wall kits sent, from the warehouse",
        ),
        action_on=fixed,
    )  # fmt: skip


def _being_fixed(diary: Diary) -> PlannedCase:
    return _case(
        diary, 59, title="The usage report counts public holidays twice", issue_code="usage-report-wrong",
        statement="After each public holiday the report shows a day more than the month has.",
        is_text="Months with a public holiday, all plans.", is_not_text="Months without one.",
        state="fixing", department="software", owner="mei@warmfold.example",
        notice=(
            "Usage reports show too many days after a public holiday",
            "Your report may show a day more than the month has. Your bill is right. The next version of the app mends it.",
            "The meter page in the app counts right.",
        ),
        notice_in_german=(
            "Verbrauchsberichte zeigen nach einem Feiertag einen Tag zu viel",
            "Ihr Bericht zeigt vielleicht einen Tag zu viel. Ihre Rechnung stimmt. Die nächste Version behebt es.",
            "Die Zählerseite der App zählt richtig.",
        ),
        causes=(
            Cause(
                "occurrence", "The report adds the calendar of the country to that of the region.", "product",
                "Every one of 25 wrong reports is right once a holiday is taken out.", diary.work(46),
            ),
            Cause(
                "escape", "The tests know months without a holiday only.", "process",
                "The months in the tests: February, June, September.", diary.work(45),
            ),
        ),
        actions=(
            Action(
                "One calendar for report and bill", "corrective", "strong", "fix_cause", "mei@warmfold.example",
                diary.after(diary.end, 6), None, None, None,
            ),
            Action(
                "A test month with every kind of holiday", "detection", "medium", "change_process",
                "ben@warmfold.example", diary.after(diary.end, 3), None, None, None,
            ),
        ),
        plan=diary.plan(
            detected=68, implemented=-8, frozen=36, expected_reduction=0.5,
            second_source="Corrected reports, from the log of the app",
        ),
    )  # fmt: skip


def _on_hold(diary: Diary) -> PlannedCase:
    return _case(
        diary, 47, title="Promised calls are not made", issue_code="no-callback",
        statement="One call in nine that a fitter promised is never made, most of them on Mondays.",
        is_text="Calls promised on Fridays for Mondays.", is_not_text="Calls promised for the same day.",
        state="on_hold", department="installation", owner="nadia@warmfold.example",
        ending=Ending(
            "hold", diary.work(33), "The new rota begins next month: it may be the fix by itself.", diary.day(-24)
        ),
    )  # fmt: skip


def _being_planned(diary: Diary) -> PlannedCase:
    return _case(
        diary, 31, title="The app closes when a schedule is opened", issue_code="app-crashes",
        statement="Opening a schedule with more than twelve steps closes the app.",
        is_text="Schedules with more than twelve steps, older telephones.", is_not_text="The web page; short schedules.",
        state="planning", department="software", owner="mei@warmfold.example",
        workaround="Open the schedule on the web page. Splitting it in two helps on the telephone.",
        causes=(
            Cause(
                "occurrence", "The list is drawn as a whole instead of as far as it is seen.", "product",
                "Closes with thirteen steps on six of six older telephones, never with twelve.", diary.work(17),
            ),
            Cause(
                "escape", "The telephones we test with are new.", "process", "The list of telephones of the test room.",
                diary.work(16),
            ),
        ),
        planning_on=diary.work(9),
    )  # fmt: skip


def _raised_by_an_agent(diary: Diary) -> PlannedCase:
    return _case(
        diary, 7, title="Schedules are gone after every update", issue_code="schedule-lost", statement="",
        is_text="", is_not_text="", state="new", department="software", owner="mei@warmfold.example",
        opened_by="lucia@warmfold.example", accepted_on=None,
    )  # fmt: skip
