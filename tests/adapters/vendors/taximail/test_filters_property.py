"""Random filters over awkward contacts give the reference's rows, whatever a keyword search may look at."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.contract import SliceQuery
from adapters.errors import CapabilityError
from adapters.filters.bind import bind
from adapters.filters.evaluate import build_predicate
from adapters.filters.fields import FIELDS, build_extension_fields
from adapters.filters.order import Order
from adapters.filters.split import build_plan
from adapters.filters.tree import And, Comparison, Filter, Not, Op, Or, Some
from adapters.records import AudienceMembershipRecord, CampaignRecord, Entity, SubscriberRecord
from adapters.vendors.taximail.capability import build_capability
from adapters.vendors.taximail.extensions import TaximailCampaign, TaximailContact
from adapters.vendors.taximail.sandbox import SandboxOptions, create_sandbox
from adapters.vendors.taximail.sandbox.store import UNSUBSCRIBED, CustomField, MailList, Segment
from tests.adapters.vendors.taximail.account import JOINED
from tests.adapters.vendors.taximail.world import SUBSCRIBER, World, build_settings, build_world, read_line, show

EMAILS = (
    "adam@example.com",
    "Adam@Example.com",
    "ADAM@EXAMPLE.COM",
    "adam+tag@example.com",
    "adam@example.com.au",
    "a_am@example.com",
    "ad%m@example.com",
    "a\\dam@example.com",
    "o'brien@example.com",
    "žofie@example.org",
    "adam",
    "",
)
NAMES = ("Adam", "adam", "", "Žofie", "adam@example.com")
FIELD_SPECS = {**FIELDS[SUBSCRIBER], **build_extension_fields("taximail", TaximailContact)}
CAMPAIGN_SPECS = {**FIELDS[Entity.CAMPAIGN], **build_extension_fields("taximail", TaximailCampaign)}
CAPABILITY = build_capability(build_settings(max_page=10)).entities
OPTIONS = {
    "columns": SandboxOptions(),
    "email": SandboxOptions(keyword="email", numbers_as_text=True),
    "words": SandboxOptions(keyword="words", errors_in_200=True),
    "exact_case": SandboxOptions(keyword="exact_case", countless=True, session_calls=7),
}


def make_world(options: SandboxOptions) -> World:
    """Three lists of contacts that are hard to tell apart, and one without any."""
    sandbox = create_sandbox(None, options=options)
    for list_id in (7, 31, 314, 500):
        mail_list = sandbox.store.add_list(f"List {list_id}", JOINED, list_id)
        mail_list.fields.append(CustomField(208, "Level", "LEVEL", "text128"))
        mail_list.segments[7] = Segment(7, "Adams", lambda contact: contact.values["firstname"].lower() == "adam")
        for number in range(0 if list_id == 500 else 17):
            _add(mail_list, number)
    for number in range(30):
        status = ("Sent", "Draft", "Paused")[number % 3]
        sandbox.store.campaigns[number] = _make_campaign(number, status)
    return build_world(sandbox, max_page=10)


def _add(mail_list: MailList, number: int) -> None:
    contact = mail_list.add(
        EMAILS[(number * 5 + mail_list.id) % len(EMAILS)],
        JOINED + timedelta(minutes=number // 4),
        firstname=NAMES[number % len(NAMES)],
        lastname="Smith",
        custom_field_208=("Gold", "", "adam@example.com")[number % 3],
    )
    if number % 4 == 0:
        contact.status = UNSUBSCRIBED


def _make_campaign(number: int, status: str):
    from adapters.vendors.taximail.sandbox.store import Campaign

    return Campaign(number, ("Sale", "sale", "News")[number % 3], status, JOINED + timedelta(days=number))


@pytest.fixture(scope="module")
def worlds() -> Mapping[str, World]:
    return {name: make_world(options) for name, options in OPTIONS.items()}


def reference(world: World) -> list[SubscriberRecord]:
    """What the vendor holds, with the segments that its rows do not name."""
    found = []
    for mail_list in sorted(world.sandbox.store.lists.values(), key=lambda each: each.id):
        for record in show(mail_list):
            contact = mail_list.contacts[int(record.extension.contact_id)]
            names = [f"{mail_list.id}/{each.id}" for each in mail_list.segments.values() if each.rule(contact)]
            audiences = tuple(AudienceMembershipRecord(source=record.source, audience_id=name) for name in names)
            found.append(replace(record, audiences=audiences))
    return found


LISTS = st.sampled_from(["7", "31", "314", "500", "9", "007", "x"])
TEXT_OPS = st.sampled_from([Op.EQ, Op.EQ, Op.EQ, Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH, Op.DIFFERS])


_STATES = st.sampled_from(["ACTIVE", "LEFT"])
_SEGMENTS = st.sampled_from(["7/7", "314/7", "500/7", "9/7", "314/8", "314", "x/7"])
_OTHERS: list[Filter] = [
    Comparison("custom_fields", Op.EQ, "Gold", key="custom_field_208"),
    Comparison("custom_fields", Op.IS_NULL, key="custom_field_209"),
    Comparison("taximail.subscription_status", Op.EQ, "Subscribed"),
    Comparison("taximail.subscribed_at", Op.GT, (JOINED - timedelta(hours=7, minutes=-2)).replace(tzinfo=UTC)),
    Comparison("id", Op.EQ, "314/3"),
    Comparison("id", Op.IN, ("7/1", "31/2", "x")),
    Comparison("phone", Op.IS_NULL),
]


def some(field: str, *parts: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    """An element of which all of these hold."""
    return st.tuples(*parts).map(lambda leaves: Some(field, leaves[0] if len(leaves) == 1 else And(leaves)))


LEAVES: st.SearchStrategy[Filter] = st.one_of(
    st.builds(Comparison, st.just("email"), TEXT_OPS, st.sampled_from(EMAILS), ignore_case=st.booleans()),
    st.builds(Comparison, st.just("email"), st.just(Op.EQ), st.sampled_from(EMAILS)),
    st.builds(Comparison, st.just("email"), st.just(Op.IN), st.lists(st.sampled_from(EMAILS), unique=True).map(tuple)),
    st.builds(Comparison, st.just("first_name"), TEXT_OPS, st.sampled_from(NAMES)),
    some("memberships", st.builds(Comparison, st.just("list_id"), st.just(Op.EQ), LISTS)),
    some(
        "memberships",
        st.builds(Comparison, st.just("list_id"), st.just(Op.IN), st.lists(LISTS, unique=True).map(tuple)),
    ),
    some(
        "memberships",
        st.builds(Comparison, st.just("list_id"), st.just(Op.EQ), LISTS),
        st.builds(Comparison, st.just("state"), st.just(Op.EQ), _STATES),
    ),
    some("audiences", st.builds(Comparison, st.just("audience_id"), st.just(Op.EQ), _SEGMENTS)),
    st.sampled_from(_OTHERS),
)


def trees(leaves: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    """One condition, several at once, or any joined and denied."""
    joined = st.lists(leaves, min_size=2, max_size=3).map(lambda parts: And(tuple(parts)))
    return st.one_of(leaves, joined, st.recursive(leaves, _join, max_leaves=4))


def _join(inner: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    lists = st.lists(inner, max_size=3)
    return st.one_of(
        lists.map(lambda parts: And(tuple(parts))),
        lists.map(lambda parts: Or(tuple(parts))),
        lists.map(lambda parts: Not(Or(tuple(parts)))),
    )


@given(
    name=st.sampled_from(list(OPTIONS)),
    tree=trees(LEAVES),
    sizes=st.lists(st.sampled_from([1, 3, 10, 25]), min_size=1, max_size=3),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_filter_gives_the_reference_s_rows(worlds, name, tree, sizes):
    """No row is lost and none is shown that does not match; what cannot be answered is refused, never guessed."""
    world = worlds[name]
    bound = bind(tree, FIELD_SPECS, ())
    matches = build_predicate(bound, FIELD_SPECS)
    wanted = [record.id for record in reference(world) if matches(record)]

    try:
        plan = build_plan(bound, FIELD_SPECS, CAPABILITY[SUBSCRIBER])
    except CapabilityError as error:
        _check_refusal(error)
        return

    assert len(plan.branches) <= 1
    accept = build_predicate(plan.residual, FIELD_SPECS)
    found = []
    for branch in plan.branches:
        records = asyncio.run(read_line(world, SliceQuery(SUBSCRIBER, branch), sizes))
        found += [record.id for record in records if accept(record)]
    assert found == wanted


@given(tree=trees(LEAVES), list_id=st.sampled_from(["7", "314"]), descending=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_order_inside_a_list_keeps_the_reference_s_rows(worlds, tree, list_id, descending):
    """The same rows in another order."""
    world = worlds["columns"]
    bound = bind(And((tree, Some("memberships", Comparison("list_id", Op.EQ, list_id)))), FIELD_SPECS, ())
    order = Order("email", descending=descending)
    matches = build_predicate(bound, FIELD_SPECS)
    wanted = sorted(record.id for record in reference(world) if matches(record))

    try:
        plan = build_plan(bound, FIELD_SPECS, CAPABILITY[SUBSCRIBER], order)
        pages = [asyncio.run(read_line(world, SliceQuery(SUBSCRIBER, each, order), (7,))) for each in plan.branches]
    except CapabilityError as error:
        _check_refusal(error)
        return

    accept = build_predicate(plan.residual, FIELD_SPECS)
    found = [record for page in pages for record in page if accept(record)]
    emails = [(record.email or "").lower() for record in found]
    assert sorted(record.id for record in found) == wanted
    assert emails == sorted(emails, reverse=descending)


def _check_refusal(error: CapabilityError) -> None:
    """A refusal names its reason."""
    assert error.reason in {"FILTER_UNSUPPORTED", "ORDER_UNSUPPORTED"}


CAMPAIGN_LEAVES = st.one_of(
    st.builds(Comparison, st.just("status"), st.just(Op.EQ), st.sampled_from(["Sent", "Draft", "sent", "Outbox", "x"])),
    st.builds(Comparison, st.just("status"), st.just(Op.IN), st.sampled_from([("Sent", "Paused"), ("Draft",), ("x",)])),
    st.builds(Comparison, st.just("name"), TEXT_OPS, st.sampled_from(["Sale", "sale", "e"])),
    st.sampled_from([Comparison("id", Op.GT, "5"), Comparison("id", Op.LTE, "20")]),
)


@given(tree=trees(CAMPAIGN_LEAVES))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_campaigns_are_filtered_as_the_reference_does(worlds, tree):
    """A status narrows, everything else is checked."""
    world = worlds["columns"]
    bound = bind(tree, CAMPAIGN_SPECS, ())
    matches = build_predicate(bound, CAMPAIGN_SPECS)
    wanted = [
        str(each.id)
        for each in world.sandbox.store.campaigns.values()
        if matches(CampaignRecord(source="shop", id=str(each.id), name=each.name, status=each.status))
    ]

    plan = build_plan(bound, CAMPAIGN_SPECS, CAPABILITY[Entity.CAMPAIGN])

    accept = build_predicate(plan.residual, CAMPAIGN_SPECS)
    pages = [asyncio.run(read_line(world, SliceQuery(Entity.CAMPAIGN, each), (4,))) for each in plan.branches]
    assert sorted(record.id for page in pages for record in page if accept(record)) == sorted(wanted)


def test_times_of_the_reference_are_those_of_the_adapter():
    """The property above would otherwise prove nothing about them."""
    record = show(make_world(SandboxOptions()).sandbox.store.lists[7])[0]

    assert record.extension.subscribed_at == datetime(2015, 10, 29, 4, 10, 19, tzinfo=UTC)
