"""Random filters over the made-up account give the reference's rows, in the vendor's order."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.contract import SliceQuery
from adapters.errors import CapabilityError
from adapters.filters.evaluate import build_predicate
from adapters.filters.fields import FIELDS, OPERATORS, FieldSpec, Kind, build_extension_fields
from adapters.filters.split import build_plan
from adapters.filters.tree import And, Comparison, Filter, Not, Op, Or, Some
from adapters.records import Entity
from adapters.vendors.talon_one.capability import build_capability
from adapters.vendors.talon_one.extensions import EXTENSIONS
from adapters.vendors.talon_one.sandbox import create_sandbox
from tests.adapters.vendors.talon_one.world import AUDIENCE, CUSTOMER, World, build_settings, build_world, read_line

TABLES = build_capability(build_settings()).entities
SPECS: dict[Entity, dict[str, FieldSpec]] = {
    entity: {**FIELDS[entity], **build_extension_fields("talonOne", EXTENSIONS[entity].type)}
    for entity in (CUSTOMER, AUDIENCE)
}
TEXTS: dict[Entity, list[str]] = {
    CUSTOMER: [
        *("crm-000001", "cust-00007", "c 1", "shop/42", "..", "UPPER", "nobody", "", "gold", "50%"),
        *("thomas_1@example.com", "Thomas_1@example.com", "+61489701378", "0467 675 436", "AU", "DE", "Berlin"),
    ],
    AUDIENCE: ["VIP", "vip", "ext 1", "e/1", "Wave 03", "segment", "", "Wave"],
}
NUMBERS = ["1", "2", "5", "7", "33", "999"]
FILTERED: dict[Entity, list[str]] = {
    CUSTOMER: ["id", "ref", "email", "phone", "country", "suburb", "talonOne.profile_id", "talonOne.closed_sessions"],
    AUDIENCE: ["id", "ref", "name", "talonOne.integration", "talonOne.sandbox"],
}


def _operands(entity: Entity, name: str) -> st.SearchStrategy[Any]:
    spec = SPECS[entity][name]
    if spec.kind is Kind.FLAG:
        return st.booleans()
    if spec.kind is Kind.NUMBER:
        return st.sampled_from([0, 1, 3, 12])
    numbered = name == "talonOne.profile_id" or (name, entity) == ("id", AUDIENCE)
    return st.sampled_from(NUMBERS if numbered else TEXTS[entity])


@st.composite
def comparisons(draw: st.DrawFn, entity: Entity) -> Filter:
    """One comparison of a field that rows hold."""
    name = draw(st.sampled_from(FILTERED[entity]))
    op = draw(st.sampled_from(sorted(OPERATORS[SPECS[entity][name].kind] - {Op.MATCHES})))
    if op in {Op.IS_NULL, Op.PRESENT}:
        return Comparison(name, op)
    if op is Op.IN:
        return Comparison(name, op, tuple(draw(st.lists(_operands(entity, name), max_size=4, unique=True))))
    return Comparison(name, op, draw(_operands(entity, name)))


def belongings() -> st.SearchStrategy[Filter]:
    """Being in an audience, in one of several, or in one of a name."""
    number = st.sampled_from(NUMBERS)
    return st.one_of(
        number.map(lambda each: Some("audiences", Comparison("audience_id", Op.EQ, each))),
        st.lists(number, max_size=3, unique=True).map(
            lambda each: Some("audiences", Comparison("audience_id", Op.IN, tuple(each)))
        ),
        st.sampled_from(TEXTS[AUDIENCE]).map(lambda each: Some("audiences", Comparison("name", Op.EQ, each))),
        st.sampled_from(TEXTS[CUSTOMER]).map(lambda each: Comparison("custom_fields", Op.EQ, each, key="Tier")),
    )


def trees(entity: Entity) -> st.SearchStrategy[Filter]:
    """Filters a few levels deep."""
    leaves = comparisons(entity) | belongings() if entity is CUSTOMER else comparisons(entity)
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda parts: And(tuple(parts))),
            st.lists(inner, max_size=3).map(lambda parts: Or(tuple(parts))),
            inner.map(Not),
        ),
        max_leaves=5,
    )


@pytest.fixture(scope="module")
def account() -> World:
    """The made-up account, which nothing changes here."""
    return build_world(create_sandbox(customers=60))


@pytest.mark.parametrize("entity", [CUSTOMER, AUDIENCE])
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_random_filters_bring_no_wrong_row(account: World, entity: Entity, data: st.DataObject) -> None:
    """A wrong row is a wrong person in a campaign; a missing one is somebody who never hears of it."""
    tree = data.draw(trees(entity))
    fields = SPECS[entity]
    plan = build_plan(tree, fields, TABLES[entity])
    whole, check = build_predicate(tree, fields), build_predicate(plan.residual, fields)
    held = account.customers() if entity is CUSTOMER else account.audiences()
    assert len(plan.branches) <= 1

    async def read() -> list[Any]:
        found = [await read_line(account, SliceQuery(entity, branch), (1000,)) for branch in plan.branches]
        return [record for records in found for record in records if check(record)]

    found = asyncio.run(read())
    assert sorted(record.id for record in found) == sorted(record.id for record in held if whole(record))
    assert {record.id: record for record in found} == {record.id: record for record in held if whole(record)}


@pytest.mark.parametrize(
    ("tree", "line"),
    [
        (Comparison("email", Op.EQ, "x"), "attributes.Email: x"),
        (Comparison("id", Op.IN, ("a", "b")), "integrationIDs: a, b"),
        (Some("audiences", Comparison("audience_id", Op.EQ, "7")), "members of audience 7"),
        (Comparison("email", Op.DIFFERS, "x"), None),
        (Comparison("email", Op.EQ, "x", ignore_case=True), None),
        (Or((Comparison("email", Op.EQ, "x"), Comparison("phone", Op.EQ, "y"))), None),
        (Comparison("custom_fields", Op.EQ, "gold", key="Tier"), None),
    ],
    ids=str,
)
def test_a_call_carries_what_the_vendor_can_narrow_by(account: World, tree: Filter, line: str | None) -> None:
    """Pushed too little, an account is read whole; pushed too much, people are lost."""
    plan = build_plan(tree, SPECS[CUSTOMER], TABLES[CUSTOMER])

    pushed = account.adapter.plan_slice(SliceQuery(CUSTOMER, plan.branches[0])).pushed

    assert pushed == (() if line is None else (line,))


@pytest.mark.parametrize("name", ["unsubscribed_at", "birth_date", "first_name", "mobile", "campaign_id"])
def test_what_no_row_holds_cannot_be_filtered_by(name: str) -> None:
    """Talon.One knows nothing of it: that nobody is unsubscribed would be a lie."""
    with pytest.raises(CapabilityError):
        build_plan(Comparison(name, Op.PRESENT), SPECS[CUSTOMER], TABLES[CUSTOMER])
    with pytest.raises(CapabilityError):
        build_plan(Some("memberships", Comparison("list_id", Op.EQ, "1")), SPECS[CUSTOMER], TABLES[CUSTOMER])
