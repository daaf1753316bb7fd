"""Items against the documents: profiles, events, messages, partitions, and the switches over them."""

from typing import Any

import pytest

from adapters.sandbox.cast import CAST
from adapters.vendors.taguchi_v5.sandbox import UnsubscribeRule, create_sandbox
from tests.adapters.vendors.taguchi_v5.sandbox_asking import NO_IDENTITY, OK, PROD, U1, ask, build, find, post

# --- profile items ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"organizationId": 1},
        {"organizationId": "482"},
        {"ref": None},
        {"ref": " "},
        {"firstname": 5},
        {"custom": []},
        {"lists": {}},
        {"lists": [{"listId": "12"}]},
        {"lists": [{"listId": 12, "unsubscribedTimestamp": "yesterday"}]},
        {"unsubscribedTimestamp": True},
    ],
    ids=str,
)
async def test_wrong_profiles_are_refused(changes: dict[str, Any]) -> None:
    """A lenient sandbox would let the adapter send what the vendor refuses."""
    sandbox = create_sandbox()

    (status,) = await post(sandbox, [{"profile": {**U1, **changes}}])

    assert status["code"] == 400
    assert find(sandbox, "u1") is None


@pytest.mark.parametrize("item", [{}, [], "profile", {"profile": U1, "event": {}}, {"person": U1}, {"profile": []}])
async def test_items_have_one_known_wrapper(item: Any) -> None:
    """Source: vendors/facts.md, 2.2: each item has one wrapper key."""
    assert [status["code"] for status in await post(create_sandbox(), [item])] == [400]


async def test_an_identifier_once_sent_is_required_later() -> None:
    """Source: vendors/facts.md, 2.2, identifier rule."""
    sandbox = create_sandbox()
    await post(sandbox, [{"profile": U1}])

    without, with_it = await post(
        sandbox,
        [
            {"profile": {"organizationId": 482, "ref": "u1", "firstname": "Jo"}},
            {"profile": {"organizationId": 482, "ref": "u1", "email": "jane@example.com", "firstname": "Joan"}},
        ],
    )

    assert (without, with_it) == (NO_IDENTITY, OK)
    kept = find(sandbox, "u1")
    assert kept is not None
    assert (kept["firstname"], kept["custom"]) == ("Joan", {"tier": "gold"})


async def test_people_are_found_by_what_the_page_says() -> None:
    """An update would create a second person."""
    sandbox = build(identify_by="email")
    before = len(sandbox.store.people)

    await post(sandbox, [{"profile": {"organizationId": 482, "email": CAST[0].email.upper(), "ref": "moved"}}])

    kept = find(sandbox, "moved")
    assert kept is not None
    assert (kept["lastname"], len(sandbox.store.people)) == ("Williams", before)


@pytest.mark.parametrize(
    ("options", "ref", "code"),
    [
        ({"allow_creation": False}, "u1", 403),
        ({"allow_creation": False}, "crm-000001", 200),
        ({"allow_updates": False}, "crm-000001", 403),
        ({"allow_updates": False}, "u1", 200),
    ],
)
async def test_creation_and_updates_have_switches(options: dict[str, Any], ref: str, code: int) -> None:
    """A source's switches could not be tested against it."""
    (status,) = await post(build(**options), [{"profile": {"organizationId": 482, "ref": ref}}])

    assert status["code"] == code


async def test_new_people_join_the_lists_of_the_page() -> None:
    """Source: Add subscriber profiles to main list, and to other lists."""
    sandbox = build(main_list_id=5, other_list_ids=(6, 7))

    await post(sandbox, [{"profile": {"organizationId": 482, "ref": "u1", "lists": [{"listId": 6}]}}])

    kept = find(sandbox, "u1")
    assert kept is not None
    assert [each["listId"] for each in kept["lists"]] == [5, 6, 7]


@pytest.mark.parametrize(
    ("operator", "sent", "leaves"),
    [("==", "no", True), ("==", "yes", False), ("!=", "yes", True), ("!=", "no", False), ("!=", None, False)],
)
@pytest.mark.parametrize("mode", ["global", "main_list"])
async def test_a_custom_field_unsubscribes(mode: Any, operator: Any, sent: str | None, leaves: bool) -> None:
    """Source: Custom field to unsubscribe subscribers; it must be part of the request."""
    rule = UnsubscribeRule("optin", operator, "no")
    sandbox = build(unsubscribe_rule=rule, unsubscribe_mode=mode, main_list_id=5)

    custom = {} if sent is None else {"optin": sent}
    await post(sandbox, [{"profile": {"organizationId": 482, "ref": "u1", "custom": custom}}])

    kept = find(sandbox, "u1")
    assert kept is not None
    left = kept["unsubscribedTimestamp"], kept["lists"][0]["unsubscribedTimestamp"]
    now = "2025-01-17T00:00:00Z" if leaves else None
    assert left == ((now, None) if mode == "global" else (None, now))


# --- events and messages ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ({"id": 121_293_458}, 200),
        ({"email": "THOMAS_1@example.com"}, 200),
        ({"email": "unknown@example.com", "phone": "+61489701378"}, 200),
        ({"ref": "crm-000001"}, 200),
        ({"ref": "CRM-000001"}, 404),
        ({"id": 1}, 404),
        ({}, 400),
        ({"id": True}, 400),
        ("crm-000001", 400),
    ],
    ids=str,
)
async def test_targets_are_found(target: Any, code: int) -> None:
    """Source: vendors/facts.md, 2.2, target objects."""
    (status,) = await post(create_sandbox(), [{"event": {"target": target, "type": "p"}}])

    assert status["code"] == code


async def test_the_same_item_is_dropped_within_the_window() -> None:
    """Source: Request deduplication period (sec)."""
    sandbox = build(deduplication_s=60)
    item = {"event": {"target": {"ref": "crm-000001"}, "type": "p", "data": {"total": 1}}}

    await post(sandbox, [item])
    await post(sandbox, [item])
    sandbox.clock.advance(60)
    await post(sandbox, [item])

    assert len(sandbox.store.events) == 2


@pytest.mark.parametrize(
    ("options", "message", "code"),
    [
        ({}, {"activityId": 1209}, 200),
        ({}, {}, 400),
        ({"trigger_activity_id": 1209}, {}, 200),
        ({"trigger_activity_id": 1209}, {"activityId": 1209}, 200),
        ({"trigger_activity_id": 1209}, {"activityId": 7}, 400),
        ({"allow_messages": False}, {"activityId": 1209}, 403),
    ],
)
async def test_messages_are_sent_as_the_page_allows(options: dict[str, Any], message: Any, code: int) -> None:
    """Source: Allow messages to be sent; Trigger activity ID."""
    sandbox = build(**options)

    (status,) = await post(sandbox, [{"message": {"target": {"ref": "crm-000001"}, **message}}])

    assert status["code"] == code
    assert len(sandbox.store.messages) == (code == 200)


@pytest.mark.parametrize(("allowed", "code"), [(False, 403), (True, 200)])
async def test_unsubscribed_people_get_messages_only_if_allowed(allowed: bool, code: int) -> None:
    """Source: Allow messages to be sent to unsubscribed users."""
    sandbox = build(allow_unsubscribed_messages=allowed)
    left = next(row for row in sandbox.store.rows if row["unsubscribedTimestamp"])

    (status,) = await post(sandbox, [{"message": {"target": {"id": left["id"]}, "activityId": 1}}])

    assert status["code"] == code


async def test_events_have_a_switch() -> None:
    """A source's switch could not be tested against it."""
    (status,) = await post(build(allow_events=False), [{"event": {"target": {"ref": "crm-000001"}, "type": "p"}}])

    assert status["code"] == 403


# --- reads, anonymising, partitions: inferred -------------------------------------------------------------------------


async def test_a_profile_is_read_by_its_identity_or_id() -> None:
    """Nothing could be looked up."""
    sandbox = build(identify_by="phone")

    by_phone = await ask(sandbox, "GET", f"{PROD}/subscriber?phone=0489%20701%20378")
    by_id = await ask(sandbox, "GET", f"{PROD}/subscriber?id=121293458")

    assert by_phone.json() == by_id.json()
    assert by_phone.json()["ref"] == "crm-000001"


@pytest.mark.parametrize(
    ("query", "status"),
    [("ref=nobody", 404), ("email=thomas_1%40example.com", 400), ("", 400), ("ref=a&id=1", 400), ("id=x", 400)],
)
async def test_other_reads_are_refused(query: str, status: int) -> None:
    """A look-up by something else could seem to work."""
    reply = await ask(create_sandbox(), "GET", f"{PROD}/subscriber?{query}")

    assert (reply.status_code, reply.json()["code"]) == (status, status)


async def test_retrieval_has_a_switch() -> None:
    """A source's switch could not be tested against it."""
    reply = await ask(build(allow_retrieval=False), "GET", f"{PROD}/subscriber?ref=crm-000001")

    assert reply.status_code == 403


async def test_anonymizing_leaves_nobody() -> None:
    """Source: Allow anonymization; what remains is inferred."""
    sandbox = create_sandbox()

    assert (await ask(sandbox, "DELETE", f"{PROD}/subscriber?ref=crm-000001")).json() == OK
    row = sandbox.store.people[121_293_458].row
    assert {row["ref"], row["email"], row["lastname"]} == {None}
    assert (await ask(sandbox, "GET", f"{PROD}/subscriber?ref=crm-000001")).status_code == 404
    refused = await ask(build(allow_anonymization=False), "DELETE", f"{PROD}/subscriber?ref=crm-000001")
    assert refused.status_code == 403


async def test_partitions_are_read_and_written() -> None:
    """Source: Identify partitions by; Allow partition retrieval/creation/updates."""
    sandbox = create_sandbox()
    path = f"{PROD}/partition"

    statuses = await post(
        sandbox,
        [{"partition": {"ref": "perth", "name": "Perth"}}, {"partition": {"ref": "sydney", "name": "S"}}, {}],
        path,
    )

    assert [status["code"] for status in statuses] == [200, 200, 400]
    assert (await ask(sandbox, "GET", f"{path}?ref=perth")).json()["name"] == "Perth"
    assert (await ask(sandbox, "GET", f"{path}?id=72")).json()["name"] == "S"
    assert (await ask(sandbox, "GET", f"{path}?ref=nowhere")).status_code == 404


@pytest.mark.parametrize(
    ("options", "ref", "code"),
    [
        ({"allow_partition_creation": False}, "perth", 403),
        ({"allow_partition_updates": False}, "sydney", 403),
        ({"allow_partition_creation": False}, "sydney", 200),
    ],
)
async def test_partitions_have_switches(options: dict[str, Any], ref: str, code: int) -> None:
    """A source's switches could not be tested against it."""
    (status,) = await post(build(**options), [{"partition": {"ref": ref}}], f"{PROD}/partition")

    assert status["code"] == code


async def test_partition_retrieval_has_a_switch() -> None:
    """A source's switch could not be tested against it."""
    reply = await ask(build(allow_partition_retrieval=False), "GET", f"{PROD}/partition?ref=sydney")

    assert reply.status_code == 403
