"""What vendors tell by themselves is read whatever it is: the same when it comes and when it was kept."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import TellingReader, UnreadableTellingError
from adapters.vendors.sendios.webhooks import TELLING as SENDIOS
from adapters.vendors.taguchi_v5.webhooks import TELLING as TAGUCHI_V5
from adapters.vendors.taximail.webhooks import TELLING as TAXIMAIL
from tests.adapters.vendors.sendios.world import build_settings

READERS = {"sendios": (SENDIOS, build_settings()), "taguchi_v5": (TAGUCHI_V5, None), "taximail": (TAXIMAIL, None)}
NAMES = (
    *("event", "type", "ts", "type_id", "project_id", "user_id", "user", "email", "meta", "reject_reason", "target"),
    *("id", "data", "isTest", "loggedTimestamp", "list_id", "subscriber_id", "webhooks_type", "data[list_id]"),
)
WORDS = st.sampled_from(["sent", "lost", "a@b.co", "402", "0", "2026-01-02T03:04:05Z", "9999-12-31 23:59:59", ""])
NUMBERS = st.integers(min_value=-(2**63), max_value=2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
PAYLOADS = st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=1, max_size=6)


@pytest.mark.parametrize("vendor", READERS)
@given(payload=PAYLOADS)
def test_an_event_is_read_alike_when_it_comes_and_when_it_was_kept(vendor: str, payload: dict[str, Any]) -> None:
    """Broken, a strange event would end the matching of all others, or be about another write after a restart."""
    reader, settings = READERS[vendor]
    body = {"0": payload} if vendor == "sendios" else payload
    try:
        (event,) = reader.read_body(json.dumps(body).encode(), settings)
    except UnreadableTellingError:
        return

    kept = json.loads(json.dumps(event.payload))
    assert reader.read(kept, settings) == event


@pytest.mark.parametrize("vendor", READERS)
@given(body=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode(errors="replace")))
def test_any_body_is_read_or_refused(vendor: str, body: bytes) -> None:
    """Broken, whoever knows the path could make the server fail."""
    reader: TellingReader = READERS[vendor][0]
    try:
        reader.read_body(body, READERS[vendor][1])
    except UnreadableTellingError:
        return
