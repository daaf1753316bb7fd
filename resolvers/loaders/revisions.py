"""
Loaders of the saved revisions of records that came without them.
"""

import asyncio
from collections.abc import Mapping, Sequence

from adapters.calls import CallScope
from adapters.contract import Source
from adapters.errors import CapabilityError, FacadeError
from adapters.records import ActivityRecord, ActivityRevisionRecord, Record, TemplateRecord, TemplateRevisionRecord
from resolvers.loaders.keys import RevisionsKey
from resolvers.loaders.loader import Loader
from resolvers.loaders.record import group_keys, name_purposes

Revisions = tuple[ActivityRevisionRecord, ...] | tuple[TemplateRevisionRecord, ...]


class RevisionsLoader(Loader[RevisionsKey, Revisions | FacadeError | None]):
    """Load revisions by (source, kind of record, id, choice); None for an id without a record."""

    def __init__(self, sources: Mapping[str, Source], scope: CallScope) -> None:
        """Keep the sources a request sees; must run inside its loop."""
        super().__init__()
        self._sources = sources
        self._scope = scope

    async def fetch_batch(self, keys: list[RevisionsKey]) -> list[Revisions | FacadeError | None]:
        """Ask each source once per kind and choice, since one call carries one choice, side by side."""
        groups = group_keys(keys, lambda key: (key.source, key.entity, key.choice))
        replies = await asyncio.gather(*(self._fetch(group) for group in groups.values()))
        found = {key: value for reply in replies for key, value in reply.items()}
        return [found[key] for key in keys]

    async def _fetch(self, keys: Sequence[RevisionsKey]) -> Mapping[RevisionsKey, Revisions | FacadeError | None]:
        first = keys[0]
        try:
            reply = await self._sources[first.source].adapter.fetch_by_ids(
                first.entity,
                [key.id for key in keys],
                self._scope,
                parts=frozenset({first.choice.part}),
                purpose=name_purposes(keys),
            )
        except FacadeError as error:
            return dict.fromkeys(keys, error)
        return {key: _read_revisions(key, reply.get(key.id)) for key in keys}


def _read_revisions(key: RevisionsKey, loaded: Record | FacadeError | None) -> Revisions | FacadeError | None:
    if loaded is None or isinstance(loaded, FacadeError):
        return loaded
    if isinstance(loaded, ActivityRecord | TemplateRecord) and loaded.revision_choice is key.choice:
        return loaded.revisions
    return CapabilityError(
        f"The source {key.source} cannot tell these revisions.",
        hint="Ask for other ones with `which`.",
        path=("which",),
    )
