from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.analysis import services
from apps.analysis.models import CalendarEntry
from apps.analysis.services import EntryRow, FaultyRows
from helpdesk.errors import Invalid, NotAllowed
from tests.analysis.stages import fresh, routed
from tests.analysis.test_pages import queries_of
from tests.analysis.world import TODAY, day_before, sow_quiet
from tests.factories import NOW, make_product


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


def add(cast, **fields):
    given = {"kind": "release", "day": day_before(10), "words": "Checkout 4.2"} | fields
    return services.add_entry(**given, by=cast.nils, at=NOW)


def file(text):
    return {"file": SimpleUploadedFile("calendar.csv", text.encode())}


def test_what_happened_is_entered_and_withdrawn_but_never_lost(cast):
    entry = add(cast, until=day_before(8), region=" north ")
    assert (entry.region, entry.added_by) == ("north", cast.nils)
    services.withdraw_entry(entry=entry, by=cast.lena, at=NOW)
    services.withdraw_entry(entry=entry, by=cast.nils, at=NOW)
    assert fresh(entry).withdrawn_by == cast.lena
    assert not CalendarEntry.objects.standing().exists()
    add(cast, until=day_before(8), region="north")  # and may be entered anew


def test_the_same_is_not_entered_twice(cast):
    add(cast)
    with pytest.raises(services.EntryExists):
        add(cast)
    assert CalendarEntry.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "party"}, {"words": " "}, {"until": day_before(11)}, {"day": TODAY + timedelta(days=1200)}],
)
def test_what_makes_no_sense_is_refused(cast, wrong):
    with pytest.raises(Invalid):
        add(cast, **wrong)
    assert not CalendarEntry.objects.exists()


def test_an_agent_reads_no_and_writes_no_calendar(cast, sign_in):
    with pytest.raises(NotAllowed):
        services.add_entry(kind="other", day=TODAY, words="x", by=cast.ana, at=NOW)
    assert sign_in(cast.ana).get(reverse("calendar")).status_code == 403


def test_an_owner_reads_it_and_is_offered_no_form(cast, sign_in):
    add(cast)
    page = sign_in(cast.omar).get(reverse("calendar")).content.decode()
    assert "Checkout 4.2" in page
    assert "Withdraw" not in page


def test_it_is_entered_on_the_page(cast, sign_in):
    client, lamp = sign_in(cast.nils), make_product()
    given = {"kind": "price", "day": "2026-04-01", "words": "Fees up", "product": lamp.pk}
    assert client.post(reverse("calendar"), given).status_code == 302
    assert client.post(reverse("calendar"), given).status_code == 422
    assert CalendarEntry.objects.get().product == lamp
    page = client.get(reverse("calendar")).content.decode()
    assert "Fees up" in page


def test_a_table_brings_in_many_and_the_same_table_none(cast, sign_in):
    make_product()
    client, url = sign_in(cast.nils), reverse("import_calendar")
    table = "kind,day,until,product,words\nrelease,2026-04-01,,lamp,Hub 3\ncampaign,2026-04-02,2026-04-09,,Spring\n"
    assert client.post(url, file(table)).status_code == 302
    assert client.post(url, file(table)).status_code == 302
    assert CalendarEntry.objects.count() == 2
    spring = CalendarEntry.objects.get(words="Spring")
    assert (spring.day, spring.until, spring.product) == (date(2026, 4, 2), date(2026, 4, 9), None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind,day\nrelease,2026-04-01\n", "lacks the columns words"),
        ("kind,day,words\nrelease,1.4.2026,Hub 3\n", "Line 2: “1.4.2026” is no day"),
        ("kind,day,words\nrelease,2026-04-01,ok\nparty,2026-04-01,Hub 3\n", "Line 3: Known kinds"),
        ("kind,day,product,words\nrelease,2026-04-01,boat,Hub 3\n", "No product has the code “boat”"),
    ],
)
def test_a_faulty_table_is_told_where_and_brings_in_nothing(cast, sign_in, text, said):
    answer = sign_in(cast.nils).post(reverse("import_calendar"), file(text))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not CalendarEntry.objects.exists()


def test_every_fault_of_a_table_is_named(cast):
    rows = [EntryRow(2, "party", "x", "", "", "", ""), EntryRow(3, "release", "2026-04-01", "", "", "", "")]
    with pytest.raises(FaultyRows) as told:
        services.import_entries(rows=rows, by=cast.nils, at=NOW)
    assert [line for line, _ in told.value.faults] == [2, 3]


def test_a_release_train_sends_it_by_api_once(cast, caller):
    make_product()
    client = caller(cast.robot)
    sent = {"kind": "release", "day": "2026-04-01", "product": "lamp", "words": "Hub 3"}
    answer = client.post("/api/v1/analysis/calendar/", sent, format="json")
    assert (answer.status_code, answer.json()["product"]) == (201, "lamp")
    assert client.post("/api/v1/analysis/calendar/", sent, format="json").status_code == 409
    assert client.post("/api/v1/analysis/calendar/", sent | {"kind": "x"}, format="json").status_code == 422
    listed = client.get("/api/v1/analysis/calendar/?since=2026-03-01").json()
    assert [row["words"] for row in listed["data" if "data" in listed else "results"]] == ["Hub 3"]


def test_the_list_costs_the_same_for_one_and_for_twenty(cast, sign_in):
    client = sign_in(cast.nils)
    add(cast)
    one = queries_of(client, reverse("calendar"))
    for number in range(19):
        add(cast, words=f"Checkout 5.{number}")
    assert queries_of(client, reverse("calendar")) == one <= 10


def test_the_chart_of_a_case_shows_what_happened_near_it(world, sign_in):
    sow_quiet(world, days=200)
    services.count_days(first=day_before(200), last=day_before(1), at=NOW)
    case = routed(world)
    add(world.cast, day=day_before(20))
    add(world.cast, day=day_before(25), words="Withdrawn").withdraw(by=world.cast.nils, at=NOW)
    page = sign_in(world.cast.nils).get(reverse("case", kwargs={"number": case.pk})).content.decode()
    assert "ch-event" in page
    assert f"Checkout 4.2, {day_before(20):%-d %b}" in page
    assert "Withdrawn" not in page
