"""The screens there are: who looks at which, where. A screen that is not in this list is looked at by nobody."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Screen:
    """A page as one person sees it; the place is a path, or a name that the world gave to one."""

    name: str
    place: str
    person: str = ""  # nobody is signed in

    def __str__(self) -> str:
        return self.name


FULL = (
    # Everybody
    Screen("login", "/login/"),
    Screen("portal", "/help/"),
    Screen("portal form", "/help/new/"),
    Screen("request", "request"),
    Screen("survey", "survey"),
    Screen("changes", "/changes/"),
    Screen("owner page", "owner_page"),
    Screen("owner answers", "owner_answers"),
    Screen("is it gone", "gone"),
    Screen("asked by a campaign", "asked"),
    Screen("no more letters", "no_letters"),
    # The desk
    Screen("queue", "/queue/?view=all-open", "ana"),
    Screen("queue with a wrong word", "/queue/?q=is:open%20colour:red", "ana"),
    Screen("queue without a row", "/queue/?q=is:open%20nowhere", "ana"),
    Screen("ticket", "ticket", "ana"),
    Screen("ticket with suggestions", "suggested", "lena"),
    Screen("ticket solved", "solved", "ana"),
    Screen("ticket history", "history", "ana"),
    Screen("macros", "/macros/", "lena"),
    Screen("phone note", "/intake/phone/", "ana"),
    Screen("phone note of a caller", "caller", "ana"),
    Screen("search", "/search/?q=charged", "ana"),
    Screen("search without a hit", "/search/?q=zebra", "ana"),
    Screen("referrals", "/referrals/", "omar"),
    # The loop
    Screen("signals", "/signals/", "nils"),
    Screen("signals dismissed", "/signals/?show=dismissed", "nils"),
    Screen("signal", "signal", "nils"),
    Screen("board", "/cases/", "nils"),
    Screen("board of a department", "/cases/?department=billing", "nils"),
    Screen("departments", "/departments/", "nils"),
    Screen("department", "/departments/billing/", "nils"),
    Screen("case", "case", "nils"),
    Screen("evidence", "evidence", "nils"),
    Screen("sister products", "spread", "nils"),
    Screen("calendar", "/analysis/calendar/", "nils"),
    Screen("wave", "wave", "nils"),
    Screen("case proven", "proven", "nils"),
    Screen("new case", "/cases/new/", "nils"),
    Screen("needs you", "/needs-you/", "omar"),
    Screen("analysis", "/analysis/", "nils"),
    Screen("saved views", "/analysis/views/", "nils"),
    Screen("analysis by money", "/analysis/?by=money&days=365", "nils"),
    Screen("analysis with numbers tried out", "/analysis/?assume=customer_value:100:200:300", "nils"),
    Screen("analysis as it was coded", "/analysis/?release=coded", "nils"),
    Screen("issue analysed", "/analysis/issues/charged-twice/", "nils"),
    Screen("branch analysed", "/analysis/issues/invoice/?days=728&within=7", "nils"),
    Screen("ownership", "/analysis/ownership/?cause_class=process", "nils"),
    Screen("assumptions", "/analysis/assumptions/", "nils"),
    Screen("exposure", "/analysis/exposure/", "nils"),
    Screen("ledger", "/analysis/ledger/", "nils"),
    Screen("coding quality", "/coding-quality/", "nils"),
    Screen("second readings", "/second-readings/", "nils"),
    Screen("reports", "/reports/", "ada"),
    Screen("report", "report", "lena"),
    Screen("notices", "/notices/", "nils"),
    Screen("told before they ask", "/outreach/", "nils"),
    Screen("letter before they ask", "outreach", "nils"),
    Screen("campaigns", "/campaigns/", "nils"),
    Screen("campaign", "campaign", "nils"),
    Screen("suggestions", "/suggestions/", "ana"),
    Screen("suggestions answered", "/suggestions/?show=answered", "nils"),
    Screen("suggestion", "suggestion", "nils"),
    Screen("new suggestion", "/suggestions/new/?ticket=1", "ana"),
    # The team
    Screen("standards", "/standards/", "lena"),
    Screen("prevention", "/standards/prevention/", "ada"),
    Screen("statement", "statement", "ada"),
    Screen("quality", "/quality/", "lena"),
    Screen("reviews", "/quality/reviews/", "lena"),
    Screen("reviews of my answers", "/quality/reviews/", "ana"),
    Screen("review to write", "review to write", "lena"),
    Screen("review to settle", "review disputed", "ada"),
    Screen("review to answer", "review", "ana"),
    Screen("review by hand", "/quality/reviews/new/", "lena"),
    Screen("scorecards", "/quality/scorecards/", "lena"),
    Screen("scorecard", "scorecard", "ada"),
    Screen("criterion", "criterion", "ada"),
    Screen("calibrations", "/quality/calibration/", "lena"),
    Screen("calibration", "calibration", "lena"),
    Screen("calibrated answer", "calibrated", "lena"),
    Screen("people", "/people/", "lena"),
    Screen("person", "person", "lena"),
    Screen("absence", "/people/away/", "lena"),
    Screen("staffing forecast", "/people/forecast/", "lena"),
    Screen("staffing what if", "/people/forecast/?volume=40&people=1", "nils"),
    Screen("staffing rules", "/people/forecast/rules/", "lena"),
    # The house
    Screen("taxonomy", "/admin/taxonomy/", "ada"),
    Screen("taxonomy table", "/admin/taxonomy/table/", "ada"),
    Screen("taxonomy work", "/admin/taxonomy/work/", "ada"),
    Screen("taxonomy draft", "/admin/taxonomy/draft/", "ada"),
    Screen("taxonomy releases", "/admin/taxonomy/releases/", "ada"),
    Screen("taxonomy packs and files", "/admin/taxonomy/files/", "ada"),
    Screen("add issue", "/admin/taxonomy/add/", "ada"),
    Screen("issue", "change_issue", "ada"),
    Screen("split issue", "split_issue", "ada"),
    Screen("tokens", "/admin/tokens/", "ada"),
    Screen("policies", "/admin/clocks/", "ada"),
    Screen("quarantine", "/admin/quarantine/", "ada"),
    Screen("deliveries", "/admin/deliveries/", "ada"),
    Screen("webhooks", "/admin/webhooks/", "ada"),
    Screen("webhook", "webhook", "ada"),
    Screen("style guide", "/style/", "ada"),
    Screen("nothing there", "/cases/4711/", "nils"),
)

EMPTY = tuple(
    Screen(f"empty {name}", place, "ada" if person is None else person)
    for name, place, person in (
        ("portal", "/help/", ""),
        ("changes", "/changes/", ""),
        ("queue", "/queue/", "ana"),
        ("search", "/search/", "ana"),
        ("signals", "/signals/", "nils"),
        ("board", "/cases/", "nils"),
        ("departments", "/departments/", "nils"),
        ("calendar", "/analysis/calendar/", "nils"),
        ("ledger", "/analysis/ledger/", "nils"),
        ("coding quality", "/coding-quality/", "nils"),
        ("needs you", "/needs-you/", "omar"),
        ("analysis", "/analysis/", "nils"),
        ("saved views", "/analysis/views/", "nils"),
        ("reports", "/reports/", "nils"),
        ("notices", "/notices/", "nils"),
        ("campaigns", "/campaigns/", "nils"),
        ("told before they ask", "/outreach/", "nils"),
        ("suggestions", "/suggestions/", "ana"),
        ("standards", "/standards/", "lena"),
        ("prevention", "/standards/prevention/", "lena"),
        ("quality", "/quality/", "lena"),
        ("reviews", "/quality/reviews/", "lena"),
        ("reviews of my answers", "/quality/reviews/", "ana"),
        ("scorecards", "/quality/scorecards/", "lena"),
        ("calibrations", "/quality/calibration/", "lena"),
        ("people", "/people/", "lena"),
        ("staffing forecast", "/people/forecast/", "lena"),
        ("macros", "/macros/", "lena"),
        ("referrals", "/referrals/", "omar"),
        ("taxonomy", "/admin/taxonomy/", None),
        ("tokens", "/admin/tokens/", None),
        ("policies", "/admin/clocks/", None),
        ("quarantine", "/admin/quarantine/", None),
        ("deliveries", "/admin/deliveries/", None),
        ("webhooks", "/admin/webhooks/", None),
    )
)

# Those people live in: also looked at on a phone and from right to left.
EVERYDAY = ("queue", "ticket", "case", "portal form", "owner page", "request")
MISSING = ("nothing there",)
