"""Awaiting several things side by side, and working on many without keeping others waiting."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

T = TypeVar("T")

FEW: Final = 100
"""The most things that are worked on in one go: that takes a few milliseconds at most, and a thread costs some too."""


async def work_aside(count: int, work: Callable[[], T]) -> T:
    """
    Do work on so many things that awaits nothing: on more than a few in a thread, so that others are served meanwhile.

    What it works on must be nobody's to change as long as it lasts.
    """
    return work() if count <= FEW else await asyncio.to_thread(work)


async def gather(awaited: Sequence[Awaitable[T]]) -> list[T]:
    """Await all, as `asyncio.gather` does; a single one, as most are, without a task of its own."""
    if len(awaited) == 1:
        return [await awaited[0]]
    return list(await asyncio.gather(*awaited))


async def gather_outcomes(awaited: Sequence[Awaitable[T]]) -> list[T | BaseException]:
    """Await all and return an exception for each that raised one; being cancelled is nobody's outcome."""
    if len(awaited) != 1:
        outcomes: list[T | BaseException] = list(await asyncio.gather(*awaited, return_exceptions=True))
        for outcome in outcomes:
            if isinstance(outcome, asyncio.CancelledError):
                raise outcome
        return outcomes
    try:
        return [await awaited[0]]
    except Exception as error:  # noqa: BLE001 - an outcome, whatever it is
        return [error]


async def settle(futures: Sequence["asyncio.Future[Any]"]) -> None:
    """Wait until futures that end together have ended, however they do."""
    for future in futures:
        if not future.done():
            await asyncio.wait([future])
