"""What Taximail tells of its lists: whatever shape it comes in, it is kept as it came."""

import pytest

from adapters.contract import UnreadableTellingError
from adapters.records import Entity
from adapters.vendors.taximail.webhooks import TELLING


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


@pytest.mark.parametrize("body", [b"[]", b"{}", b"1", b'{"a": 1', b"garbage", b"a=%ff", b"\xff", b"[[" * 5000], ids=str)
def test_what_is_none_is_refused(body: bytes) -> None:
    """Broken, something else would be taken for what the vendor told."""
    with pytest.raises(UnreadableTellingError):
        read(body)
