"""Connections: a page of records as Relay describes it, and how complete it is."""

from typing import Generic, TypeVar

import strawberry

from graph.types.description import described
from graph.types.enums import CompletenessState
from graph.types.relation import local, plain

T = TypeVar("T")


@described(strawberry.federation.type, shareable=True)
class PageInfo:
    """Where a page stands between its neighbours."""

    has_next_page: bool = plain("Whether there is more after this page.")
    has_previous_page: bool = plain("Whether there is more before this page.")
    start_cursor: str | None = plain("Give this as `before`, with `last`, to read the page before this one.")
    end_cursor: str | None = plain("Give this as `after` to read the page after this one.")


@described(strawberry.type)
class SourceCompleteness:
    """What one source gave to one page, so that a short page is never mistaken for all there is."""

    source: strawberry.ID = plain("The source.", name="sourceId")
    vendor: str = plain("The source's vendor, as `taguchi_v4`.")
    state: CompletenessState = plain("How much the source gave.")
    rows: int = plain("How many records of the page are the source's.")
    scanned_rows: int = plain("How many records were read and checked for the page.")
    reason: str | None = plain("Why something is missing, where something is.")


@described(strawberry.type)
class Edge(Generic[T]):
    """A record on a page, with its place."""

    cursor: str = plain("Give this as `after` or `before` to go on from here.")
    node: T = plain("The record.")


@described(strawberry.type)
class Connection(Generic[T]):
    """A page of records. Read on while `pageInfo.hasNextPage`, whatever the page's own size."""

    edges: list[Edge[T]] = plain("The records of the page with their cursors.")
    nodes: list[T] = plain("The records of the page.")
    page_info: PageInfo = local(lambda page: page, "Where the page stands between its neighbours.")
    total_count: int | None = plain(
        "How many records there are over all pages; nothing where a source cannot count. Asking may cost a call more."
    )
    completeness: list[SourceCompleteness] = plain("What each source gave to the page.")
