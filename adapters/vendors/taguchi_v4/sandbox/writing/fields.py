"""
Which fields of a record can be written, and how their values are read.

What cannot be written is ignored, since clients send whole records back; so are unknown keys (vendors/facts.md, 1.3).
Source: taguchi-v4-api.txt, Common Fields of each resource: what is called not writable, assigned, or counted by the
vendor is not here. An activity's approval status is set by approving it [inferred].
"""

from collections.abc import Mapping
from typing import Any

from adapters.vendors.taguchi_v4.sandbox.columns import Column
from adapters.vendors.taguchi_v4.sandbox.refusals import bad_request
from adapters.vendors.taguchi_v4.sandbox.resources import RESOURCES

WRITABLE: Mapping[str, tuple[str, ...]] = {
    name: tuple(fields.split())
    for name, fields in {
        "subscriber": "ref title firstname lastname notifications extra phone mobile dob address address2 address3"
        " suburb state country postcode gender email unsubscribed bounced data cluster_id",
        "list": "ref name status data",
        "campaign": "ref name date success_event_ref status data",
        "activity": "ref name type subtype status target_lists target_views date throttle data campaign_id template_id",
        "template": "ref name type subtype status data",
        "import": "ref name source manifest status params",
        "view": "ref name predicate status",
    }.items()
}
FLAGS = ("unsubscribed", "bounced")
"""Times that some clients send as a truth value (vendors/facts.md, 1.5)."""


def read_columns(resource: str, body: Mapping[str, Any], now: str) -> dict[str, Any]:
    """
    Read the plain fields of a body that can be written; `now` is the present as the JSON interface prints it.

    Raises:
        Refusal: 400 for a value its field cannot hold.
    """
    shape = RESOURCES[resource]
    return {
        name: read_value(shape.columns[shape.positions[name]], body[name], now)
        for name in WRITABLE[resource]
        if name in body
    }


def read_value(column: Column, value: Any, now: str) -> Any:
    """Read one value; raises as `read_columns`."""
    if isinstance(value, bool) and column.name in FLAGS:
        return now if value else None
    if value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
        raise bad_request(f"{column.name} cannot hold {value!r}")
    try:
        if value is not None:
            column.type.read(str(value))
    except ValueError as error:
        raise bad_request(f"{column.name}: {error}") from error
    return value


def read_key(value: Any, name: str) -> int:
    """
    Read an id given as a number or as text.

    Raises:
        Refusal: 400 when it is neither.
    """
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()):
        raise bad_request(f"{name} is not an id: {value!r}")
    return int(text)
