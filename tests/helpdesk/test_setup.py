import pytest
from django.test import Client

from apps.control.models import Calendar, ServicePolicy
from apps.evaluation.models import Scorecard
from helpdesk.models import Department, Issue, Role, User
from helpdesk.services import AlreadySetUp, create_first_admin
from tests.factories import NOW

ADA = {"name": "Ada", "email": "Ada@Desk.test", "password": "a long enough one", "company": "Acme"}


def test_the_first_admin_gets_a_department_and_the_four_others(db):
    admin = create_first_admin(**ADA, at=NOW)
    assert (admin.role, admin.email) == (Role.ADMIN, "ada@desk.test")
    assert Department.objects.get(is_default=True).head == admin
    assert Issue.objects.count() == 4


def test_a_second_first_admin_is_refused(cast):
    with pytest.raises(AlreadySetUp):
        create_first_admin(**ADA, at=NOW)
    assert not User.objects.filter(email="ada2@desk.test").exists()


def test_an_empty_helpdesk_asks_for_its_first_admin_in_the_browser(db):
    client = Client()
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/setup/"
    answer = client.post("/setup/", ADA)
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(role=Role.ADMIN).pk)


def test_what_is_laid_out_is_named_in_the_language_it_was_opened_in(db, deliver_news):
    Client(headers={"accept-language": "de"}).post("/setup/", ADA)
    deliver_news()
    assert User.objects.get(role=Role.ADMIN).language == "de"
    assert Issue.objects.get(code="no-fitting-code").label == "Kein passender Code"
    assert (ServicePolicy.objects.get().name, Calendar.objects.get().name) == ("Standard", "Geschäftszeiten")
    form = Scorecard.objects.get()
    assert form.name == "Wie wir antworten"
    assert form.criteria.get(code="cause").question == "Ist die Ursache erklärt?"


def test_a_short_password_is_told_and_nothing_is_made(db):
    answer = Client().post("/setup/", ADA | {"password": "short"})
    assert answer.status_code == 422
    assert b"at least 10 characters" in answer.content
    assert not User.objects.filter(role=Role.ADMIN).exists()


def test_the_setup_page_is_gone_once_somebody_is_there(cast):
    assert Client().get("/setup/")["Location"] == "/login/"
