"""
What a query reads: the line of its kind, narrowed and ordered.

Contacts stand list by list, campaigns status by status; inside one, and for lists, in the order they came, unless the
vendor has the one that is asked for.
"""

from collections.abc import Mapping
from typing import Final

from adapters.calls import CallNote
from adapters.contract import SliceQuery
from adapters.errors import CapabilityError
from adapters.filters.fields import to_order_word
from adapters.filters.order import Order
from adapters.records import Entity

from .account import Account
from .campaign_line import CampaignLine
from .capability import KEYWORD_PARAMETER, LIST_PARAMETER, SEGMENT_PARAMETER, STATUS_PARAMETER
from .compiler import COMPILERS
from .contact_line import ContactLine
from .endpoints import CAMPAIGN_STATUSES, WIRE_ORDERS, PageCall
from .field_types import FieldTypes, choose_types
from .keys import parse_key
from .list_line import ListLine

AnyLine = ContactLine | ListLine | CampaignLine


def build_line(account: Account, query: SliceQuery) -> AnyLine:
    """
    Build the line a query reads.

    Raises:
        CapabilityError: the vendor has no such order for these rows.
    """
    narrowings = COMPILERS[query.entity].build_predicates(query.pushed)
    pushed = {each.parameter: each.values for each in narrowings}
    note = CallNote(query.purpose, tuple(map(str, narrowings)), query.residual, query.reasons)
    order_by = WIRE_ORDERS[query.entity].get(query.order.field)
    if order_by is None or (query.order.descending and query.order.field == "id"):
        raise _refuse_order(query.order)
    call = PageCall(order_by, limit=account.size, descending=query.order.descending)
    if query.entity is Entity.LIST:
        return ListLine(account, call, note)
    line: AnyLine = _build_contacts(account, call, note, pushed, choose_types(account, query.parts, query.purpose))
    if query.entity is Entity.CAMPAIGN:
        line = CampaignLine(account, call, note, pushed.get(STATUS_PARAMETER, CAMPAIGN_STATUSES))
    if query.order.field != "id" and (line.known is None or len(line.known) > 1):
        raise _refuse_mixed_order(query.entity, query.order)
    return line


def _build_contacts(
    account: Account,
    call: PageCall,
    note: CallNote,
    pushed: Mapping[str, tuple[str, ...]],
    types: FieldTypes | None,
) -> ContactLine:
    """A segment is of one list; where a list is asked for too, nobody is in both unless they are the same."""
    known, segment_id = pushed.get(LIST_PARAMETER), None
    if SEGMENT_PARAMETER in pushed:
        keys = [key for text in pushed[SEGMENT_PARAMETER] if (key := parse_key(text))]
        known = tuple(key.list_id for key in keys if known is None or key.list_id in known)
        segment_id = next((key.inner_id for key in keys), None)
    keyword = next(iter(pushed.get(KEYWORD_PARAMETER, ())), "")
    return ContactLine(account, call, note, known, segment_id, keyword, types)


def _refuse_order(order: Order) -> CapabilityError:
    return CapabilityError(
        f"Taximail cannot order by {to_order_word(order.field)} in this direction.",
        reason="ORDER_UNSUPPORTED",
        hint="Leave the order out: rows stand as they came.",
        path=("orderBy",),
    )


def _refuse_mixed_order(entity: Entity, order: Order) -> CapabilityError:
    within, hint = _ALONE[entity]
    return CapabilityError(
        f"Taximail orders by {to_order_word(order.field)} inside one {within} only.",
        reason="ORDER_UNSUPPORTED",
        hint=hint,
        path=("orderBy",),
    )


_ALONE: Final[Mapping[Entity, tuple[str, str]]] = {
    Entity.SUBSCRIBER: ("list", "Filter by one list, or leave the order out."),
    Entity.CAMPAIGN: ("status", "Filter by one status, or leave the order out."),
}
