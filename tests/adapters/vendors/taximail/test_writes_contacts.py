"""One contact: made, changed and deleted; and every write read back."""

from typing import Any

import pytest

from adapters.contract import FindsPeople, Outcome, WritesRecords
from adapters.errors import ConsentError, IdError, InputError, NotFoundError, VendorConflictError
from adapters.records import Entity
from adapters.vendors.taximail import ADAPTER
from adapters.vendors.taximail.sandbox.seed import BEGIN
from tests.adapters.vendors.taximail.world import World, build_settings, scope
from tests.adapters.vendors.taximail.written import (
    Notes,
    build_writing_world,
    command,
    forms,
    lines,
    look_again,
    prepare,
    send,
    writes,
)

BELOW = "/v2/list/314/subscribers"
IMPORT, COMMIT = f"POST {BELOW}/import", f"GET {BELOW}/{{key_import}}/commit/{{token}}"
ON_LIST = [{"list_id": "314"}]


def creating(kind: str = "createSubscriber", *, consent: str | None = None, **fields: Any) -> Any:
    """A person to be made on the list of the examples."""
    return command(kind, consent=consent, fields={"email": "ann@example.com", "memberships": ON_LIST} | fields)


def changing(target: str = "314/3", *, relied: dict[str, Any] | None = None, **fields: Any) -> Any:
    """A contact to be changed."""
    more = {"if_unchanged": relied} if relied else {}
    return command("updateSubscriber", target=target, fields=fields, **more)


def number(value: Any, key: str = "custom_field_210", **more: Any) -> list[dict[str, Any]]:
    """A custom field of an input."""
    return [{"key": key, "value": value, **more}]


async def read(world: World, id_: str) -> Any:
    """A contact as the adapter reads it."""
    return (await world.adapter.fetch_by_ids(Entity.SUBSCRIBER, [id_], scope(), parts=frozenset(), purpose="t"))[id_]


def values(world: World, contact: int) -> dict[str, str]:
    """What the vendor holds of a contact."""
    found: dict[str, str] = world.sandbox.store.lists[314].contacts[contact].values
    return found


async def test_a_person_is_made_read_changed_and_deleted():
    """A round trip: what was written is what is read, until it is gone."""
    world = build_writing_world()

    made = await send(world, creating(first_name="Ann", custom_fields=number("089")))
    shown = await read(world, made.id)
    changed = await send(world, changing(made.id, last_name="Doe", custom_fields=number(None)))
    again = await read(world, made.id)
    gone = await send(world, command("deleteContacts", items=[{"id": made.id}]))

    assert {made.outcome, changed.outcome, gone.outcome} == {Outcome.APPLIED}
    assert (made.id, made.record.email, shown.email, shown.first_name) == (
        "314/6",
        "ann@example.com",
        "ann@example.com",
        "Ann",
    )
    assert [(each.key, each.value) for each in shown.custom_fields][1] == ("custom_field_210", "089")
    assert (again.first_name, again.last_name, [each.value for each in again.custom_fields][1]) == ("Ann", "Doe", "")
    assert await read(world, made.id) is None


async def test_a_person_who_is_there_is_not_made_again():
    """Asked for by other letters too, and never changed by it."""
    world = build_writing_world()

    with pytest.raises(VendorConflictError) as caught:
        await prepare(world, creating(email="JOHN@example.com"))

    assert (caught.value.reason, writes(world)) == ("ALREADY_THERE", [])


async def test_a_person_made_by_somebody_else_meanwhile_stays_as_they_are():
    """The import leaves who is there unchanged, and its counts say so."""
    world = build_writing_world()
    prepared = await prepare(world, creating(first_name="Ann"))
    world.sandbox.store.lists[314].add("ann@example.com", BEGIN, firstname="Anna")

    result = await world.adapter.send_write(prepared, scope(), Notes())

    assert (result.outcome, result.error.reason, result.facts["duplicate"]) == (Outcome.REJECTED, "ALREADY_THERE", 1)
    assert values(world, 6) == {"firstname": "Anna"}


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        (command("createSubscriber", fields={"email": "a@example.com"}), "fields.memberships"),
        (creating(memberships=ON_LIST * 2), "fields.memberships"),
        (creating(memberships=[{"list_id": "x"}]), "fields.memberships.0.listId"),
        (creating(memberships=[{"list_id": "314", "option": "x"}]), "fields.memberships.0.option"),
        (creating(memberships=[{"list_id": "314", "subscribed": False}]), "fields.memberships.0"),
        (command("createSubscriber", fields={"memberships": ON_LIST}), "fields.email"),
        (creating(email="a b@example.com"), "fields.email"),
        (creating(ref="r1"), "fields.ref"),
        (creating(custom_fields=number("x", "custom_field_9")), "fields.customFields.0.value"),
        (creating(custom_fields=number(None, typed=[1])), "fields.customFields.0.typed"),
        (creating(first_name="a|:|b"), "fields.firstName"),
        (changing(email="other@example.com"), "fields.email"),
        (changing(memberships=ON_LIST), "fields.memberships"),
        (changing(first_name="x", relied={"memberships": ON_LIST}), "ifUnchanged.memberships"),
        (changing(phone="1"), "fields.phone"),
        (changing("314", first_name="x"), "id"),
        (changing("314/x", first_name="x"), "id"),
        (command("updateSubscriber", fields={}), "id"),
        (command("updateSubscriber", by_email={"email": "john@example.com"}, fields={}), "byEmail.listId"),
        (command("updateSubscriber", by_email={"email": "john", "list_id": "314"}, fields={}), "byEmail.email"),
        (command("setListMembership", target="314/3"), "listId"),
        (command("setListMembership", target="314/3", list_id="314", option="x"), "option"),
        (command("deleteContacts"), "ids"),
        (command("unsubscribe", target="314/3", cause="link"), "cause"),
        (command("unsubscribe", by_email={"email": "john@example.com", "project_id": "1"}), "byEmail.projectId"),
        (command("importSubscribers", list_id="314", taguchi={"name": "x"}), "taguchi"),
        (creating(sendios={"vip": True}), "fields.sendios"),
        (command("deleteContacts", items=[{"id": "314/3"}, {"id": "314/2"}, {"id": "314/3"}]), "ids.2"),
        (command("deleteContacts", items=[{"id": "314/3"}, {"id": "7"}]), "ids.1"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
async def test_what_cannot_be_written_is_refused_with_its_place(asked, path):
    """Before anything is sent, and never half of it."""
    world = build_writing_world()

    with pytest.raises(InputError) as caught:
        await prepare(world, asked)

    assert (".".join(map(str, caught.value.path)), writes(world)) == (f"input.{path}", [])


async def test_an_update_is_the_document_s_example():
    """Source: Updating, Example Request."""
    world = build_writing_world()
    fields = number("Adam doe", "custom_field_208") + number("089-1234567")

    prepared = await prepare(world, changing(custom_fields=fields))
    result = await send(world, changing(custom_fields=fields))

    assert lines(world) == [f"PUT {BELOW}/3"]
    assert forms(world) == [
        [("custom_field[CustomField208]", "Adam doe"), ("custom_field[CustomField210]", "089-1234567")]
    ]
    assert (result.outcome, result.id) == (Outcome.APPLIED, "314/3")
    assert prepared.before == {"customFields": {"custom_field_208": "Mr. John Smith", "custom_field_210": ""}}
    assert prepared.after == {"customFields": {"custom_field_208": "Adam doe", "custom_field_210": "089-1234567"}}


async def test_only_what_changes_is_sent():
    """What is as asked for already is left alone, and nothing is sent where that is everything."""
    world = build_writing_world()

    await send(world, changing(first_name="Jon", last_name="Smith"))
    nothing = await send(world, changing(first_name="Jon", email="john@example.com"))

    assert forms(world) == [[("custom_field[CustomFieldfirstname]", "Jon")]]
    assert (nothing.outcome, nothing.warnings) == (Outcome.APPLIED, ("Everything is as asked for already.",))


@pytest.mark.parametrize(("typed", "text"), [(True, "true"), (False, "false"), (7, "7"), (1.5, "1.5"), ("x", "x")])
async def test_typed_values_are_written_as_the_vendor_takes_them(typed, text):
    """Source: vendors/facts.md, 3.3."""
    world = build_writing_world()

    await send(world, changing(custom_fields=number(None, typed=typed)))

    assert values(world, 3)["custom_field_210"] == text


async def test_a_person_is_named_by_address_and_list():
    """In whatever letters the list has it."""
    world = build_writing_world()
    asked = command(
        "updateSubscriber", by_email={"email": "JOHN@example.com", "list_id": "314"}, fields={"first_name": "Jon"}
    )

    result = await send(world, asked)

    assert (result.id, values(world, 3)["firstname"]) == ("314/3", "Jon")


async def test_a_change_is_refused_when_what_the_caller_relies_on_has_moved():
    """The names of what moved are told, not its values."""
    world = build_writing_world()
    relied = {"first_name": "Jim", "last_name": "Smith", "custom_fields": number("x", "custom_field_208")}

    with pytest.raises(VendorConflictError) as caught:
        await prepare(world, changing(first_name="Jon", relied=relied))
    await send(world, changing(first_name="Jon", relied={"first_name": "John", "custom_fields": number(None)}))

    assert (caught.value.reason, caught.value.code) == ("MOVED", "CONFLICT")
    assert caught.value.message == "Source 'shop' holds other values by now: firstName, custom_field_208."
    assert values(world, 3)["firstname"] == "Jon"


@pytest.mark.parametrize(
    "asked",
    [
        changing("314/99", first_name="x"),
        changing("999/1", first_name="x"),
        command("unsubscribe", target="314/99"),
        command("unsubscribe", by_email={"email": "nobody@example.com"}),
        command("unsubscribe", by_email={"email": "nobody@example.com", "list_id": "314"}),
        command("createSubscriber", fields={"email": "a@example.com", "memberships": [{"list_id": "999"}]}),
    ],
)
async def test_who_is_not_there_is_told_before_anything_is_sent(asked):
    """A stale id must not become another write."""
    world = build_writing_world()

    with pytest.raises(NotFoundError):
        await prepare(world, asked)

    assert writes(world) == []


async def test_an_upsert_makes_or_changes():
    """Who is known is changed by an update, which cannot touch what they agreed to."""
    world = build_writing_world()

    made = await send(world, creating("upsertSubscriber", first_name="Ann"))
    known = await send(world, creating("upsertSubscriber", email="Adam@example.com", first_name="A"))

    assert lines(world) == [IMPORT, COMMIT, f"PUT {BELOW}/2"]
    assert (made.id, known.id, values(world, 2)["firstname"]) == ("314/6", "314/2", "A")


async def test_an_upsert_of_who_has_left_needs_consent_or_leaves_them_off():
    """`subscribed: false` changes the values alone."""
    world = build_writing_world(imports_rejoin=True)
    off = [{"list_id": "314", "subscribed": False}]

    with pytest.raises(ConsentError):
        await prepare(world, creating("upsertSubscriber", email="mary@example.org", first_name="M"))
    await send(world, creating("upsertSubscriber", email="mary@example.org", first_name="M", memberships=off))

    assert lines(world) == [f"PUT {BELOW}/5"]
    assert world.sandbox.store.lists[314].contacts[5].status == "Unsubscribed"


async def test_contacts_are_deleted_list_by_list_by_a_token_that_works_once():
    """Source: Selecting and Deleting, Example Request."""
    world = build_writing_world()
    world.sandbox.store.add_list("Other", list_id=402).add("x@example.com", BEGIN)
    ids = ["314/2", "402/1", "314/3"]

    result = await send(world, command("deleteContacts", items=[{"id": each} for each in ids]))

    below = "/v2/list/402/subscribers/selection"
    assert lines(world) == [
        f"POST {BELOW}/selection",
        f"DELETE {BELOW}/selection/{{token}}",
        f"POST {below}",
        f"DELETE {below}/{{token}}",
    ]
    assert forms(world) == [[("subscribers_id", "2,3")], [("subscribers_id", "1")]]
    assert sorted((item.place, item.id, item.outcome) for item in result.items) == [
        (place, id_, Outcome.APPLIED) for place, id_ in enumerate(ids)
    ]
    assert list(world.sandbox.store.lists[314].contacts) == [1, 4, 5]


async def test_a_list_that_is_gone_stops_only_its_own_contacts():
    """Each list has a selection of its own."""
    world = build_writing_world()
    ids = ["999/1", "314/2"]

    result = await send(world, command("deleteContacts", items=[{"id": each} for each in ids]))

    assert [(item.place, item.outcome) for item in result.items] == [(0, Outcome.REJECTED), (1, Outcome.APPLIED)]
    assert result.items[0].error.reason == "LIST_NOT_FOUND"
    assert len(writes(world)) == 3


ROUND_TRIPS = {
    "created": creating(first_name="Ann"),
    "upserted": creating("upsertSubscriber", email="adam@example.com", first_name="A"),
    "changed": changing(first_name="Jon"),
    "opted out": command("unsubscribe", target="314/3"),
    "opted out everywhere": command("unsubscribe", by_email={"email": "john@example.com"}),
    "left": command("setListMembership", target="314/3", list_id="314", subscribed=False),
    "joined": command("setListMembership", by_email={"email": "new@example.com"}, list_id="314"),
    "deleted": command("deleteContacts", items=[{"id": "314/2"}, {"id": "314/3"}]),
    "imported": command("importSubscribers", list_id="314", items=[{"email": "ann@example.com", "first_name": "A"}]),
}


@pytest.mark.parametrize("asked", ROUND_TRIPS.values(), ids=ROUND_TRIPS)
async def test_reading_tells_whether_a_write_was_done(asked):
    """The read that each mutation names: UNKNOWN before it, APPLIED after it."""
    world = build_writing_world()

    before = await look_again(world, asked)
    await send(world, asked)
    after = await look_again(world, asked)

    assert (before.outcome, before.check is not None, after.outcome) == (Outcome.UNKNOWN, True, Outcome.APPLIED)


def test_every_write_is_declared_with_the_call_it_becomes():
    """What is printed of a source is what it can do; what it cannot do is refused with the reason."""
    abilities = ADAPTER.build_writes(build_settings())
    world = build_writing_world()

    assert {asked.kind for asked in ROUND_TRIPS.values()} == set(abilities)
    assert isinstance(world.adapter, WritesRecords | FindsPeople)
    assert isinstance(world.adapter, WritesRecords)
    assert not set(ADAPTER.refused_writes) & set(abilities)
    assert "resubscribe" in ADAPTER.refused_writes


@pytest.mark.parametrize(("option", "sends"), [(None, False), (True, False), (False, True)])
def test_an_import_that_mails_everybody_is_a_sending(option, sends):
    """It needs the scope for it."""
    ability = ADAPTER.build_writes(build_settings())["importSubscribers"]

    assert ability.sends({"taximail": {} if option is None else {"not_send_optin_email": option}}) is sends
    assert ability.sends({}) is False


async def test_an_id_of_another_shape_is_nobody_s():
    """It is never asked for."""
    world = build_writing_world()

    with pytest.raises(IdError):
        await prepare(world, command("deleteContacts", items=[{"id": "../3"}]))

    assert world.calls == 0
