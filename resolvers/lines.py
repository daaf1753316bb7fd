"""
One source's line of rows: what a filter and an order become there, before anything is called.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from adapters.contract import Slice, SliceQuery, Source
from adapters.errors import CapabilityError
from adapters.filters.bind import bind
from adapters.filters.capability import EntityCapability
from adapters.filters.evaluate import build_predicate
from adapters.filters.fields import FIELDS, FieldSpec, build_extension_fields, to_order_word
from adapters.filters.order import Order, Position
from adapters.filters.plan import Plan
from adapters.filters.split import build_plan
from adapters.filters.tree import Filter
from adapters.filters.words import describe
from adapters.records import Entity, FeedKey, Record
from adapters.records.making import made_quickly
from resolvers.context import RequestContext
from resolvers.order_keys import SortKey, build_order_key
from resolvers.parts import find_page_fields, find_page_parts
from resolvers.policy.masking import check_filter_scope
from resolvers.principal import Scope
from resolvers.selection import Selection

NO_SUCH_SOURCE: Final = ("source",)
"""The path of a refusal that lies in the source, whatever is asked of it."""


@made_quickly
@dataclass(frozen=True, slots=True)
class Line:
    """
    The rows of one kind at one source that a filter selects, in one order.

    `accept` checks what is left of the filter on a row; `residual` says it in words. `key` is a row's place in the
    ascending order. `parts` are the costly parts of its records that are wanted; `count` asks the vendor for the
    number of rows in the line. `feed` says whose events they are. `fields` are the fields of its records that are
    wanted, where that is known; `checked` says that `accept` must be asked for every row.
    """

    source: Source
    entity: Entity
    order: Order
    plan: Plan
    accept: Callable[[Record], bool]
    residual: str | None
    key: Callable[[Record], SortKey]
    max_page: int
    purpose: str
    parts: frozenset[str] = frozenset()
    count: bool = False
    feed: FeedKey | None = None
    fields: frozenset[str] | None = None
    checked: bool = True

    async def fetch(self, branch: Filter, after: Position | None, limit: int, ctx: RequestContext) -> Slice:
        """Read the next rows of one branch."""
        return await self.source.adapter.fetch_slice(self.build_query(branch, after, limit), ctx.scope)

    def build_query(self, branch: Filter, after: Position | None, limit: int) -> SliceQuery:
        """Build the question for the next rows of one branch."""
        return SliceQuery(
            entity=self.entity,
            pushed=branch,
            order=self.order,
            after=after,
            limit=min(limit, self.max_page),
            parts=self.parts,
            purpose=self.purpose,
            residual=self.residual,
            reasons=self.plan.reasons,
            count=self.count,
            feed=self.feed,
            fields=self.fields,
        )


def build_line(
    source: Source,
    entity: Entity,
    tree: Filter,
    order: Order,
    *,
    ctx: RequestContext,
    selection: Selection,
    recheck: bool = False,
) -> Line:
    """
    Plan a filter for one source, whose rows are wanted in an order that it can give.

    `recheck` checks the whole filter on the rows, for rows that did not come by this line's own calls.

    Raises:
        InputError: an unknown field, a wrong operand, or what the source cannot do (`CapabilityError`).
        ForbiddenError: the filter or order reads personal fields without the scope `pii`.
    """
    able = find_listable(source, entity)
    fields = find_fields(source, entity)
    check_filter_scope(tree, order, ctx.principal, source, entity)
    bound = bind(tree, fields, ("filter",))
    plan = build_plan(bound, fields, able, order, ("filter",))
    shown = ctx.principal.holds(Scope.PII)
    return Line(
        source=source,
        entity=entity,
        order=order,
        plan=plan,
        accept=build_predicate(bound if recheck else plan.residual, fields),
        residual=None if plan.exact else describe(plan.residual, show_values=shown),
        key=build_order_key(order.field, fields),
        max_page=able.max_page,
        purpose=selection.path,
        parts=find_page_parts(entity, selection),
        checked=recheck or not plan.exact,
        fields=find_page_fields(selection, bound, order) if shown else None,  # hidden is the whole record
        count=selection.has("totalCount") and able.counts and plan.exact and len(plan.branches) == 1,
    )


def find_listable(source: Source, entity: Entity) -> EntityCapability:
    """Return what a source can do with one kind of record; raises `CapabilityError` where it cannot list it."""
    able = source.capability.entities.get(entity)
    if able is None or not able.listable:
        reason = able.reason if able is not None and able.reason else f"The vendor has no readable {entity.plural}."
        raise CapabilityError(
            f"The source {source.name} cannot list {entity.plural}. {reason}",
            hint="Name another source.",
            path=NO_SUCH_SOURCE,
        )
    return able


def check_order(source: Source, able: EntityCapability, order: Order) -> None:
    """Raise `CapabilityError` where a source cannot give its rows in an order that was asked for."""
    known = able.fields.get(order.field)
    if known is None or not known.sortable:
        sortable = ", ".join(to_order_word(name) for name, each in able.fields.items() if each.sortable)
        raise CapabilityError(
            f"The source {source.name} cannot order by {to_order_word(order.field)}.",
            reason="ORDER_UNSUPPORTED",
            hint=f"It can order by: {sortable}." if sortable else "It has no order that can be asked for.",
            path=("orderBy", "field"),
        )


def find_fields(source: Source, entity: Entity) -> Mapping[str, FieldSpec]:
    """Return the fields that a filter or an order may name at a source: the common ones and its vendor's own."""
    extension = source.package.extensions.get(entity)
    return FIELDS[entity] if extension is None else _with_extension(entity, extension.word, extension.type)


@cache
def _with_extension(entity: Entity, word: str, type_: type) -> Mapping[str, FieldSpec]:
    return {**FIELDS[entity], **build_extension_fields(word, type_)}
