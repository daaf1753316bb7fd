"""
Requests for keys that are not known yet, built as those that are sent, with a sign in the place of each key.
"""

from dataclasses import replace

from adapters.calls import CallNote
from adapters.contract import ChildrenQuery
from adapters.filters.order import BY_ID
from adapters.records import Entity
from adapters.shapes import UNKNOWN
from adapters.transport.client import VendorRequest

from .capability import MEMBERS
from .children import build_range, build_slice_query, find_column
from .columns import COLUMNS, has_text_key
from .compiler import COMPILERS
from .endpoints import build_list, build_read
from .lines import IdLine
from .lookups import build_predicate
from .orders import open_line
from .reading import Reader
from .revisions import choose_revisions
from .slices import build_line, build_note, complete_call
from .windows import build_window_call

_SEVERAL = 2


def build_load_shape(reader: Reader, entity: Entity, name: str, keys: int, parts: frozenset[str]) -> VendorRequest:
    """Build the read of so many unknown records by id or by a text."""
    revisions = choose_revisions(entity, parts)
    if name != "id" or has_text_key(entity):
        predicate = build_predicate(COLUMNS[entity][name], [UNKNOWN] * min(keys, _SEVERAL))
        call = open_line(entity, BY_ID, (predicate,)).build_call(reader.max_page, reader.max_page)
        return build_list(entity, replace(call, revisions=revisions), CallNote())
    if keys == 1 or reader.max_window == 1:
        return build_read(entity, UNKNOWN, CallNote(), revisions)
    call = replace(build_window_call(UNKNOWN, UNKNOWN, reader.max_window), revisions=revisions)
    return _hide_limit(build_list(entity, call, CallNote()))


def build_children_shape(reader: Reader, query: ChildrenQuery) -> VendorRequest:
    """Build the first read below unknown parents: of a range of them, or of one where none is shared."""
    if query.field == MEMBERS or len(query.parents) == 1 or reader.takes_one:
        alone = build_slice_query(query, UNKNOWN, None, query.limit)
        call = complete_call(build_line(alone).build_call(alone.limit, reader.max_page), alone)
        return build_list(query.entity, call, build_note(alone))
    pushed = COMPILERS[query.entity].build_predicates(query.pushed)
    line = IdLine(
        (*pushed, *build_range(find_column(query), UNKNOWN, UNKNOWN)), descending=query.order.descending, after=None
    )
    call = replace(
        line.build_call(reader.max_page, reader.max_page), revisions=choose_revisions(query.entity, query.parts)
    )
    return _hide_limit(build_list(query.entity, call, CallNote(query.purpose, pushed)))


def _hide_limit(request: VendorRequest) -> VendorRequest:
    """Leave open how many rows are asked for, where that depends on the keys."""
    params = tuple((name, UNKNOWN if name == "limit" else value) for name, value in request.params)
    return replace(request, params=params)
