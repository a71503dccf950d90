"""Who changed how the desk is set up: services sign what they change, and the history keeps it with each row."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pghistory

Given = ParamSpec("Given")
Made = TypeVar("Made")


def signed(service: Callable[Given, Made]) -> Callable[Given, Made]:
    """What this service writes into tables whose history is kept bears its `by`. Below `atomic`: the name is the
    transaction's, so that nothing after it bears it."""

    @wraps(service)
    def sign(*args: Given.args, **given: Given.kwargs) -> Made:
        by: Any = given["by"]
        with pghistory.context(by=by.pk):
            return service(*args, **given)

    return sign
