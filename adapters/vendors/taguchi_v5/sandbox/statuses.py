"""
Status objects: what the endpoint says of each item, and of a whole request that failed.

Source: vendors/facts.md, 2.2: code, name and description, in the order of the items.
"""

from http import HTTPStatus
from typing import Any

Status = dict[str, Any]

NO_IDENTITY = "Subscriber profile object did not contain required identifying fields"
"""Source: vendors/facts.md, 2.2, the example of an item's error."""


def build_status(code: int, description: str = "") -> Status:
    """Build a status object."""
    return {"code": code, "name": HTTPStatus(code).phrase, "description": description}


class Refusal(Exception):  # noqa: N818 - not an error of ours: the vendor's answer, raised to leave early
    """An item, or a whole request, ends here with this status."""

    def __init__(self, code: int, description: str) -> None:
        """`code` is an HTTP status, also where it stands inside a reply of 200."""
        super().__init__(description)
        self.code = code
        self.description = description

    @property
    def status(self) -> Status:
        """The refusal as a status object."""
        return build_status(self.code, self.description)


def check_switch(allowed: bool, what: str) -> None:
    """Refuse what the integration's page does not allow; that it is answered 403 is inferred."""
    if not allowed:
        raise Refusal(403, f"This endpoint does not allow {what}")
