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

    empty_operand: Literal["text", "null"] = "text"
    """
    What an empty operand is in comparisons: the empty text, which finds empty texts and is refused on numbers and
    times; or nothing, as in databases that take `''` for NULL, so that they are never true.
    """

    collation: Literal["locale", "C"] = "locale"
    """How text is ordered: case and accents last, as in a natural language; or by code point."""

    unstable_ties: bool = False
    """
    Whether rows that sort equal stand in another order for another limit or offset, as PostgreSQL may do. By default
    their order is always the same, and never that of the ids.
    """

    statistics_range: Literal["days", "instants", "buckets"] = "days"
    """
    What `start_date` and `end_date` bound: what happened on the days from the one to the other, both whole, whatever
    time of day they say; what happened from the one moment to the other; or the buckets, a week or month being counted
    whole when its own date lies in the range and not at all otherwise. The last fits the document's weekly examples,
    which start on Friday 1 January and have no bucket for that week.
    """

    approved_word: Literal["deployed", "approved"] = "deployed"
    """
    What APPROVE makes of a revision: `deployed`, as the prose calls what is publicly available, or `approved`, as the
    JSON example has it.
    """

    may_approve: bool = True
    """Whether the caller has the privilege to approve activities; the document names it, and not how it is refused."""

    silent: Literal["204", "[]", "record"] = "204"
    """
    What DELETE and the commands answer, of which the document says nothing: 204, an empty array, or the record's array
    (`[]` for what was removed).
    """
