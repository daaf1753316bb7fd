"""
Sessions: a source's credentials open one by a log-in, every call carries it, and it is renewed when it is refused.

One log-in at a time: whoever needs a session meanwhile waits for the same one, and loses nothing when the caller that
began it goes away. A session that was refused is renewed once, however many calls it was refused to.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from pydantic import SecretStr

from adapters.calls import CallScope
from adapters.errors import BudgetExceededError, FacadeError, VendorError, VendorTimeoutError
from adapters.transport import faults
from adapters.transport.auth import Authorizer, BearerAuth, LogInAuth, Pairs
from adapters.transport.faults import Fault
from adapters.transport.requests import Reply, VendorRequest

SESSION_REFUSED = "SESSION_REFUSED"
"""What the plan says of a call that is made again because its session had come to its end."""


class Sender(Protocol):
    """Sends calls with given credentials; a source's client."""

    source: str
    vendor: str

    async def send_as(self, request: VendorRequest, scope: CallScope, authorize: Authorizer) -> Reply:
        """Send one logical call with these credentials."""
        ...


@dataclass(frozen=True, slots=True)
class LogIn:
    """
    How a vendor opens a session, and how it says that one is not good any more.

    `request` is the call less its secrets. `read_session` returns the session id of the reply, or raises the
    `VendorError` it means; `refuses` says whether a reply to another call means that its session is not good.
    """

    request: VendorRequest
    read_session: Callable[[Reply], str]
    refuses: Callable[[Reply], bool]


@dataclass(frozen=True, slots=True)
class _Session:
    """One open session: its id travels as a bearer's token, and is as secret as what opened it."""

    bearer: BearerAuth
    opened_by: LogInAuth

    @property
    def hidden(self) -> tuple[str, ...]:
        """Return nothing: no parameter is secret."""
        return ()

    def query(self) -> Pairs:
        """Return nothing: the session is in a header."""
        return ()

    def headers(self) -> Pairs:
        """Return the header with the session."""
        return self.bearer.headers()

    def secrets(self) -> tuple[str, ...]:
        """Return the session's id and what opened it."""
        return (*self.bearer.secrets(), *self.opened_by.secrets())


class SessionAuth:
    """The credentials of one source whose calls need a session; it holds the one that is open."""

    def __init__(self, log_in: LogIn, credentials: LogInAuth) -> None:
        """Nothing is sent before the first call."""
        self._log_in = log_in
        self._credentials = credentials
        self._session: _Session | None = None
        self._opening: asyncio.Task[None] | None = None

    @property
    def hidden(self) -> tuple[str, ...]:
        """Return nothing: no parameter is secret."""
        return ()

    def secrets(self) -> tuple[str, ...]:
        """Return what opens a session."""
        return self._credentials.secrets()

    async def send(self, sender: Sender, request: VendorRequest, scope: CallScope) -> Reply:
        """
        Send a call within a session, opening one first if none is open.

        A call whose session is refused is made once more with a new one, a write too: the refusal says that nothing
        was done, of the last attempt at least: what was lost before it stays lost. A second refusal is the vendor
        code's to judge.

        Raises:
            VendorError: no session can be opened, so nothing was done; or as `VendorClient.send`.
        """
        session = self._session or await self._open_after(None, sender, scope)
        reply = await sender.send_as(request, scope, session)
        if not self._log_in.refuses(reply):
            return reply
        reply.call.error = SESSION_REFUSED
        try:
            again = await sender.send_as(request, scope, await self._open_after(session, sender, scope))
        except FacadeError:
            if not reply.call.doubtful:
                raise
            lost = Fault(faults.RESET)
            raise lost.build_error(source=sender.source, vendor=sender.vendor, operation=request.operation) from None
        again.call.doubtful = again.call.doubtful or reply.call.doubtful
        return again

    async def _open_after(self, refused: _Session | None, sender: Sender, scope: CallScope) -> _Session:
        """Return the session that came after one that was refused, or the first one; log in if there is none yet."""
        while (session := self._session) is None or session is refused:
            leading = self._opening is None
            opening = self._opening = self._opening or self._start(sender, scope)
            try:
                await _wait_for(opening, sender, scope)
            except FacadeError as error:
                if leading or opening is self._opening or not _is_of_its_request(error):
                    raise
        return session

    def _start(self, sender: Sender, scope: CallScope) -> "asyncio.Task[None]":
        """Log in as a task of its own, so that it outlives the caller that needed it first."""
        opening = asyncio.get_running_loop().create_task(self._open(sender, scope))
        opening.add_done_callback(self._settle)
        return opening

    async def _open(self, sender: Sender, scope: CallScope) -> None:
        request = replace(self._log_in.request, body=self._credentials.build_body())
        try:
            reply = await sender.send_as(request, scope, self._credentials)
            token = SecretStr(self._log_in.read_session(reply))
        except VendorError as error:
            error.maybe_processed = False  # whatever became of the log-in, the calls that wait for it were not made
            raise
        self._session = _Session(BearerAuth(token), self._credentials)

    def _settle(self, opening: "asyncio.Task[None]") -> None:
        self._opening = None
        if not opening.cancelled():
            opening.exception()  # seen, even where nobody waits for it any more


async def _wait_for(opening: "asyncio.Task[None]", sender: Sender, scope: CallScope) -> None:
    """Wait within one's own deadline, and without ending the log-in when one's own request ends."""
    try:
        async with asyncio.timeout(scope.remaining_s()):
            await asyncio.shield(opening)
    except TimeoutError:
        fault = Fault(faults.NO_TIME)
        raise fault.build_error(source=sender.source, vendor=sender.vendor, operation="log-in") from None


def _is_of_its_request(error: FacadeError) -> bool:
    """Say whether a log-in failed for what its own request could spend, which says nothing to other requests."""
    short = isinstance(error, VendorTimeoutError) and error.reason == faults.SHORT_OF_TIME.word
    return short or isinstance(error, BudgetExceededError)
