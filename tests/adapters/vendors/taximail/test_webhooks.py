"""What Taximail tells of its lists: whatever shape it comes in, it is kept as it came."""

import json

import pytest

from adapters.contract import UnreadableTellingError
from adapters.records import Entity
from adapters.vendors.taximail.webhooks import MOST_EVENTS, MOST_PEOPLE, TELLING


def read(body: bytes) -> list[tuple[str, object]]:
    told = TELLING.read_body(body, None)
    assert all(event.touches >= {Entity.SUBSCRIBER} for event in told)
    assert all((event.outcome, event.known_by) == (None, ()) for event in told)
    return [(event.kind, event.payload) for event in told]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"webhooks_type": "unsubscription", "email": "a@b.co"}', ["unsubscription"]),
        (b"webhooks_type=subscription&email=a%40b.co&name=", ["subscription"]),
        (b'[{"type": "subscription"}, {"type": ["x"], "email": "a@b.co"}]', ["subscription", "webhook"]),
        (b"", []),
        (b" \n", []),
    ],
    ids=str,
)
def test_it_is_read_in_any_shape(body: bytes, told: list[str]) -> None:
    """The vendor's page does not say how a request looks."""
    assert [kind for kind, _ in read(body)] == told


def test_a_form_is_kept_as_it_came() -> None:
    """Broken, what was told would be lost where nobody expected it."""
    assert read(b"email=a%40b.co&name=") == [("webhook", {"email": "a@b.co", "name": ""})]


def _shorten(body: bytes) -> str:
    return repr(body[:9])


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"1", b'{"a": 1', b"garbage", b"a=%ff", b"\xff", b"[[" * 5000], ids=_shorten
)
def test_what_is_none_is_refused(body: bytes) -> None:
    """Broken, something else would be taken for what the vendor told."""
    with pytest.raises(UnreadableTellingError):
        read(body)


A, B = ("email", "a@b.co"), ("email", "b@b.co")


@pytest.mark.parametrize(
    ("body", "people", "lists"),
    [
        (b'{"email": " A@b.co "}', {A}, set()),
        (b'{"data": {"contacts": [{"to": "a@b.co"}, "b@b.co"]}}', {A, B}, set()),
        (b"data%5Bemail%5D=a%40b.co&data%5Blist_id%5D=402", {A}, {"402"}),
        (b'{"list_id": 402, "subscriber_id": "3", "id": 7}', {("id", "402/3")}, {"402"}),
        (b'{"listId": "402", "subscriberId": 3}', {("id", "402/3")}, {"402"}),
        (b'{"old_list_id": "1", "new_list_id": "2", "subscriber_id": "3"}', set(), {"1", "2"}),
        (b'{"subscriber_id": "3", "email": "a@b.co"}', {A}, set()),
        (b'{"list_id": "0402", "subscriber_id": "3x"}', set(), set()),
        (b'{"list_id": 1234567890123456789}', set(), set()),
        (b'{"list_id": true, "email": "a@b.co, b@b.co", "to": "Ann <a@b.co>"}', set(), set()),
        (b'{"email": "a@b.co\\u0000", "to": "@b.co", "cc": "a@b", "bcc": "a b@b.co"}', set(), set()),
    ],
)
def test_it_names_people_and_lists(body: bytes, people: set[tuple[str, str]], lists: set[str]) -> None:
    """Broken, an open write about somebody would not be looked at, or one about somebody else."""
    (event,) = TELLING.read_body(body, None)

    assert (set(event.people), set(event.lists)) == (people, lists)


@pytest.mark.parametrize(("count", "named"), [(MOST_PEOPLE, MOST_PEOPLE), (MOST_PEOPLE + 1, 0)])
def test_a_report_names_nobody(count: int, named: int) -> None:
    """Broken, a long list of people would be looked up, and read about, one by one."""
    (event,) = TELLING.read_body(json.dumps({"all": [f"p{number}@b.co" for number in range(count)]}).encode(), None)

    assert len(event.people) == named


def test_a_field_that_comes_several_times_keeps_its_values() -> None:
    """Broken, of several people in a form only the last would be known."""
    (event,) = TELLING.read_body(b"email=a%40b.co&email=b%40b.co&type=subscription", None)

    assert event.payload == {"email": ["a@b.co", "b@b.co"], "type": "subscription"}
    assert set(event.people) == {A, B}


def test_as_many_events_are_taken_as_are_kept_at_once() -> None:
    """Broken, one body could fill the ledger."""
    rows = [{"email": "a@b.co"}] * MOST_EVENTS

    assert len(TELLING.read_body(json.dumps(rows).encode(), None)) == MOST_EVENTS
    with pytest.raises(UnreadableTellingError):
        TELLING.read_body(json.dumps([*rows, rows[0]]).encode(), None)
