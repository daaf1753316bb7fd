"""What an operation is answered with, and its JSON."""

import json
from dataclasses import dataclass, field
from typing import Any

import orjson

from graph.errors import ErrorDict


@dataclass(frozen=True, slots=True)
class Answer:
    """The response of an operation that was started: its data, what went wrong, and what we say about it."""

    data: dict[str, Any] | None
    errors: list[ErrorDict] = field(default_factory=list)
    extensions: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the response's members, errors first so that a reader meets them before a long `data`."""
        errors = {"errors": self.errors} if self.errors else {}
        return {**errors, "data": self.data, "extensions": self.extensions}


def to_json(value: Any) -> bytes:
    """
    Write JSON.

    Integers beyond 64 bits and lone surrogates, which orjson refuses, are written by the standard library, escaped.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS)
    except TypeError:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
