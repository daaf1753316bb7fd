"""People: what is sent of them, what is never undone, and what is read back."""

from typing import Any

import pytest

from adapters.contract import Outcome
from adapters.errors import ConsentError, InputError
from adapters.records import SubscriberRecord
from tests.adapters.vendors.taguchi_v4.world import World, scope
from tests.adapters.vendors.taguchi_v4.written import Notes, command, prepare, send, writes
from tests.adapters.vendors.taguchi_v4.written_people import LEFT, ada, build_people, list_states


@pytest.fixture
def world() -> World:
    """An account with one person and three lists."""
    return build_people()


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


# --- one person, several spellings ------------------------------------------------------------------------------------


async def test_an_upsert_finds_whom_it_is_about_in_another_spelling(world: World) -> None:
    """Taguchi compares letter by letter, so a second record would be made, which has opted out of nothing."""
    joining = {"email": "ADA@Example.org", "memberships": [{"list_id": "6"}]}
    with pytest.raises(ConsentError) as refused:
        await prepare(world, command("upsertSubscriber", fields=joining))
    assert refused.value.path == ("input", "fields", "memberships", 0)

    result = await send(
        world, command("upsertSubscriber", fields={"email": "ADA@Example.org", "first_name": "Augusta"})
    )

    assert (result.id, ada(world)["firstname"], ada(world)["email"]) == ("7", "Augusta", "ada@example.org")
    assert any("another spelling" in warning for warning in result.warnings)
    assert world.sandbox.store.row("subscriber", 8) is None


@pytest.mark.parametrize("flag", ["unsubscribed", "bounced"])
@pytest.mark.parametrize(
    ("kind", "target", "fields"),
    [
        ("createSubscriber", None, {"email": "Ada@example.org"}),
        ("createSubscriber", None, {"email": "ada@example.org"}),
        ("updateSubscriber", 8, {"email": "ada@EXAMPLE.org"}),
        ("upsertSubscriber", None, {"ref": "crm-8", "email": "ADA@example.org"}),
    ],
)
async def test_the_address_of_somebody_who_left_is_nobody_elses_without_consent(
    world: World, flag: str, kind: str, target: int | None, fields: dict[str, str]
) -> None:
    """A second record of the address, which nobody has opted out, would be mailed."""
    world.sandbox.store.insert("subscriber", {"ref": "crm-8", "email": "bob@example.org"})
    world.sandbox.store.update("subscriber", 7, {flag: LEFT})

    with pytest.raises(ConsentError) as refused:
        await prepare(world, command(kind, target, fields=fields))
    assert refused.value.path == ("input", "fields", "email")

    result = await send(world, command(kind, target, "asked at the till", fields=fields))
    assert result.outcome is Outcome.APPLIED


async def test_a_second_record_joins_no_list_that_the_first_has_left(world: World) -> None:
    """Who left a list would be on it again, under the same address."""
    fields = {"email": "Ada@example.org", "memberships": [{"list_id": "5"}, {"list_id": "6"}]}

    with pytest.raises(ConsentError, match="left the list 6"):
        await prepare(world, command("createSubscriber", fields=fields))


async def test_an_opt_out_finds_its_person_in_another_spelling(world: World) -> None:
    """Who asks to be left alone would be told that nobody knows the address."""
    result = await send(world, command("unsubscribe", by_email={"email": "ADA@example.org"}))

    assert (result.outcome, result.id) == (Outcome.APPLIED, "7")
    assert ada(world)["unsubscribed"]
