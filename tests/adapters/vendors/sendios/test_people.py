"""People by id, by address and across projects; parts of their records; what the vendor makes of addresses."""

import dataclasses
from typing import Any

import pytest

from adapters.contract import ChildrenQuery, PersonMatch, PersonQuery
from adapters.errors import CapabilityError, VendorAuthError, VendorContractError, VendorError
from adapters.records import Entity, SubscriberRecord
from adapters.sandbox.cast import CAST
from adapters.vendors.sendios.extensions import (
    EXTENSIONS,
    SendiosOptOut,
    SendiosStoredFields,
    SendiosSubscriber,
    SendiosTypeOptOut,
)
from adapters.vendors.sendios.parts import PARTS
from adapters.vendors.sendios.sandbox import SandboxOptions
from tests.adapters.vendors.sendios.world import SUBSCRIBER, World, build_world, scope

HARRY = CAST[1]
"""One of the cast who is in both projects."""


async def find_people(world: World, **query: Any) -> tuple[PersonMatch, ...]:
    return await world.adapter.fetch_people(PersonQuery(**query), scope(), purpose="test")


async def test_everybody_is_read_as_the_vendor_holds_them() -> None:
    """A field read under another's name would show in somebody of the made-up people."""
    world = build_world()
    users = list(world.sandbox.store.users)

    found = await world.load(*(str(user.id) for user in users))

    for user in users:
        record = found[str(user.id)]
        assert isinstance(record, SubscriberRecord)
        assert isinstance(record.extension, SendiosSubscriber)
        assert (record.email, record.gender, record.country) == (user.email, user.gender, user.country)
        assert {each.key for each in record.custom_fields} == set(user.custom_fields)
        assert (record.extension.name, record.extension.ak) == (user.name, user.ak)
        assert (record.extension.sends, len(record.extension.sent_mails)) == (user.sends, len(user.mails))
        assert record.unsubscribed is (user.opt_out is not None)
    assert len(world.lines) == len(users)


async def test_ids_cost_a_call_each_and_the_same_one_once() -> None:
    """There is no read of several people, so none must be asked for twice."""
    world = build_world()

    found = await world.load("8424", "5", "8424", "nobody", "../8424")

    assert [found["5"], found["nobody"], found["../8424"]] == [None, None, None]
    assert sorted(world.lines) == ["GET /v1/user/id/5", "GET /v1/user/id/8424"]
    assert world.adapter.count_loads(SUBSCRIBER, 100) == (100, 100)


@pytest.mark.parametrize("email", ["a/b@example.net", "who?+x#y%41@example.net", "ÿÿÿ~~~@example.net"])
async def test_awkward_addresses_are_found(email: str) -> None:
    """An address is one segment of the path, whatever it holds."""
    world = build_world()

    (record,) = (await world.look_up(email))[email]

    assert record.email == email
    assert {field.key: field.value for field in record.custom_fields} == {
        "id": "1",
        "": "nameless",
        "big": "9007199254740993",
    }


async def test_addresses_are_compared_without_case_and_with_plus_tags() -> None:
    """Another letter case is the same person, a plus-tag is another one."""
    world = build_world()

    found = await world.look_up("THOMAS_1@example.com", "thomas_1+shop@example.com", "thomas@example.com")

    plain, tagged = found["THOMAS_1@example.com"][0], found["thomas_1+shop@example.com"][0]
    assert plain.id != tagged.id
    assert (plain.extension.name, tagged.extension.name) == ("Thomas Williams", "Not Thomas")
    assert found["thomas@example.com"] == ()


async def test_person_is_found_in_every_project_by_one_call_each() -> None:
    """A person is another user in each project; projects are asked side by side."""
    world = build_world()

    matches = await find_people(world, email=HARRY.email, ref="someone else")

    assert [match.record.extension.project_title for match in matches if match.record.extension] == ["Shop", "Club"]  # type: ignore[attr-defined] # the vendor's own
    assert {match.reasons for match in matches} == {("EMAIL",)}
    assert len(world.lines) == len(world.settings.projects)


async def test_nobody_is_nobody() -> None:
    """An address nobody has is no failure."""
    assert await find_people(build_world(), email="nobody@example.net") == ()


async def test_person_in_another_project_is_not_looked_for() -> None:
    """The settings say in which projects people are looked up."""
    outlet = build_world(projects=[9])

    assert await find_people(build_world(), email="jo23lu56@gmail.com") == ()
    assert len(await find_people(outlet, email="jo23lu56@gmail.com")) == 1


@pytest.mark.parametrize(
    ("query", "word"), [({"phone": "+61489701378"}, "telephone"), ({"ref": "crm-000001"}, "client_user_id")]
)
async def test_look_ups_the_vendor_lacks_are_refused_before_a_call(query: dict[str, str], word: str) -> None:
    """Nobody found would be a lie."""
    world = build_world()

    with pytest.raises(CapabilityError, match=word):
        await find_people(world, **query)
    with pytest.raises(CapabilityError, match=word):
        await world.adapter.fetch_by_values(
            SUBSCRIBER, next(iter(query)), ["x"], scope(), parts=frozenset(), purpose="test"
        )
    assert world.lines == []


async def test_one_failing_project_fails_the_person() -> None:
    """Half an answer would look like a whole one."""
    world = build_world()
    world.strike("status", match="/project/2/", status=401)

    with pytest.raises(VendorAuthError):
        await find_people(world, email=HARRY.email)
    found = await world.look_up(HARRY.email)
    assert isinstance(found[HARRY.email], VendorAuthError)


async def test_somebody_else_is_never_shown() -> None:
    """The vendor corrects addresses and may answer with whom it likes."""
    world = build_world()
    world.strike("retyped_field", match="/email/", field="email", value="neighbour@example.net")
    world.strike("retyped_field", match="/id/", field="id", value=7)

    assert (await world.look_up(HARRY.email))[HARRY.email] == ()
    found = (await world.load("8424"))["8424"]
    assert isinstance(found, VendorContractError)
    assert found.reason == "RECORD_OTHER"


async def test_another_projects_person_is_never_shown() -> None:
    """A reply about another project is not what was asked for."""
    world = build_world()
    world.strike("retyped_field", match="/project/1/", field="project_id", value=2)

    found = (await world.look_up(HARRY.email))[HARRY.email]

    assert isinstance(found, VendorContractError)


async def test_numbers_as_text_and_further_fields_change_nothing() -> None:
    """The same people from a server that prints otherwise."""
    plain, texts = build_world(), build_world(options=SandboxOptions(numbers_as_text=True))
    texts.strike("extra_field", field="surprise", value={"a": [1]})

    for user_id in ("8424", "1186147003", "1186147040"):
        assert await plain.load_one(user_id) == await texts.load_one(user_id)
        assert await plain.read_part("stored_fields", user_id) == await texts.read_part("stored_fields", user_id)


async def test_person_who_cannot_be_read_fails_alone_and_is_counted() -> None:
    """A changed field must be seen by the operator, and hide nobody else."""
    world = build_world()
    world.strike("retyped_field", match="/8424", field="sends", value={"many": 1})
    spent = scope()

    found = await world.adapter.fetch_by_ids(
        SUBSCRIBER, ["8424", "1186147003"], spent, parts=frozenset(), purpose="test"
    )

    assert isinstance(found["8424"], VendorContractError)
    assert found["8424"].reason == "RECORD_UNREADABLE"
    assert isinstance(found["1186147003"], SubscriberRecord)
    assert [call.unreadable for call in spent.calls] == [{("subscriber", "sends"): 1}, {}]


@pytest.mark.parametrize("kind", ["html", "empty", "truncate"])
async def test_bad_bodies_are_errors(kind: str) -> None:
    """A maintenance page is no missing person."""
    world = build_world()
    world.strike(kind)

    found = (await world.load("8424"))["8424"]

    assert isinstance(found, VendorContractError)


def opted_out_user(world: World) -> str:
    return next(
        str(user.id) for user, out in world.sandbox.store.opted_out() if out.source_id == 17 and out.reason is None
    )


async def test_parts_cost_a_call_for_each_person() -> None:
    """Each part by itself, batched over people, matched by their ids."""
    world = build_world()
    user_id = opted_out_user(world)
    found = {name: await world.read_part(name, "8424", user_id, "5", "x") for name in PARTS}

    assert len(world.lines) == 3 * len(PARTS)
    assert all((part["5"], part["x"]) == (None, None) for part in found.values())
    states, reasons = found["unsubscribe_state"], found["unsubscribe_reason"]
    assert states["8424"] == SendiosOptOut(unsubscribed=False)
    assert (states[user_id].unsubscribed, states[user_id].source_number, states[user_id].cause) == (True, 17, None)
    assert (reasons["8424"], reasons[user_id]) == (None, "Unknown")
    assert found["type_opt_outs"]["8424"][1] == SendiosTypeOptOut(type_id="3", name="Popular now", unsubscribed=False)
    assert isinstance(found["stored_fields"]["8424"], SendiosStoredFields)


@pytest.mark.parametrize("depth", ["result", "data"])
async def test_stored_fields_are_found_in_both_depths(depth: Any) -> None:
    """The old guide and recorded replies differ."""
    world = build_world(options=SandboxOptions(fields_depth=depth), platform_table="faq")
    user = next(user for user in world.sandbox.store.users if user.list_id and user.platform_id == 3)

    found = (await world.read_part("stored_fields", str(user.id)))[str(user.id)]

    assert (found.list_id, found.platform, found.client_user_id) == (str(user.list_id), "Mobile", user.client_user_id)
    assert {each.key for each in found.custom_fields} == set(user.custom_fields)


async def test_failing_part_fails_its_person_alone() -> None:
    """One person's trouble must not hide others."""
    world = build_world()
    world.strike("json", match="isunsub/5", body='{"_meta":{"status":"ERROR"},"data":{"error":"Broken"}}')

    found = await world.read_part("unsubscribe_state", "5", "8424")

    assert isinstance(found["5"], VendorError)
    assert found["8424"] == SendiosOptOut(unsubscribed=False)


async def test_part_of_somebody_else_is_never_shown() -> None:
    """Consent of another person would be the worst mistake of all."""
    world = build_world()
    body = '{"_meta":{"status":"SUCCESS"},"data":{"result":{"user_id":7,"project_id":1}}}'
    world.strike("json", match="isunsub/8424", body=body)
    world.strike("retyped_field", match="userfields/", field="id", value=7)

    for part in ("unsubscribe_state", "stored_fields"):
        found = (await world.read_part(part, "8424"))["8424"]
        assert isinstance(found, VendorContractError)
        assert found.reason == "RECORD_OTHER"


async def test_unknown_parts_are_refused() -> None:
    """A typing error must not be an empty part."""
    with pytest.raises(CapabilityError):
        await build_world().read_part("mood", "8424")


def test_parts_are_those_the_extension_marks() -> None:
    """A part nobody can read, or a reader nobody can reach."""
    fields = SendiosSubscriber.__dataclass_fields__.values()

    assert {field.name for field in fields if field.metadata.get("part")} == set(PARTS)


def test_fields_that_tell_who_a_person_is_are_marked() -> None:
    """Unmarked, they are shown to callers without the scope."""
    marked = {name for name, field in SendiosSubscriber.__dataclass_fields__.items() if field.metadata.get("pii")}

    assert {"ak", "age", "name", "photo", "webpush", "last_payment", "promotion_opt_out"} == marked
    (note,) = (field for field in dataclasses.fields(SendiosOptOut) if field.name == "message")
    assert note.metadata.get("pii"), "free text about a person"
    for extension in EXTENSIONS.values():
        for field in dataclasses.fields(extension.type):
            assert field.metadata["description"].endswith(".")


async def test_checked_address_comes_corrected() -> None:
    """What a mail would go to, and why an address is none."""
    adapter = build_world().adapter
    good = await adapter.fetch_email_check(" Anna@gmial.com,", scope(), purpose="test")
    bad = await adapter.fetch_email_check("Test@Example.com", scope(), purpose="test")

    assert (good.email, good.corrected, good.valid, good.reason) == (" Anna@gmial.com,", "Anna@gmail.com", True, None)
    assert (good.provider, good.domain, good.trusted) == ("Google", "gmail.com", True)
    assert (bad.corrected, bad.valid, bad.reason, bad.trusted) == ("Test@Example.com", False, "mx_record", False)


@pytest.mark.parametrize(
    "data", ['{"valid":true,"orig":"other@example.net","email":"other@example.net"}', "[]", '{"email":"a@b.c"}', "null"]
)
async def test_verdicts_on_something_else_are_refused(data: str) -> None:
    """A verdict on another address, or none at all."""
    world = build_world()
    world.strike("json", body=f'{{"_meta":{{"status":"SUCCESS"}},"data":{data}}}')

    with pytest.raises(VendorContractError):
        await world.adapter.fetch_email_check("anna@gmail.com", scope(), purpose="test")


async def test_check_is_sent_again_after_a_failure() -> None:
    """It changes nothing, though it is a POST."""
    world = build_world()
    world.strike("status", status=502, times=1)

    assert (await world.adapter.fetch_email_check("anna@gmail.com", scope(), purpose="test")).valid is True
    assert len(world.lines) == 2


async def test_what_the_vendor_does_not_tell_is_refused() -> None:
    """Lists, campaigns and children: an empty answer would be a lie."""
    adapter = build_world().adapter
    lists = await adapter.fetch_by_ids(Entity.LIST, ["1"], scope(), parts=frozenset(), purpose="test")

    assert isinstance(lists["1"], CapabilityError)
    assert await adapter.fetch_children(ChildrenQuery(SUBSCRIBER, "campaign_id", ("1",)), scope()) == {}
    with pytest.raises(CapabilityError):
        await adapter.fetch_by_values(Entity.LIST, "ref", ["x"], scope(), parts=frozenset(), purpose="test")
    with pytest.raises(CapabilityError):
        await adapter.fetch_parts(Entity.LIST, "size", ["1"], scope(), purpose="test")


def test_unknown_people_can_be_planned() -> None:
    """`explain` shows the calls without making them."""
    adapter = build_world().adapter
    urls = [adapter.plan_load(SUBSCRIBER, name, 2, frozenset()).url for name in ("id", "email")]

    assert urls == ["/v1/user/id/%E2%80%A6", "/v1/user/project/1/email/%E2%80%A6"]
    with pytest.raises(CapabilityError):
        adapter.plan_load(SUBSCRIBER, "ref", 1, frozenset())
    with pytest.raises(CapabilityError):
        adapter.plan_load(Entity.LIST, "id", 1, frozenset())
