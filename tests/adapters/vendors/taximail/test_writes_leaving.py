"""Opting people out, and putting them on a list or taking them off."""

import pytest

from adapters.contract import Outcome
from adapters.errors import ConsentError, InputError, VendorRejectedError
from adapters.sandbox import Fault
from adapters.vendors.taximail.sandbox.seed import BEGIN
from tests.adapters.vendors.taximail.written import (
    build_writing_world,
    command,
    forms,
    lines,
    prepare,
    send,
)

BELOW = "/v2/list/314/subscribers"
IMPORT, COMMIT = f"POST {BELOW}/import", f"GET {BELOW}/{{key_import}}/commit/{{token}}"


async def test_an_opt_out_names_the_person_by_address():
    """Source: Unsubscribing, Example Request."""
    world = build_writing_world()

    result = await send(world, command("unsubscribe", target="314/3"))

    assert (lines(world), forms(world)) == ([f"POST {BELOW}/unsubscribe"], [[("email", "john@example.com")]])
    assert (result.outcome, result.id) == (Outcome.APPLIED, "314/3")
    assert world.sandbox.store.lists[314].contacts[3].status == "Unsubscribed"
    assert "on other lists the address stays" in result.warnings[0]


async def test_a_contact_without_an_address_cannot_be_opted_out():
    """The call names the person by address alone."""
    world = build_writing_world()
    world.sandbox.store.lists[314].contacts[3].email = ""

    with pytest.raises(InputError) as caught:
        await prepare(world, command("unsubscribe", target="314/3"))

    assert (caught.value.path, lines(world)) == (("input", "id"), [])


async def test_an_opt_out_by_address_is_from_every_list():
    """A person who wants no mail has not said from which list."""
    world = build_writing_world()
    for list_id, status in ((402, "Subscribed"), (517, "Unsubscribed")):
        world.sandbox.store.add_list("Other", list_id=list_id).add("John@example.com", BEGIN).status = status

    result = await send(world, command("unsubscribe", by_email={"email": "john@example.com"}))

    assert lines(world) == [f"POST /v2/list/{each}/subscribers/unsubscribe" for each in (314, 402)]
    assert result.outcome is Outcome.APPLIED
    assert "The person has left list 517 already." in result.warnings


@pytest.mark.parametrize(
    ("refused", "outcome", "left"),
    [
        ([402], Outcome.MIXED, [314, 517]),
        ([517], Outcome.MIXED, [314, 402]),
        ([314, 402, 517], Outcome.REJECTED, []),
    ],
)
async def test_a_list_that_refuses_keeps_nobody_on_the_others(refused, outcome, left):
    """Whoever wants no mail would go on getting it from every list behind the first that refuses."""
    world = build_writing_world()
    for list_id in (402, 517):
        world.sandbox.store.add_list("Other", list_id=list_id).add("john@example.com", BEGIN)
    for list_id in refused:
        world.sandbox.faults.add(Fault("status", match=f"list/{list_id}/subscribers/unsubscribe", status=400))

    result = await send(world, command("unsubscribe", by_email={"email": "john@example.com"}))

    assert len(lines(world)) == 3
    assert (result.outcome, sorted(result.facts)) == (outcome, [f"list {each}" for each in left])
    assert isinstance(result.error, VendorRejectedError)


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        (command("setListMembership", target="314/3", list_id="314", subscribed=False), [f"POST {BELOW}/unsubscribe"]),
        (command("setListMembership", target="314/5", list_id="314", subscribed=False), []),
        (command("setListMembership", target="314/3", list_id="314"), []),
        (
            command("setListMembership", by_email={"email": "new@example.com"}, list_id="314"),
            [IMPORT, COMMIT],
        ),
        (command("setListMembership", by_email={"email": "new@example.com"}, list_id="314", subscribed=False), []),
    ],
    ids=["leaves", "has left", "is on it", "joins", "was never on it"],
)
async def test_a_place_on_a_list_is_set(asked, sent):
    """What is as asked for already is not sent."""
    world = build_writing_world()

    result = await send(world, asked)

    assert (result.outcome, lines(world)) == (Outcome.APPLIED, sent)


async def test_a_contact_of_one_list_joins_another():
    """By the address alone: what one list knows of a person is not the other's."""
    world = build_writing_world()
    world.sandbox.store.add_list("Other", list_id=402)

    result = await send(world, command("setListMembership", target="314/3", list_id="402"))

    assert (result.id, result.record.email) == ("402/1", "john@example.com")
    assert world.sandbox.store.lists[402].contacts[1].values == {}


@pytest.mark.parametrize(("rejoins", "outcome"), [(True, Outcome.APPLIED), (False, Outcome.REJECTED)])
async def test_who_had_left_rejoins_only_with_consent_and_only_if_the_list_shows_it(rejoins, outcome):
    """Whether an import lets anybody rejoin is not documented: it is looked at, never assumed."""
    world = build_writing_world(imports_rejoin=rejoins)
    asked = {"target": "314/5", "list_id": "314"}

    with pytest.raises(ConsentError) as caught:
        await prepare(world, command("setListMembership", **asked))
    result = await send(world, command("setListMembership", consent="asked at the fair", **asked))

    assert caught.value.path == ("input", "consent")
    assert result.outcome is outcome
    assert (result.error.reason if result.error else None) == (None if rejoins else "STAYS_UNSUBSCRIBED")
