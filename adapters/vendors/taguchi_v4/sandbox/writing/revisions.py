"""
Revisions made by a write: what a record's `revisions` brings that is new.

Source: taguchi-v4-api.txt, Revisions of activities and templates. An entry without an id is a new revision; one with an
id is the saved one sent back, and stays as it is [inferred]. New ones may be approved already (Activity Resource,
introduction: "create them in the approved state").
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from adapters.vendors.taguchi_v4.sandbox.columns import TEXT, Column
from adapters.vendors.taguchi_v4.sandbox.options import SandboxOptions
from adapters.vendors.taguchi_v4.sandbox.refusals import Refusal, bad_request
from adapters.vendors.taguchi_v4.sandbox.store import Store

from .fields import read_key, read_value

APPROVED_WORDS = ("approved", "deployed")
_FRAGMENT = re.compile(r"<fragment\b(?P<attributes>[^>]*)>")
_ATTRIBUTE = re.compile(r"(?P<name>[\w-]+)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')")
MOST_COMBINATIONS = 1_000

Items = list[dict[str, Any]]


def add_revisions(
    store: Store, options: SandboxOptions, resource: str, held: Sequence[Mapping[str, Any]], *, given: Any, now: str
) -> Items:
    """
    Return a record's revisions with the new ones behind those it has.

    Raises:
        Refusal: 400 for what is no list of revisions, 403 for one in the approved state without the privilege.
    """
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise bad_request("revisions is not a list of objects")
    known = {item["id"] for item in held}
    new = []
    for item in given:
        if item.get("id") is None:
            new.append(item)
        elif read_key(item["id"], "revision id") not in known:
            raise bad_request("The revision is not this record's")
    numbers = itertools.count(1 + _last_id(store, resource, "id"))
    build = _build_activity_revision if resource == "activity" else _build_template_revision
    if any(item.get("approval_status") is not None for item in new):
        check_privilege(options)
    return [*map(dict, held), *(build(store, item, next(numbers), now) for item in new)]


def check_privilege(options: SandboxOptions) -> None:
    """Refuse, with 403, a caller who may not approve. Source: Activity Resource, introduction; the status is ours."""
    if not options.may_approve:
        raise Refusal(HTTPStatus.FORBIDDEN, "No privilege to approve activities.")


def _build_template_revision(store: Store, item: Mapping[str, Any], number: int, now: str) -> dict[str, Any]:
    del store
    return {
        "id": number,
        "timestamp": now,
        **{name: read_value(Column(name, TEXT), item.get(name), now) for name in ("content", "format")},
    }


def _build_activity_revision(store: Store, item: Mapping[str, Any], number: int, now: str) -> dict[str, Any]:
    status = item.get("approval_status")
    if status not in {None, *APPROVED_WORDS}:
        raise bad_request(f"approval_status must be one of {', '.join(APPROVED_WORDS)}")
    template_revision = item.get("template_revision_id")
    revision_id = None if template_revision is None else read_key(template_revision, "template_revision_id")
    return {
        "id": number,
        "content": read_value(Column("content", TEXT), item.get("content"), now),
        "template_revision_id": revision_id,
        "approval_status": status,
        "timestamp": now,
        "combinations": _build_combinations(store, revision_id),
    }


def _build_combinations(store: Store, template_revision_id: int | None) -> Items:
    """
    Build one combination for every choice of a fragment from each group of the template; one alone without groups.

    Source: Activity Resource, Revisions, combinations. The fragments are looked for in the stylesheet itself, since no
    transform is run here.
    """
    groups: dict[str, list[str]] = {}
    for attributes in _find_fragments(_find_stylesheet(store, template_revision_id)):
        if "group" in attributes and "id" in attributes:
            groups.setdefault(attributes["group"], []).append(attributes["id"])
    choices = itertools.islice(itertools.product(*(groups[name] for name in sorted(groups))), MOST_COMBINATIONS)
    first = 1 + _last_id(store, "activity", "combinations")
    return [{"id": first + place, "fragment_ids": "|".join(choice) or None} for place, choice in enumerate(choices)]


def _find_fragments(stylesheet: str) -> list[dict[str, str]]:
    return [
        {each["name"]: each["double"] or each["single"] or "" for each in _ATTRIBUTE.finditer(found["attributes"])}
        for found in _FRAGMENT.finditer(stylesheet)
    ]


def _find_stylesheet(store: Store, revision_id: int | None) -> str:
    every = (item for row in store.rows("template") for item in row["revisions"])
    return next((item["content"] or "" for item in every if item["id"] == revision_id), "")


def _last_id(store: Store, resource: str, name: str) -> int:
    """The largest id of a resource's revisions, or of their combinations."""
    revisions = [item for row in store.every_row(resource) for item in row["revisions"]]
    if name == "id":
        return max((item["id"] for item in revisions), default=0)
    return max((part["id"] for item in revisions for part in item[name]), default=0)
