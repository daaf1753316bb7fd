"""Writes about people through the whole adapter against the sandbox."""

from pathlib import Path
from typing import Any

import pytest

from adapters.contract import Outcome, WriteCommand
from adapters.errors import (
    CapabilityError,
    InputError,
    NotFoundError,
    VendorConflictError,
)
from adapters.sandbox.cast import CAST
from adapters.vendors.taguchi_v5.people_items import to_graph_name
from tests.adapters.vendors.taguchi_v5.world import World, build_world, scope
from tests.adapters.vendors.taguchi_v5.written import (
    ALLOWED,
    Notes,
    bodies,
    command,
    look_again,
    prepare,
    send,
    writes,
)

THOMAS = CAST[0]
THOMAS_ID = "121293458"
JANE = {
    "email": "jane@example.com",
    "ref": "u1",
    "first_name": "J",
    "phone": "0491 570 156",
    "birth_date": "1990-02-03",
    "custom_fields": [{"key": "tier", "value": "gold"}, {"key": "points", "value": None, "typed": 12.5}],
    "memberships": [{"list_id": "12", "subscribed": True}, {"list_id": "13", "subscribed": False, "option": "weekly"}],
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An endpoint that allows everything."""
    return build_world(tmp_path, **ALLOWED)


def find(world: World, email: str) -> dict[str, Any]:
    """What the vendor holds of a person."""
    return next(row for row in world.sandbox.store.rows if (row["email"] or "").lower() == email)


# --- making and changing ----------------------------------------------------------------------------------------------


async def test_a_new_person_is_sent_as_the_vendors_own_client_sends_one(world: World) -> None:
    """Source: vendors/facts.md, 2.4; broken, Taguchi would refuse the item or lose a field."""
    result = await send(world, command("createSubscriber", fields=JANE))

    (item,) = bodies(world)[0]
    left_at = item["profile"]["lists"][1].pop("unsubscribedTimestamp")
    assert item == {
        "profile": {
            "organizationId": 482,
            "email": "jane@example.com",
            "ref": "u1",
            "firstname": "J",
            "phone": "+61491570156",
            "dob": "1990-02-03",
            "custom": {"tier": "gold", "points": 12.5},
            "lists": [{"listId": 12, "unsubscribedTimestamp": None}, {"listId": 13, "subscriptionOption": "weekly"}],
        }
    }
    assert left_at.endswith("Z")
    assert (result.outcome, result.error) == (Outcome.APPLIED, None)
    assert (result.record.email, result.record.first_name, result.id) == ("jane@example.com", "J", result.record.id)


async def test_what_is_written_is_read_back_and_changed_and_gone(world: World) -> None:
    """Create, update, anonymise: after each the vendor and the graph must tell the same."""
    made = await send(world, command("createSubscriber", fields=JANE))
    asked = command(
        "updateSubscriber",
        target=made.id,
        fields={
            "email": "jane@example.com",
            "ref": "u1",
            "phone": "+61491570156",
            "last_name": "Roe",
            "title": None,
            "custom_fields": [{"key": "tier", "value": None}],
        },
    )
    changed = await send(world, asked)
    gone = await send(world, command("anonymizeSubscriber", target=made.id))

    assert (changed.outcome, changed.record.last_name, changed.record.first_name) == (Outcome.APPLIED, "Roe", "J")
    assert changed.record.custom_fields[0].value is None
    assert gone.outcome is Outcome.APPLIED
    assert (await look_again(world, command("anonymizeSubscriber", target=made.id))).outcome is Outcome.APPLIED
    row = world.sandbox.store.people[int(made.id or 0)].row
    assert (row["email"], row["firstname"], row["custom"]) == (None, None, {})


async def test_a_known_person_is_not_made_again(world: World) -> None:
    """The item would change the person who is there."""
    with pytest.raises(VendorConflictError) as caught:
        await prepare(world, command("createSubscriber", fields={"email": THOMAS.email, "first_name": "X"}))

    assert (caught.value.reason, writes(world)) == ("ALREADY_THERE", [])


async def test_a_change_shows_what_was_and_what_will_be(world: World) -> None:
    """A dry run without before and after is a guess."""
    row = find(world, THOMAS.email)
    asked = command("updateSubscriber", target=THOMAS_ID, fields={"first_name": "Tom", "suburb": None})

    prepared = await prepare(world, asked)

    assert prepared.before == {"first_name": row["firstname"], "suburb": row["suburb"]}
    assert prepared.after == {"first_name": "Tom", "suburb": None}
    assert any("ref or phone" in warning for warning in prepared.warnings)
    assert writes(world) == []


async def test_a_change_is_refused_when_what_it_relies_on_has_moved(world: World) -> None:
    """Somebody else's change would be overwritten unseen."""
    moved = command("updateSubscriber", target=THOMAS_ID, fields={"title": "Mr"}, if_unchanged={"last_name": "Smith"})
    same = command("updateSubscriber", target=THOMAS_ID, fields={"title": "Mr"}, if_unchanged={"last_name": "Williams"})

    with pytest.raises(VendorConflictError, match="last_name"):
        await prepare(world, moved)
    assert (await send(world, same)).outcome is Outcome.APPLIED


async def test_a_time_of_leaving_can_be_relied_on(world: World) -> None:
    """Who relies on when somebody left could never write, or would overwrite a later leaving."""
    left = {"list_id": "13", "subscribed": False, "left_at": "2024-01-01T00:00:00Z"}
    leaving = await prepare(
        world, command("createSubscriber", fields={"email": "j@example.com", "memberships": [left]})
    )
    made = await world.adapter.send_write(leaving, scope(), Notes())

    def rely(left_at: str | None) -> WriteCommand:
        relied = {"memberships": [{**left, "left_at": left_at}]}
        return command("updateSubscriber", target=made.id, fields={"title": "Ms"}, if_unchanged=relied)

    assert bodies(world)[0][0]["profile"]["lists"] == [{"listId": 13, "unsubscribedTimestamp": left["left_at"]}]
    for same in ("2024-01-01T00:00:00+00:00", "2024-01-01T10:00:00+10:00"):
        assert (await send(world, rely(same))).outcome is Outcome.APPLIED
    assert (await send(world, rely(None))).outcome is Outcome.APPLIED
    with pytest.raises(VendorConflictError, match="memberships"):
        await prepare(world, rely("2025-01-01T00:00:00Z"))


async def test_what_cannot_be_compared_cannot_be_relied_on(world: World) -> None:
    """It would be left uncompared without a word, and somebody else's change overwritten."""
    asked = command("updateSubscriber", target=THOMAS_ID, fields={"title": "Mr"}, if_unchanged={"mobile": "1"})

    with pytest.raises(CapabilityError) as refused:
        await prepare(world, asked)
    assert refused.value.path == ("input", "ifUnchanged", "mobile")


@pytest.mark.parametrize("part", ["fields", "if_unchanged"])
@pytest.mark.parametrize("list_id", ["", "-1", "12a", "²", "9" * 5000])
async def test_a_list_that_is_named_by_no_number_is_refused(world: World, part: str, list_id: str) -> None:
    """What a caller got wrong would be told as an error of ours."""
    parts = {"fields": {"title": "Mr"}, part: {"memberships": [{"list_id": list_id}]}}

    with pytest.raises(InputError) as refused:
        await prepare(world, command("updateSubscriber", target=THOMAS_ID, **parts))
    assert refused.value.path == ("input", to_graph_name(part), "memberships", 0, "listId")


async def test_an_upsert_makes_or_changes(world: World) -> None:
    """One of the two ways would be refused, or make a second person."""
    count = len(world.sandbox.store.people)
    new = await send(world, command("upsertSubscriber", fields={"email": "new@example.com"}))
    known = await send(world, command("upsertSubscriber", fields={"email": THOMAS.email.upper(), "gender": "x"}))

    assert (new.outcome, known.outcome, known.id) == (Outcome.APPLIED, Outcome.APPLIED, THOMAS_ID)
    assert len(world.sandbox.store.people) == count + 1


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "asked", "error", "path"),
    [
        ("createSubscriber", {"fields": {"ref": "x"}}, InputError, ("input", "fields", "email")),
        ("createSubscriber", {"fields": {"email": None}}, InputError, ("input", "fields", "email")),
        ("createSubscriber", {"fields": {"email": "no address"}}, InputError, ("input", "fields", "email")),
        ("upsertSubscriber", {"fields": {"email": "a@b.c", "mobile": "1"}}, CapabilityError,
         ("input", "fields", "mobile")),
        ("upsertSubscriber", {"fields": {"email": "a@b.c", "data": "<x/>"}}, CapabilityError,
         ("input", "fields", "data")),
        ("upsertSubscriber", {"fields": {"email": "a@b.c", "memberships": [{"list_id": "x"}]}}, InputError,
         ("input", "fields", "memberships", 0, "listId")),
        ("upsertSubscriber", {"fields": {"email": "a@b.c", "memberships": [{"list_id": "5"}, {"list_id": "05"}]}},
         InputError, ("input", "fields", "memberships", 1, "listId")),
        ("upsertSubscriber", {"fields": {"email": "a@b.c", "custom_fields": [{"key": "a", "value": "1"}] * 2}},
         InputError, ("input", "fields", "customFields", 1, "key")),
        ("upsertSubscriber", {"fields": {"email": "a@b.c", "title": "\ud800"}}, InputError, ("input",)),
        ("upsertSubscriber", {"fields": {"email": "a@b.c", "extra": "x" * 4_000_000}}, InputError, ("input",)),
        ("updateSubscriber", {"target": THOMAS_ID, "fields": {"email": "other@example.com"}}, InputError,
         ("input", "fields", "email")),
        ("unsubscribe", {"by_key": {"ref": "x"}}, InputError, ("input", "byKey", "email")),
        ("unsubscribe", {}, InputError, ("input",)),
        ("unsubscribe", {"target": THOMAS_ID, "by_email": {"email": "a@b.c"}}, InputError, ("input",)),
        ("unsubscribe", {"by_email": {"email": "a@b.c"}, "by_key": {"email": "a@b.c"}}, InputError, ("input",)),
        ("unsubscribe", {"target": THOMAS_ID, "cause": "client"}, CapabilityError, ("input", "cause")),
        ("unsubscribe", {"by_email": {"email": "a@b.c", "project_id": "1"}}, CapabilityError, ("input", "projectId")),
        ("setListMembership", {"target": THOMAS_ID, "list_id": "-1"}, InputError,
         ("input", "listId")),
    ],
)  # fmt: skip
async def test_what_cannot_be_sent_is_refused_before(
    world: World, kind: str, asked: dict[str, Any], error: type[InputError], path: tuple[Any, ...]
) -> None:
    """A call would be spent on it, or another person changed."""
    with pytest.raises(error) as caught:
        await prepare(world, command(kind, **asked))

    assert (type(caught.value), caught.value.path, writes(world)) == (error, path, [])


@pytest.mark.parametrize("kind", ["updateSubscriber", "unsubscribe", "anonymizeSubscriber", "setListMembership"])
@pytest.mark.parametrize("who", [{"target": "1"}, {"by_email": {"email": "nobody@example.com"}}])
async def test_nobody_is_not_written(world: World, kind: str, who: dict[str, Any]) -> None:
    """The item would make a person who was to be changed."""
    given: dict[str, dict[str, Any]] = {
        "updateSubscriber": {"fields": {"title": "x"}},
        "setListMembership": {"list_id": "5"},
    }
    with pytest.raises(NotFoundError):
        await prepare(world, command(kind, **given.get(kind, {}), **who))

    assert writes(world) == []


# --- many -------------------------------------------------------------------------------------------------------------


async def test_many_people_go_in_few_calls_and_are_told_one_by_one(world: World) -> None:
    """An item's fate would be lost, or be a neighbour's."""
    world.sandbox.store.people[int(THOMAS_ID)].sent.add("ref")
    items = [{"email": f"p{number}@example.com", "first_name": str(number)} for number in range(230)]
    items[120] = {"email": THOMAS.email, "title": "Dr"}
    notes = Notes()

    result = await send(world, command("upsertSubscribers", items=items), notes)

    assert [len(body) for body in bodies(world)] == [100, 100, 30]
    assert [(item.place, item.outcome) for item in result.items] == [
        (place, Outcome.REJECTED if place == 120 else Outcome.APPLIED) for place in range(230)
    ]
    assert "identifying fields" in (result.items[120].error.vendor_message or "")
    assert [len(places) for _, places in notes.sending] == [100, 100, 30]
    assert find(world, "p229@example.com")["firstname"] == "229"


async def test_one_person_twice_in_one_call_is_refused(world: World) -> None:
    """Which of the two is the last word would be left to chance."""
    items = [{"email": "a@example.com"}, {"email": "b@example.com"}, {"email": " A@Example.com "}]

    with pytest.raises(InputError) as caught:
        await prepare(world, command("upsertSubscribers", items=items))

    assert caught.value.path == ("input", "items", 2, "email")


@pytest.mark.parametrize("kind", ["unsubscribe", "setListMembership", "updateSubscriber", "anonymizeSubscriber"])
@pytest.mark.parametrize("key", [{"ref": "somebody-elses"}, {"phone": "+61491570999"}])
async def test_what_names_a_person_is_not_written(world: World, kind: str, key: dict[str, str]) -> None:
    """An identifier of somebody else, beside the one that finds the person, would become the person's."""
    more: dict[str, dict[str, Any]] = {
        "setListMembership": {"list_id": "99", "subscribed": False},
        "updateSubscriber": {"fields": {"last_name": "King"}},
    }
    asked = command(kind, by_key={"email": THOMAS.email, **key}, **more.get(kind, {}))

    with pytest.raises(InputError) as refused:
        await prepare(world, asked)

    assert (refused.value.reason, refused.value.path) == ("IDENTIFIER_OTHER", ("input", "byKey", *key))
    assert writes(world) == []


async def test_a_person_is_named_by_all_that_is_the_persons(world: World) -> None:
    """Where Taguchi refuses a change without every identifier, nobody could be named."""
    result = await send(world, command("unsubscribe", by_key={"email": THOMAS.email.upper(), "ref": THOMAS.ref}))

    assert result.outcome is Outcome.APPLIED
