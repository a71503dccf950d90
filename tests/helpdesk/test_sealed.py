import pytest

from helpdesk.sealed import CantBeOpened, seal, unseal


@pytest.mark.parametrize("secret", ["", "whsec_abc", "ghp_" + "x" * 300, "schlüssel"])
def test_what_was_sealed_opens_again(secret):
    assert unseal(seal(secret)) == secret


def test_the_same_secret_twice_looks_different():
    assert seal("a") != seal("a")


def test_it_opens_under_a_key_that_was_changed(settings):
    sealed, settings.SECRET_KEY_FALLBACKS = seal("hush"), [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of this house"
    assert unseal(sealed) == "hush"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(CantBeOpened):
        unseal(sealed)


def test_what_was_changed_does_not_open():
    sealed = seal("hush")
    changed = sealed[:24] + ("A" if sealed[24] != "A" else "B") + sealed[25:]
    with pytest.raises(CantBeOpened):
        unseal(changed)
