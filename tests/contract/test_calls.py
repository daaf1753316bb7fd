"""
How many calls a read costs at each vendor, as its sandbox counts them and as the plan tells them.
"""

import asyncio
from typing import Any, Final

import pytest

from adapters.contract import FindsPeople, PersonQuery
from adapters.memory import Memory
from adapters.records import Entity
from adapters.sandbox.cast import CAST
from tests.contract.accounts import VENDORS, Account, build_scope, list_read_by_id
from tests.contract.gaps import mark_gaps, read_notes
from tests.contract.reads import READS, list_reads

ONE_BY_ID: Final = [
    (vendor, entity)
    for vendor in VENDORS
    for entity in list_read_by_id(vendor)
    if f"{entity} by id" in list_reads(vendor)
]


@pytest.mark.parametrize(("vendor", "entity"), mark_gaps("test_one_record_by_its_id_costs_one_call", ONE_BY_ID))
async def test_one_record_by_its_id_costs_one_call(account: Account, entity: Entity):
    """A page of people with their campaigns would cost a multiple of it."""
    read = list_reads(account.vendor)[f"{entity} by id"]
    await read(account, build_scope())
    await account.received()
    scope = build_scope()

    await read(account, scope)

    assert len(await account.received()) == 1
    assert len(scope.calls) == 1
    assert max(account.source.adapter.count_loads(entity, 1)) >= 1


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_person_costs_what_is_promised(account: Account):
    """Looking for one person everywhere would cost more than it may."""
    finder = account.source.adapter
    assert isinstance(finder, FindsPeople)
    notes: dict[str, int] = read_notes(account.vendor).get("person_calls", {"fixed": 1})
    await list_reads(account.vendor)["person"](account, build_scope())
    await account.received()
    promised = notes.get("fixed", 0)
    promised += len(await account.fetch_rows(Entity.LIST)) if notes.get("per_list") else 0
    promised += len(account.settings.projects) if notes.get("per_project") else 0
    await account.received()

    for member in CAST[:4]:
        scope = build_scope()
        await finder.fetch_people(PersonQuery(email=member.email), scope, purpose="person")

        assert len(await account.received()) == promised
        assert len(scope.calls) == promised


@pytest.mark.parametrize(("vendor", "name"), READS, ids=str)
async def test_the_plan_tells_every_call(account: Account, name: str):
    """A call that no plan shows is one that nobody pays attention to, and no budget counts."""
    read = list_reads(account.vendor)[name]
    await read(account, build_scope())
    await account.received()
    scope = build_scope()

    await read(account, scope)

    received = await account.received()
    assert received
    assert sorted((call.method, call.status, call.attempts) for call in scope.calls) == sorted(
        (call["method"], call["status"], 1) for call in received
    )
    assert scope.spent == len(received)


@pytest.mark.parametrize(("vendor", "name"), READS, ids=str)
async def test_what_is_remembered_costs_no_call_and_is_the_readers_own(account: Account, name: str):
    """What one principal was shown would be shown to another one, or a page would cost its calls each time."""
    read, memory = list_reads(account.vendor)[name], Memory()

    async def ask(tenant: str) -> tuple[Any, int]:
        scope = build_scope(tenant=tenant, memory=memory)
        found = await read(account, scope)
        return found, scope.spent

    await read(account, build_scope())
    first, spent = await ask("one")
    again, spent_again = await ask("one")
    other, spent_by_other = await ask("two")

    assert first == again == other
    assert spent_by_other == spent > 0
    assert spent_again in {0, spent}


@pytest.mark.parametrize(("vendor", "name"), READS, ids=str)
async def test_reads_side_by_side_are_shared_within_a_principal_only(account: Account, name: str):
    """Two principals who ask at once would get one answer, which only one of them may see."""
    read, memory = list_reads(account.vendor)[name], Memory()
    await read(account, build_scope())
    scopes = [build_scope(tenant=tenant, memory=memory) for tenant in ("one", "two")]
    alone = build_scope()
    await read(account, alone)
    await account.received()

    found = await asyncio.gather(*(read(account, scope) for scope in scopes))

    assert found[0] == found[1]
    assert [scope.spent for scope in scopes] == [alone.spent] * 2
    assert len(await account.received()) == 2 * alone.spent
