"""
What one request may spend on vendors, and what it spent: the deadline, the call budget, and the log a plan shows.
"""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass, field

from adapters.errors import BudgetExceededError
from adapters.memory import Memory
from adapters.records.making import made_quickly


@dataclass(slots=True)
class CallRecord:
    """
    One vendor call as the plan shows it; every text in it is already redacted.

    `purpose` says which part of the operation asked for it, `pushed` what of the filter the call carries, `residual`
    what is checked on its rows and `reasons` why; `keys` is how many loader keys it serves. `attempts` counts sends;
    `retries` says why each further one was made, and `doubtful` that one before the last may have been processed;
    `cache` is `off`, `miss`, `hit` for an answer that was remembered for `age_s` seconds, or `shared` for one that was
    read for somebody else at the same time. `unreadable` counts the records of its reply that could not be read.
    """

    source: str
    vendor: str
    operation: str
    method: str
    url: str
    purpose: str = ""
    pushed: tuple[str, ...] = ()
    residual: str | None = None
    reasons: tuple[str, ...] = ()
    keys: int | None = None
    rows: int | None = None
    status: int | None = None
    attempts: int = 0
    retries: tuple[str, ...] = ()
    doubtful: bool = False
    cache: str = "off"
    age_s: float | None = None
    started_ms: float = 0.0
    duration_ms: float = 0.0
    error: str | None = None
    unreadable: dict[tuple[str, str], int] = field(default_factory=dict)

    def note_unreadable(self, entity: str, name: str) -> None:
        """Count a record of the reply that could not be read, by its kind and the vendor's field that was at fault."""
        place = (entity, name)
        self.unreadable[place] = self.unreadable.get(place, 0) + 1


@made_quickly
@dataclass(frozen=True, slots=True)
class CallNote:
    """What the plan shows of a call beside its URL: what asked for it, what it narrows by, what is left and why."""

    purpose: str = ""
    pushed: tuple[str, ...] = ()
    residual: str | None = None
    reasons: tuple[str, ...] = ()
    keys: int | None = None


@dataclass(slots=True)
class CallScope:
    """
    The spending of one request: when it must be answered, how many vendor calls it may make, and those it made.

    `deadline_at` is on the running loop's clock. `tenant` is the key of the principal's sources and scopes: caches,
    sessions and single-flights must never be shared between two of them. `memory` answers what the process remembers,
    no older than `max_staleness_s`; `spent` counts the calls that were entered to be sent. `kept` is what an adapter
    has read and may want again in this request, under names that tell the source too; a write empties it.
    """

    operation_id: str
    tenant: str
    deadline_at: float
    max_calls: int = 100
    calls: list[CallRecord] = field(default_factory=list)
    started_at: float = 0.0
    memory: Memory | None = None
    max_staleness_s: float | None = None
    spent: int = 0
    kept: dict[Hashable, object] = field(default_factory=dict, repr=False)

    def remaining_s(self) -> float:
        """Return the seconds left until the deadline; never below zero."""
        return max(0.0, self.deadline_at - asyncio.get_running_loop().time())

    def record(self, call: CallRecord) -> None:
        """Enter a call that is about to be sent, or refuse it because the request has spent its budget."""
        if self.spent >= self.max_calls:
            raise BudgetExceededError(
                f"This operation needs more than {self.max_calls} vendor calls.",
                reason="VENDOR_CALLS",
                hint="Ask for fewer relations or smaller pages.",
            )
        self.spent += 1
        self.calls.append(call)
