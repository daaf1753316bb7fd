"""
What the database behind the vendor would refuse: a second record of one reference, and references to nothing.

Source: taguchi-v4-api.txt, Common Fields, ref: unique; Error Handling, 400: a resource conflict. For people, e-mail is
unique where `ref` is null (vendors/facts.md, 1.3). Removed records keep their reference [inferred: they are only
marked].
"""

from collections.abc import Mapping
from typing import Any

from adapters.vendors.taguchi_v4.sandbox.refusals import bad_request
from adapters.vendors.taguchi_v4.sandbox.store import Store
from adapters.vendors.taguchi_v4.sandbox.tables import Key

POINTERS = {"campaign_id": "campaign", "template_id": "template", "success_event_ref": "event"}


def check_clashes(store: Store, resource: str, key: Key | None, record: Mapping[str, Any]) -> None:
    """
    Refuse a record, as it would be, that another one stands in the way of.

    Raises:
        Refusal: 400, a resource conflict.
    """
    ref, email = record.get("ref"), record.get("email")
    marked = resource != "subscriber"  # people are not removed by marking them
    if ref is not None and store.find_by(resource, {"ref": str(ref)}, but=key, deleted=marked) is not None:
        raise bad_request(f"Resource conflict: another {resource} has this ref")
    if resource == "subscriber" and ref is None and email is not None:
        twin = store.find_by(resource, {"email": str(email), "ref": None}, but=key)
        if twin is not None:
            raise bad_request("Resource conflict: another subscriber has this email")


def check_pointers(store: Store, changes: Mapping[str, Any]) -> None:
    """Refuse changes that name records which never were; raises as `check_clashes`."""
    for name, resource in POINTERS.items():
        value = changes.get(name)
        if value is not None and not store.exists(resource, value):
            raise bad_request(f"Resource conflict: {name} {value} does not exist")
    for item in changes.get("lists", ()):
        if not store.exists("list", item["list_id"]):
            raise bad_request(f"Resource conflict: list {item['list_id']} does not exist")
