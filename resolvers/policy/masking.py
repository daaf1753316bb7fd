"""
What a caller without the `pii` scope may not read, filter, order or look up by.

Masking wraps the adapter itself, so that neither a loader nor a connection can come by an unmasked record; because
such a caller cannot filter or order by these fields either, nothing that works on masked rows can be wrong.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, cast

from adapters.calls import CallScope
from adapters.contract import (
    ChecksEmail,
    ChildrenQuery,
    Fields,
    FindsPeople,
    Loaded,
    Names,
    PersonMatch,
    PersonQuery,
    PlannedCall,
    ReadsParts,
    ReadsRecords,
    Slice,
    SliceQuery,
    Source,
    StatisticsQuery,
)
from adapters.errors import FacadeError, ForbiddenError
from adapters.filters.fields import to_word
from adapters.filters.order import Order
from adapters.filters.tree import And, Comparison, Filter, Not, Or, Some
from adapters.records import (
    EmailCheckRecord,
    Entity,
    FeedEventRecord,
    MembershipRecord,
    PartitionRecord,
    Record,
    SeriesRecord,
    SubscriberRecord,
)
from resolvers.loaders.statistics import find_counting
from resolvers.principal import Principal, Scope

MASK: Final = "***"

PII: Final[Mapping[Entity, frozenset[str]]] = dict.fromkeys(Entity, frozenset()) | {
    Entity.SUBSCRIBER: frozenset(
        {"email", "phone", "mobile", "title", "first_name", "last_name", "birth_date", "gender"}
        | {"custom_fields", "address", "address2", "address3", "suburb", "state", "country", "postcode"}
        | {"memberships.option"}
    ),
    Entity.FEED_EVENT: frozenset({"data", "link_url", "custom_fields"}),
    Entity.PARTITION: frozenset({"custom_fields"}),
    Entity.MESSAGE: frozenset({"subject", "email"}),
    Entity.UNSUBSCRIBE: frozenset({"email"}),
}
"""
The fields of each kind of record that tell who a person is; a vendor's extension marks its own `"pii": True`.

A link that somebody followed is one of them: its address may name the person, in its query or anywhere else. Which
link it was, its id and place still say. The text kept with a membership is one as well: it is the person's own, and may
hold anything (taguchi-v4-api.txt, Subscriber Resource, List Memberships, option).
"""

_BELOW: Final = frozenset({"custom_fields", "memberships.option"})
"""The fields that are hidden in the values of a record's own parts."""


def find_pii_fields(source: Source, entity: Entity) -> frozenset[str]:
    """Return the names, as trees and orders use them, of the personal fields of one kind of record at a source."""
    extension = source.package.extensions.get(entity)
    if extension is None:
        return PII[entity]
    marked = (each.name for each in dataclasses.fields(extension.type) if each.metadata.get("pii"))
    return PII[entity] | {f"{extension.word}.{name}" for name in marked}


def check_filter_scope(tree: Filter, order: Order, principal: Principal, source: Source, entity: Entity) -> None:
    """
    Refuse a filter or an order over personal fields to a principal without `pii`.

    Raises:
        ForbiddenError: the scope is missing.
    """
    if principal.holds(Scope.PII):
        return
    used = sorted({order.field, *_find_fields(tree)} & find_pii_fields(source, entity))
    if used:
        raise ForbiddenError(
            f"Filtering and ordering by {', '.join(map(to_word, used))} needs the scope `pii`.",
            reason="SCOPE_MISSING",
            hint="Ask the operator for the scope `pii`, or use fields that do not tell who a person is.",
        )


def check_lookup_scope(name: str, principal: Principal, entity: Entity) -> None:
    """Refuse a look-up by a personal field to a principal without `pii`; raises `ForbiddenError`."""
    if name in PII[entity] and not principal.holds(Scope.PII):
        raise ForbiddenError(
            f"Looking up by {to_word(name)} needs the scope `pii`.",
            reason="SCOPE_MISSING",
            hint="Look up by `id` or `ref`.",
        )


def _find_fields(tree: Filter, prefix: str = "") -> set[str]:
    match tree:
        case And(parts) | Or(parts):
            return set().union(*(_find_fields(part, prefix) for part in parts))
        case Not(part):
            return _find_fields(part, prefix)
        case Some(field, where):
            return {prefix + field} | _find_fields(where, f"{prefix}{field}.")
        case Comparison(field):
            return {prefix + field}


def mask_record(record: Record) -> Record:
    """Return the record with its personal fields hidden: present text becomes `***`, everything else None."""
    changes: dict[str, Any] = {name: _hide(getattr(record, name)) for name in PII[record.entity] - _BELOW}
    if isinstance(record, SubscriberRecord):
        changes["memberships"] = tuple(map(_mask_membership, record.memberships))
    if isinstance(record, SubscriberRecord | FeedEventRecord | PartitionRecord):
        changes["custom_fields"] = tuple(
            dataclasses.replace(each, value=_hide(each.value), typed=None) for each in record.custom_fields
        )
    if record.extension is not None:
        changes["extension"] = _mask_extension(record.extension)
    return dataclasses.replace(record, **changes)


def _mask_membership(membership: MembershipRecord) -> MembershipRecord:
    """Hide the text kept with a membership, where there is one."""
    return membership if membership.option is None else dataclasses.replace(membership, option=_hide(membership.option))


def _mask_extension(extension: Any) -> object:
    """Hide what a described dataclass marks, and what the described dataclasses in it mark."""
    changes = {
        each.name: _mask_part(getattr(extension, each.name), hidden=each.metadata.get("pii", False))
        for each in dataclasses.fields(extension)
    }
    return dataclasses.replace(extension, **changes)


def _mask_part(value: Any, *, hidden: bool) -> Any:
    if hidden:
        return () if isinstance(value, tuple) else _hide(value)
    if isinstance(value, tuple):
        return tuple(_mask_part(each, hidden=False) for each in value)
    return _mask_extension(value) if dataclasses.is_dataclass(value) else value


def _hide(value: object) -> str | None:
    return MASK if isinstance(value, str) else None


def _mask_loaded(loaded: Loaded) -> Loaded:
    return loaded if loaded is None or isinstance(loaded, FacadeError) else mask_record(loaded)


def _mask_slice(rows: Slice) -> Slice:
    return dataclasses.replace(rows, records=tuple(mask_record(record) for record in rows.records))


def mask_source(source: Source) -> Source:
    """Return the source as a caller without `pii` may use it."""
    return dataclasses.replace(source, adapter=MaskedAdapter(source.adapter, _find_hidden_parts(source)))


def _find_hidden_parts(source: Source) -> frozenset[str]:
    """Name the parts, over all kinds of record, that a vendor marks as personal."""
    return frozenset().union(*[_list_hidden_parts(each.type) for each in source.package.extensions.values()])


@cache
def _list_hidden_parts(extension: type) -> frozenset[str]:
    """Name the parts that one extension marks as personal; every request of such a caller asks."""
    fields = dataclasses.fields(extension)
    return frozenset(each.name for each in fields if each.metadata.get("part") and each.metadata.get("pii"))


@dataclasses.dataclass(frozen=True, slots=True)
class MaskedAdapter:
    """An adapter whose every record is masked; `hidden_parts` are the parts that are personal as a whole."""

    adapter: ReadsRecords
    hidden_parts: frozenset[str] = frozenset()

    async def fetch_slice(self, query: SliceQuery, scope: CallScope) -> Slice:
        """Read the next rows of a line, masked."""
        return _mask_slice(await self.adapter.fetch_slice(query, scope))

    async def fetch_by_ids(
        self, entity: Entity, ids: Sequence[str], scope: CallScope, *, parts: Names, purpose: str, fields: Fields = None
    ) -> Mapping[str, Loaded]:
        """Read records by vendor id, masked."""
        del fields  # hidden is the whole record
        found = await self.adapter.fetch_by_ids(entity, ids, scope, parts=parts, purpose=purpose)
        return {key: _mask_loaded(value) for key, value in found.items()}

    async def fetch_by_values(
        self, entity: Entity, name: str, values: Sequence[str], scope: CallScope, *, parts: frozenset[str], purpose: str
    ) -> Mapping[str, tuple[Record, ...] | FacadeError]:
        """Read records by the value of a text field, masked."""
        found = await self.adapter.fetch_by_values(entity, name, values, scope, parts=parts, purpose=purpose)
        return {
            key: rows if isinstance(rows, FacadeError) else tuple(mask_record(row) for row in rows)
            for key, rows in found.items()
        }

    async def fetch_children(self, query: ChildrenQuery, scope: CallScope) -> Mapping[str, Slice | FacadeError]:
        """Read the first rows of each parent's line, masked."""
        found = await self.adapter.fetch_children(query, scope)
        return {key: rows if isinstance(rows, FacadeError) else _mask_slice(rows) for key, rows in found.items()}

    async def fetch_parts(
        self, entity: Entity, part: str, ids: Sequence[str], scope: CallScope, *, purpose: str
    ) -> Mapping[str, object | FacadeError | None]:
        """Read one part of many records, masked."""
        reader = cast("ReadsParts", self.adapter)
        found = await reader.fetch_parts(entity, part, ids, scope, purpose=purpose)
        hidden = part in self.hidden_parts
        return {
            key: value if isinstance(value, FacadeError) else _mask_part(value, hidden=hidden)
            for key, value in found.items()
        }

    async def fetch_people(self, query: PersonQuery, scope: CallScope, *, purpose: str) -> tuple[PersonMatch, ...]:
        """Find every record of a person, masked."""
        found = await cast("FindsPeople", self.adapter).fetch_people(query, scope, purpose=purpose)
        return tuple(
            dataclasses.replace(match, record=cast("SubscriberRecord", mask_record(match.record))) for match in found
        )

    async def fetch_email_check(self, email: str, scope: CallScope, *, purpose: str) -> EmailCheckRecord:
        """Ask about an address, which the caller gave."""
        return await cast("ChecksEmail", self.adapter).fetch_email_check(email, scope, purpose=purpose)

    async def fetch_statistics(
        self, query: StatisticsQuery, scope: CallScope
    ) -> Mapping[str, tuple[SeriesRecord, ...] | FacadeError]:
        """Read statistics as they are: numbers tell of nobody."""
        return await find_counting(self.adapter).fetch_statistics(query, scope)

    def plan_slice(self, query: SliceQuery) -> PlannedCall:
        """Build, without sending it, the first call `fetch_slice` would make."""
        return self.adapter.plan_slice(query)

    def count_loads(self, entity: Entity, keys: int) -> tuple[int, int]:
        """Estimate the calls `fetch_by_ids` makes for so many keys."""
        return self.adapter.count_loads(entity, keys)
