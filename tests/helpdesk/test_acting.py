"""What a page does with a form and the service behind it."""

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage

from helpdesk.acting import done, refuse, tried
from helpdesk.errors import DomainError, Invalid, NotAllowed, NotFound


class Form(forms.Form):
    title = forms.CharField()


def refused(error):
    def act(*_given):
        raise error

    return act


@pytest.fixture
def request_(rf):
    request = rf.post("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


def said(request):
    return [str(one) for one in get_messages(request)]


def test_what_the_form_holds_is_given_to_the_service():
    given = []
    assert done(Form({"title": "A"}), given.append)
    assert given == [{"title": "A"}]


def test_a_wrong_form_asks_nobody():
    assert not done(Form({"title": ""}), refused(AssertionError))


@pytest.mark.parametrize(
    ("pointer", "field"), [("title", "title"), ("elsewhere", "__all__"), ("", "__all__")]
)
def test_a_refusal_stands_at_its_field_or_above_all(pointer, field):
    form = Form({"title": "A"})
    assert not done(form, refused(Invalid("Not so.", pointer=pointer)))
    assert form.errors == {field: ["Not so."]}


def test_a_field_that_the_service_names_otherwise_is_found():
    form = Form({"title": "A"})
    form.is_valid()
    refuse(form, Invalid("Not so.", pointer="name"), {"name": "title"})
    assert form.errors == {"title": ["Not so."]}


@pytest.mark.parametrize("error", [NotAllowed("No."), NotFound()])
def test_a_stranger_gets_a_page_of_their_own(error, request_):
    with pytest.raises(type(error)):
        done(Form({"title": "A"}), refused(error))
    with pytest.raises(type(error)):
        tried(request_, refused(error))


def test_a_button_says_what_became_of_it(request_):
    tried(request_, lambda: None, "Done.")
    tried(request_, refused(DomainError("It has moved on.")))
    assert said(request_) == ["Done.", "It has moved on."]
