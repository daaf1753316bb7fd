"""
What a reply means: the records of a read, the status of each item of a write, and what is worth remembering.

HTTP 200 says nothing by itself: the statuses inside do, and in webhook mode only those that tell a failure.
Source: vendors/facts.md, 2.2.
"""

from collections.abc import Sequence
from typing import Any, Final

import orjson

from adapters.memory import Worth
from adapters.refusals import build_contract_error
from adapters.transport.body import decode_json
from adapters.transport.remembering import judge_status
from adapters.transport.requests import Reply

from .endpoints import ABSENT, OK, build_refusal
from .operations import Operation
from .statuses import UNJUDGED, ItemStatus, to_status
from .wire import Row
from .words import SUBJECTS

_NOTHING = 204
_WRAPPERS: Final = frozenset(word for subject in SUBJECTS.values() for word in subject.words)


def read_found_reply(reply: Reply, operation: Operation, *, webhook_mode: bool) -> list[Row]:
    """
    Return the records of a read, none where the endpoint says that there is none.

    Nothing there: 204; a status object of 404; HTTP 404 where the file names it as an answer; and, unless every reply
    is 200 (webhook mode), an empty list, an empty object or null.

    Raises:
        VendorError: the endpoint refused, or its reply is neither a record nor a status.
    """
    if reply.status == _NOTHING:
        return _count(reply, [])
    if reply.status == ABSENT and _tells_absence(reply, operation):
        return _count(reply, [])
    if reply.status != OK:
        raise build_refusal(reply, reply.status, _find_message(reply))
    items = _list_items(decode_json(reply))
    for each in items:
        _check_status(reply, to_status(each))
    rows = [item for item in items if _is_record(item)]
    if not rows and not _tells_nothing(items, webhook_mode=webhook_mode):
        raise build_contract_error(reply, "something else than a record", "RECORD_EXPECTED")
    return _count(reply, rows)


def _list_items(answer: Any) -> list[Any]:
    """Return the objects of an answer: itself or its items, each out of the property named as what it is."""
    inner = _unwrap(answer)
    return [_unwrap(each) for each in inner] if isinstance(inner, list) else [inner]


def _unwrap(answer: Any) -> Any:
    """Return what stands in an object's only property, when that is named as a subject; else the answer itself."""
    word = next(iter(answer)) if isinstance(answer, dict) and len(answer) == 1 else None
    return answer[word] if word in _WRAPPERS else answer


def _is_record(item: Any) -> bool:
    return isinstance(item, dict) and bool(item) and to_status(item) is None


def _check_status(reply: Reply, status: ItemStatus | None) -> None:
    """Raise what a status object means that stands where a record was expected; 404 is nothing found."""
    if status is None or status.code in {None, ABSENT}:
        return
    if status.succeeded:
        raise build_contract_error(reply, "a success without a record", "RECORD_EXPECTED")
    raise build_refusal(reply, status.code or 0, status.description)


def _tells_nothing(items: Sequence[Any], *, webhook_mode: bool) -> bool:
    """Say whether an answer without records says that there are none."""
    told = [each for each in items if to_status(each) is not None]  # each of them 404, or it would have been raised
    rest = [each for each in items if to_status(each) is None]
    return all(each in ({}, None) for each in rest) and (bool(told) or not webhook_mode)


def judge_worth(status: int, body: bytes) -> Worth:
    """Judge whether a read's answer may be remembered: one that holds a failure inside 200 may not."""
    if status != OK:
        return judge_status(status, body)
    try:
        items = _list_items(orjson.loads(body))
    except orjson.JSONDecodeError:
        return Worth.SHARE
    told = [to_status(item) for item in items]
    if any(each is not None and each.code != ABSENT for each in told):
        return Worth.SHARE
    return Worth.KEEP if any(map(_is_record, items)) else Worth.NOTHING


def _tells_absence(reply: Reply, operation: Operation) -> bool:
    """Say whether HTTP 404 is about the record; a page of a server that knows no such address is not."""
    status = _find_status(reply)
    if status is not None:
        return status.code == ABSENT
    return operation.tells_absence and not reply.body.lstrip().startswith(b"<")


def read_item_statuses(reply: Reply, count: int, *, webhook_mode: bool) -> tuple[ItemStatus, ...]:
    """
    Return what became of each of `count` items, in their order.

    In webhook mode a success is none that anybody knows of; a failure that is told is one all the same, and a reply
    that is not the endpoint's tells nothing there either.

    Raises:
        VendorError: the whole request was refused; or the reply has not one status for each item, so that none can be
            told whose it is.
    Source: vendors/facts.md, 2.2.
    """
    if reply.status != OK:
        raise build_refusal(reply, reply.status, _find_message(reply), writes=True)
    answer = decode_json(reply)
    alone = to_status(answer)
    if alone is not None and not alone.succeeded:
        raise build_refusal(reply, alone.code or 0, alone.description, writes=True)
    statuses = [
        to_status(each) for each in ([answer] if alone is not None else answer if isinstance(answer, list) else [])
    ]
    found = tuple(status for status in statuses if status is not None)
    if len(statuses) != count or len(found) != count:
        raise build_contract_error(reply, "not one status for each item", "STATUSES_EXPECTED")
    reply.call.rows = count
    return tuple(UNJUDGED if webhook_mode and status.succeeded else status for status in found)


def _find_status(reply: Reply) -> ItemStatus | None:
    """Return the one status object that a body is, or is a list of."""
    try:
        answer = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return None
    return to_status(answer[0] if isinstance(answer, list) and len(answer) == 1 else answer)


def _find_message(reply: Reply) -> str | None:
    status = _find_status(reply)
    return None if status is None else status.description or status.name


def _count(reply: Reply, rows: list[Row]) -> list[Row]:
    reply.call.rows = len(rows)
    return rows
