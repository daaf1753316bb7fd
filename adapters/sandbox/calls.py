"""
The log of vendor calls a simulator received, secrets left out.
"""

import itertools
from collections import OrderedDict
from dataclasses import asdict, dataclass, replace
from typing import Any

REDACTED = "REDACTED"
KEPT_CALLS = 50_000  # a sandbox may serve for weeks; the oldest entries go first
KEPT_BODY_CHARS = 50_000_000  # of all bodies together


@dataclass(frozen=True, slots=True)
class ReceivedCall:
    """
    One request as it arrived, and what became of it.

    `query` keeps order and repetition; secret values are replaced by `REDACTED`. `rows` is the number of rows sent
    (None when the reply holds none); `status` is None while the call is unanswered, and stays None when the
    connection was dropped before an answer. `body` is what was written, as text, None where nothing was.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    rows: int | None = None
    status: int | None = None
    body: str | None = None

    @property
    def line(self) -> str:
        """The call on one line, `METHOD path?key=value&…`, unescaped: what faults are matched against."""
        text = "&".join(f"{key}={value}" for key, value in self.query)
        return f"{self.method} {self.path}?{text}" if text else f"{self.method} {self.path}"

    def to_json(self) -> dict[str, Any]:
        """The entry as the control path prints it."""
        return asdict(self)


class CallLog:
    """
    Received calls in the order of their arrival.
    """

    def __init__(self, kept_body_chars: int = KEPT_BODY_CHARS) -> None:
        """Start empty; the oldest calls go when all bodies together are longer than this."""
        self._calls: OrderedDict[int, ReceivedCall] = OrderedDict()
        self._serials = itertools.count()
        self._body_chars = 0
        self._kept_body_chars = kept_body_chars

    @property
    def entries(self) -> tuple[ReceivedCall, ...]:
        """Every logged call, oldest first, the unanswered ones included."""
        return tuple(self._calls.values())

    def begin(self, call: ReceivedCall) -> int:
        """Log a call on arrival; the number returned names it for `finish`."""
        serial = next(self._serials)
        self._calls[serial] = call
        self._body_chars += len(call.body or "")
        while len(self._calls) > KEPT_CALLS or (self._body_chars > self._kept_body_chars and len(self._calls) > 1):
            _, oldest = self._calls.popitem(last=False)
            self._body_chars -= len(oldest.body or "")
        return serial

    def finish(self, serial: int, *, status: int, rows: int | None) -> None:
        """Note the answer; a call cleared in the meantime is left alone."""
        if serial in self._calls:
            self._calls[serial] = replace(self._calls[serial], status=status, rows=rows)

    def clear(self) -> None:
        """Forget every call."""
        self._calls.clear()
        self._body_chars = 0
