"""
Cursors: opaque text that holds a place in a connection's line of rows.

A cursor says which connection, parent, source and order it was made for, and is refused anywhere else; the filter may
change between pages. It is not a secret and not signed: the adapter checks the position's parts before it uses them.
"""

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.errors import CursorError
from adapters.filters.order import BY_ID, Order, Position

MAX_CURSOR_CHARS: Final = 2048

_VERSION: Final = 1
_MAX_PARTS: Final = 8
_HINT: Final = "Use a cursor of this field unchanged, with the same parent, `source` and `orderBy`."


@dataclass(frozen=True, slots=True)
class CursorScope:
    """
    Where a cursor is valid.

    `connection` is the field's name (`subscribers`, `list.members`), `parent` the parent's vendor id below one, `asked`
    the source that was named (a parent's source below one), None when all were asked.
    """

    connection: str
    parent: str | None = None
    asked: str | None = None
    order: Order = BY_ID


@dataclass(frozen=True, slots=True)
class Stop:
    """A source and the place in its line to read from; None for the line's start."""

    source: str
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """
    A place in a walk along one or more sources.

    `stop` is where the walk stands. `backward` is the direction it went. `owed` are places where a source failed; the
    walk comes back to them at its end, and `tail` says that it is there already.
    """

    stop: Stop
    backward: bool = False
    tail: bool = False
    owed: tuple[Stop, ...] = field(default=())


def encode_cursor(scope: CursorScope, cursor: Cursor) -> str:
    """Return a cursor as text; raises `CursorError` where a vendor's value is too long to be kept in one."""
    owed = [_from_stop(stop) for stop in cursor.owed]
    parts = [*_from_scope(scope), *_from_stop(cursor.stop), cursor.backward, cursor.tail, owed]
    text = _to_text(parts)
    if len(text) > MAX_CURSOR_CHARS:
        raise CursorError("A row's value is too long for a cursor.", hint="Use another order.", path=("orderBy",))
    return text


@dataclass(frozen=True, slots=True)
class CursorWriter:
    """Writes the cursors of rows that were read in one go: all of it but the row's own place is known before."""

    scope: CursorScope
    source: str
    backward: bool
    tail: bool
    owed: tuple[Stop, ...]

    def write(self, position: Position | None) -> str:
        """Return the cursor after a row; raises as `encode_cursor` does."""
        return encode_cursor(self.scope, Cursor(Stop(self.source, position), self.backward, self.tail, self.owed))


def decode_cursor(text: str, scope: CursorScope, *, argument: str = "after") -> Cursor:
    """Return the place a cursor holds; raises `CursorError` unless `encode_cursor` wrote it for this very scope."""
    parts = _to_parts(text) if len(text) <= MAX_CURSOR_CHARS else None
    cursor = _to_cursor(parts) if parts is not None else None
    if parts is None or cursor is None or _to_text(parts) != text:
        raise refuse_cursor("This is not a cursor of this graph.", argument)
    for word, got, wanted in zip(("version", *_WORDS), parts, _from_scope(scope), strict=False):
        if got != wanted:
            raise refuse_cursor(f"This cursor was made for another {word}.", argument)
    return cursor


def refuse_cursor(message: str, argument: str) -> CursorError:
    """Build the error for a cursor that was not given back as it was got."""
    return CursorError(message, hint=_HINT, path=(argument,))


_WORDS: Final = ("field", "parent", "source", "order", "direction of its order")
_SCOPE_PARTS: Final = 1 + len(_WORDS)


def _from_scope(scope: CursorScope) -> list[Any]:
    return [_VERSION, scope.connection, scope.parent, scope.asked, scope.order.field, scope.order.descending]


def _from_stop(stop: Stop) -> list[Any]:
    return [stop.source, None if stop.position is None else list(stop.position.parts)]


def _to_text(parts: list[Any]) -> str:
    return base64.urlsafe_b64encode(_ENCODER.encode(parts).encode()).rstrip(b"=").decode()


def _to_parts(text: str) -> list[Any] | None:
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        parts = _DECODER.decode(raw.decode())
    except (UnicodeError, binascii.Error, ValueError, RecursionError):
        return None
    return parts if isinstance(parts, list) else None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


_ENCODER: Final = json.JSONEncoder(separators=(",", ":"))
_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)


def _to_cursor(parts: list[Any]) -> Cursor | None:
    match parts[_SCOPE_PARTS:]:
        case [source, position, bool(backward), bool(tail), list(owed)]:
            stops = [_to_stop(stop) for stop in ([source, position], *owed)]
            known = [stop for stop in stops if stop is not None]
            return Cursor(known[0], backward, tail, tuple(known[1:])) if len(known) == len(stops) else None
    return None


def _to_stop(parts: object) -> Stop | None:
    match parts:
        case [str(source), None]:
            return Stop(source)
        case [str(source), list(values)] if 0 < len(values) <= _MAX_PARTS and all(map(_is_plain, values)):
            return Stop(source, Position(tuple(values)))
    return None


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)
