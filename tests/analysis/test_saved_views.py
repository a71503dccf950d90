"""Questions to the analysis that are kept: saved, shared, and sent by mail."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from apps.analysis import services, tasks
from apps.analysis.models import SavedView, ViewLetter, ViewSubscription
from apps.output.models import Delivery
from helpdesk.errors import Invalid, NotAllowed, NotFound
from tests.analysis.world import make_world, sow
from tests.factories import NOW, make_cast

# NOW is Wednesday the 6th of May.
MONDAY = NOW + timedelta(days=5)
FIRST_OF_JUNE = NOW + timedelta(days=26)


@pytest.fixture
def view(cast):
    return services.save_view(name="By money", query="by=money&days=90", by=cast.nils, at=NOW)


@pytest.fixture
def counted(world):
    sow(world, world.charged, {(40, 0): 1.0}, seed=1)
    services.run_analysis(by=world.cast.system, at=NOW)


def test_a_view_is_kept_without_the_moment_and_without_what_cant_be_asked(cast):
    query = "by=money&days=90&as_of=2026-01-01T00:00:00%2B00:00&colour=red"
    view = services.save_view(name=" By money ", query=query, by=cast.nils, at=NOW)
    assert view.name == "By money"
    assert "by=money" in view.query
    assert not {"as_of", "colour"} & {part.split("=")[0] for part in view.query.split("&")}


def test_the_same_name_again_changes_it(cast, view):
    services.save_view(name="By money", query="by=cost", by=cast.nils, at=NOW)
    assert "by=cost" in SavedView.objects.get().query


def test_a_view_needs_a_name(cast):
    with pytest.raises(Invalid):
        services.save_view(name=" ", query="", by=cast.nils, at=NOW)
    assert not SavedView.objects.exists()


def test_others_see_it_once_it_is_shared(cast, view, sign_in):
    lena, url = sign_in(cast.lena), reverse("open_view", args=[view.pk])
    assert lena.get(url).status_code == 404
    services.share_view(view=view, is_shared=True, by=cast.nils)
    assert lena.get(url)["Location"] == f"{reverse('analysis')}?{view.query}"
    assert "By money" in lena.get(reverse("saved_views")).content.decode()


def test_only_its_owner_or_an_administrator_forgets_it(cast, view):
    services.share_view(view=view, is_shared=True, by=cast.nils)
    with pytest.raises(NotAllowed):
        services.forget_view(view=view, by=cast.lena)
    services.forget_view(view=view, by=cast.ada)
    assert not SavedView.objects.exists()


def test_who_does_not_see_a_view_has_it_not_by_mail(cast, view):
    with pytest.raises(NotFound):
        services.mail_view(view=view, every="week", by=cast.lena, at=NOW)


def test_what_is_shared_no_more_is_mailed_to_nobody_else(cast, view):
    services.share_view(view=view, is_shared=True, by=cast.nils)
    for who in (cast.nils, cast.lena):
        services.mail_view(view=view, every="week", by=who, at=NOW)
    services.share_view(view=view, is_shared=False, by=cast.nils)
    assert [wish.user for wish in ViewSubscription.objects.all()] == [cast.nils]


def test_it_comes_on_monday_once_with_its_chart_and_numbers(cast, view, counted):
    services.mail_view(view=view, every="week", by=cast.nils, at=NOW)
    assert services.mail_views(by=cast.system, at=NOW + timedelta(days=1)) == 0
    assert [services.mail_views(by=cast.system, at=MONDAY) for _ in range(2)] == [1, 0]
    letter = Delivery.objects.get(about=f"view:{view.pk}")
    assert letter.to == [cast.nils.email]
    assert letter.subject.startswith("By money: ")
    assert f"{reverse('analysis')}?{view.query}" in letter.text
    assert reverse("saved_views") in letter.text
    kinds = list(letter.enclosures.values_list("content_type", flat=True))
    assert kinds[0] == "image/png"
    assert len(kinds) == 2


def test_a_monthly_one_comes_in_the_next_month(cast, view, counted):
    services.mail_view(view=view, every="month", by=cast.nils, at=NOW)
    assert services.mail_views(by=cast.system, at=MONDAY) == 0
    assert services.mail_views(by=cast.system, at=FIRST_OF_JUNE) == 1


def test_nothing_is_mailed_of_nothing(cast, view):
    services.mail_view(view=view, every="week", by=cast.nils, at=NOW)
    assert services.mail_views(by=cast.system, at=MONDAY) == 0
    assert not Delivery.objects.exists()


def test_who_left_gets_nothing(cast, view, counted):
    services.mail_view(view=view, every="week", by=cast.nils, at=NOW)
    cast.nils.is_active = False
    cast.nils.save(update_fields=["is_active"])
    assert services.mail_views(by=cast.system, at=MONDAY) == 0


def test_an_empty_rhythm_ends_the_letters(cast, view):
    services.mail_view(view=view, every="week", by=cast.nils, at=NOW)
    services.mail_view(view=view, every="", by=cast.nils, at=NOW)
    assert not ViewSubscription.objects.exists()


def test_the_page_saves_shares_mails_and_forgets(cast, sign_in):
    nils, url = sign_in(cast.nils), reverse("saved_views")
    assert nils.post(url, {"name": "", "query": "by=cost"}).status_code == 422
    assert nils.post(url, {"name": "Cost", "query": "by=cost"}).status_code == 302
    view = SavedView.objects.get()
    assert "Cost" in nils.get(reverse("analysis")).content.decode()
    nils.post(reverse("mail_view", args=[view.pk]), {"every": "month"})
    nils.post(reverse("share_view", args=[view.pk]), {"is_shared": "on"})
    view.refresh_from_db()
    assert view.is_shared
    assert ViewSubscription.objects.get().every == "month"
    nils.post(reverse("forget_view", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_the_page_costs_the_same_for_one_view_and_for_twenty(
    cast, view, sign_in, django_assert_max_num_queries
):
    nils, url = sign_in(cast.nils), reverse("saved_views")
    for number in range(20):
        services.save_view(name=f"View {number}", query="", by=cast.nils, at=NOW)
    with django_assert_max_num_queries(6):
        nils.get(url)


def test_the_api_saves_lists_mails_and_forgets(cast, caller):
    client = caller(cast.nils)
    made = client.post("/api/v1/analysis/views/", {"name": "Cost", "query": "by=cost"}, format="json")
    assert (made.status_code, made.json()["shared"]) == (201, False)
    url = f"/api/v1/analysis/views/{made.json()['id']}/"
    assert client.put(f"{url}mail/", {"every": "week"}, format="json").status_code == 204
    assert client.get("/api/v1/analysis/views/").json()["data"][0]["by_mail"] == "week"
    assert client.post("/api/v1/analysis/views/", {"nome": "x"}, format="json").status_code == 422
    assert caller(cast.lena).delete(url).status_code == 404
    assert client.delete(url).status_code == 204


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_letter():
    world = make_world(make_cast())
    sow(world, world.charged, {(40, 0): 1.0}, seed=1)
    services.run_analysis(by=world.cast.system, at=NOW)
    view = services.save_view(name="x", query="", by=world.cast.nils, at=NOW)
    services.mail_view(view=view, every="week", by=world.cast.nils, at=NOW)

    def work(_):
        try:
            return services.mail_views(by=world.cast.system, at=MONDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(work, range(3)))
    assert sorted(done) == [0, 0, 1]
    assert (ViewLetter.objects.count(), Delivery.objects.filter(about=f"view:{view.pk}").count()) == (1, 1)


def test_the_scheduled_task_is_a_door(cast, view, counted, monkeypatch):
    services.mail_view(view=view, every="week", by=cast.nils, at=NOW)
    monkeypatch.setattr(tasks.timezone, "now", lambda: MONDAY)
    tasks.mail_views()
    assert ViewLetter.objects.exists()


def test_a_view_that_is_not_shared_any_more_is_mailed_to_its_owner_alone(cast, view, counted):
    services.share_view(view=view, is_shared=True, by=cast.nils)
    for who in (cast.nils, cast.lena):
        services.mail_view(view=view, every="week", by=who, at=NOW)
    # Taken back at the moment in which Lena asked for it.
    SavedView.objects.update(is_shared=False)
    assert services.mail_views(by=cast.system, at=MONDAY) == 1
    assert ViewLetter.objects.get().subscription.user == cast.nils
