"""What the tickets of a rise say, against their departments' others."""

from datetime import timedelta

from apps.analysis.queries.rise import words_of_rise
from helpdesk.models import TicketIssue
from tests.analysis.world import TODAY, sow

SPAN = {"first": TODAY - timedelta(days=10), "last": TODAY}


def told(world, issue):
    return words_of_rise(TicketIssue.objects.filter(issue=issue).values("ticket_id"), **SPAN)


def said(world):
    sow(
        world, world.late, {(7, 0): 2.0}, seed=1, subject="Where is it", body="The courier never rang my bell"
    )
    sow(
        world,
        world.charged,
        {(7, 0): 2.0},
        seed=2,
        subject="Charged",
        body="My invoice came twice this month",
    )
    sow(
        world,
        world.charged,
        {(7, 0): 0.5},
        seed=3,
        subject="Hello",
        body="Zoe here, my invoice of zoe@x.example",
    )


def test_its_words_are_those_the_others_do_not_use(world):
    said(world)
    assert any("courier" in term or "bell" in term for term in told(world, world.late).terms)
    assert not any("invoice" in term for term in told(world, world.late).terms)


def test_names_and_addresses_are_no_words(world):
    said(world)
    text = " ".join(told(world, world.charged).terms)
    assert "zoe" not in text
    assert "example" not in text


def test_examples_are_of_the_rise_and_hold_its_newest(world):
    said(world)
    rows = TicketIssue.objects.filter(issue=world.charged)
    examples = told(world, world.charged).examples
    assert set(examples) <= set(rows.values_list("ticket_id", flat=True))
    assert rows.order_by("-at", "-ticket_id").first().ticket_id in examples[:4]
    assert len(examples) == len(set(examples)) == 6


def test_it_asks_three_times_whatever_there_is(world, django_assert_num_queries):
    said(world)
    for issue in (world.late, world.charged):
        with django_assert_num_queries(3):
            told(world, issue)


def test_where_nothing_rose_nothing_is_said(world):
    assert told(world, world.late).terms == ()
    assert told(world, world.late).examples == ()
