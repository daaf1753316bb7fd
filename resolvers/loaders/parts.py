"""
Loaders of parts of records that cost calls of their own.
"""

import asyncio
from collections.abc import Mapping, Sequence

from adapters.calls import CallScope
from adapters.contract import Source
from adapters.errors import CapabilityError, FacadeError
from resolvers.loaders.keys import PartKey
from resolvers.loaders.loader import Loader
from resolvers.loaders.record import group_keys, name_purposes
from resolvers.roles import find_parts_reader

Part = object | FacadeError | None


class PartsLoader(Loader[PartKey, Part]):
    """Load parts by (source, kind of record, part, id); None for a record without it."""

    def __init__(self, sources: Mapping[str, Source], scope: CallScope) -> None:
        """Keep the sources a request sees; must run inside its loop."""
        super().__init__()
        self._sources = sources
        self._scope = scope

    async def fetch_batch(self, keys: list[PartKey]) -> list[Part]:
        """Ask each source once per part for all its records, side by side."""
        groups = group_keys(keys, lambda key: (key.source, key.entity, key.part))
        replies = await asyncio.gather(*(self._fetch(group) for group in groups.values()))
        found = {key: value for reply in replies for key, value in reply.items()}
        return [found[key] for key in keys]

    async def _fetch(self, keys: Sequence[PartKey]) -> Mapping[PartKey, Part]:
        first = keys[0]
        reader = find_parts_reader(self._sources[first.source])
        if reader is None:
            error = CapabilityError(f"The source {first.source} does not tell this.", hint="Leave the field out.")
            return dict.fromkeys(keys, error)
        ids = [key.id for key in keys]
        try:
            reply = await reader.fetch_parts(first.entity, first.part, ids, self._scope, purpose=name_purposes(keys))
        except FacadeError as error:
            return dict.fromkeys(keys, error)
        return {key: reply.get(key.id) for key in keys}
