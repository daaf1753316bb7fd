"""
What the document leaves open, as switches.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """
    How the sandbox decides where the vendor's document is silent. The defaults are the harsher reading, or the one
    public clients live with.
    """

    empty: Literal["204", "[]"] = "[]"
    """A list read that finds nothing: `[]` with 200 (what the wrappers can read), or 204 without a body."""

    page_clamp: int | None = 1000
    """The most rows one reply holds, silently, whatever `limit` says; None: no bound."""

    revision_alias: bool = False
    """
    Whether `revision=` (singular, as some wrappers send it) works like the documented `revisions=`. By default it is
    ignored like any unknown parameter, so those wrappers get no revisions.
    """

    subsecond_times: bool = False
    """Whether stored times have fractions of a second, which printing cuts off and comparing and sorting do not."""

    or_predicates: bool = False
    """Whether repeated `query` parameters widen (OR) instead of narrowing (AND); the document does not say."""

    null_operand: Literal["null", "text"] = "null"
    """
    What the operand `null` is in comparisons (eq, neq, lt, lte, gt, gte): SQL's NULL, so that they are never true, as
    the document says of eq and all wrappers of neq; or the text `null` (then refused on numbers and times).
    """

    collation: Literal["locale", "C"] = "locale"
    """How text is ordered: case and accents last, as in a natural language; or by code point."""

    unstable_ties: bool = False
    """
    Whether rows that sort equal stand in another order for another limit or offset, as PostgreSQL may do. By default
    their order is always the same, and never that of the ids.
    """
