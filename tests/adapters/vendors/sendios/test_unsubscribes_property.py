"""Random filters over opt-outs, planned, read and checked as the graph does it, give the reference's rows."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.errors import CapabilityError, FilterError
from adapters.filters.bind import bind
from adapters.filters.evaluate import build_predicate
from adapters.filters.fields import FIELDS, FieldSpec, Kind, build_extension_fields
from adapters.filters.split import build_plan
from adapters.filters.tree import And, Comparison, Filter, Not, Op, Or
from adapters.vendors.sendios.capability import UNSUBSCRIBES
from adapters.vendors.sendios.extensions import WORD, SendiosUnsubscribe
from adapters.vendors.sendios.sandbox import SandboxOptions
from tests.adapters.vendors.sendios.world import UNSUBSCRIBE, World, build_world, ids

SPECS: Mapping[str, FieldSpec] = {**FIELDS[UNSUBSCRIBE], **build_extension_fields(WORD, SendiosUnsubscribe)}
FILTERED = ["id", "email", "subscriber_ref", "project_id", "cause", "occurred_at", "sendios.source_number"]
BATCH = datetime(2024, 6, 1, 10, tzinfo=UTC)
TIMES = [BATCH + timedelta(seconds=seconds) for seconds in (-(10**8), -(10**7), -1, 0, 1, 10**7)]
TEXTS = ["link", "settings", "17", "gmail", "Anna", "crm-000027", "o", "", "@example.net", "Kate_43@Example.Org"]
NULLS = {Op.IS_NULL, Op.PRESENT}

WORLDS: Mapping[str, SandboxOptions] = {
    "harsh": SandboxOptions(),
    "kind": SandboxOptions(newest_first=False, since_inclusive=True, paged_shape="object"),
    "small": SandboxOptions(page_clamp=9, since_inclusive=True),
}


@pytest.fixture(scope="module")
def worlds() -> Mapping[str, World]:
    return {name: build_world(options=options) for name, options in WORLDS.items()}


def _operands(name: str) -> st.SearchStrategy[Any]:
    kind = SPECS[name].kind
    if kind is Kind.TIME:
        return st.sampled_from(TIMES)
    if kind is Kind.NUMBER:
        return st.sampled_from([2, 4, 17, 99])
    return st.sampled_from(["1", "2", "9"]) if kind is Kind.ID else st.sampled_from(TEXTS)


@st.composite
def comparisons(draw: st.DrawFn) -> Filter:
    """One comparison callers may ask for."""
    name = draw(st.sampled_from([*FILTERED, "occurred_at", "occurred_at"]))
    kind = SPECS[name].kind
    ops = [Op.EQ, Op.IN, Op.IS_NULL, Op.PRESENT]
    ops += [Op.LT, Op.LTE, Op.GT, Op.GTE] if kind in {Kind.TIME, Kind.NUMBER, Kind.ID} else []
    ops += [Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH] if kind is Kind.TEXT else []
    op = draw(st.sampled_from(ops))
    if op in NULLS:
        return Comparison(name, op)
    value = tuple(draw(st.lists(_operands(name), min_size=1, max_size=3))) if op is Op.IN else draw(_operands(name))
    return Comparison(name, op, value, None, kind is Kind.TEXT and draw(st.booleans()))


filters = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: Or(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=5,
)


def _accepts(tree: Filter) -> Filter | None:
    """Bind a drawn tree, or say that callers are refused it."""
    try:
        return bind(tree, SPECS)
    except FilterError:  # such as a range the wrong way round
        return None


def _check(worlds: Mapping[str, World], name: str, tree: Filter, sizes: list[int]) -> None:
    world, bound = worlds[name], _accepts(tree)
    if bound is None:
        return
    plan = build_plan(bound, SPECS, UNSUBSCRIBES)
    keep, reference = build_predicate(plan.residual, SPECS), build_predicate(bound, SPECS)

    async def read() -> list[Any]:
        lines = [(await world.read_line(branch, sizes))[0] for branch in plan.branches]
        return [record for line in lines for record in line if keep(record)]

    found = asyncio.run(read())

    assert len(plan.branches) <= 1
    assert ids(filter(reference, world.opt_outs())) == ids(found)


def _run(check: Any, count: int, **drawn: Any) -> None:
    settings(max_examples=count, deadline=None, derandomize=count <= 300, suppress_health_check=list(HealthCheck))(
        given(**drawn)(check)
    )()


def _run_lines(worlds: Mapping[str, World], count: int) -> None:
    _run(
        lambda **drawn: _check(worlds, **drawn),
        count,
        name=st.sampled_from(sorted(WORLDS)),
        tree=filters,
        sizes=st.lists(st.sampled_from([5, 26, 51, 200]), min_size=1, max_size=3),
    )


def test_random_filters_give_the_reference_rows(worlds: Mapping[str, World]) -> None:
    """A row lost or wrong under any filter, in any mood of the vendor, would show here."""
    _run_lines(worlds, 200)


@pytest.mark.bars
def test_random_filters_give_the_reference_rows_at_length(worlds: Mapping[str, World]) -> None:
    """The same, looked at for longer."""
    _run_lines(worlds, 2_000)


def test_a_lower_bound_is_sent_to_the_vendor(worlds: Mapping[str, World]) -> None:
    """Otherwise every reading would start with the first opt-out there ever was."""
    world = worlds["harsh"]
    world.forget()
    bound = bind(And((Comparison("occurred_at", Op.GTE, BATCH), Comparison("cause", Op.EQ, "link"))), SPECS)
    plan = build_plan(bound, SPECS, UNSUBSCRIBES)

    asyncio.run(world.read_line(plan.branches[0], [1000]))

    assert [line.partition("?")[0] for line in world.lines] == [f"GET /v1/unsub/list/{int(BATCH.timestamp()) - 1}/1"]


def test_a_field_the_list_does_not_hold_is_refused() -> None:
    """The list has no ids of people: every row would seem to have none."""
    with pytest.raises(CapabilityError):
        build_plan(bind(Comparison("subscriber_id", Op.EQ, "8424"), SPECS), SPECS, UNSUBSCRIBES)
