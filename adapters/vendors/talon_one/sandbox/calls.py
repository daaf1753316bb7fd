"""
One call as its handler sees it: the ids of its path, its parameters, its body.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson

from adapters.sandbox import ReceivedRequest, Reply

from .refusals import BAD_REQUEST, JSON, NOT_ALLOWED, Refusal, not_found, refuse_value
from .store import Store

MAX_PAGE = 1000
MAX_CHANGES = 1000
NO_CONTENT, OK, CREATED = 204, 200, 201
_FLAGS: Mapping[str, bool] = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Call:
    """A request that may be answered; `ids` are the path's variable segments, percent-decoded."""

    store: Store
    request: ReceivedRequest
    ids: tuple[str, ...]
    platform: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The internal id in the path; 400 for anything else. The external one of the gateway is text."""
        if not re.fullmatch(r"\d{1,18}", self.ids[0], re.ASCII):
            raise refuse_value("Invalid type", "The ID must be an integer.", parameter="audienceId")
        return int(self.ids[0])

    def read_body(self) -> dict[str, Any]:
        """The JSON object of the body, whatever its content type; 400 for anything else."""
        try:
            body = orjson.loads(self.request.body)
        except orjson.JSONDecodeError:
            body = None
        if not isinstance(body, dict):
            raise Refusal(BAD_REQUEST, "The request body is not a JSON object")
        return body

    def read_flag(self, name: str) -> bool:
        """A boolean parameter; clients write it `true` and `True` (vendors/facts.md, 5.6)."""
        text = self.parameters.get(name, "false").lower()
        if text not in _FLAGS:
            raise refuse_value("Invalid type", f"{name} must be a boolean.", parameter=name)
        return _FLAGS[text]

    def read_number(self, name: str, default: int, least: int, most: int | None = None) -> int:
        """A whole number within bounds; 400 outside them."""
        text = self.parameters.get(name, str(default))
        number = int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else -1
        if number < least or (most is not None and number > most):
            raise refuse_value("Invalid type", f"{name} is out of bounds.", parameter=name)
        return number

    def cut_page(self, rows: Sequence[Any]) -> tuple[list[Any], bool]:
        """The page that was asked for, and whether more rows follow it."""
        skip = self.read_number("skip", 0, 0)
        size = self.read_number("pageSize", MAX_PAGE, 1, MAX_PAGE)
        return list(rows[skip : skip + size]), len(rows) > skip + size


Handler = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path, whose variable segments are `{}`."""

    method: str
    path: str
    handler: Handler

    def match(self, segments: Sequence[str]) -> tuple[str, ...] | None:
        """The path's ids, None where it is another path; an encoded slash is part of its id."""
        own = self.path.split("/")
        if len(own) != len(segments) or any(
            mine not in ("{}", other) for mine, other in zip(own, segments, strict=True)
        ):
            return None
        return tuple(unquote(other) for mine, other in zip(own, segments, strict=True) if mine == "{}")


def find_route(routes: Sequence[Route], request: ReceivedRequest) -> tuple[Route, tuple[str, ...]]:
    """The route of a request with its ids; 404 for an unknown path, 405 for another method on a known one."""
    segments = request.raw_path.split("/")
    found = [(route, ids) for route in routes if (ids := route.match(segments)) is not None and all(ids)]
    if not found:
        raise not_found()
    for route, ids in found:
        if route.method == request.method:
            return route, ids
    raise Refusal(NOT_ALLOWED, "Method Not Allowed")


def read_parameters(request: ReceivedRequest) -> dict[str, str]:
    """The query parameters; of one name the last counts."""
    return dict(parse_qsl(request.raw_query.decode("utf-8", "replace"), keep_blank_values=True))


def reply_json(value: Any, status: int = OK) -> Reply:
    """A reply that holds one value."""
    return Reply(status, orjson.dumps(value), JSON)


def reply_rows(rows: Sequence[dict[str, Any]], **envelope: Any) -> Reply:
    """A reply of a list: `data` beside the rest of its envelope."""
    return Reply.of_rows(rows, lambda shown: orjson.dumps({**envelope, "data": list(shown)}), JSON)
