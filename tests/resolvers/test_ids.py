"""
Global ids: one text per record, and nothing else is read.
"""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.errors import IdError
from resolvers.ids import ACTIVITY_REVISION, MAX_ID_CHARS, TEMPLATE_REVISION, NodeKey, decode_id, encode_id


def _encode(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


GOOD = encode_id("retail", "subscriber", ("12",))
MALFORMED = {
    "nothing": "",
    "a plain number": "12",
    "not base64": "****",
    "padding": GOOD + "=",
    "other alphabet": GOOD.replace("_", "/") + "+",
    "white space": GOOD[:4] + "\n" + GOOD[4:],
    "a length no base64 has": GOOD[:5],
    "cut": GOOD[:-4],
    "spare bits": base64.urlsafe_b64encode(b'["r","list","1"]').rstrip(b"=").decode()[:-1] + "R",
    "letters beyond ASCII": "é" * 8,
    "invalid UTF-8": base64.urlsafe_b64encode(b'["\xff","list","1"]').decode(),
    "not JSON": base64.urlsafe_b64encode(b"hello!").decode(),
    "a text": _encode("retail"),
    "an object": _encode({"source": "retail"}),
    "too few parts": _encode(["retail", "subscriber"]),
    "too many parts": _encode(["retail", "subscriber", "1", "2"]),
    "unknown type": _encode(["retail", "wizard", "1"]),
    "a number as key": _encode(["retail", "subscriber", 12]),
    "an empty key": _encode(["retail", "subscriber", ""]),
    "an empty source": _encode(["", "subscriber", "1"]),
    "a control character": _encode(["retail", "subscriber", "1\n"]),
    "NUL": _encode(["retail", "subscriber", "1\0"]),
    "white space in the JSON": base64.urlsafe_b64encode(b'["retail", "subscriber", "1"]').rstrip(b"=").decode(),
    "escapes in the JSON": base64.urlsafe_b64encode(b'["\\u0072etail","subscriber","1"]').rstrip(b"=").decode(),
    "half a surrogate pair": base64.urlsafe_b64encode(b'["retail","subscriber","\\ud800"]').rstrip(b"=").decode(),
    "deep JSON": base64.urlsafe_b64encode(b"[" * 300).decode(),
    "too long": _encode(["retail", "subscriber", "1" * MAX_ID_CHARS]),
}


@given(
    st.text(min_size=1, max_size=60).filter(str.isprintable), st.text(min_size=1, max_size=60).filter(str.isprintable)
)
def test_every_key_comes_back(source, key):
    """An id that decodes to another record would show the wrong person."""
    assert NodeKey(source, "subscriber", (key,)) == decode_id(encode_id(source, "subscriber", (key,)))


@pytest.mark.parametrize("type_", [ACTIVITY_REVISION, TEMPLATE_REVISION])
def test_a_revision_is_known_by_its_record_too(type_):
    """Revisions of two records with one id would be one node."""
    path = ("7", "12")

    assert NodeKey("retail", type_, path) == decode_id(encode_id("retail", type_, path))
    assert encode_id("retail", type_, ("8", "12")) != encode_id("retail", type_, path)
    with pytest.raises(IdError):
        encode_id("retail", type_, ("12",))


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_any_other_text_is_refused(text):
    """A text that decodes without being what is encoded would give one record two ids."""
    try:
        key = decode_id(text)
    except IdError:
        return
    assert text == encode_id(key.source, key.type, key.key_path)


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_ids_are_refused(text):
    """A malformed id would reach a vendor's URL."""
    with pytest.raises(IdError) as caught:
        decode_id(text)

    assert caught.value.reason == "ID_INVALID"
    assert caught.value.hint


@pytest.mark.parametrize(
    ("source", "type_", "key"),
    [
        ("retail", "wizard", ("1",)),
        ("retail", "list", ()),
        ("retail", "list", ("1", "2")),
        ("retail", "list", ("",)),
        ("retail", "list", ("1\t",)),
        ("retail", "list", ("1" * MAX_ID_CHARS,)),
    ],
)
def test_keys_no_id_can_hold_are_refused(source, type_, key):
    """An id that is given out but never taken back would be a dead end."""
    with pytest.raises(IdError):
        encode_id(source, type_, key)
