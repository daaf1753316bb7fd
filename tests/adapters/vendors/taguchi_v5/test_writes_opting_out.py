"""Joining, leaving and opting out through the whole adapter against the sandbox."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import Outcome
from adapters.errors import (
    ConsentError,
)
from adapters.records import MembershipState
from adapters.sandbox.cast import CAST
from adapters.vendors.taguchi_v5.sandbox import UnsubscribeRule
from tests.adapters.vendors.taguchi_v5.world import World, build_world
from tests.adapters.vendors.taguchi_v5.written import (
    ALLOWED,
    bodies,
    command,
    look_again,
    prepare,
    send,
    writes,
)

THOMAS = CAST[0]
THOMAS_ID = "121293458"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An endpoint that allows everything."""
    return build_world(tmp_path, **ALLOWED)


def find(world: World, email: str) -> dict[str, Any]:
    """What the vendor holds of a person."""
    return next(row for row in world.sandbox.store.rows if (row["email"] or "").lower() == email)


def count_lists(row: dict[str, Any], *, left: bool) -> list[int]:
    return [each["listId"] for each in row["lists"] if (each["unsubscribedTimestamp"] is not None) is left]


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


async def test_the_time_of_leaving_is_the_time_of_sending(world: World) -> None:
    """A preview would name a second at which nothing is sent, and a caller's own words would become a time."""
    fields = {
        "email": THOMAS.email,
        "title": "{now}",
        "memberships": [{"list_id": "5", "subscribed": False}],
    }
    asked = command("updateSubscriber", target=THOMAS_ID, fields=fields)

    prepared = await prepare(world, asked)
    await send(world, asked)

    (shown,) = prepared.requests
    profile, sent = shown.body[0]["profile"], bodies(world)[0][0]["profile"]
    assert profile["lists"] == [{"listId": 5, "unsubscribedTimestamp": "{now}"}]
    assert datetime.fromisoformat(sent["lists"][0]["unsubscribedTimestamp"]) <= datetime.now(UTC)
    assert profile["title"] == sent["title"] == "{now}"
