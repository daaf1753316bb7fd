"""
What the document leaves open, as switches.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """
    How the sandbox decides where the vendor's document is silent, or two sources differ. The defaults are the harsher
    reading, or the one public clients live with.
    """

    refused_with_200: bool = False
    """Whether a refusal comes with HTTP 200, so that only `_meta.status` tells it from a success."""

    fields_depth: Literal["result", "data"] = "result"
    """
    Where user fields stand: `data.result.user` as clients have recorded it, or one level higher as the old guide shows.
    """

    paged_shape: Literal["listed", "object"] = "listed"
    """Whether a page of opt-outs comes as the only entry of a list, as the guide prints it, or by itself."""

    newest_first: bool = True
    """Whether opt-outs stand by falling time, so that a new one shifts every page."""

    since_inclusive: bool = False
    """Whether an opt-out of the very second that is asked for belongs to the list."""

    page_clamp: int | None = 1000
    """The most opt-outs one page holds, whatever `page_size` says; None: no bound."""

    beyond: Literal["empty", "last"] = "empty"
    """What a page past the last one is: empty, or the last one again."""

    numbers_as_text: bool = False
    """Whether numbers of users are printed as texts, as PHP does with what some databases give it."""

    unknown_fields: Literal["accept", "refuse"] = "accept"
    """
    Whether a custom field nobody has declared is taken, as the present page says, or refused with 409 as the old guide
    says (which takes whole numbers only).
    """

    unknown_reads: int = 0
    """How many reads find no trace of a person who was just mailed for the first time: calls are asynchronous."""
