"""
Independent calls, made at once.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import TypeVar

from adapters.errors import FacadeError

Value = TypeVar("Value")


async def gather(calls: Sequence[Awaitable[Value]]) -> list[Value | FacadeError]:
    """Wait for all calls, in their order; errors that may speak to a caller come as values, others are bugs."""
    return list(await asyncio.gather(*(_settle(call) for call in calls)))


async def _settle(call: Awaitable[Value]) -> Value | FacadeError:
    try:
        return await call
    except FacadeError as error:
        return error
