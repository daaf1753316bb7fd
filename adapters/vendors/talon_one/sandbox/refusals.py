"""
Refusals, in the two envelopes of the vendor.

Source: vendors/facts.md, 5.5: the gateway says StatusCode, Error and RequestUUID, a tenant message and errors.
"""

from typing import Any
from uuid import UUID

import orjson

from adapters.sandbox import Reply

JSON = "application/json"
BAD_REQUEST, UNAUTHORIZED, ABSENT, NOT_ALLOWED, CONFLICT = 400, 401, 404, 405, 409

Problem = dict[str, Any]


class Refusal(Exception):  # noqa: N818 - not an error of ours: the vendor's answer, raised to leave early
    """
    The request ends here with this status; `problems` are a tenant's single findings.
    """

    def __init__(self, status: int, text: str, problems: tuple[Problem, ...] = ()) -> None:
        """`text` is the one sentence both envelopes have."""
        super().__init__(text)
        self.status = status
        self.text = text
        self.problems = problems

    def to_gateway_reply(self, serial: int) -> Reply:
        """
        The refusal as the gateway sends it; `serial` makes its correlation id.

        The gateway has no place for single findings: the first one's details stand in `Error`.
        """
        text = self.problems[0]["details"] if self.problems else self.text
        error = {"StatusCode": self.status, "Error": text, "RequestUUID": str(UUID(int=serial))}
        return Reply(self.status, orjson.dumps(error), JSON)

    def to_tenant_reply(self) -> Reply:
        """The refusal as a tenant sends it."""
        error = {"message": self.text, "errors": list(self.problems), "StatusCode": self.status}
        return Reply(self.status, orjson.dumps(error), JSON)


def refuse_value(title: str, details: str, **source: str) -> Refusal:
    """400: one value is wrong; `source` says where, by `pointer`, `parameter` or `line`."""
    return Refusal(BAD_REQUEST, "The submitted data was invalid", (build_problem(title, details, **source),))


def build_problem(title: str, details: str, **source: str) -> Problem:
    """One finding. Source: vendors/facts.md, 5.5; titles are Unknown, Invalid type and enum."""
    return {"title": title, "details": details, "source": source}


def not_found() -> Refusal:
    """404. Source: T1-OAS-3P, the example text."""
    return Refusal(ABSENT, "Not Found")
