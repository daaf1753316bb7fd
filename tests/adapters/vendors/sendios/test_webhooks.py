"""What Sendios tells by itself, read into events, and what is none of it."""

import json
from typing import Any

import pytest

from adapters.contract import Outcome, UnreadableTellingError
from adapters.records import Entity
from adapters.vendors.sendios.webhooks import TELLING
from tests.adapters.vendors.sendios.world import build_settings, build_world
from tests.adapters.vendors.sendios.writing import build_command, prepare

SENT: dict[str, Any] = {
    "event": "sent",
    "mail_id": 16072377552,
    "user_id": 8424,
    "project_id": 1,
    "mail_source_id": 1,
    "server": "mail129",
    "source_id": 1,
    "template_id": 55,
    "ts": 1763800000,
    "split_group": 0,
    "project": "Shop",
    "type_id": 1,
    "email": "test@example.com",
}
REJECTED: dict[str, Any] = {
    "event": "reject",
    "user_id": 0,
    "project_id": 1,
    "type_id": 1,
    "reject_reason": "validation",
    "email": "New@gmail.com",
    "ts": "1763800000",
    "client_user_id": None,
    "project": "Shop",
}


def read(*events: object, **others: object) -> Any:
    body = {str(place): event for place, event in enumerate(events)} | {"sign": None} | others
    return TELLING.read_body(json.dumps(body).encode(), build_settings())


async def find_words(recipient: dict[str, str], **sendios: Any) -> dict[str, str]:
    """The words under which a message to somebody is written down."""
    part = {"kind": "system", "type_id": "1", **sendios}
    prepared = await prepare(build_world(), build_command("sendMessage", recipients=[recipient], sendios=part))
    recipe: Any = prepared.recipe
    return dict(recipe.steps[0].known_by)


async def test_events_are_keyed_by_numbers() -> None:
    """The vendor sends an object, not a list, and a `sign` that is null (facts, 4.5)."""
    sent, rejected = read(SENT, REJECTED)

    assert (sent.kind, sent.outcome, sent.error, sent.payload) == ("sent", Outcome.APPLIED, None, SENT)
    assert (rejected.kind, rejected.outcome) == ("reject", Outcome.REJECTED)
    assert rejected.error == "Sendios rejected the message: validation."
    assert sent.occurred_at == rejected.occurred_at
    assert sent.touches == frozenset({Entity.SUBSCRIBER})


async def test_events_have_the_words_of_the_message_they_are_about() -> None:
    """Broken, what became of a message would never be learnt."""
    (sent,) = read(SENT)
    (rejected,) = read(REJECTED)
    by_id = await find_words({"id": "8424"})
    by_email = await find_words({"email": "new@gmail.com"}, project_id="1")

    assert sent.known_by[0] == sent.own_word
    assert set(sent.known_by[1:]) == set(by_id.items())
    assert rejected.known_by == (("reader", by_email["reader"]),)


async def test_the_callers_own_object_is_the_surest_word() -> None:
    """Broken, two messages of one type to one person could never be told apart."""
    meta = {"order": 7, "at": "till"}
    (created,) = read({**SENT, "event": "created", "type_id": None, "meta": {"at": "till", "order": 7}})
    words = await find_words({"id": "8424"}, meta=meta)

    assert created.known_by == (created.own_word, ("meta", words["meta"]))
    assert created.outcome is None, "that a user was made says nothing of the mail"


@pytest.mark.parametrize(
    "event",
    [
        {**SENT, "project_id": 2},
        {**SENT, "type_id": 2},
        {**SENT, "user_id": 8425, "email": "other@example.com"},
    ],
)
async def test_other_messages_have_other_words(event: dict[str, Any]) -> None:
    """Broken, a message would be told as sent because another one was."""
    (told,) = read(event)

    assert not set(told.known_by) & set((await find_words({"id": "8424"})).items())


@pytest.mark.parametrize("event", [{}, {"event": 5}, {"event": "open", "ts": "soon"}, {"project_id": 1, "type_id": 3}])
def test_what_proves_nothing_is_read_all_the_same(event: dict[str, Any]) -> None:
    """Broken, a new kind of event would be lost."""
    (told,) = read(event)

    assert (told.outcome, told.occurred_at, told.payload) == (None, None, event)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"sign": null}',
        b'{"0": 1}',
        b'{"0": {}, "x": {}}',
        b'{"0": {"event": "sent"',
        b"\xff",
        b"[[" * 5000,
    ],
    ids=str,
)
def test_what_is_none_is_refused(body: bytes) -> None:
    """Broken, something else would be taken for what the vendor told."""
    with pytest.raises(UnreadableTellingError):
        TELLING.read_body(body, build_settings())


@pytest.mark.parametrize(
    ("event", "people"),
    [
        ({"event": "unsub_link", "user_id": 8424}, {("id", "8424")}),
        ({"event": "created", "user_id": 0, "email": "a@b.co"}, {("email", "a@b.co")}),
        (SENT, set()),
        ({"event": "open", "user_id": 8424}, set()),
    ],
)
def test_only_what_changes_a_person_names_one(event: dict[str, Any], people: set[tuple[str, str]]) -> None:
    """Broken, an opened mail would have the vendor asked about every open write to its reader."""
    (told,) = read(event)

    assert told.people == people


@pytest.mark.parametrize(("kind", "overrules"), [("sent", False), ("reject", False), ("lost", True)])
def test_only_a_lost_message_overrules_what_was_told_before(kind: str, overrules: bool) -> None:
    """Broken, a message that was sent and then lost would stay done."""
    (told,) = read({**SENT, "event": kind})

    assert told.overrules is overrules


def test_a_long_reason_is_cut() -> None:
    """Broken, a vendor's page of text would stand in every answer about the message."""
    (told,) = read({**SENT, "event": "reject", "reject_reason": "x" * 10_000})

    assert told.error is not None
    assert len(told.error) < 300
