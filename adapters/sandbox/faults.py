"""
Faults: what a simulator does wrong on demand, and to which calls.
"""

from dataclasses import dataclass, fields
from typing import Any

from adapters.sandbox.calls import ReceivedCall

# Each kind with the settings it needs; the rest of a fault's fields have defaults that make sense.
KINDS: dict[str, tuple[str, ...]] = {
    "delay": ("seconds",),
    "hang": (),
    "drip": ("bytes_per_s",),
    "reset": (),
    "truncate": (),
    "short_body": (),
    "status": ("status",),
    "html": (),
    "empty": (),
    "json": ("body",),
    "content_type": ("content_type",),
    "huge": (),
    "gzip_bomb": (),
    "gzip_header_on_plain": (),
    "redirect": ("location",),
    "duplicate_rows": (),
    "missing_rows": (),
    "shuffled_rows": (),
    "clamp": ("count",),
    "extra_field": ("field",),
    "missing_field": ("field",),
    "retyped_field": ("field",),
}
DEFAULT_REDIRECT_STATUS = 302
DEFAULT_SIZE_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One way to misbehave.

    Which calls: `match` is a substring of `METHOD path?key=value&…` (unescaped, secrets replaced; empty matches every
    call); `nth` picks only the nth matching call, counted from 1 since the fault was added; `times` is how often it
    strikes (None: until cleared). All faults that match a call strike together, in the order they were added. With
    `applied`, a fault that replaces the reply lets the vendor do its work first: applied, then lost.

    | kind | effect | settings |
    |---|---|---|
    | delay | waits, then answers | `seconds` |
    | hang | never answers; ends when the client leaves, or after `seconds` | |
    | drip | sends the body slowly | `bytes_per_s` |
    | reset | drops the connection after `after_bytes` of the body; None: before any byte of the answer | |
    | truncate | cuts the body to `after_bytes` (None: half) with a matching length: valid HTTP | |
    | short_body | announces the full length, sends `after_bytes` (None: half), closes | |
    | status | answers `status` with an HTML page, and `Retry-After` when `retry_after` is set | `status` |
    | html | answers 200 with an HTML page (a login or maintenance page) | |
    | empty | answers 200 with no body | |
    | json | answers 200 with `body` as JSON, whatever it is | `body` |
    | content_type | keeps the body, changes its type | `content_type` |
    | huge | answers `size_bytes` of JSON without an end in sight | |
    | gzip_bomb | answers a small gzip body that inflates to `size_bytes` | |
    | gzip_header_on_plain | says gzip, sends plain bytes | |
    | redirect | answers `status` (302) with `Location` | `location` |
    | duplicate_rows | repeats the first `count` rows at the end | |
    | missing_rows | leaves out `count` rows from the middle | |
    | shuffled_rows | reverses the halves and interleaves them: the same rows, another order | |
    | clamp | sends at most `count` rows | `count` |
    | extra_field, missing_field, retyped_field | adds, removes, replaces `field` (by `value`) in every row | `field` |

    The last three spare every row whose `id` (`ref` where that is the key) is not in `only`, where that is given.

    Faults of the socket (hang, drip, reset, short_body) are real under a server such as uvicorn. Inside one process
    (`httpx.ASGITransport`) there is no socket and the body is collected whole: drip is one long wait, reset and
    short_body raise `ConnectionDroppedError` (a `ConnectionResetError`) into the caller, and huge fills the caller's
    memory, so give it a smaller size.
    """

    kind: str
    match: str = ""
    nth: int | None = None
    times: int | None = None
    applied: bool = False
    seconds: float | None = None
    bytes_per_s: float | None = None
    after_bytes: int | None = None
    status: int | None = None
    retry_after: str | None = None
    body: bytes | str | None = None
    content_type: str | None = None
    location: str | None = None
    size_bytes: int = DEFAULT_SIZE_BYTES
    count: int | None = None
    field: str | None = None
    value: Any = None
    only: tuple[int | str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an unknown kind or a missing setting at once, not when the fault should strike."""
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault {self.kind!r}; known: {', '.join(KINDS)}")
        missing = [name for name in KINDS[self.kind] if getattr(self, name) is None]
        if missing:
            raise ValueError(f"fault {self.kind!r} needs {', '.join(missing)}")

    @property
    def hides_reply(self) -> bool:
        """Whether the client sees nothing at all of the vendor's answer."""
        return self.kind == "hang" or (self.kind == "reset" and self.after_bytes is None)

    @classmethod
    def from_json(cls, value: Any) -> "Fault":
        """Build a fault from a JSON object; unknown keys are refused."""
        if not isinstance(value, dict):
            raise TypeError("a fault is a JSON object")
        return cls(**value)

    def to_json(self) -> dict[str, Any]:
        """The fault as the control path prints it: only what differs from the defaults."""
        printed = {item.name: value for item in fields(self) if (value := getattr(self, item.name)) != item.default}
        if isinstance(self.body, bytes):
            printed["body"] = self.body.decode("utf-8", "replace")
        return printed


@dataclass(slots=True)
class _Placed:
    fault: Fault
    seen: int = 0
    struck: int = 0

    def strikes(self, line: str) -> bool:
        if self.fault.match not in line:
            return False
        self.seen += 1
        spent = self.fault.times is not None and self.struck >= self.fault.times
        if spent or (self.fault.nth is not None and self.seen != self.fault.nth):
            return False
        self.struck += 1
        return True


class FaultBoard:
    """
    The faults in force.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._placed: list[_Placed] = []

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every fault added since the last `clear`, the spent ones included."""
        return tuple(placed.fault for placed in self._placed)

    def add(self, *faults: Fault) -> None:
        """Put faults in force, after those already there."""
        self._placed.extend(_Placed(fault) for fault in faults)

    def clear(self) -> None:
        """Take every fault back."""
        self._placed.clear()

    def strike(self, call: ReceivedCall) -> tuple[Fault, ...]:
        """The faults that hit this call, counting it for each that matches."""
        return tuple(placed.fault for placed in self._placed if placed.strikes(call.line))
