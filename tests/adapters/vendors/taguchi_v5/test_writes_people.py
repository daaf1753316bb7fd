"""Writes about people through the whole adapter against the sandbox."""

from pathlib import Path
from typing import Any

import pytest

from adapters.contract import Outcome, WritesRecords
from adapters.errors import (
    CapabilityError,
    ConsentError,
    FacadeError,
    InputError,
    NotFoundError,
    VendorAuthError,
    VendorConflictError,
    VendorRejectedError,
)
from adapters.records import MembershipState
from adapters.sandbox.cast import CAST
from adapters.vendors.taguchi_v5 import ADAPTER
from adapters.vendors.taguchi_v5.sandbox import UnsubscribeRule
from tests.adapters.vendors.taguchi_v5.world import World, build_settings, build_world
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


def count_lists(row: dict[str, Any], *, left: bool) -> list[int]:
    return [each["listId"] for each in row["lists"] if (each["unsubscribedTimestamp"] is not None) is left]


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
    more = {"updateSubscriber": {"fields": {"title": "x"}}, "setListMembership": {"list_id": "5"}}.get(kind, {})
    with pytest.raises(NotFoundError):
        await prepare(world, command(kind, **more, **who))

    assert writes(world) == []


# --- consent ----------------------------------------------------------------------------------------------------------


async def test_who_has_left_a_list_joins_again_with_consent_only(world: World) -> None:
    """A write would quietly undo an opt-out."""
    row = next(row for row in world.sandbox.store.rows if row["email"] and count_lists(row, left=True))
    list_id = str(count_lists(row, left=True)[0])
    rejoining = {"target": str(row["id"]), "list_id": list_id, "subscribed": True}
    fields = {"memberships": [{"list_id": f"0{list_id}"}]}

    with pytest.raises(ConsentError):
        await prepare(world, command("setListMembership", **rejoining))
    with pytest.raises(ConsentError):
        await prepare(world, command("updateSubscriber", target=str(row["id"]), fields=fields))
    with pytest.raises(ConsentError):
        await prepare(world, command("upsertSubscriber", fields={"email": row["email"], **fields}))
    assert writes(world) == []

    result = await send(world, command("setListMembership", consent="Signed up at the till", **rejoining))
    assert result.outcome is Outcome.APPLIED
    assert int(list_id) in count_lists(row, left=False)


async def test_a_list_that_was_never_left_is_joined_and_left(world: World) -> None:
    """The guard would stand in the way of people who left nothing."""
    who = {"by_email": {"email": THOMAS.email}, "list_id": "99"}

    joined = await send(world, command("setListMembership", subscribed=True, option="weekly", **who))
    left = await send(world, command("setListMembership", subscribed=False, **who))

    state = {each.list_id: (each.state, each.option) for each in left.record.memberships}
    assert joined.outcome is left.outcome is Outcome.APPLIED
    assert state["99"] == (MembershipState.LEFT, "weekly")


async def test_where_nobody_can_look_joining_needs_consent(tmp_path: Path) -> None:
    """Not knowing whether somebody has left is no reason to put them back."""
    blind = build_world(tmp_path, {"allow_retrieval": False}, **{**ALLOWED, "allow_retrieval": None, "openapi": None})
    fields = {"email": "a@example.com", "memberships": [{"list_id": "5"}]}

    with pytest.raises(ConsentError):
        await prepare(blind, command("upsertSubscriber", fields=fields))
    with pytest.raises(ConsentError):
        await prepare(blind, command("upsertSubscribers", items=[fields]))
    result = await send(blind, command("upsertSubscriber", fields=fields, consent="till"))
    assert (result.outcome, result.record) == (Outcome.APPLIED, None)


# --- opting out -------------------------------------------------------------------------------------------------------


async def test_opting_out_of_everything(world: World) -> None:
    """The person would go on getting mail."""
    result = await send(world, command("unsubscribe", target=THOMAS_ID))

    assert result.outcome is Outcome.APPLIED
    assert find(world, THOMAS.email)["unsubscribedTimestamp"] is not None
    assert set(bodies(world)[0][0]["profile"]) == {"organizationId", "email", "unsubscribedTimestamp"}


async def test_opting_out_of_the_main_list(tmp_path: Path) -> None:
    """The page says main list: everything else must stay."""
    options = {"unsubscribe_mode": "main_list", "main_list_id": 12}
    world = build_world(tmp_path, options, **ALLOWED, **options)

    asked = command("unsubscribe", by_email={"email": THOMAS.email})
    result = await send(world, asked)

    assert result.outcome is Outcome.APPLIED
    assert 12 in count_lists(find(world, THOMAS.email), left=True)
    assert (await look_again(world, asked)).outcome is Outcome.APPLIED


@pytest.mark.parametrize(
    ("operator", "value", "sent"), [("==", "yes", "yes"), ("!=", "yes", "unsubscribed"), ("!=", True, False)]
)
@pytest.mark.parametrize("mode", ["global", "main_list"])
async def test_opting_out_by_the_pages_rule(tmp_path: Path, operator: Any, value: Any, sent: Any, mode: str) -> None:
    """The page's own rule is the documented way."""
    rule = {"field": "optout", "operator": operator, "value": value}
    options = {"unsubscribe_mode": mode, "main_list_id": 7}
    world = build_world(
        tmp_path, {**options, "unsubscribe_rule": UnsubscribeRule(**rule)}, **ALLOWED, **options, unsubscribe_rule=rule
    )

    asked = command("unsubscribe", by_email={"email": THOMAS.email})
    prepared = await prepare(world, asked)
    result = await send(world, asked)

    assert bodies(world)[0][0]["profile"]["custom"] == {"optout": sent}
    assert result.outcome is Outcome.APPLIED
    row = find(world, THOMAS.email)
    assert (row["unsubscribedTimestamp"] is not None, 7 in count_lists(row, left=True)) == (
        mode == "global", mode == "main_list",
    )  # fmt: skip
    assert any("opts the person out of" in warning for warning in prepared.warnings)


async def test_a_field_that_sets_off_the_rule_is_told(tmp_path: Path) -> None:
    """A custom field that is set for other reasons would opt people out unseen."""
    rule = {"field": "status", "operator": "!=", "value": "active"}
    world = build_world(tmp_path, **ALLOWED, unsubscribe_rule=rule)
    off = {"email": "a@example.com", "custom_fields": [{"key": "status", "value": "away"}]}
    on = {"email": "a@example.com", "custom_fields": [{"key": "status", "value": "active"}]}

    assert any("opts" in each for each in (await prepare(world, command("upsertSubscriber", fields=off))).warnings)
    assert not any("opts" in each for each in (await prepare(world, command("upsertSubscriber", fields=on))).warnings)


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


# --- what the page says -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"allow_creation": False}, {"createSubscriber"}),
        ({"allow_updates": False}, {"updateSubscriber", "setListMembership", "unsubscribe"}),
        ({"allow_anonymization": False}, {"anonymizeSubscriber"}),
        ({"allow_messages": False}, {"sendMessage"}),
        ({"allow_events": False}, {"logEvent", "logEvents"}),
        ({"allow_partition_creation": False, "allow_partition_updates": False}, {"upsertPartition"}),
        ({"allow_retrieval": False}, {"createSubscriber", "updateSubscriber"}),
        ({"openapi": None}, {"createSubscriber", "updateSubscriber", "anonymizeSubscriber", "upsertPartition"}),
    ],
)
def test_switches_are_capabilities(changes: dict[str, Any], missing: set[str]) -> None:
    """A call that the endpoint refuses would be offered, or one that it takes hidden."""
    everything = set(ADAPTER.build_writes(build_settings(**ALLOWED)))
    left = set(ADAPTER.build_writes(build_settings(**{**ALLOWED, **changes})))

    assert everything - left == missing
    assert len(everything) == 11


def test_the_adapter_writes(world: World) -> None:
    """The graph would find nothing to write with."""
    assert isinstance(world.adapter, WritesRecords)


async def test_new_people_join_what_the_page_names(tmp_path: Path) -> None:
    """A person would be on lists that nobody had mentioned."""
    world = build_world(tmp_path, **ALLOWED, main_list_id=5, other_list_ids=[6, 7])

    new = await prepare(world, command("upsertSubscriber", fields={"email": "new@example.com"}))
    known = await prepare(world, command("upsertSubscriber", fields={"email": THOMAS.email}))

    assert any("list 5, 6, 7" in each for each in new.warnings)
    assert not any("list 5" in each for each in known.warnings)


async def test_a_switch_that_is_off_at_taguchi_alone_is_told(tmp_path: Path) -> None:
    """A refusal must be one, with the vendor's words."""
    world = build_world(tmp_path, {"allow_creation": False}, **ALLOWED)

    result = await send(world, command("createSubscriber", fields={"email": "new@example.com"}))

    assert (result.outcome, type(result.error)) == (Outcome.REJECTED, VendorAuthError)
    assert result.error.vendor_message == "This endpoint does not allow profile creation"


@pytest.mark.parametrize(
    ("rules", "broken"),
    [
        ({"email": {"required": True, "pattern": "@example\\.com$"}, "firstname": {"maxLength": 3}}, None),
        ({"email": {"pattern": "@other"}}, "email"),
        ({"lastname": {"required": True}}, "lastName"),
        ({"firstname": {"minLength": 3}}, "firstName"),
        ({"custom.tier": {"enum": ["silver"]}}, "custom.tier"),
        ({"custom": {"properties": {"tier": {"type": "number"}}}}, "custom.tier"),
        ({"type": "object", "required": ["postcode"], "properties": {}}, "postcode"),
    ],
)
async def test_the_pages_validation_is_checked_before(
    tmp_path: Path, rules: dict[str, Any], broken: str | None
) -> None:
    """Taguchi would refuse it after all, or nobody would know why."""
    world = build_world(tmp_path, **ALLOWED, validation=rules)
    fields = {"email": "a@example.com", "first_name": "Al", "custom_fields": [{"key": "tier", "value": "gold"}]}
    asked = command("upsertSubscriber", fields=fields)

    if broken is None:
        assert (await send(world, asked)).outcome is Outcome.APPLIED
        return
    with pytest.raises(InputError) as caught:
        await prepare(world, asked)
    assert (caught.value.reason, caught.value.path) == ("VALIDATION", ("input", "fields", broken))


async def test_rules_that_are_not_understood_are_said(tmp_path: Path) -> None:
    """A guess would refuse good people, or pass bad ones in silence."""
    world = build_world(tmp_path, **ALLOWED, validation={"email": {"checkdigit": 7}, "ref": 5})

    prepared = await prepare(world, command("upsertSubscriber", fields={"email": "a@example.com"}))

    assert [each for each in prepared.warnings if "not understood" in each] == [
        "The endpoint's validation of email has a rule `checkdigit` that is not understood here; Taguchi checks it.",
        "The endpoint's validation of ref has a rule that is not understood here; Taguchi checks it.",
    ]


async def test_a_refused_item_says_what_the_vendor_said(world: World) -> None:
    """400 with the vendor's message, and nothing changed."""
    world.sandbox.store.people[int(THOMAS_ID)].sent.add("ref")

    result = await send(world, command("updateSubscriber", target=THOMAS_ID, fields={"title": "Dr"}))

    assert (result.outcome, type(result.error)) == (Outcome.REJECTED, VendorRejectedError)
    assert isinstance(result.error, FacadeError)
    assert find(world, THOMAS.email)["title"] != "Dr"
