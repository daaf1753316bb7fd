"""
The log of vendor calls a simulator received, secrets left out.
"""

import itertools
from collections import OrderedDict
from dataclasses import asdict, dataclass, replace
from typing import Any

REDACTED = "REDACTED"
KEPT_CALLS = 50_000  # a sandbox may serve for weeks; the oldest entries go first


@dataclass(frozen=True, slots=True)
class ReceivedCall:
    """
    One request as it arrived, and what became of it.

    `query` keeps order and repetition; secret values are replaced by `REDACTED`. `rows` is the number of rows sent
    (None when the reply holds none); `status` is None while the call is unanswered, and stays None when the
    connection was dropped before an answer.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    rows: int | None = None
    status: int | None = None

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

    def __init__(self) -> None:
        """Start empty."""
        self._calls: OrderedDict[int, ReceivedCall] = OrderedDict()
        self._serials = itertools.count()

    @property
    def entries(self) -> tuple[ReceivedCall, ...]:
        """Every logged call, oldest first, the unanswered ones included."""
        return tuple(self._calls.values())

    def begin(self, call: ReceivedCall) -> int:
        """Log a call on arrival; the number returned names it for `finish`."""
        serial = next(self._serials)
        self._calls[serial] = call
        if len(self._calls) > KEPT_CALLS:
            self._calls.popitem(last=False)
        return serial

    def finish(self, serial: int, *, status: int, rows: int | None) -> None:
        """Note the answer; a call cleared in the meantime is left alone."""
        if serial in self._calls:
            self._calls[serial] = replace(self._calls[serial], status=status, rows=rows)

    def clear(self) -> None:
        """Forget every call."""
        self._calls.clear()
