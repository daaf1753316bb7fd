"""
The envelope around every answer, and refusals inside it.

Source: vendors/facts.md, 4.1: `_meta` {status SUCCESS or ERROR, time, count} and `data`; refusals have a text in
`data.error`, those of user fields `data` {errorCode, message, errors}.
"""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson

from adapters.sandbox import Reply

JSON = "application/json"
MILLISECONDS = 33

Wrap = Callable[[Sequence[dict[str, Any]]], Any]


def answer(data: Any) -> Reply:
    """A success that holds no rows."""
    return Reply(HTTPStatus.OK, _print("SUCCESS", data, 1), JSON)


def answer_rows(rows: Sequence[dict[str, Any]], wrap: Wrap) -> Reply:
    """A success made of rows; `wrap` puts them where they belong."""
    return Reply.of_rows(rows, lambda shown: _print("SUCCESS", wrap(shown), len(shown)), JSON)


def answer_one(row: dict[str, Any], wrap: Callable[[Any], Any]) -> Reply:
    """A success about one object; where a fault has taken it away, the empty array PHP makes of an empty object."""
    return answer_rows([row], lambda shown: wrap(shown[0] if shown else []))


class Refusal(Exception):  # noqa: N818 - not an error of ours: the vendor's answer, raised to leave early
    """
    The request ends here with this status and data.
    """

    def __init__(self, status: HTTPStatus, data: Mapping[str, Any]) -> None:
        """`data` stands in the envelope."""
        super().__init__(str(data))
        self.status = status
        self.data = data

    def to_reply(self, *, with_200: bool) -> Reply:
        """The refusal as it goes out."""
        status = HTTPStatus.OK if with_200 else self.status
        return Reply(status, _print("ERROR", self.data, 1), JSON)


def bad_request(what: str) -> Refusal:
    """400; the two blanks are the vendor's. Source: vendors/facts.md, 4.1."""
    return Refusal(HTTPStatus.BAD_REQUEST, {"error": f"Request validation error:  {what}"})


def not_found(what: str) -> Refusal:
    """404; the two blanks are the vendor's. Source: vendors/facts.md, 4.1."""
    return Refusal(HTTPStatus.NOT_FOUND, {"error": f"Not found  {what}"})


def invalid_fields(errors: Mapping[str, str]) -> Refusal:
    """409 for user fields. Source: vendors/facts.md, 4.1."""
    return Refusal(HTTPStatus.CONFLICT, {"errorCode": 409, "message": "Validation error", "errors": dict(errors)})


def _print(status: str, data: Any, count: int) -> bytes:
    return orjson.dumps({"_meta": {"status": status, "time": MILLISECONDS, "count": count}, "data": data})
