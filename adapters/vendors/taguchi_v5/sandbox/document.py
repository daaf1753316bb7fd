"""
The OpenAPI file that an endpoint offers for download.

That there is one, generated for each endpoint and stage, is the page's word; no copy of such a file is public, so the
shape of every operation but `POST /subscriber` is this sandbox's own and says so (`x-inferred`).
Source: taguchi-v5-integration.txt, Details; vendors/facts.md, 2.1.
"""

from pathlib import Path
from typing import Any, Final

import orjson

from .options import SandboxOptions

Json = dict[str, Any]

OPENAPI_FILE: Final = Path(__file__).with_name("openapi.json")
"""The file of the endpoint that is served where no source is configured; `print_document` wrote it."""

_STATUS: Final[Json] = {
    "type": "object",
    "properties": {"code": {"type": "integer"}, "name": {"type": "string"}, "description": {"type": "string"}},
}
_TEXT: Final[Json] = {"type": "string", "nullable": True}
_NUMBER: Final[Json] = {"type": "integer", "nullable": True}
_TIME: Final[Json] = {"type": "string", "format": "date-time", "nullable": True}

_SUBSCRIPTION: Final[Json] = {
    "type": "object",
    "properties": {
        "listId": {"type": "integer"},
        "importId": _NUMBER,
        "campaignId": _NUMBER,
        "subscribedTimestamp": _TIME,
        "unsubscribedTimestamp": _TIME,
        "subscriptionOption": _TEXT,
    },
}
_TEXTS = (
    *("ref", "email", "phone", "title", "firstname", "lastname", "notifications", "extra", "dob", "address"),
    *("address2", "address3", "suburb", "state", "country", "postcode", "gender", "resumeDate"),
)
_PROFILE: Final[Json] = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        **dict.fromkeys(_TEXTS, _TEXT),
        "unsubscribedTimestamp": _TIME,
        "invalidTimestamp": _TIME,
        "organizationId": {"type": "integer"},
        "campaignId": _NUMBER,
        "importId": _NUMBER,
        "custom": {"type": "object", "additionalProperties": True},
        "lists": {"type": "array", "items": {"$ref": "#/components/schemas/Subscription"}},
    },
}
_PARTITION: Final[Json] = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "ref": _TEXT, "name": _TEXT, "custom": {"type": "object"}},
}
_SCHEMAS: Final[Json] = {
    "Status": _STATUS,
    "Subscription": _SUBSCRIPTION,
    "Profile": _PROFILE,
    "Partition": _PARTITION,
}


def build_document(options: SandboxOptions, endpoint: str, stage: str) -> Json:
    """Describe what one endpoint takes and gives; what its page does not allow is left out."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "Taguchi V5 endpoint (sandbox)", "version": "1"},
        "servers": [{"url": f"/{endpoint}/{stage}"}],
        "security": [] if options.credential == "none" else [{"bearer": []}],
        "paths": {
            "/subscriber": _without_off(
                post=_build_write("subscriber", "postSubscriber", _find_kinds(options)),
                get=_build_read("Profile", "getSubscriber", options.identify_by) if options.allow_retrieval else None,
                delete=_build_erasure(options.identify_by) if options.allow_anonymization else None,
            ),
            **_build_partition_paths(options),
        },
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def print_document(document: Json) -> bytes:
    """Write a document as the file that is downloaded."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _build_partition_paths(options: SandboxOptions) -> Json:
    reads, writes = (
        options.allow_partition_retrieval,
        options.allow_partition_creation or options.allow_partition_updates,
    )
    paths = _without_off(
        get=_build_read("Partition", "getPartition", options.identify_partitions_by) if reads else None,
        post={**_build_write("partition", "postPartition", ["partition"]), "x-inferred": True} if writes else None,
    )
    return {"/partition": paths} if paths else {}


def _without_off(**operations: Json | None) -> Json:
    return {method: operation for method, operation in operations.items() if operation is not None}


def _find_kinds(options: SandboxOptions) -> list[str]:
    """Name the kinds of item that are taken."""
    kinds = {
        "profile": options.allow_creation or options.allow_updates,
        "event": options.allow_events,
        "message": options.allow_messages,
    }
    return [kind for kind, allowed in kinds.items() if allowed]


def _build_read(schema: str, operation_id: str, identity: str) -> Json:
    """Describe a look-up by what the page says identifies a record, or by Taguchi's own id."""
    return {
        "operationId": operation_id,
        "summary": f"Read one {schema.lower()} (inferred)",
        "x-inferred": True,
        "parameters": [_build_parameter(name) for name in dict.fromkeys((identity, "id"))],
        "responses": _build_responses({"$ref": f"#/components/schemas/{schema}"}),
    }


def _build_erasure(identity: str) -> Json:
    return {
        "operationId": "anonymizeSubscriber",
        "summary": "Erase what tells who a person is (inferred)",
        "x-inferred": True,
        "parameters": [_build_parameter(name) for name in (identity, "id")],
        "responses": _build_responses({"$ref": "#/components/schemas/Status"}),
    }


def _build_parameter(name: str) -> Json:
    return {"name": name, "in": "query", "required": False, "schema": {"type": "integer" if name == "id" else "string"}}


def _build_write(what: str, operation_id: str, kinds: list[str]) -> Json:
    """Describe the taking of items: an array, each item one of these keys."""
    shapes = [{"type": "object", "required": [kind], "properties": {kind: {"type": "object"}}} for kind in kinds]
    items: Json = {"oneOf": shapes} if shapes else {"type": "object"}
    statuses = {"type": "array", "items": {"$ref": "#/components/schemas/Status"}}
    return {
        "operationId": operation_id,
        "summary": f"Take {what} items",
        "requestBody": {"required": True, "content": _build_content({"type": "array", "items": items})},
        "responses": {"200": {"description": "A status for each item", "content": _build_content(statuses)}},
    }


def _build_responses(schema: Json) -> Json:
    status = _build_content({"$ref": "#/components/schemas/Status"})
    return {
        "200": {"description": "Found", "content": _build_content(schema)},
        "404": {"description": "Not found", "content": status},
        "default": {"description": "Refused", "content": status},
    }


def _build_content(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}
