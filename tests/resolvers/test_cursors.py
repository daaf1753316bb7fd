"""
Cursors: they go on where they were made, and are refused anywhere else.
"""

import base64
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.errors import CursorError
from adapters.filters.order import Order, Position
from resolvers.cursors import MAX_CURSOR_CHARS, Cursor, CursorScope, Stop, decode_cursor, encode_cursor

SCOPE = CursorScope("list.members", "7", "retail", Order("email"))
PARTS = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(allow_nan=False, allow_infinity=False)
)
POSITIONS = st.none() | st.lists(PARTS, min_size=1, max_size=4).map(lambda parts: Position(tuple(parts)))
STOPS = st.builds(Stop, st.text(max_size=10), POSITIONS)
CURSORS = st.builds(Cursor, STOPS, st.booleans(), st.booleans(), st.lists(STOPS, max_size=2).map(tuple))
GOOD = encode_cursor(SCOPE, Cursor(Stop("retail", Position(("a@example.com", "12")))))
PLAIN = [1, "list.members", "7", "retail", "email", False, "retail", ["a", "12"], False, False, []]


def _encode(value: object) -> str:
    return _pack(json.dumps(value, separators=(",", ":")).encode())


def _pack(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _changed(place: int, value: object) -> str:
    return _encode([*PLAIN[:place], value, *PLAIN[place + 1 :]])


MALFORMED = {
    "nothing": "",
    "a number": "25",
    "not base64": "!!!!",
    "padding": GOOD + "==",
    "white space": GOOD + " ",
    "cut": GOOD[:-8],
    "letters beyond ASCII": "ü" * 12,
    "not JSON": _pack(b"hello"),
    "invalid UTF-8": _pack(b"\xff\xfe"),
    "an object": _encode({}),
    "an empty list": _encode([]),
    "deep JSON": _pack(b"[" * 600),
    "white space in the JSON": _pack(json.dumps(PLAIN).encode()),
    "one part less": _encode(PLAIN[:-1]),
    "one part more": _encode([*PLAIN, 1]),
    "a position that is no list": _changed(7, "12"),
    "a position without parts": _changed(7, []),
    "a position of lists": _changed(7, [["12"]]),
    "a position of objects": _changed(7, [{"id": "12"}]),
    "a position of too many parts": _changed(7, ["1"] * 9),
    "a number that is none": _pack(b'[1,"x",null,null,"id",false,"r",[NaN],false,false,[]]'),
    "an endless number": _pack(b'[1,"x",null,null,"id",false,"r",[1e999],false,false,[]]'),
    "a source that is a number": _changed(6, 5),
    "a direction that is a number": _changed(8, 0),
    "a debt that is no list": _changed(10, "retail"),
    "a debt without a place": _changed(10, [["retail"]]),
    "too long": _changed(7, ["x" * MAX_CURSOR_CHARS]),
}
ELSEWHERE = {
    "another field": replace(SCOPE, connection="subscribers"),
    "another parent": replace(SCOPE, parent="8"),
    "no parent": replace(SCOPE, parent=None),
    "another source": replace(SCOPE, asked="other"),
    "all sources": replace(SCOPE, asked=None),
    "another order": replace(SCOPE, order=Order("id")),
    "the order reversed": replace(SCOPE, order=Order("email", descending=True)),
}


@given(CURSORS)
def test_every_place_comes_back(cursor):
    """A cursor that forgets a part of its place would lose or repeat rows."""
    assert cursor == decode_cursor(encode_cursor(SCOPE, cursor), SCOPE)


@given(st.text(max_size=60) | st.binary(max_size=80).map(_pack))
def test_any_other_text_is_refused(text):
    """A text that was never a cursor would start a page somewhere."""
    with pytest.raises(CursorError):
        decode_cursor(text, SCOPE)


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_cursors_are_refused(text):
    """A malformed cursor would reach the adapter."""
    with pytest.raises(CursorError) as caught:
        decode_cursor(text, SCOPE, argument="before")

    assert caught.value.reason == "CURSOR_INVALID"
    assert caught.value.path == ("before",)
    assert caught.value.hint


@pytest.mark.parametrize("scope", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_cursors_of_elsewhere_are_refused(scope):
    """A cursor of another line would go on from a place that means nothing here."""
    with pytest.raises(CursorError, match="another"):
        decode_cursor(GOOD, scope)


def test_a_newer_format_is_refused():
    """A cursor of a later version would be read by today's rules."""
    with pytest.raises(CursorError, match="version"):
        decode_cursor(_changed(0, 2), SCOPE)


def test_a_value_too_long_for_a_cursor_is_said_at_once():
    """A cursor that is given out but never taken back would end the walk without a word."""
    with pytest.raises(CursorError, match="too long"):
        encode_cursor(SCOPE, Cursor(Stop("retail", Position(("x" * MAX_CURSOR_CHARS, "1")))))
