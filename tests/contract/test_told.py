"""
What a vendor never tells is said of each kind of record, and nothing else is.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pytest

from adapters.filters.fields import FieldSpec
from adapters.records import Entity, Record, SubscriberRecord
from tests.contract.accounts import HELD, Account
from tests.contract.gaps import mark_gaps
from tests.contract.operands import read_values

EVERY_ROW: Final = 100_000
AUDIENCES: Final = "audiences"


@pytest.mark.parametrize(("vendor", "entity"), mark_gaps("test_what_is_null_everywhere_is_said_to_be_never_told", HELD))
async def test_what_is_null_everywhere_is_said_to_be_never_told(account: Account, entity: Entity):
    """People without a value and people of whom nobody knows it would look alike."""
    rows, able = await account.fetch_known(entity, EVERY_ROW), account.table(entity)
    lacking = able.never_told | able.missing_in_rows

    empty = set(_find_empty(rows, account.fields(entity)))

    assert able.never_told - empty == set(), "these are told"
    silent = {name for name in empty if lacking.isdisjoint({name, name.partition(".")[0]})}
    assert silent == set() or not able.listable, "these are not; of what is only looked up, few rows are known"


def _find_empty(rows: Sequence[Record], fields: Mapping[str, FieldSpec]) -> Iterator[str]:
    """Name the fields, and those of a record's own lists, that no row has a value of."""
    for name, spec in fields.items():
        names = [name] if spec.elements is None else [f"{name}.{inner}" for inner in spec.elements]
        empty = [each for each in names if not spec.keyed and not any(True for _ in read_values(rows, fields, each))]
        yield from empty
        if spec.elements is not None and len(empty) == len(names):
            yield name


PEOPLE: Final = [(vendor, entity) for vendor, entity in HELD if entity is Entity.SUBSCRIBER]


@pytest.mark.parametrize(("vendor", "entity"), PEOPLE, ids=[vendor for vendor, _ in PEOPLE])
async def test_who_is_in_what_audience_is_null_where_nobody_tells(account: Account, entity: Entity):
    """A person in ten segments would be said to be in none."""
    able, people = account.table(entity), await account.fetch_known(entity)
    told = AUDIENCES not in able.never_told | able.missing_in_rows

    assert people
    assert all((each.audiences is not None) == told for each in people if isinstance(each, SubscriberRecord))
