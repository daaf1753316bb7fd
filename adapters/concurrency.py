"""Awaiting several things side by side."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


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
