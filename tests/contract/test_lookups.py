"""
Look-ups of every kind of record that has them: matched by key, whatever the vendor's reply looks like.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pytest

from adapters.contract import Loaded
from adapters.errors import CapabilityError, FacadeError
from adapters.records import Entity, Record
from resolvers.loaders.keys import RecordsKey, ValueKey
from resolvers.loaders.record import load_all
from resolvers.lookups import LOOKUPS
from tests.contract.accounts import VENDORS, Account, build_capability, build_scope, list_read_by_id
from tests.contract.gaps import mark_gaps
from tests.resolvers.asking import build_context

READ_BY_ID: Final = [(vendor, entity) for vendor in VENDORS for entity in list_read_by_id(vendor)]
READ_BY_VALUE: Final = [(vendor, entity, name) for vendor, entity in READ_BY_ID for name in LOOKUPS[entity]]
NOBODY: Final = "987654321"
DAMAGES: Final[Mapping[str, Mapping[str, Any]]] = {
    "sound": {},
    "duplicate rows": {"kind": "duplicate_rows", "count": 2},
    "shuffled rows": {"kind": "shuffled_rows"},
    "missing rows": {"kind": "missing_rows", "count": 1},
    "more columns": {"kind": "extra_field", "field": "surprise", "value": {"x": [1]}},
}
NEVER_IDS: Final = ("", "null", "-1", "1e3", "%2e%2e", "\u0661", "a b", "a/b", "x" * 3_000)
LOSSY: Final = {"missing rows"}


def strange(id_: str) -> list[str]:
    """Return ids that are not a record's, and that a careless server or caller would take for it."""
    return [
        f" {id_}",
        f"{id_} ",
        f"0{id_}",
        f"+{id_}",
        f"{id_}x",
        f"{id_}.0",
        f"{id_}?a=b",
        f"{id_}#",
        f"{id_}/..",
        "../",
    ]


async def _load(account: Account, entity: Entity, ids: Sequence[str]) -> Mapping[str, Loaded]:
    parts: frozenset[str] = frozenset()
    return await account.source.adapter.fetch_by_ids(entity, ids, build_scope(), parts=parts, purpose="contract")


async def _find(
    account: Account, entity: Entity, name: str, values: Sequence[str]
) -> Mapping[str, tuple[Record, ...] | FacadeError]:
    parts: frozenset[str] = frozenset()
    adapter = account.source.adapter
    return await adapter.fetch_by_values(entity, name, values, build_scope(), parts=parts, purpose="contract")


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize(("vendor", "entity"), mark_gaps("test_records_are_matched_by_their_ids", READ_BY_ID))
async def test_records_are_matched_by_their_ids(account: Account, entity: Entity, damage: str):
    """Rows that come twice, in another order or not at all would give people their neighbours' data."""
    known = await account.fetch_known(entity)
    if DAMAGES[damage]:
        await account.misbehave(DAMAGES[damage])

    found = await _load(account, entity, [*(each.id for each in known), NOBODY])

    assert known, "the account holds none to look up"
    told = {id_: each for id_, each in found.items() if each is not None and not isinstance(each, FacadeError)}
    assert {id_: record.id for id_, record in told.items()} == {id_: id_ for id_ in told}
    assert [_tell(told[each.id]) for each in known if each.id in told] == [
        _tell(each) for each in known if each.id in told
    ]
    if damage not in LOSSY:
        assert [each.id for each in known if each.id not in told] == []


def _tell(record: Record) -> tuple[Any, ...]:
    """Return what list and single reads both tell of a record."""
    return (
        record.source,
        record.entity,
        record.id,
        *(getattr(record, name, None) for name in ("name", "email", "ref")),
    )


@pytest.mark.parametrize(("vendor", "entity"), mark_gaps("test_ids_of_nothing_find_nothing", READ_BY_ID))
async def test_ids_of_nothing_find_nothing(account: Account, entity: Entity):
    """An id that a server reads more kindly than it was meant would show a neighbour."""
    known = await account.fetch_known(entity, 1)
    ids = [*strange(known[0].id if known else "1"), *NEVER_IDS]

    found = await _load(account, entity, ids)

    assert {id_: each for id_, each in found.items() if isinstance(each, Record)} == {}


@pytest.mark.parametrize(("vendor", "entity", "name"), mark_gaps("test_values_find_their_records", READ_BY_VALUE))
@pytest.mark.parametrize("damage", DAMAGES)
async def test_values_find_their_records(account: Account, entity: Entity, name: str, damage: str):
    """A look-up by reference or address would bring somebody else."""
    known = [each for each in await account.fetch_known(entity) if getattr(each, name)]
    if DAMAGES[damage]:
        await account.misbehave(DAMAGES[damage])
    values = [*dict.fromkeys(getattr(each, name) for each in known), "nobody@example.invalid"]

    try:
        found = await _find(account, entity, name, values)
    except CapabilityError as error:
        assert error.message  # noqa: PT017 - a source says that it cannot, and why
        return

    told = {value: rows for value, rows in found.items() if not isinstance(rows, FacadeError)}
    assert {getattr(row, name) for rows in told.values() for row in rows} <= set(values)
    assert all(getattr(row, name) == value for value, rows in told.items() for row in rows)
    assert told.get("nobody@example.invalid", ()) == ()
    if damage not in LOSSY:
        assert [each.id for each in known if each.id not in {row.id for row in told[getattr(each, name)]}] == []


NOT_HELD: Final = [
    (vendor, entity) for vendor in VENDORS for entity in LOOKUPS if entity not in build_capability(vendor).entities
]


@pytest.mark.parametrize(("vendor", "entity"), NOT_HELD, ids=str)
async def test_what_a_source_does_not_hold_is_refused_without_a_call(account: Account, entity: Entity):
    """A list that was looked up where there are only customers would be one of the customers."""
    known = [each.id for kind in build_capability(account.vendor).entities for each in await account.fetch_known(kind)]
    await account.received()
    ctx = build_context(account.source)

    by_id = await ctx.by_id(entity).load(RecordsKey(account.vendor, known[:5]))
    by_value = await load_all(ctx.by_value(entity), [ValueKey(account.vendor, "ref", id_, "") for id_ in known[:5]])

    assert known
    assert {type(each) for each in (*by_id.values(), *by_value)} == {CapabilityError}
    assert await account.received() == []


@pytest.mark.parametrize(("vendor", "entity"), READ_BY_ID, ids=str)
async def test_no_keys_cost_no_call(account: Account, entity: Entity):
    """A page without references would cost a call for each kind of them."""
    assert dict(await _load(account, entity, [])) == {}
    assert await account.received() == []
