"""The rows of one customer, in every table that config/privacy.py names."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from helpdesk.models import Customer


def personal() -> Mapping[str, Any]:
    table: Mapping[str, Any] = import_module("config.privacy").PERSONAL
    return table


def people(customer: Customer) -> list[int]:
    """The customer, and those who were merged into them: their empty rows hold names still."""
    return [customer.pk, *Customer.objects.filter(merged_into=customer).values_list("pk", flat=True)]


def rows_of(label: str, customer: Customer) -> QuerySet[Any]:
    """Their rows of one table, by number."""
    model: type[Model] = apps.get_model(label)
    who, asked = people(customer), Q()
    for path in personal()[label].reach:
        asked |= Q(**{f"{path}__in": who})
    rows: QuerySet[Any] = model._default_manager.filter(asked)
    if label == "helpdesk.Event":
        rows = model._default_manager.filter(asked | Q(about__in=[f"customer:{pk}" for pk in who]))
    if label == "output.Delivery":
        abouts = [f"customer:{pk}" for pk in who]
        rows = model._default_manager.filter(asked | Q(ticket=None, message=None, about__in=abouts))
    return rows.order_by("pk")
