"""Rules as data, for tests."""

from datetime import timedelta

HOUR = timedelta(hours=1)
EMAIL = {"field": "channel", "operator": "is", "value": "email"}
FORM = EMAIL | {"value": "form"}
TAG = [{"act": "tag", "value": "seen"}]


def line(field, operator, value=""):
    return {"field": field, "operator": operator, "value": value}


def all_of(*lines):
    return {"join": "all", "lines": list(lines)}


def any_of(*lines):
    return {"join": "any", "lines": list(lines)}


def fresh(row):
    return type(row).objects.get(pk=row.pk)
