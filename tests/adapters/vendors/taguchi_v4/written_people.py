"""A person, and the lists she is on: what the writes about people start from."""

from typing import Any

from tests.adapters.vendors.taguchi_v4.world import World, build_world

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


def build_people() -> World:
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
