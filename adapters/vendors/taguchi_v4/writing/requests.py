"""
The requests of writes.

Source: taguchi-v4-api.txt, Operations of each resource; vendors/facts.md, 1.2, 1.3 and 1.8.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from adapters.errors import InputError
from adapters.records import Entity
from adapters.transport.client import VendorRequest
from adapters.transport.urls import quote_segment
from adapters.vendors.taguchi_v4.resources import RESOURCES

METHOD: Final = "_method"
_ACCEPT: Final = ("Accept", "application/json")
_CONTENT: Final = ("Content-Type", "application/json")

Fields = Mapping[str, Any]


def build_write(
    entity: Entity,
    method: str,
    id_: str | None,
    fields: Fields | None,
    *,
    purpose: str,
    params: tuple[tuple[str, str], ...] = (),
) -> VendorRequest:
    """
    Build `POST /{resource}/{id}?_method={method}` with one record in an array; without fields, without a body.

    Raises:
        InputError: a text that has no encoding.
    """
    resource = RESOURCES[entity]
    return VendorRequest(
        operation=f"{resource}.{method.lower()}",
        path=f"{resource}/{'' if id_ is None else quote_segment(id_)}",
        params=((METHOD, method), *params),
        method="POST",
        body=None if fields is None else write_json([fields]),
        headers=(_ACCEPT,) if fields is None else (_ACCEPT, _CONTENT),
        purpose=purpose,
    )


def write_json(value: Any) -> bytes:
    """Write a body."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise InputError("A text holds half of a character pair, which has no encoding.") from None
