"""The ways in which a person, or a program, asks for the same act on a case."""

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from apps.analysis import services
from tests.factories import NOW, make_token


def by_page(case, user, name, given):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.post(reverse("act_on_case", args=[case.pk, name]), given)


def by_api(case, user, name, given):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(user, 'cases:read', 'cases:write')}")
    return client.post(f"/api/v1/cases/{case.pk}/{name}/", given)


def by_letter(case, user, name, given):
    key = services.make_link(case=case, user=user, at=NOW)
    return Client().post(reverse("act_by_link", args=[key, name]), given)


DOORS = pytest.mark.parametrize("door", [by_page, by_api, by_letter])
