"""Notifications of events, and the one we logged ourselves among them."""

import json
from typing import Any

import pytest

from adapters.contract import Outcome, UnreadableTellingError
from adapters.vendors.taguchi_v5.webhooks import MOST_EVENTS, TELLING, find_words

NOTICE = {
    "id": "9223372036854775807",
    "target": {"id": 12},
    "isTest": False,
    "type": "p",
    "data": {"total": 12.5, "products": [{"sku": "a"}]},
    "loggedTimestamp": "2026-01-02T03:04:05Z",
    "activityId": 7,
}


def read(told: object) -> Any:
    return TELLING.read_body(json.dumps(told).encode(), None)


@pytest.mark.parametrize("told", [NOTICE, [NOTICE], {"event": NOTICE}, [{"event": NOTICE}]])
def test_an_event_of_ours_is_known_again(told: object) -> None:
    """Broken, nobody would learn that an event was logged by an endpoint that always answers 200."""
    ours = {"target": {"id": "12"}, "type": "p", "data": {"products": [{"sku": "a"}], "total": 12.5}}

    (event,) = read(told)

    assert event.known_by == tuple(find_words(ours))
    assert (event.kind, event.outcome) == ("p", Outcome.APPLIED)
    assert event.occurred_at.isoformat() == "2026-01-02T03:04:05+00:00"


@pytest.mark.parametrize(
    "change", [{"type": "f"}, {"data": {"total": 12}}, {"target": {"id": 13}}, {"isTest": True}, {"data": None}]
)
def test_another_event_is_another(change: dict[str, object]) -> None:
    """Broken, an event would be told as logged because another one was."""
    (event,) = read({**NOTICE, **change})

    assert event.known_by != tuple(find_words(NOTICE))


def test_an_event_of_nobody_known_has_no_word() -> None:
    """What we log by e-mail address cannot be known again: a notification names the id alone."""
    assert list(find_words({"target": {"email": "a@example.com"}, "type": "p"})) == []


def test_a_strange_one_among_others_hides_none() -> None:
    """Broken, events we have logged would never be known as logged because of another one beside them."""
    strange, known = read([{"type": 1, "target": {"id": 12}}, NOTICE])

    assert (strange.outcome, strange.known_by, strange.payload) == (None, (), {"type": 1, "target": {"id": 12}})
    assert (known.outcome, known.payload) == (Outcome.APPLIED, NOTICE)


def test_a_word_of_its_own_named_event_is_no_wrapper() -> None:
    """Broken, what was told would be refused because of a field that nobody here knows."""
    (event,) = read({**NOTICE, "event": "logged"})

    assert event.known_by == tuple(find_words(NOTICE))


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"[1]", b'{"type": 1}', b'{"type": "p"', b"[[" * 5000], ids=str)
def test_what_is_none_is_refused(body: bytes) -> None:
    """Broken, something else would be taken for what the vendor told."""
    with pytest.raises(UnreadableTellingError):
        TELLING.read_body(body, None)


def test_as_many_events_are_taken_as_are_kept_at_once() -> None:
    """Broken, one body could fill the ledger."""
    assert len(read([NOTICE] * MOST_EVENTS)) == MOST_EVENTS
    with pytest.raises(UnreadableTellingError):
        read([NOTICE] * (MOST_EVENTS + 1))
