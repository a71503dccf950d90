from collections import Counter
from datetime import UTC, date, timedelta
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from config.demo import company, planted, taxonomy, world
from config.demo.logins import LOGINS

END = date(2025, 11, 20)


@pytest.fixture(scope="module")
def demo():
    return world.build(end=END)


def opened_on(ticket):
    return ticket.opened_at.astimezone(ZoneInfo(company.TIME_ZONE)).date()


def count(demo, code, *, older=10_000, newer=0):
    """Tickets really about a code, opened at most `older` and at least `newer` days before the end."""
    days = ((END - opened_on(ticket)).days for ticket in demo.tickets if ticket.meant == code)
    return sum(newer <= day <= older for day in days)


def rate(demo, code, *, older, newer):
    """Tickets about a code for each hundred thousand days of an active customer."""
    span = range(newer, older + 1)
    exposed = sum(row.customers for row in demo.exposure if (END - row.day).days in span)
    return 100_000 * count(demo, code, older=older, newer=newer) / exposed


def test_the_same_seed_makes_the_same_world():
    assert world.build(end=END, tickets=600) == world.build(end=END, tickets=600)


def test_another_seed_makes_another_world():
    assert world.build(end=END, tickets=600) != world.build(end=END, tickets=600, seed=8)


def test_the_world_has_the_size_asked_for(demo):
    assert len(demo.tickets) == pytest.approx(20_000, rel=0.03)
    assert (demo.end - demo.start).days == pytest.approx(18 * 30.4, abs=2)
    assert len(demo.departments) == 8
    assert sum(person.role == "agent" for person in demo.people) == 12
    assert sum(person.role == "owner" for person in demo.people) == 6
    assert sum(node.is_leaf for node in demo.nodes) >= 40


def test_every_reference_in_the_rows_leads_somewhere(demo):
    departments = {department.slug for department in demo.departments}
    people = {person.email for person in demo.people}
    leaves = {node.code for node in demo.nodes if node.is_leaf}
    codes = {node.code for node in demo.nodes}
    versions = {(product.code, release.version) for product in demo.products for release in product.releases}
    assert {ticket.department for ticket in demo.tickets} <= departments
    assert {ticket.assignee for ticket in demo.tickets} <= people | {None}
    assert {code for ticket in demo.tickets for code in ticket.issues} == leaves
    assert {(ticket.product, ticket.product_version) for ticket in demo.tickets} <= versions
    assert {node.parent for node in demo.nodes} <= codes | {None}
    assert {node.owner_department for node in demo.nodes} <= departments
    assert {node.owner for node in demo.nodes} <= people | {None}
    assert {department.head for department in demo.departments} <= people
    assert all(0 <= ticket.customer < len(demo.customers) for ticket in demo.tickets)
    assert all(0 <= survey.ticket < len(demo.tickets) for survey in demo.surveys)


def test_codes_paths_and_addresses_are_unique(demo):
    for values in (
        [node.code for node in demo.nodes],
        [node.path for node in demo.nodes],
        [customer.email for customer in demo.customers],
        [person.email for person in demo.people],
    ):
        assert len(values) == len(set(values))


def test_the_four_ways_of_having_no_code_exist(demo):
    kinds = Counter(node.kind for node in demo.nodes if node.kind != "reason")
    assert kinds == {"no_code": 1, "not_enough": 1, "undetermined": 1, "no_problem": 1}


def test_times_are_in_order_and_never_in_the_future(demo):
    for ticket in demo.tickets:
        times = [
            ticket.occurred_at,
            ticket.opened_at,
            ticket.first_replied_at,
            ticket.solved_at,
            ticket.closed_at,
        ]
        known = [time for time in times if time is not None]
        assert known == sorted(known)
        assert known[-1] <= ticket.updated_at <= demo.now
    assert [ticket.opened_at for ticket in demo.tickets] == sorted(
        ticket.opened_at for ticket in demo.tickets
    )
    assert all(survey.answered_at <= demo.now for survey in demo.surveys)
    assert demo.now.tzinfo == UTC


def test_times_fit_the_status(demo):
    for ticket in demo.tickets:
        assert (ticket.solved_at is not None) == (ticket.status in {"solved", "closed"})
        assert (ticket.first_replied_at is None) == (ticket.status == "new") == (ticket.reply == "")
        assert (ticket.coded_at is None) == (ticket.issues == ())


def test_nobody_writes_before_joining(demo):
    assert all(demo.customers[ticket.customer].joined_on <= opened_on(ticket) for ticket in demo.tickets)


def test_there_is_work_left_at_the_end(demo):
    assert 80 <= sum(ticket.solved_at is None for ticket in demo.tickets) <= 400


def test_a_repeated_or_second_issue_is_never_the_first_one_again(demo):
    assert all(len(set(ticket.issues)) == len(ticket.issues) for ticket in demo.tickets)
    assert 0.04 < sum(len(ticket.issues) > 1 for ticket in demo.tickets) / len(demo.tickets) < 0.12


def test_texts_are_varied(demo):
    bodies = [ticket.body for ticket in demo.tickets]
    assert len(set(bodies)) > 0.6 * len(bodies)
    assert len({ticket.reply for ticket in demo.tickets}) > 0.3 * len(bodies)
    lengths = sorted(map(len, bodies))
    assert lengths[len(lengths) // 20] < 70
    assert lengths[-len(lengths) // 20] > 300


def test_no_slot_of_a_sentence_stays_unfilled(demo):
    assert not any("{" in ticket.subject + ticket.body + ticket.reply for ticket in demo.tickets)
    assert not any("{" in example for node in demo.nodes for example in node.examples + node.counter_examples)


def test_every_slot_in_the_sentences_is_one_we_fill():
    wordings = [profile.wording for profile in taxonomy.profiles()] + [taxonomy.unnamed_wording()]
    used = {
        name
        for wording in wordings
        for sentences in vars(wording).values()
        for sentence in sentences
        for _, name, _, _ in Formatter().parse(sentence)
        if name
    }
    assert used <= set(taxonomy.SAMPLE)


def test_a_few_letters_are_in_german_and_spanish(demo):
    languages = Counter(ticket.language for ticket in demo.tickets)
    assert 0.01 < languages["de"] / len(demo.tickets) < 0.06
    assert 0.005 < languages["es"] / len(demo.tickets) < 0.04


def test_some_letters_hold_what_must_be_masked(demo):
    assert sum("4111 1111 1111 1111" in ticket.body for ticket in demo.tickets) > 20
    assert sum("07700 900" in ticket.body for ticket in demo.tickets) > 50


def test_mondays_are_busier_than_sundays(demo):
    weekdays = Counter(opened_on(ticket).weekday() for ticket in demo.tickets)
    assert weekdays[0] > 1.5 * weekdays[6]


def test_the_customer_base_grows(demo):
    active = Counter()
    for row in demo.exposure:
        active[row.day] += row.customers
    assert active[demo.end] > 1.4 * active[demo.start]


def test_every_role_has_a_login_that_belongs_to_somebody(demo):
    people = {(person.name, person.email, person.role) for person in demo.people}
    customer = demo.customers[0]
    assert [login.role for login in LOGINS] == ["agent", "lead", "owner", "analyst", "admin", "customer"]
    for login in LOGINS[:-1]:
        assert (login.name, login.email, login.role) in people
    assert (LOGINS[-1].name, LOGINS[-1].email) == (customer.name, customer.email)
    assert sum(ticket.customer == 0 for ticket in demo.tickets) >= 4


# The planted truths


def test_the_proven_fix_rose_fivefold_and_fell_below_where_it_began(demo):
    before = rate(demo, planted.PROVEN, older=430, newer=251)
    surge = rate(demo, planted.PROVEN, older=249, newer=151)
    after = rate(demo, planted.PROVEN, older=149, newer=0)
    assert 4 < surge / before < 6.5
    assert after / before < 0.3


def test_the_retraining_changed_nothing(demo):
    before = rate(demo, planted.NO_EFFECT, older=547, newer=421)
    elevated = rate(demo, planted.NO_EFFECT, older=419, newer=181)
    after = rate(demo, planted.NO_EFFECT, older=179, newer=60)
    assert elevated / before > 1.7
    assert 0.8 < after / elevated < 1.25


def test_the_season_was_there_last_year_as_well(demo):
    this_year = rate(demo, planted.SEASONAL, older=34, newer=0)
    last_year = rate(demo, planted.SEASONAL, older=34 + 365, newer=365)
    between = rate(demo, planted.SEASONAL, older=300, newer=120)
    assert this_year > 1.6 * between
    assert last_year > 1.6 * between


def test_the_slow_burn_doubles_in_a_year_without_a_jump(demo):
    thirds = [rate(demo, planted.SLOW_BURN, older=547 - 182 * n, newer=366 - 182 * n) for n in range(3)]
    assert 1.2 < thirds[1] / thirds[0] < 1.9
    assert 1.2 < thirds[2] / thirds[1] < 1.9


def test_the_displaced_complaint_came_back_under_its_sibling(demo):
    both = (planted.DISPLACED, planted.DISPLACED_TO)
    before = [rate(demo, code, older=340, newer=161) for code in both]
    after = [rate(demo, code, older=159, newer=0) for code in both]
    assert after[0] < 0.35 * before[0]
    assert after[1] > 2 * before[1]
    assert sum(after) == pytest.approx(sum(before), rel=0.2)


def test_the_fresh_surge_sits_in_one_version_and_region(demo):
    fresh = [
        ticket
        for ticket in demo.tickets
        if ticket.meant == planted.SURGE and (END - opened_on(ticket)).days < planted.SURGE_STARTS
    ]
    there = sum(
        ticket.product_version == planted.SURGE_VERSION and ticket.region == planted.SURGE_REGION
        for ticket in fresh
    )
    assert len(fresh) > count(demo, planted.SURGE, older=40, newer=planted.SURGE_STARTS)
    assert there > 0.7 * len(fresh)


def test_the_fault_nobody_has_coded_has_words_of_its_own(demo):
    unnamed = [ticket for ticket in demo.tickets if ticket.meant == planted.UNNAMED]
    assert 40 <= len(unnamed) <= 70
    assert {ticket.issues for ticket in unnamed} == {(), ("no-fitting-code",)}
    assert min(opened_on(ticket) for ticket in unnamed) > END - timedelta(days=36)
    others = [ticket for ticket in demo.tickets if ticket.meant != planted.UNNAMED]
    assert not any("beep" in ticket.body or "smoke alarm" in ticket.body for ticket in others)


def test_nothing_else_changes_by_half_from_one_half_year_to_the_next(demo):
    heating = {profile.code for profile in taxonomy.profiles() if profile.season}
    for profile in taxonomy.profiles():
        if profile.code in planted.QUIET_EXCEPTIONS | heating:
            continue
        earlier = rate(demo, profile.code, older=363, newer=182)
        assert 0.6 < rate(demo, profile.code, older=181, newer=0) / earlier < 1.65, profile.code


def test_the_truths_name_what_is_planted(demo):
    truths = {truth.kind: truth for truth in planted.truths(demo)}
    assert set(truths) == {
        "proven fix", "fix without effect", "season", "slow burn", "emerging", "displaced", "surge",
    }  # fmt: skip
    leaves = {node.code for node in demo.nodes if node.is_leaf}
    assert {truth.issue_code for truth in truths.values()} - leaves == {planted.UNNAMED}
    assert truths["proven fix"].fixed == END - timedelta(days=150)


def test_cases_that_wait_for_a_verdict_are_past_their_decision_date(demo):
    waiting = [case for case in demo.cases if case.plan and case.plan.decision_on < demo.end]
    assert {case.issue_code for case in waiting} == {planted.PROVEN, planted.NO_EFFECT, planted.DISPLACED}
    for case in waiting:
        assert case.plan.baseline_to < case.detected_from
        assert case.detected_to < case.opened_on <= case.routed_on <= case.accepted_on
        assert case.accepted_on < case.plan.frozen_on < case.action_on
        assert case.action_on + timedelta(days=60) < case.plan.decision_on < demo.end


def test_a_fix_is_confirmed_by_somebody_other_than_its_assignee(demo):
    actions = [action for case in demo.cases for action in case.actions]
    assert actions
    assert all(action.confirmed_by != action.assignee for action in actions)
    assert all(case.verifier != case.owner for case in demo.cases)


def test_an_owner_who_signs_in_has_a_case_to_answer(demo):
    owner = next(login.email for login in LOGINS if login.role == "owner")
    waiting = [case for case in demo.cases if case.state == "routed" and case.owner == owner]
    assert waiting
    assert all(case.accepted_on is None and case.due_on > demo.end for case in waiting)
