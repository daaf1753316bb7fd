"""Which writes of the ledger."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import strawberry
from strawberry.types.arguments import InputContext
from strawberry.types.base import get_object_definition

from adapters.contract import Outcome
from adapters.ledger import EntryFilter, State
from graph.types.description import described


def _one_of(description: str) -> Any:
    return strawberry.field(description=description, default=strawberry.UNSET)


@described(strawberry.input)
class WriteOperationFilter:
    """Which writes: those that match every condition that is given."""

    mutation_in: list[str] | None = _one_of("Only these mutations, as `updateSubscriber`.")
    source_in: list[strawberry.ID] | None = _one_of("Only for these sources.")
    outcome_in: list[Outcome] | None = _one_of("Only with these outcomes.")
    state_in: list[State] | None = _one_of("Only those that have come this far.")
    since: datetime | None = _one_of("Only those asked for at this time or later.")
    until: datetime | None = _one_of("Only those asked for before this time.")


def _to_filter(_cls: type, value: Mapping[str, Any], _context: InputContext) -> EntryFilter:
    """Return the filter a client gave."""
    return EntryFilter(
        mutations=_read(value.get("mutationIn")),
        sources=_read(value.get("sourceIn")),
        outcomes=_read(value.get("outcomeIn")),
        states=_read(value.get("stateIn")),
        since=value.get("since"),
        until=value.get("until"),
    )


def _read(values: Any) -> Any:
    return None if values is None else tuple(values)


get_object_definition(WriteOperationFilter, strict=True).from_input = _to_filter
