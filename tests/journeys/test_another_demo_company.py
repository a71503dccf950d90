"""The demo company of a seed that nothing was fitted to: what is planted is found in it just as well.

In a module of its own, for two companies do not fit into one database.
"""

import pytest

from bench.demo_seeds import END, NIGHTS, nights_of
from config.demo import planted
from config.demo.found import answers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SEED = 16


def test_what_is_planted_in_another_company_is_found_as_well(db):
    with nights_of(SEED, END, NIGHTS) as nights:
        found = answers(nights)
    assert {answer.issue_code for answer in found} == {
        one.issue_code for one in planted.truths(nights.company)
    }
    assert not [(answer.about, answer.faults) for answer in found if answer.faults]
