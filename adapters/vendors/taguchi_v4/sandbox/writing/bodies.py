"""
What a write brings along: one JSON object, alone or in an array.

Source: the document speaks of an object in the body of commands, all public clients send an array of one record
(vendors/facts.md, 1.3): both are taken. Bodies in XML, which the document offers too, are a gap of this sandbox.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from adapters.sandbox import ReceivedRequest
from adapters.vendors.taguchi_v4.sandbox.formats import JSON
from adapters.vendors.taguchi_v4.sandbox.query import Parameters, single
from adapters.vendors.taguchi_v4.sandbox.refusals import bad_request

Fields = Mapping[str, Any]


def read_record(request: ReceivedRequest, parameters: Parameters) -> Fields:
    """
    Read the one record of a body.

    Raises:
        Refusal: 400 when there is none, or more than one.
    """
    fields = read_fields(request, parameters)
    if fields is None:
        raise bad_request("The request has no body")
    return fields


def read_fields(request: ReceivedRequest, parameters: Parameters) -> Fields | None:
    """Read the fields of a command, None where there is no body; raises as `read_record`."""
    if not request.body.strip():
        return None
    media_type = single(parameters, "_content_type") or request.headers.get("content-type") or JSON
    if media_type.partition(";")[0].strip().lower() != JSON:
        raise bad_request(f"The sandbox reads no bodies of the type {media_type}")
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError as error:
        raise bad_request("The JSON is not correctly serialized") from error
    records = body if isinstance(body, list) else [body]
    if len(records) != 1 or not isinstance(records[0], dict):
        raise bad_request("The request takes one record")
    return dict(records[0])
