"""The figures of the weekly letter say where they come from, and come out again."""

import io
import json
import re
from datetime import timedelta

import pgtrigger
import pytest
from django.core.management import CommandError, call_command

from apps.analysis.models import Case, Verdict
from apps.awareness import services
from apps.awareness.models import Digest
from apps.output.models import Delivery
from tests.awareness.conftest import MONDAY


def recompute(address):
    out = io.StringIO()
    call_command("recompute", address, stdout=out)
    return json.loads(out.getvalue())


def letter(cast):
    assert services.send_digests(by=cast.system, at=MONDAY)
    return Delivery.objects.get(to=[cast.omar.email])


def test_the_letter_says_where_its_figures_come_from_and_they_come_out_again(cast, make_case):
    case = make_case(money="1234")
    mail = letter(cast)
    [address] = re.findall(r"recompute '(.+?)'", mail.text)
    assert address in mail.html.replace("&amp;", "&")
    assert address.startswith(f"digest:{Digest.objects.get(owner=cast.omar).pk}?")
    case.change(money_likely=1, by=cast.nils, at=MONDAY + timedelta(days=1))
    assert "1234.00" in recompute(address)["figures"].values()


def test_what_was_proven_comes_out_again(cast, proven_case):
    proven_case(at=MONDAY - timedelta(days=4))
    letter(cast)
    found = recompute(f"digest:{Digest.objects.get(owner=cast.omar).pk}")["figures"]
    assert "12000.00" in found.values()
    assert any(said.startswith("Promised: 50% fewer. Proven: 43% fewer") for said in found.values())


def test_a_verdict_changed_behind_the_letters_back_is_noticed(cast, proven_case):
    proven_case(at=MONDAY - timedelta(days=4))
    letter(cast)
    with pgtrigger.ignore("analysis.Verdict:verdicts_stay"):
        Verdict.objects.update(ratio=0.9)
    with pytest.raises(CommandError, match="says: 'Promised: 50% fewer"):
        recompute(f"digest:{Digest.objects.get(owner=cast.omar).pk}")


def test_money_changed_behind_the_letters_back_is_noticed(cast, make_case):
    make_case(money="1000")
    letter(cast)
    Case.objects.update(money_likely=9_999)
    with pytest.raises(CommandError, match=r"'1000\.00' is stored, '9999\.00' comes out"):
        recompute(f"digest:{Digest.objects.get(owner=cast.omar).pk}")
