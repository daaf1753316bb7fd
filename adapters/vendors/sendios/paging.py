"""
Pages by number, and which one holds the rows that stand next.

Source: vendors/facts.md, 4.2, list since: the paged form tells `pages`, `current_page` and `size`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.refusals import build_contract_error
from adapters.transport.client import Reply

from .endpoints import PageCall
from .values import UnreadableError, is_nothing, read_number


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its rows, how many stand before it, the most it could hold, and whether none follows."""

    rows: Sequence[Any]
    start: int
    size: int
    last: bool
    call: PageCall
    reply: Reply

    @property
    def cut(self) -> bool:
        """Say whether the vendor holds fewer rows on a page than were asked for."""
        return self.size < self.call.size


def choose_page(since: int, offset: int, wanted: int, largest: int) -> PageCall:
    """
    Choose the smallest page that holds the wanted rows after so many others, and no more than the largest page does.

    Where no page holds all of them, the largest one that holds the first.
    """
    wanted = min(wanted, largest)
    size = next((size for size in range(wanted, largest) if offset % size + wanted <= size), largest)
    return PageCall(since, offset // size + 1, size)


def read_page(reply: Reply, data: Any, call: PageCall) -> Page:
    """
    Read a page, which may stand alone or as the only entry of a list.

    Raises:
        VendorContractError: it is no page, or another one than was asked for.
    """
    try:
        entry = _find_entry(data)
        rows = _find_rows(entry["data"])
        pages, number = read_number(entry, "pages"), read_number(entry, "current_page")
        size = read_number(entry, "size") or call.size
    except UnreadableError as error:
        raise build_contract_error(reply, f"a page in which {error}", "PAGE_EXPECTED") from None
    reply.call.rows = len(rows)
    if number not in {None, call.number}:
        if pages is None or pages >= call.number:
            raise build_contract_error(reply, "another page than was asked for", "PAGE_OTHER")
        rows = []  # past the end, the vendor may send its last page again
    size = min(size, call.size) if size > 0 else call.size
    last = call.number >= pages if pages is not None else len(rows) < size
    return Page(rows, (call.number - 1) * size, size, last, call, reply)


def _find_entry(data: Any) -> dict[str, Any]:
    """Return the object around a page's rows; bare rows are a page that says nothing of itself."""
    if isinstance(data, dict) and "data" in data:
        return data
    if isinstance(data, list) and len(data) == 1 and isinstance(data[0], dict) and "data" in data[0]:
        found: dict[str, Any] = data[0]
        return found
    if isinstance(data, list):
        return {"data": data}
    raise UnreadableError("there is no list of rows", "data")


def _find_rows(value: Any) -> Sequence[Any]:
    """Return a page's rows; an only one may stand by itself, and places may be written as keys."""
    if is_nothing(value) or value == {}:
        return []
    if isinstance(value, dict):
        return list(value.values()) if all(isinstance(item, dict) for item in value.values()) else [value]
    if isinstance(value, list):
        return value
    raise UnreadableError("data is not a list of rows", "data")
