"""
Opting out of all mail, and of single types.

Source: vendors/facts.md, 4.2 and 4.4.
"""

from typing import Any, Final

from adapters.sandbox import Reply

from .calls import Call, to_number
from .envelope import answer, answer_rows, bad_request
from .people import to_unix
from .showing import Json, show_listed, show_opt_out, show_types

SOURCES: Final = frozenset({2, 4, 8, 9})
ADMIN: Final = 3
PAGE_SIZE: Final = 100


def opt_out(call: Call) -> Reply:
    """`POST unsub/{userId}/source/{sourceId}`."""
    user, source_id = call.find_user(), to_number(call.named["origin"], "source_id")
    if source_id not in SOURCES:
        raise bad_request("source_id - The value you selected is not a valid choice")
    return answer({"unsub": call.store.opt_out(user, source_id)})


def opt_in(call: Call) -> Reply:
    """`DELETE unsub/{userId}`."""
    call.find_user().opt_out = None
    return answer({"result": True})


def opt_out_by_admin(call: Call) -> Reply:
    """`POST unsub/admin/{projectId}/email/{base64}`: false for who has opted out already."""
    return answer({"unsub": call.store.opt_out(call.find_user_by_hash(), ADMIN, "admin")})


def read_state(call: Call) -> Reply:
    """`GET unsub/isunsub/{userId}`: false, or an object."""
    user = call.find_user()
    return answer({"result": False if user.opt_out is None else show_opt_out(user, user.opt_out)})


def read_reason(call: Call) -> Reply:
    """`GET unsub/unsubreason/{userId}`: false, "Unknown" or a word."""
    found = call.find_user().opt_out
    return answer({"result": False if found is None else found.reason or "Unknown"})


def read_types(call: Call) -> Reply:
    """`GET unsubtypes/{userId}`."""
    return answer_rows(show_types(call.find_user(), call.store), list)


def set_types(call: Call) -> Reply:
    """`POST unsubtypes/{userId}`: these and no others are off."""
    user = call.find_user()
    user.types_off = _read_types(call)
    return answer({"result": True})


def add_types(call: Call) -> Reply:
    """`POST unsubtypes/nodiff/{userId}`: these are off too."""
    user = call.find_user()
    user.types_off |= _read_types(call)
    return answer({"result": True})


def remove_types(call: Call) -> Reply:
    """`DELETE unsubtypes/nodiff/{userId}`, with a body: these are on again."""
    user = call.find_user()
    user.types_off -= _read_types(call)
    return answer({"result": True})


def remove_all_types(call: Call) -> Reply:
    """`DELETE unsubtypes/all/{userId}`: all are on again."""
    call.find_user().types_off.clear()
    return answer({"result": True})


def _read_types(call: Call) -> set[int]:
    found = call.read_body().get("type_ids")
    if not isinstance(found, list):
        raise bad_request("type_ids - This value should be of type array")
    return {to_number(each, "type_ids") for each in found}


def read_list(call: Call) -> Reply:
    """`GET unsub/list/{unixTime}`: every opt-out since then."""
    return answer_rows(_list_since(call), list)


def read_page(call: Call) -> Reply:
    """`GET unsub/list/{unixTime}/{page}?page_size=`: one page of them, counted from 1."""
    rows = _list_since(call)
    size = to_number(call.read_parameter("page_size") or PAGE_SIZE, "page_size")
    page = to_number(call.named["page"], "page")
    if page < 1 or size < 1:
        raise bad_request("page - This value should be positive")
    size = min(size, call.options.page_clamp or size)
    pages = -(-len(rows) // size)
    shown = min(page, max(pages, 1)) if call.options.beyond == "last" else page

    def wrap(found: Any) -> Any:
        entry: Json = {"pages": pages, "current_page": shown, "size": size, "data": list(found)}
        return [entry] if call.options.paged_shape == "listed" else entry

    return answer_rows(rows[(shown - 1) * size : shown * size], wrap)


def _list_since(call: Call) -> list[Json]:
    since = to_number(call.named["since"], "date")
    bound = since if call.options.since_inclusive else since + 1
    found = [show_listed(*pair) for pair in call.store.opted_out() if (to_unix(pair[1].created_at) or 0) >= bound]
    return found[::-1] if call.options.newest_first else found
