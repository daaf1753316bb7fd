"""
Waiting for a write no longer than its request may last: what its caller is told where the ledger takes too long.
"""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from adapters.errors import InProgressError, LedgerError
from resolvers.context import RequestContext
from resolvers.writes.desk import WriteDesk

T = TypeVar("T")

SLACK_S: Final = 0.5
"""Seconds beyond the deadline, at which vendor calls end, in which what became of a write is entered."""

WHOLE_SLACK_S: Final = 0.8
"""The same for a write whose parts are writes, each of which has its own."""

GIVEN_UP: Final = "The ledger does not answer in time."


@dataclass(slots=True)
class Waiting(Generic[T]):
    """
    Somebody who waits for a write.

    `answer` is what they can be told by now, None as long as nothing is about to be sent. They are `gone` once they
    were told that nothing is: then nothing may be.
    """

    answer: T | None = None
    begun: bool = False
    gone: bool = False


Work = Callable[[WriteDesk, Waiting[T]], Coroutine[Any, Any, T]]
"""What is to be done at a desk, for somebody who waits."""


async def carry_out_in_time(
    ctx: RequestContext,
    key: Hashable | None,
    build: Work[T],
    slack_s: float = SLACK_S,
) -> T:
    """
    Do something to its end, and tell by the request's deadline what is known of it.

    Raises:
        LedgerError: the ledger has not answered in time, and nothing is sent.
        InProgressError: somebody else's write under the same key has not ended in time.
        ClosingError: the server is stopping; nothing was begun.
    """
    waiting: Waiting[T] = Waiting()
    try:
        async with asyncio.timeout_at(ctx.scope.deadline_at + slack_s):
            desk = await ctx.desk()
            return await desk.carry_out(key, _begin(build, desk, waiting))
    except TimeoutError:
        return _tell(waiting, keyed=key is not None)


async def _begin(build: Work[T], desk: WriteDesk, waiting: Waiting[T]) -> T:
    waiting.begun = True
    check_waiting(waiting)
    return await build(desk, waiting)


def _tell(waiting: Waiting[T], *, keyed: bool) -> T:
    if waiting.answer is not None:
        return waiting.answer
    waiting.gone = True
    if keyed and not waiting.begun:
        raise InProgressError(
            "The write with this key is still under way.", hint="Ask again with the same key in a moment."
        )
    raise build_given_up()


def build_given_up() -> LedgerError:
    """Build the error of a write that was not sent since nobody waits for it any more."""
    return LedgerError(GIVEN_UP, hint="Nothing was sent. Try again in a moment.")


def check_waiting(waiting: Waiting[Any]) -> None:
    """Begin nothing of which somebody was told that it is not done; raises `LedgerError`."""
    if waiting.gone:
        raise build_given_up()
