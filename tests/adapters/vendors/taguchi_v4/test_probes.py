"""The check of a source: what each habit of a server makes of the findings, and what they make of the tables."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from adapters.contract import ChecksSource
from adapters.errors import VendorAuthError
from adapters.evidence import Evidence, Finding, Findings, Verdict, print_evidence
from adapters.filters.bind import bind
from adapters.filters.capability import Capability, Line, Support
from adapters.filters.capability import Evidence as Known
from adapters.filters.fields import FIELDS
from adapters.filters.plan import Plan
from adapters.filters.split import build_plan
from adapters.filters.tree import And, Comparison, Filter, Op
from adapters.records import Entity
from adapters.vendors.taguchi_v4 import ADAPTER
from adapters.vendors.taguchi_v4.adapter import TaguchiV4Adapter as Adapter
from adapters.vendors.taguchi_v4.adapter import open_source
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from tests.adapters.vendors.taguchi_v4.world import World, build_settings, build_world, scope

SUBSCRIBER = Entity.SUBSCRIBER
PROVEN, DISPROVED, UNDECIDED = Verdict.PROVEN, Verdict.DISPROVED, Verdict.UNDECIDED
SECOND = datetime(2024, 5, 1, 10, tzinfo=UTC)

TWO = And((Comparison("state", Op.EQ, "VIC"), Comparison("id", Op.GT, "7")))
TIME = Comparison("unsubscribed_at", Op.EQ, SECOND)


async def check(world: World) -> Findings:
    """What a check finds, by fact."""
    return {finding.fact: finding for finding in await world.adapter.fetch_findings(scope(max_calls=100))}


async def table_of(options: SandboxOptions, **settings: Any) -> Capability:
    """The capability of a source after a check."""
    world = build_world(seed=1, people=2_500, options=options)
    return ADAPTER.build_capability(build_settings(**settings), await check(world))


def plan(tree: Filter, capability: Capability) -> Plan:
    return build_plan(bind(tree, FIELDS[SUBSCRIBER]), FIELDS[SUBSCRIBER], capability.entities[SUBSCRIBER])


@pytest.mark.parametrize(
    ("options", "fact", "verdict"),
    [
        (SandboxOptions(), "conjunction", PROVEN),
        (SandboxOptions(or_predicates=True), "conjunction", DISPROVED),
        (SandboxOptions(subsecond_times=True), "conjunction", PROVEN),
        (SandboxOptions(page_clamp=50), "page_bound", PROVEN),
        (SandboxOptions(page_clamp=500), "page_bound", PROVEN),
        (SandboxOptions(page_clamp=None), "page_bound", DISPROVED),
        (SandboxOptions(), "whole_seconds", PROVEN),
        (SandboxOptions(subsecond_times=True), "whole_seconds", DISPROVED),
        (SandboxOptions(subsecond_times=True, or_predicates=True), "whole_seconds", DISPROVED),
        (SandboxOptions(collation="C"), "code_point_order", PROVEN),
        (SandboxOptions(collation="locale"), "code_point_order", DISPROVED),
        (SandboxOptions(empty="204"), "nothing_is_204", PROVEN),
        (SandboxOptions(empty="[]"), "nothing_is_204", DISPROVED),
        (SandboxOptions(revision_alias=True), "revision_alias", PROVEN),
        (SandboxOptions(revision_alias=False), "revision_alias", DISPROVED),
        (SandboxOptions(empty_operand="text"), "empty_operand", PROVEN),
        (SandboxOptions(empty_operand="null"), "empty_operand", DISPROVED),
    ],
)
async def test_each_habit_of_a_server_is_found_out(options: SandboxOptions, fact: str, verdict: Verdict) -> None:
    """A probe that cannot tell a habit from its opposite would make plans of guesses."""
    found = await check(build_world(seed=1, people=2_500, options=options))

    assert found[fact].verdict is verdict


@pytest.mark.parametrize(("clamp", "value"), [(50, 50), (500, 500), (None, 2_001)])
async def test_the_page_bound_is_measured(clamp: int | None, value: int) -> None:
    """A wrong number would cost calls, or rows."""
    found = await check(build_world(seed=1, people=2_500, options=SandboxOptions(page_clamp=clamp)))

    assert found["page_bound"].value == value


async def test_an_empty_account_decides_only_what_it_can() -> None:
    """A new account would be told to have habits that nobody has seen."""
    found = await check(build_world({}))

    decided = {fact for fact, finding in found.items() if finding.verdict is not UNDECIDED}
    assert decided == {"nothing_is_204"}


async def test_a_small_account_is_not_taken_for_a_bound() -> None:
    """Seven people in one reply would make every later call ask for seven."""
    found = await check(build_world({"subscriber": [{"id": number} for number in range(1, 8)]}))

    assert (found["page_bound"].verdict, found["page_bound"].value) == (UNDECIDED, 7)
    assert ADAPTER.build_capability(build_settings(max_page=None), found).entities[SUBSCRIBER].max_page == 100


async def test_a_check_is_bounded_and_only_reads() -> None:
    """Somebody checks a live account: it must not become a load, or change a thing."""
    world = build_world(seed=1, people=2_500)

    await check(world)

    assert world.calls <= 60
    assert all(call.line.startswith("GET ") for call in world.sandbox.calls.entries)
    assert not any("_method" in query for query in world.queries)


async def test_findings_hold_nothing_about_people() -> None:
    """The evidence lies in a plain file beside the settings, and its report on somebody's screen."""
    world = build_world(seed=1, people=2_500)
    found = await check(world)

    kept = print_evidence({"retail": Evidence("v", "a", SECOND, tuple(found.values()))}).decode()

    operands = {
        query.split("-", 2)[2]
        for finding in found.values()
        for each in finding.asked
        for query in each.split(" sort=")[0].split(" ", 1)[1].split(" & ")
        if query != "all"
    }
    assert operands == {"…", "null", ""}
    people = world.sandbox.store.rows("subscriber")
    texts = {str(row[name]) for row in people for name in ("email", "lastname", "unsubscribed") if row[name]}
    assert len(texts) > 2_500
    assert not [text for text in texts - {"null"} if len(text) > 3 and text in kept]
    assert "sandbox-token" not in kept


def bend(world: World, mark: str, reply: httpx.Response) -> Adapter:
    """A source whose server answers calls with a mark in their address in its own way."""
    sandbox = httpx.ASGITransport(world.sandbox.app)

    async def answer(request: httpx.Request) -> httpx.Response:
        return reply if mark in str(request.url) else await sandbox.handle_async_request(request)

    return open_source("retail", build_settings(), httpx.MockTransport(answer))


async def test_a_server_may_refuse_the_empty_text() -> None:
    """The whole check would fail on what it was to find out."""
    adapter = bend(build_world(seed=1, people=50), "-eq-&", httpx.Response(400, content=b"<html></html>"))

    found = {finding.fact: finding for finding in await adapter.fetch_findings(scope())}

    assert found["empty_operand"].verdict is DISPROVED


async def test_a_page_too_long_to_read_is_a_bound_of_ours() -> None:
    """The whole check would fail on a server that gives all it is asked for."""
    adapter = bend(build_world(seed=1, people=2_500), "limit=2001", httpx.Response(200, content=b"[{"))

    found = {finding.fact: finding for finding in await adapter.fetch_findings(scope())}

    assert (found["page_bound"].verdict, found["page_bound"].value) == (DISPROVED, 101)


async def test_a_source_that_refuses_us_has_no_findings() -> None:
    """A check without credentials would find that nothing is ever found."""
    world = build_world(seed=1, people=10, auth={"token": "wrong"})

    with pytest.raises(VendorAuthError):
        await check(world)


async def test_the_adapter_fills_the_role() -> None:
    """The command would say that there is nothing to check."""
    assert isinstance(build_world({}).adapter, ChecksSource)


async def test_proven_ands_leave_nothing_to_check_again() -> None:
    """The evidence would be collected and not believed."""
    before = ADAPTER.build_capability(build_settings())
    after = await table_of(SandboxOptions(subsecond_times=True))

    able = after.entities[SUBSCRIBER]
    assert (able.conjunction.support, able.conjunction.evidence) == (Support.EXACT, Known.OBSERVED)
    assert able.line("unsubscribed_at", Op.EQ) is not None
    assert not plan(TWO, before).exact
    assert not plan(TIME, before).exact
    assert plan(TWO, after).exact
    assert plan(TIME, after).exact
    assert plan(TWO, after).branches == plan(TWO, before).branches


async def test_only_what_was_seen_becomes_exact() -> None:
    """One proof would be taken for proof of everything, members of a list among it."""
    before, after = ADAPTER.build_capability(build_settings()), await table_of(SandboxOptions())

    changed = {
        (entity, name, op)
        for entity, table in after.entities.items()
        for name, known in table.fields.items()
        for op, line in known.operators.items()
        if line != before.entities[entity].line(name, op)
    }

    assert {op for _, _, op in changed} == {Op.EQ}
    assert (SUBSCRIBER, "unsubscribed_at", Op.EQ) in changed
    assert (SUBSCRIBER, "memberships.list_id", Op.EQ) not in changed
    assert (SUBSCRIBER, "state", Op.EQ) not in changed


async def test_disproved_ands_leave_each_call_one_predicate() -> None:
    """A filter beside the place a page goes on from would bring the rows of both."""
    able = (await table_of(SandboxOptions(or_predicates=True))).entities[SUBSCRIBER]

    assert (able.conjunction.support, able.conjunction.evidence) == (Support.UNSUPPORTED, Known.OBSERVED)
    assert [name for name, known in able.fields.items() if known.sortable] == ["id"]
    assert not [name for name, known in able.fields.items() if known.operators]
    made = plan(TWO, await table_of(SandboxOptions(or_predicates=True)))
    assert (made.branches, made.residual) == ((And(),), bind(TWO, FIELDS[SUBSCRIBER]))


@pytest.mark.parametrize(
    ("clamp", "stated", "expected"),
    [(50, None, 50), (50, 1000, 50), (500, 200, 200), (500, None, 500), (None, None, 1000), (None, 300, 300)],
)
async def test_the_page_size_is_the_servers_within_the_operators_word(
    clamp: int | None, stated: int | None, expected: int
) -> None:
    """Calls would ask for more than comes, or for less than could."""
    capability = await table_of(SandboxOptions(page_clamp=clamp), max_page=stated)

    assert {able.max_page for able in capability.entities.values()} == {expected}


def test_findings_of_unknown_facts_change_nothing() -> None:
    """An older file would break a newer graph."""
    finding = Finding("hat_colour", "Hats are red", PROVEN, (), "", "")

    assert ADAPTER.build_capability(build_settings(), {"hat_colour": finding}) == ADAPTER.build_capability(
        build_settings()
    )


@pytest.mark.parametrize("value", [None, 0, -5])
def test_a_page_bound_without_a_number_is_none(value: int | None) -> None:
    """A file edited by hand would make calls for no rows."""
    finding = Finding("page_bound", "", PROVEN, (), "", "", value)

    able = ADAPTER.build_capability(build_settings(max_page=250), {"page_bound": finding}).entities[SUBSCRIBER]
    assert able.max_page == 250


def test_a_line_says_where_it_was_seen() -> None:
    """The graph shows evidence with its section; "observed" alone can be looked up nowhere."""
    finding = Finding("conjunction", "", PROVEN, (), "", "")
    able = ADAPTER.build_capability(build_settings(), {"conjunction": finding}).entities[SUBSCRIBER]

    assert able.conjunction == Line(Support.EXACT, Known.OBSERVED, "Queries, query: seen to be ANDed by a check")
