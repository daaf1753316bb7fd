"""
One vendor call at a time: send, judge the reply, and turn what it holds into a value.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from adapters.calls import CallScope
from adapters.errors import FacadeError
from adapters.records import Entity
from adapters.refusals import build_unreadable
from adapters.transport.client import Reply, VendorClient, VendorRequest

from .mapping import Account
from .opt_outs import Marker
from .replies import read_known
from .side_by_side import gather
from .values import UnreadableError

Value = TypeVar("Value")
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Reader:
    """Makes the reads of one source."""

    client: VendorClient
    account: Account
    marker: Marker

    async def fetch_known(
        self, request: VendorRequest, read: Callable[[Any], Value], scope: CallScope
    ) -> tuple[Value | None, Reply]:
        """
        Ask about one person; None where the vendor knows no such person, or shows an empty one.

        Raises:
            VendorError: the call failed, or what it brought cannot be read.
        """
        reply = await self.client.send(request, scope)
        data = read_known(reply)
        try:
            found = None if data is None else read(data)
        except UnreadableError as error:
            raise build_unreadable(reply, Entity.SUBSCRIBER, error) from None
        reply.call.rows = 0 if found is None else 1
        return found, reply


async def fetch_each(
    keys: Sequence[Key], fetch: Callable[[Key], Awaitable[Value]]
) -> Mapping[Key, Value | FacadeError]:
    """Fetch a value for each key, side by side; an error that may speak to a caller fails its key alone."""
    distinct = list(dict.fromkeys(keys))
    found = await gather([fetch(key) for key in distinct])
    return dict(zip(distinct, found, strict=True))
