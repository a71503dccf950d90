from apps.control import services
from tests.factories import NOW, make_ticket, make_token


def test_the_clocks_of_a_ticket_are_a_panel(cast, policy, sign_in, django_assert_num_queries):
    ticket = make_ticket(cast)
    services.start_clocks(ticket=ticket, at=NOW)
    browser = sign_in(cast.ana)
    with django_assert_num_queries(4):  # the session, the user; the ticket; its clocks
        page = browser.get(f"/t/{ticket.pk}/clocks/")
    assert page.content.count(b"data-state") == 3


def test_another_departments_agent_sees_no_panel(cast, policy, sign_in):
    ticket = make_ticket(cast)
    for panel in ("clocks", "referrals"):
        assert sign_in(cast.mallory).get(f"/t/{ticket.pk}/{panel}/").status_code == 404


def test_the_calculator_says_when_it_would_be_due(cast, policy, sign_in):
    page = sign_in(cast.lena).get(
        "/admin/clocks/", {"calendar": policy.calendar_id, "start": "2026-05-08T16:40", "minutes": 90}
    )
    assert b"Monday 11 May, 10:10" in page.content


def test_agents_do_not_manage_policies(cast, sign_in):
    assert sign_in(cast.ana).get("/admin/clocks/").status_code == 403


def test_the_api_tells_the_clocks_and_takes_a_referral(cast, policy, client):
    ticket = make_ticket(cast)
    services.start_clocks(ticket=ticket, at=NOW)
    auth = {"Authorization": f"Bearer {make_token(cast.ana)}"}
    clocks = client.get(f"/api/v1/tickets/{ticket.pk}/clocks/", headers=auth).json()["data"]
    assert [clock["kind"] for clock in clocks] == ["acknowledge", "first_reply", "resolve"]
    asked = {"department": "shipping", "question": "Where is it?"}
    answer = client.post(
        f"/api/v1/tickets/{ticket.pk}/referrals/", asked, content_type="application/json", headers=auth
    )
    assert answer.status_code == 201, answer.content
    wrong = client.post(
        f"/api/v1/tickets/{ticket.pk}/referrals/",
        {"departmnt": "x"},
        content_type="application/json",
        headers=auth,
    )
    assert wrong.status_code == 422
    assert {error["pointer"] for error in wrong.json()["errors"]} >= {"/departmnt"}
