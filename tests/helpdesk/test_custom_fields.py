import pytest

from helpdesk.custom_fields import Definition, Place, Wrong, asked, missing, read, settled

ORDER = Definition("order-id", "Order number", "text", needed="solve")
COLOUR = Definition("colour", "Colour", "choice", choices=("red", "blue"), departments=("shipping",))
WEIGHT = Definition("weight", "Weight", "number", issues=("damaged",), needed="open")
WHY = Definition("why", "Why blue", "text", when_key="colour", when_values=("blue",))
HOW = Definition("how", "How blue", "text", when_key="why")
ALL = [ORDER, COLOUR, WEIGHT, WHY, HOW]


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("text", "  4711 ", "4711"), ("number", "12", 12), ("number", "2.50", 2.5), ("number", 3.0, 3),
        ("date", "2026-05-31", "2026-05-31"), ("choice", "red", "red"), ("choices", ["blue", "red"], ["red", "blue"]),
        ("yes_no", "yes", True), ("yes_no", False, False), ("link", "https://a.test/x?y=1", "https://a.test/x?y=1"),
    ],
)  # fmt: skip
def test_a_value_is_kept_as_its_kind_says(kind, given, kept):
    found = read(Definition("x", "X", kind, choices=("red", "blue")), given)
    assert (found, type(found)) == (kept, type(kept))


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("text", 7), ("text", "x" * 2_001), ("number", "a dozen"), ("number", True), ("number", 1e300),
        ("number", float("nan")), ("date", "31.5."), ("date", "2026-02-30"), ("choice", "green"), ("choices", "red"),
        ("choices", ["red", 7]), ("choices", ["red"] * 51), ("yes_no", 1), ("yes_no", "maybe"),
        ("link", "javascript:alert(1)"), ("link", "https://"), ("link", "http://[x"), ("link", "https://a.test/ b"),
    ],
)  # fmt: skip
def test_another_kind_of_value_is_refused(kind, given):
    with pytest.raises(Wrong):
        read(Definition("x", "X", kind, choices=("red", "blue")), given)


@pytest.mark.parametrize(
    ("place", "values", "keys"),
    [
        (Place("billing", ""), {}, ["order-id"]),
        (Place("shipping", ""), {}, ["order-id", "colour"]),
        (Place("billing", "parcel/damaged/box"), {}, ["order-id", "weight"]),
        (Place("billing", "parcel/damaged-too"), {}, ["order-id"]),
        (Place("shipping", ""), {"colour": "red"}, ["order-id", "colour"]),
        (Place("shipping", ""), {"colour": "blue"}, ["order-id", "colour", "why"]),
        (Place("shipping", ""), {"colour": "blue", "why": "it is"}, ["order-id", "colour", "why", "how"]),
        # The condition holds, but where its own field is not asked nothing depends on it.
        (Place("billing", ""), {"colour": "blue", "why": "it is"}, ["order-id"]),
    ],
)
def test_fields_follow_department_issue_and_each_other(place, values, keys):
    assert [one.key for one in asked(ALL, place, values)] == keys


def test_what_is_needed_to_open_is_needed_to_solve():
    place = Place("billing", "parcel/damaged")
    assert [one.key for one in missing(ALL, place, {}, at="open")] == ["weight"]
    assert [one.key for one in missing(ALL, place, {}, at="solve")] == ["order-id", "weight"]
    assert missing(ALL, place, {"order-id": "1", "weight": 0}, at="solve") == []


def test_conditions_in_a_circle_ask_for_nothing_and_end():
    circle = [Definition("a", "A", "text", when_key="b"), Definition("b", "B", "text", when_key="a")]
    assert asked(circle, Place(), {"a": "1", "b": "1"}) == []


def test_nothing_takes_a_value_away_and_others_stay():
    values, problems = settled(
        ALL, {"order-id": "1", "colour": "red", "own": 3}, {"colour": None, "order-id": ""}
    )
    assert (values, problems) == ({"own": 3}, {})


def test_facts_of_programs_stay_beside_the_fields():
    assert settled(ALL, {}, {"crm": {"id": 7}}) == ({"crm": {"id": 7}}, {})
    assert settled(ALL, {}, {"crm": 7}, only_known=True)[1].keys() == {"crm"}


def test_what_is_offered_no_more_may_stay_but_not_come():
    retired = Definition("old", "Old", "text", is_retired=True)
    assert (
        settled([COLOUR, retired], {"colour": "green", "old": "x"}, {"colour": "green", "old": "x"})[1] == {}
    )
    assert settled([COLOUR, retired], {}, {"colour": "green", "old": "x"})[1].keys() == {"colour", "old"}
