"""People: what is sent of them, what is never undone, and what is read back."""

from typing import Any

import pytest

from adapters.contract import Outcome
from adapters.errors import ConsentError, FacadeError, InputError, NotFoundError, VendorConflictError
from adapters.memory import Memory
from adapters.records import Entity, SubscriberRecord
from adapters.sandbox import Fault
from tests.adapters.vendors.taguchi_v4.world import World, build_world, scope
from tests.adapters.vendors.taguchi_v4.written import Notes, command, look_again, prepare, send, writes

LEFT = "2023-01-01T00:00:00"
JOINED = "2020-01-01T00:00:00"
ADA: dict[str, Any] = {
    "id": 7,
    "ref": "crm-7",
    "email": "ada@example.org",
    "firstname": "Ada",
    "dob": "1970-04-01",
    "extra": '{"a": 1}',
    "cluster_id": 3,
    "user_class_id": 1,
    "lists": [
        {"list_id": 5, "timestamp": JOINED, "option": "weekly"},
        {"list_id": 6, "timestamp": JOINED, "unsubscribed": LEFT},
    ],
    "custom_fields": [{"field": "pets", "data": "2"}],
}
LISTS = [{"id": number, "name": f"List {number}"} for number in (5, 6, 8)]


@pytest.fixture
def world() -> World:
    """An account with one person and three lists."""
    return build_world({"list": LISTS, "subscriber": [ADA]})


def ada(world: World) -> dict[str, Any]:
    """What the vendor holds of her."""
    row = world.sandbox.store.row("subscriber", 7)
    assert row is not None
    return row


def list_states(world: World, key: int = 7) -> dict[int, bool]:
    """On which lists somebody is, by their ids; lists that were left are false."""
    row = world.sandbox.store.row("subscriber", key) or {}
    return {each["list_id"]: each["unsubscribed"] is None for each in row["lists"]}


# --- what goes out ----------------------------------------------------------------------------------------------------


async def test_create(world: World) -> None:
    """One POST with one record in an array; every documented field arrives under the vendor's name."""
    plain = {
        "ref": "n-1", "email": "new@example.org", "title": "Ms", "phone": "1", "mobile": "2", "gender": "F",
        "address": "a", "address2": "b", "address3": "c", "suburb": "s", "state": "VIC", "country": "AU",
        "postcode": "3000", "notifications": "n", "extra": "e", "data": "<d/>",
    }  # fmt: skip
    ours = {"first_name": "New", "last_name": "Comer", "birth_date": "2000-02-29", "cluster_id": "3"}
    fields = {**plain, **ours, "custom_fields": [{"key": "pets", "value": None}]}
    memberships = [{"list_id": "5", "subscribed": True, "option": "daily"}, {"list_id": "6", "subscribed": False}]

    result = await send(world, command("createSubscriber", fields={**fields, "memberships": memberships}))

    wire = {"firstname": "New", "lastname": "Comer", "dob": "2000-02-29", "cluster_id": 3}
    parts = {
        "lists": [{"list_id": 5, "unsubscribed": None, "option": "daily"}],
        "custom_fields": [{"field": "pets", "data": None}],
    }
    assert writes(world) == [("subscriber/?_method=POST", {**plain, **wire, **parts})]
    assert (result.outcome, result.id) == (Outcome.APPLIED, "8")
    assert isinstance(result.record, SubscriberRecord)
    assert (result.record.email, result.record.memberships[0].list_id) == ("new@example.org", "5")
    assert result.warnings == ("List 6: the person is not on it already.",)


async def test_update_sends_the_whole_record(world: World) -> None:
    """What is left out of a PUT may be emptied: everything that can be written goes back, and nothing else."""
    result = await send(world, command("updateSubscriber", 7, fields={"last_name": "King", "extra": None}))

    ((line, body),) = writes(world)
    assert line == "subscriber/7?_method=PUT"
    assert body["id"] == 7
    assert (body["lastname"], body["extra"], body["firstname"], body["cluster_id"]) == ("King", None, "Ada", 3)
    assert body["custom_fields"] == []
    read_only = {"organization_id", "user_class_id", "campaign_id", "import_id", "social_rating", "social_profile"}
    assert not {"lists", "unsubscribed", "bounced", *read_only} & set(body)
    assert result.outcome is Outcome.APPLIED
    assert (ada(world)["lastname"], ada(world)["extra"], len(ada(world)["lists"])) == ("King", None, 2)


async def test_update_keeps_an_opt_out(world: World) -> None:
    """An opt-out that is there goes back as it is, and one that came meanwhile is not overwritten by nothing."""
    world.sandbox.store.update("subscriber", 7, {"unsubscribed": LEFT})
    prepared = await prepare(world, command("updateSubscriber", 7, fields={"first_name": "A"}))
    assert prepared.requests[0].body[0]["unsubscribed"] == LEFT

    world.sandbox.store.update("subscriber", 7, {"unsubscribed": None})
    late = await prepare(world, command("updateSubscriber", 7, fields={"first_name": "B"}))
    world.sandbox.store.update("subscriber", 7, {"unsubscribed": LEFT, "bounced": LEFT})
    await world.adapter.send_write(late, scope(), Notes())
    assert (ada(world)["firstname"], ada(world)["unsubscribed"], ada(world)["bounced"]) == ("B", LEFT, LEFT)


async def test_upsert_sends_what_is_given(world: World) -> None:
    """CREATEORUPDATE leaves alone what is not sent, so nothing else is."""
    fields = {"ref": "crm-7", "last_name": "King", "custom_fields": [{"key": "shoes", "value": "44"}]}

    result = await send(world, command("upsertSubscriber", fields=fields))

    body = {"ref": "crm-7", "lastname": "King", "custom_fields": [{"field": "shoes", "data": "44"}]}
    assert writes(world) == [("subscriber/?_method=CREATEORUPDATE", body)]
    assert (result.outcome, result.id, ada(world)["firstname"]) == (Outcome.APPLIED, "7", "Ada")


async def test_upsert_makes_whom_nobody_knows(world: World) -> None:
    """Somebody new is made, with the lists that were asked for."""
    fields = {"email": "new@example.org", "memberships": [{"list_id": "5"}]}

    result = await send(world, command("upsertSubscriber", fields=fields))

    assert (result.id, list_states(world, 8)) == ("8", {5: True})


async def test_upsert_does_not_take_a_reference_away(world: World) -> None:
    """Taguchi would find her by the e-mail address and give her another reference."""
    with pytest.raises(InputError, match="another `ref`") as refused:
        await prepare(world, command("upsertSubscriber", fields={"ref": "other", "email": "ada@example.org"}))

    assert (refused.value.reason, refused.value.path) == ("REF_TAKEN", ("input", "fields", "ref"))


# --- consent ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "values", "path"),
    [
        ("setListMembership", {"list_id": "6", "subscribed": True}, ("input",)),
        (
            "updateSubscriber",
            {"fields": {"memberships": [{"list_id": "5"}, {"list_id": "6"}]}},
            ("input", "fields", "memberships", 1),
        ),
        (
            "upsertSubscriber",
            {"fields": {"ref": "crm-7", "memberships": [{"list_id": "6"}]}},
            ("input", "fields", "memberships", 0),
        ),
        ("resubscribe", {}, ("input", "consent")),
    ],
)
async def test_nobody_rejoins_without_consent(
    world: World, kind: str, values: dict[str, Any], path: tuple[Any, ...]
) -> None:
    """Whoever left has left: it is refused before anything is sent, and done when the basis is told."""
    world.sandbox.store.update("subscriber", 7, {"unsubscribed": LEFT})
    target = None if kind == "upsertSubscriber" else 7

    with pytest.raises(ConsentError) as refused:
        await prepare(world, command(kind, target, **values))
    assert refused.value.path == path

    result = await send(world, command(kind, target, "asked at the till", **values))
    assert result.outcome is Outcome.APPLIED
    if kind == "resubscribe":
        assert ada(world)["unsubscribed"] is None
    else:
        assert (list_states(world), ada(world)["unsubscribed"]) == ({5: True, 6: True}, LEFT)


@pytest.mark.parametrize(
    "values",
    [
        {"list_id": "8", "subscribed": False},
        {"list_id": "5", "subscribed": True},
        {"list_id": "5", "subscribed": True, "option": "weekly"},
        {"list_id": "6", "subscribed": False},
    ],
    ids=["leave a list one is not on", "join where one is", "with the same text", "leave twice"],
)
async def test_what_is_so_already_is_not_sent(world: World, values: dict[str, Any]) -> None:
    """A bare list_id puts people on lists, so nothing is sent that need not be."""
    before = ada(world)

    result = await send(world, command("setListMembership", 7, **values))

    assert (result.outcome, result.id, len(result.warnings)) == (Outcome.APPLIED, "7", 1)
    assert writes(world) == []
    assert ada(world) == before


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"list_id": "8", "subscribed": True}, {"list_id": 8, "unsubscribed": None}),
        ({"list_id": "5", "subscribed": True, "option": "x"}, {"list_id": 5, "unsubscribed": None, "option": "x"}),
        ({"list_id": "6", "subscribed": False, "option": "x"}, {"list_id": 6, "unsubscribed": LEFT, "option": "x"}),
    ],
    ids=["join", "another text", "another text of who has left"],
)
async def test_memberships_say_everything(world: World, values: dict[str, Any], expected: dict[str, Any]) -> None:
    """Each is sent with its `unsubscribed`: without it Taguchi would put the person on the list."""
    await send(world, command("setListMembership", 7, **values))

    ((_, body),) = writes(world)
    assert body["lists"] == [expected]
    assert list_states(world)[6] is False


async def test_leaving_a_list(world: World) -> None:
    """The time of leaving is now, and shows as a placeholder before."""
    prepared = await prepare(world, command("setListMembership", 7, list_id="5", subscribed=False))

    assert prepared.requests[0].body[0]["lists"] == [{"list_id": 5, "unsubscribed": "{now}"}]
    assert prepared.before == {"memberships": [{"listId": "5", "subscribed": True, "option": "weekly"}]}
    assert prepared.after == {"memberships": [{"listId": "5", "subscribed": False, "option": "weekly"}]}
    await send(world, command("setListMembership", 7, list_id="5", subscribed=False))
    assert list_states(world) == {5: False, 6: False}


@pytest.mark.parametrize("how", [{"target": 7}, {"by_email": {"email": "ada@example.org"}}])
async def test_opting_out(world: World, how: dict[str, Any]) -> None:
    """By id or by e-mail address; the second time the first time stays."""
    first = await send(world, command("unsubscribe", **how))
    since = ada(world)["unsubscribed"]
    second = await send(world, command("unsubscribe", **how))

    assert (first.outcome, second.outcome, second.warnings) == (
        Outcome.APPLIED,
        Outcome.APPLIED,
        ("The person has opted out already.",),
    )
    assert writes(world) == []
    assert since is not None
    assert ada(world)["unsubscribed"] == since


async def test_a_bounce_stays_unless_said(world: World) -> None:
    """Opting in again says nothing of the address."""
    world.sandbox.store.update("subscriber", 7, {"unsubscribed": LEFT, "bounced": LEFT})
    await send(world, command("resubscribe", 7, "form"))
    assert (ada(world)["unsubscribed"], ada(world)["bounced"]) == (None, LEFT)

    await send(world, command("resubscribe", 7, "form", clear_bounce=True))
    assert ada(world)["bounced"] is None


# --- what is relied on ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("relied", "moved"),
    [
        ({"first_name": "Ada", "birth_date": "1970-04-01", "cluster_id": "3", "phone": None}, None),
        ({"first_name": "Eve", "extra": "x"}, "firstName, extra"),
        ({"custom_fields": [{"key": "pets", "value": "2"}]}, None),
        ({"custom_fields": [{"key": "pets", "value": "3"}]}, "customFields.pets"),
        ({"memberships": [{"list_id": "6", "subscribed": False}, {"list_id": "8", "subscribed": False}]}, None),
        ({"memberships": [{"list_id": "6", "subscribed": True}]}, "memberships.6"),
    ],
)
async def test_if_unchanged(world: World, relied: dict[str, Any], moved: str | None) -> None:
    """A field that moved refuses the write before it is sent, by name and never by value."""
    asked = command("updateSubscriber", 7, fields={"title": "Ms"}, if_unchanged=relied)
    if moved is None:
        assert (await send(world, asked)).outcome is Outcome.APPLIED
        return
    with pytest.raises(VendorConflictError, match=f"holds other values by now: {moved}") as refused:
        await prepare(world, asked)
    assert (refused.value.code, refused.value.reason) == ("CONFLICT", "MOVED")


async def test_before_and_after(world: World) -> None:
    """A dry run shows what changes, by the graph's names."""
    fields = {"first_name": "A", "birth_date": None, "custom_fields": [{"key": "pets", "value": "3"}]}
    prepared = await prepare(world, command("updateSubscriber", 7, fields=fields))

    assert prepared.before == {
        "firstName": "Ada",
        "birthDate": "1970-04-01",
        "customFields": [{"key": "pets", "value": "2"}],
    }
    assert prepared.after == {"firstName": "A", "birthDate": None, "customFields": [{"key": "pets", "value": "3"}]}


async def test_reads_before_a_write_are_never_remembered(world: World) -> None:
    """A record that is sent back whole must be the one of this moment."""
    remembering = scope()
    remembering.memory = Memory()
    for name in ("A", "B"):
        world.sandbox.store.update("subscriber", 7, {"firstname": name})
        asked = command("updateSubscriber", 7, fields={"title": "Ms"})
        prepared = await world.adapter.prepare_write(asked, remembering, purpose="test")
        assert prepared.requests[0].body[0]["firstname"] == name


# --- bad input --------------------------------------------------------------------------------------------------------

REFUSED: list[tuple[str, Any, dict[str, Any], type[FacadeError], tuple[Any, ...]]] = [
    ("createSubscriber", None, {"fields": {"email": "no address"}}, InputError, ("input", "fields", "email")),
    ("updateSubscriber", 7, {"fields": {"email": "a b@c"}}, InputError, ("input", "fields", "email")),
    ("updateSubscriber", 7, {"fields": {"cluster_id": "x"}}, InputError, ("input", "fields", "clusterId")),
    ("updateSubscriber", None, {"fields": {}}, InputError, ("input", "id")),
    ("updateSubscriber", 99, {"fields": {}}, NotFoundError, ()),
    ("setListMembership", 99, {"list_id": "5"}, NotFoundError, ()),
    ("unsubscribe", None, {"by_email": {"email": "nobody@example.org"}}, NotFoundError, ()),
    ("upsertSubscriber", None, {"fields": {"first_name": "A"}}, InputError, ("input", "fields")),
    ("setListMembership", 7, {"list_id": "five"}, InputError, ("input", "listId")),
    ("setListMembership", 7, {"list_id": "99999999999"}, InputError, ("input", "listId")),
    (
        "updateSubscriber",
        7,
        {"fields": {"memberships": [{"list_id": "5"}, {"list_id": "05", "subscribed": False}]}},
        InputError,
        ("input", "fields", "memberships", 1, "listId"),
    ),
    (
        "updateSubscriber",
        7,
        {"fields": {"custom_fields": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]}},
        InputError,
        ("input", "fields", "customFields", 1, "key"),
    ),
    ("updateSubscriber", 7, {"fields": {"title": "\ud800"}}, InputError, ()),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case[0]} {case[2]}"[:60])
async def test_bad_input(
    world: World, case: tuple[str, Any, dict[str, Any], type[FacadeError], tuple[Any, ...]]
) -> None:
    """It is refused before the vendor is written to, by its place in the input."""
    kind, target, values, error, path = case
    with pytest.raises(error) as refused:
        await prepare(world, command(kind, target, **values))

    assert getattr(refused.value, "path", ()) == path


async def test_several_people_of_one_address(world: World) -> None:
    """Which of them is meant is not guessed."""
    for ref in ("x", "y"):
        world.sandbox.store.insert("subscriber", {"ref": ref, "email": "twins@example.org"})

    for kind, values in (
        ("upsertSubscriber", {"fields": {"email": "twins@example.org"}}),
        ("unsubscribe", {"by_email": {"email": "twins@example.org"}}),
    ):
        with pytest.raises(InputError, match="Several people"):
            await prepare(world, command(kind, None, **values))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (command("createSubscriber", fields={"ref": "crm-7"}), "Resource conflict: another subscriber has this ref"),
        (
            command("updateSubscriber", 7, fields={"memberships": [{"list_id": "77"}]}),
            "Resource conflict: list 77 does not exist",
        ),
    ],
)
async def test_the_vendor_refuses(world: World, asked: Any, said: str) -> None:
    """400 is REJECTED, with the vendor's words."""
    result = await send(world, asked)

    assert (result.outcome, result.error.code if result.error else None) == (Outcome.REJECTED, "VENDOR_REJECTED")
    assert getattr(result.error, "vendor_message", None) == said


async def test_an_answer_with_other_values_is_told(world: World) -> None:
    """A field that the vendor did not take must not look written."""
    world.sandbox.faults.add(Fault("retyped_field", field="title", value="Dr", match="_method=PUT"))

    result = await send(world, command("updateSubscriber", 7, fields={"title": "Ms", "phone": "1"}))

    assert result.warnings == ("Taguchi's answer shows another value than was sent: title.",)


# --- read back --------------------------------------------------------------------------------------------------------

WRITTEN = [
    command(
        "createSubscriber", fields={"ref": "n", "email": "n@example.org", "custom_fields": [{"key": "a", "value": "1"}]}
    ),
    command("createSubscriber", fields={"email": "n@example.org", "birth_date": "1999-12-31"}),
    command("updateSubscriber", 7, fields={"title": "Ms", "cluster_id": "4"}),
    command("updateSubscriber", 7, fields={"memberships": [{"list_id": "5", "subscribed": False}]}),
    command("upsertSubscriber", fields={"ref": "n", "memberships": [{"list_id": "5"}]}),
    command("upsertSubscriber", fields={"ref": "crm-7", "title": "Ms"}),
    command("setListMembership", 7, list_id="8", subscribed=True),
    command("setListMembership", 7, list_id="5", subscribed=False),
    command("setListMembership", 7, "form", list_id="6", subscribed=True),
    command("unsubscribe", 7),
    command("unsubscribe", by_email={"email": "ada@example.org"}),
]


@pytest.mark.parametrize("asked", WRITTEN, ids=lambda asked: f"{asked.kind} {dict(asked.values)}"[:60])
async def test_read_back(world: World, asked: Any) -> None:
    """Before the write nothing says that it was done, after it everything does."""
    before = await look_again(world, asked)
    assert before.outcome in {Outcome.REJECTED, Outcome.UNKNOWN}
    assert before.outcome is not Outcome.UNKNOWN or before.check

    sent = await send(world, asked)
    after = await look_again(world, asked)

    assert (after.outcome, after.id) == (Outcome.APPLIED, sent.id)
    assert after.record is not None


async def test_read_back_of_opting_in(world: World) -> None:
    """The flag tells."""
    world.sandbox.store.update("subscriber", 7, {"unsubscribed": LEFT})
    asked = command("resubscribe", 7, "form")
    assert (await look_again(world, asked)).outcome is Outcome.REJECTED
    await send(world, asked)
    assert (await look_again(world, asked)).outcome is Outcome.APPLIED


async def test_read_back_without_a_key(world: World) -> None:
    """Without reference and address nobody can know."""
    found = await look_again(world, command("createSubscriber", fields={"first_name": "A"}))

    assert (found.outcome, found.check is not None) == (Outcome.UNKNOWN, True)


async def test_round_trip(world: World) -> None:
    """Create, read back, update, read back, leave, read back: people cannot be removed."""
    made = await send(world, command("createSubscriber", fields={"ref": "n", "first_name": "A"}))
    changed = await send(world, command("updateSubscriber", made.id, fields={"first_name": "B", "ref": "m"}))
    await send(world, command("unsubscribe", made.id))

    id_ = str(changed.id)
    read = await world.adapter.fetch_by_ids(Entity.SUBSCRIBER, [id_], scope(), parts=frozenset(), purpose="")
    record = read[id_]
    assert isinstance(record, SubscriberRecord)
    assert (record.ref, record.first_name, record.subscription) == ("m", "B", "UNSUBSCRIBED")
