"""
What a vendor is asked and what it answers, as values.
"""

from dataclasses import dataclass, field

from adapters.calls import CallRecord, CallScope
from adapters.records.making import made_quickly
from adapters.transport.auth import Authorizer
from adapters.transport.redact import hide_secrets


@made_quickly
@dataclass(frozen=True, slots=True)
class VendorRequest:
    """
    One vendor call, without its secret.

    `safe` says whether sending it again can change nothing more, None that its method tells: a GET can be repeated.
    `remembered_as` names the kind of thing its answer tells of, where that may be remembered for a while. `judged` are
    the statuses from 500 on that say something of the request and nothing of the vendor's health: the vendor code reads
    them like any other reply, unless they name a time after which to ask again.

    `operation` is the vendor's word for it (`subscriber.list`), for plans and errors; `path` is already quoted and
    stands below the base URL (`subscriber/`); `params` are unquoted. `shown` is the path as plans and logs show it,
    where it holds what works once. The rest is for the plan: which part of the operation asked (`purpose`), what of the
    filter the call carries (`pushed`), what is left (`residual`) and why.
    """

    operation: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    body: bytes | None = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = ()
    purpose: str = ""
    pushed: tuple[str, ...] = ()
    residual: str | None = None
    reasons: tuple[str, ...] = ()
    keys: int | None = None
    safe: bool | None = None
    remembered_as: str | None = None
    judged: frozenset[int] = frozenset()
    shown: str | None = None

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again after a failure."""
        return self.method == "GET" if self.safe is None else self.safe


@dataclass(slots=True)
class Reply:
    """
    A vendor's whole answer, unpacked; the vendor's code sets `call.rows`.

    A body whose status says that it refuses holds no secret of ours any more. One that refuses with another status
    still may: what is repeated of it is read from `quotable`.
    """

    status: int
    body: bytes
    call: CallRecord
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def quotable(self) -> bytes:
        """The body without our own secrets, which a vendor may repeat in its messages."""
        return hide_secrets(self.body, self.secrets)


@made_quickly
@dataclass(frozen=True, slots=True)
class Answer:
    """What one attempt brought when it brought something."""

    status: int
    body: bytes


@made_quickly
@dataclass(frozen=True, slots=True)
class Errand:
    """One logical call under way: what is sent, whose secret joins it, its line in the plan, whose time it spends."""

    request: VendorRequest
    authorize: Authorizer
    call: CallRecord
    scope: CallScope
