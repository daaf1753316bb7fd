"""
What an operation's body takes and its answer tells, read off the schemas of an OpenAPI file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from .openapi import Document, Json
from .words import Subject, is_organization, names_identity

LIST: Final = "[]"
"""The step into a list's item."""

MAX_DEPTH: Final = 6
_JSON: Final = ("application/json", "*/*")
_TARGET: Final = "target"
_SUCCESS: Final = ("200", "2XX", "2xx", "default")


@dataclass(frozen=True, slots=True)
class Body:
    """
    The shape of a body that names one record: `steps` lead to the object that holds the identity, `[]` being a list.

    `names` are its properties by the identity each takes; `organization` is the one that takes the organization's id.
    """

    steps: tuple[str, ...]
    names: Mapping[str, str]
    organization: str | None = None


def read_body(document: Document, node: Json, subject: Subject) -> Body | None:
    """
    Find where the body of a POST names a record: directly, in `target`, or in a property named as the subject.

    None where it does not, or where it must hold more than an identity.
    """
    schema = _read_content(document, document.follow(node.get("requestBody")))
    return _find_holder(document, schema, subject, ())


def _find_holder(document: Document, schema: Json, subject: Subject, steps: tuple[str, ...]) -> Body | None:
    if len(steps) > MAX_DEPTH:
        return None
    if "items" in schema:
        return _find_holder(document, document.follow(schema["items"]), subject, (*steps, LIST))
    properties = _read_properties(document, schema)
    names = {known: name for name in properties if (known := names_identity(name, subject)) is not None}
    if names:
        organization = next(filter(is_organization, properties), None)
        needed = _read_required(document, schema) - {organization}
        usable = {known: name for known, name in names.items() if needed <= {name}}
        return Body(steps, usable, organization) if usable else None
    for name, inner in properties.items():
        if name in {_TARGET, *subject.words} and _read_required(document, schema) <= {name}:
            return _find_holder(document, inner, subject, (*steps, name))
    return None


def tells_record(document: Document, node: Json, subject: Subject) -> bool:
    """Say whether an operation's answer may be the subject's record; one that is not described may be."""
    responses = document.follow(node.get("responses"))
    success = next((responses[code] for code in _SUCCESS if code in responses), None)
    return _tells(document, _read_content(document, document.follow(success)), subject, 0)


def _tells(document: Document, schema: Json, subject: Subject, depth: int) -> bool:
    if depth > MAX_DEPTH:
        return False
    if "items" in schema:
        return _tells(document, document.follow(schema["items"]), subject, depth + 1)
    properties = _read_properties(document, schema)
    if not properties or any(names_identity(name, subject) for name in properties):
        return True
    inner = [each for name, each in properties.items() if name in subject.words]
    return any(_tells(document, each, subject, depth + 1) for each in inner)


def _read_content(document: Document, node: Json) -> Json:
    """Return the schema of a body's JSON form; an empty one where none is given."""
    content = document.follow(node.get("content"))
    for media_type, described in content.items():
        if media_type.partition(";")[0].strip().lower() in _JSON:
            return document.follow(document.follow(described).get("schema"))
    return {}


def _read_properties(document: Document, schema: Json) -> dict[str, Json]:
    """Return the properties of an object's schema, of every part of a composed one."""
    return {
        name: document.follow(inner)
        for part in _list_parts(document, schema, 0)
        for name, inner in document.follow(part.get("properties")).items()
    }


def _read_required(document: Document, schema: Json) -> frozenset[str]:
    parts = _list_parts(document, schema, 0)
    return frozenset(str(name) for part in parts for name in part.get("required") or ())


def _list_parts(document: Document, schema: Json, depth: int) -> Iterator[Json]:
    yield schema
    for word in ("allOf", "oneOf", "anyOf"):
        listed = schema.get(word)
        for part in listed if isinstance(listed, list) and depth < MAX_DEPTH else ():
            yield from _list_parts(document, document.follow(part), depth + 1)
