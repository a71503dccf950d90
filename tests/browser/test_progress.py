"""An analysis that takes longer than two seconds says how far it is while it runs, with a script and without one.

How far a recoding is, is looked at on the journey that asks for it (test_journey_taxonomy.py).
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.keyboard import Hands
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

Visit = Callable[..., Visitor]
# Small blocks, so that this desk's lines make several; all of it is the worker's own work, step by step.
BEGIN = """
from django.utils import timezone
from apps.analysis import blocks, services
from apps.analysis.models import AnalysisRun
from helpdesk.models import User
blocks.blocks_of.__defaults__ = (3,)
given = {"run": AnalysisRun.objects.at_work().get().pk, "by": User.objects.system(), "at": timezone.now()}
waiting = services.lay_out_run(**given).blocks
"""
ONE_BLOCK = BEGIN + "services.look_at_block(block=waiting[0], **given)"
THE_OTHERS = BEGIN + "[services.look_at_block(block=block, **given) for block in waiting]"


def test_an_analysis_by_hand_says_how_far_it_is_and_leads_on_when_it_is_done(desk: Desk, visit: Visit):
    nils = Hands(visit(desk, "nils"), "phone")
    page = nils.open("/signals/")
    nils.follow(page.get_by_role("button", name="Run the analysis now"))
    expect(page.get_by_role("heading", level=1)).to_have_text("The analysis is at work")
    address = page.url.removeprefix(desk.site)
    desk.work(ONE_BLOCK)
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator("#run")).to_contain_text(re.compile(r"\b1 / [2-9]"))
    nils.must_fit()
    assert nils.visitor.barriers() == []

    plain = visit(desk, "nils", javascript=False).open(address)
    expect(plain.locator("#run")).to_contain_text(re.compile(r"\b1 / [2-9]"))
    desk.work(THE_OTHERS)
    expect(page).to_have_url(re.compile("/signals/$"))
    plain.get_by_role("link", name="Look again").click()
    expect(plain).to_have_url(re.compile("/signals/$"))
