"""
What writes look at first, and afterwards: customers and audiences as they are now, by the Management API where its key
is there.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from adapters.calls import CallScope
from adapters.errors import FacadeError
from adapters.records import AudienceRecord, Entity, SubscriberRecord

from .lookups import fetch_by_ids, fetch_by_values
from .parts import SIZE, fetch_parts
from .reading import Reader


@dataclass(frozen=True, slots=True)
class Looking:
    """Reads for writes; `reader` is None where there is no Management key, and then nothing is told."""

    reader: Reader | None

    @property
    def can_read(self) -> bool:
        """Whether anything can be read."""
        return self.reader is not None

    async def fetch_customers(self, refs: Sequence[str], scope: CallScope, purpose: str) -> dict[str, SubscriberRecord]:
        """Read customers by their integration ids; those that are not there are missing. Raises a `VendorError`."""
        if self.reader is None:
            return {}
        async with _fresh(scope) as fresh:
            found = await fetch_by_ids(self.reader, Entity.SUBSCRIBER, refs, fresh, purpose=purpose)
        return {ref: each for ref in refs if isinstance(each := _check(found[ref]), SubscriberRecord)}

    async def fetch_customer(self, ref: str, scope: CallScope, purpose: str) -> SubscriberRecord | None:
        """Read one customer; None where nobody is there, or nobody can look."""
        return (await self.fetch_customers([ref], scope, purpose)).get(ref)

    async def fetch_audience(self, number: str, scope: CallScope, purpose: str) -> AudienceRecord | None:
        """Read one audience by its number."""
        if self.reader is None:
            return None
        async with _fresh(scope) as fresh:
            found = await fetch_by_ids(self.reader, Entity.AUDIENCE, [number], fresh, purpose=purpose)
        record = _check(found[number])
        return record if isinstance(record, AudienceRecord) else None

    async def fetch_audiences(
        self, refs: Sequence[str], scope: CallScope, purpose: str
    ) -> dict[str, tuple[AudienceRecord, ...]]:
        """Read the audiences that have each external id; several platforms may use one."""
        if self.reader is None or not refs:
            return {}
        async with _fresh(scope) as fresh:
            found = await fetch_by_values(self.reader, Entity.AUDIENCE, "ref", refs, fresh, purpose=purpose)
        kept: dict[str, tuple[AudienceRecord, ...]] = {}
        for ref, records in found.items():
            if isinstance(records, FacadeError):
                raise records
            kept[ref] = tuple(record for record in records if isinstance(record, AudienceRecord))
        return kept

    async def fetch_size(self, number: str, scope: CallScope, purpose: str) -> int | None:
        """Read how many customers are in an audience; None where that is not told."""
        if self.reader is None:
            return None
        async with _fresh(scope) as fresh:
            sizes = await fetch_parts(self.reader, Entity.AUDIENCE, SIZE, [number], fresh, purpose=purpose)
        size = sizes.get(number)
        return size if isinstance(size, int) else None

    def forget(self, kinds: frozenset[str], scope: CallScope) -> None:
        """Let nobody be told what a write may have changed: reads go to another address than writes."""
        if self.reader is not None and scope.memory is not None:
            for kind in kinds:
                scope.memory.forget(self.reader.client.place, kind)


@asynccontextmanager
async def _fresh(scope: CallScope) -> AsyncIterator[CallScope]:
    """Lend a scope that remembers nothing and spends of the same budget."""
    lent = replace(scope, memory=None)
    spent = lent.spent
    try:
        yield lent
    finally:
        scope.spent += lent.spent - spent


def _check(found: object) -> object:
    if isinstance(found, FacadeError):
        raise found
    return found
