"""
Rows about opting out to records; pure.

Source: vendors/facts.md, 4.2 and 4.4.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final

import orjson

from adapters.records import UnsubscribeRecord

from .extensions import SendiosOptOut, SendiosTypeOptOut, SendiosUnsubscribe
from .values import (
    UnreadableError,
    is_nothing,
    read_flag,
    read_id,
    read_number,
    read_object,
    read_required_id,
    read_required_text,
    read_required_time,
    read_rows,
    read_text,
    read_time,
)
from .wire import Row

CAUSES: Final[Mapping[int, str]] = {2: "abuse_report", 4: "link", 8: "client", 9: "settings"}
"""Source: vendors/facts.md, 4.4, source ids."""

NOT_OPTED_OUT: Final = SendiosOptOut(unsubscribed=False)

_KEYS: Final = ("email", "project_id", "client_user_id", "source_id", "created_at")
_MARK_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Marker:
    """
    Gives the vendor's opt-outs, which have no ids, ids of their own.

    They are the same in every process with the same API key, and without it say nothing about the person.
    """

    key: bytes

    def mark(self, row: Any) -> str:
        """Return what tells a row apart, also one that cannot be read."""
        known = [str(row.get(name)) for name in _KEYS] if isinstance(row, dict) else [str(row)]
        return hashlib.blake2b(orjson.dumps(known), digest_size=_MARK_BYTES, key=self.key).hexdigest()


def find_cause(source_id: int | None) -> str | None:
    """Return the word for where an opt-out came from; the number itself where nobody explains it."""
    return None if source_id is None else CAUSES.get(source_id, str(source_id))


def to_unsubscribe(
    source: str, id_: str, row: Any, zone: tzinfo, projects: Mapping[int, str | None]
) -> UnsubscribeRecord:
    """
    Turn a row of the list into a record.

    Raises:
        UnreadableError: it is no object, lacks address, project or time, or a value is not of its documented type.
    """
    if not isinstance(row, dict):
        raise UnreadableError("there is no object")
    source_id, project_id = read_number(row, "source_id"), read_required_id(row, "project_id")
    email = read_required_text(row, "email")
    return UnsubscribeRecord(
        source=source,
        id=id_,
        email=email,
        subscriber_key=build_person_key(project_id, email),
        subscriber_ref=read_text(row, "client_user_id"),
        project_id=project_id,
        cause=find_cause(source_id),
        occurred_at=read_required_time(row, "created_at", zone),
        extension=SendiosUnsubscribe(project_name=projects.get(int(project_id)), source_number=source_id),
    )


def build_person_key(project_id: str, email: str) -> str:
    """Return what an entry says of who opted out: it has no user's id, and a user is one project's."""
    return f"{project_id}/{email}"


def read_person_key(key: str) -> tuple[str, str]:
    """Return the project and the address of a key."""
    project_id, _, email = key.partition("/")
    return project_id, email


def read_opt_out(holder: Row, name: str, zone: tzinfo) -> SendiosOptOut:
    """
    Read what is said of one person's opt-out; false or nothing is none, an object says how it came.

    Raises:
        UnreadableError: it is neither, or a value in it is not of its documented type.
    """
    if holder.get(name) is True:
        return SendiosOptOut(unsubscribed=True)
    row = read_object(holder, name)
    if row is None:
        return NOT_OPTED_OUT
    source_id = read_number(row, "source_id")
    return SendiosOptOut(
        unsubscribed=True,
        project_id=read_id(row, "project_id"),
        source_number=source_id,
        cause=CAUSES.get(source_id) if source_id is not None else None,
        message=read_text(read_object(row, "meta") or {}, "message"),
        created_at=read_time(row, "created_at", zone),
        updated_at=read_time(row, "updated_at", zone),
    )


def to_type_opt_outs(value: Any) -> tuple[SendiosTypeOptOut, ...]:
    """
    Turn the types of mail a person is asked about, or has opted out of, into a part of their record.

    A type may stand as its number alone, and is then one the person has opted out of.

    Raises:
        UnreadableError: a value is not of its documented type.
    """
    numbers = value if isinstance(value, list) and value and not any(isinstance(item, dict) for item in value) else []
    rows = [{"type_id": number, "unsubscribed": True} for number in numbers] or read_rows({"types": value}, "types")
    return tuple(
        SendiosTypeOptOut(
            type_id=read_required_id(row, "type_id"),
            name=read_text(row, "name"),
            unsubscribed=read_flag(row, "unsubscribed"),
        )
        for row in rows
    )


def read_result(data: Any) -> Any:
    """
    Return what stands in `result`.

    Raises:
        UnreadableError: there is none.
    """
    if not isinstance(data, dict) or "result" not in data:
        raise UnreadableError("result is missing", "result")
    return data["result"]


def to_reason(data: Any) -> str | None:
    """
    Read why a person has opted out: the vendor's word, None for who has not.

    Raises:
        UnreadableError: it is neither a word nor false.
    """
    result = read_result(data)
    return None if is_nothing(result) else read_text({"result": result}, "result")


def to_state(zone: tzinfo, data: Any) -> SendiosOptOut:
    """
    Read whether a person has opted out: false, or an object that says how.

    Raises:
        UnreadableError: it is neither.
    """
    return read_opt_out({"result": read_result(data)}, "result", zone)
