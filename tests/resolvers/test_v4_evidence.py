"""Taguchi V4 after a check: fewer rows are checked again, and the results are the very same."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx
import pytest

from adapters.contract import Source
from adapters.errors import VendorContractError
from adapters.filters.order import Order
from adapters.filters.tree import And, Comparison, Op
from adapters.records import CampaignRecord, Entity
from adapters.vendors.taguchi_v4 import ADAPTER
from adapters.vendors.taguchi_v4.adapter import open_source
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from resolvers.campaign import campaign_subscribers
from resolvers.context import ReadLimits
from resolvers.lookups import LookupArgs
from resolvers.pages import ConnectionArgs
from resolvers.subscriber import subscriber, subscribers
from tests.adapters.vendors.taguchi_v4.world import SOURCE, World, build_settings, scope
from tests.resolvers.asking import EVERY_PAGE_FIELD, ask, build_context, ids_of
from tests.resolvers.v4_pages import SIZES, Account, build_account, build_case, expect, read_case

PLENTY = ReadLimits(scan_calls=100, scan_rows=100_000)
WIDENING = SandboxOptions(or_predicates=True, page_clamp=20, unstable_ties=True)


async def learn(account: Account, **settings: Any) -> Account:
    """The same account, as it is served after a check."""
    findings = {each.fact: each for each in await account.world.adapter.fetch_findings(scope())}
    chosen = build_settings(**settings)
    adapter = open_source(SOURCE, chosen, httpx.ASGITransport(account.world.sandbox.app), findings)
    source = Source(SOURCE, ADAPTER, ADAPTER.build_capability(chosen, findings), adapter)
    account.world.forget()
    return Account(World(account.world.sandbox, adapter), source, account.fields)


async def build_checked() -> Sequence[Account]:
    """Checked accounts on servers of different habits, all of which AND their predicates."""
    return [
        await learn(build_account(1, 45, SandboxOptions())),
        await learn(build_account(2, 60, SandboxOptions(subsecond_times=True, page_clamp=10)), max_page=None),
        await learn(build_account(3, 50, SandboxOptions(page_clamp=20, unstable_ties=True, collation="C")), max_page=7),
        await learn(build_account(4, 24, SandboxOptions(page_clamp=4, empty="204")), max_page=None),
    ]


@pytest.mark.parametrize("start", [0, 60])
async def test_pages_after_a_check_equal_the_reference(start: int) -> None:
    """What evidence makes exact would not be exact, and nothing would check it again."""
    accounts = await build_checked()
    assert all(each.source.capability.entities[Entity.SUBSCRIBER].conjunction.support == "EXACT" for each in accounts)

    rows = 0
    for number in range(start, start + 60):
        account = accounts[number % len(accounts)]
        case = build_case(number, account)
        expected = expect(account, account.world.records(), case.tree, case.order)
        assert await read_case(account, case) == expected, f"case {number}: {case}"
        rows += len(expected)
    assert rows > 200


async def test_pages_of_a_server_that_widens_equal_the_reference() -> None:
    """A server that ORs its predicates would show people who were not asked for, or no page at all."""
    account = await learn(build_account(6, 50, WIDENING), max_page=None)

    for number in range(40):
        chance = random.Random(number)  # noqa: S311 - a case is its number
        case = build_case(number, account)
        case = replace(case, order=Order("id", descending=chance.random() < 0.5), size=chance.choice(SIZES))
        expected = expect(account, account.world.records(), case.tree, case.order)
        account.world.forget()
        assert await read_case(account, case) == expected, f"case {number}: {case}"
        assert all(query.count("query=") <= 1 for query in account.world.queries)


async def test_records_of_a_server_that_widens_are_found_by_id_value_and_parent() -> None:
    """A look-up or a relation would ask by two predicates, and be refused for what came."""
    plain = build_account(6, 50, WIDENING)
    account = await learn(plain, max_page=None)
    records = account.world.records()
    ids = [record.id for record in records][:9]
    wanted: Any = next(record for record in records if record.ref)

    loaded = await account.world.adapter.fetch_by_ids(
        Entity.SUBSCRIBER, [*ids, "99999"], scope(), parts=frozenset(), purpose="test"
    )
    unchecked = await plain.world.adapter.fetch_by_ids(
        Entity.SUBSCRIBER, ids, scope(), parts=frozenset(), purpose="test"
    )
    found = await ask(subscriber, LookupArgs("ref", wanted.ref), build_context(account.source))
    pages: list[Any] = await campaign_subscribers(
        [CampaignRecord(source=SOURCE, id=id_) for id_ in ("1", "2")],
        ConnectionArgs(first=50),
        build_context(account.source, limits=PLENTY),
        EVERY_PAGE_FIELD,
    )

    assert all(isinstance(record, VendorContractError) for record in unchecked.values())
    assert {id_: getattr(record, "id", None) for id_, record in loaded.items()} == {
        **{i: i for i in ids},
        "99999": None,
    }
    assert found.id == wanted.id
    assert [ids_of([page]) for page in pages] == [
        [record.id for record in sorted(records, key=lambda each: int(each.id)) if record.campaign_id == parent]
        for parent in ("1", "2")
    ]


async def test_a_check_leaves_nothing_to_check_again() -> None:
    """Every page would go on reading rows only to look at them, whatever was proven."""
    plain = build_account(2, 60, SandboxOptions(page_clamp=10), max_page=None)
    checked = await learn(plain, max_page=None)
    tree = And((Comparison("state", Op.PRESENT), Comparison("campaign_id", Op.LTE, "3")))
    args = ConnectionArgs(filter=tree, first=5)

    calls = {}
    for name, account in (("plain", plain), ("checked", checked)):
        context = build_context(account.source)
        await ask(subscribers, args, context)
        calls[name] = context.scope.calls

    assert [bool(call.residual) for call in calls["plain"]] == [True] * len(calls["plain"])
    assert [call.residual for call in calls["checked"]] == [None]
    assert len(calls["checked"]) <= len(calls["plain"])
