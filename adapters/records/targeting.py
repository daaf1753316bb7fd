"""
Views, which narrow whom an activity reaches, and the types of events people cause.
"""

from dataclasses import dataclass
from typing import ClassVar

from adapters.records.entity import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewRecord:
    """A condition on people; an activity goes only to those of its lists who meet it."""

    entity: ClassVar[Entity] = Entity.VIEW

    source: str
    id: str
    ref: str | None = None
    name: str | None = None
    predicate: str | None = None
    status: str | None = None
    extension: object | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTypeRecord:
    """
    A type of event. Its `id` is a text: the reference under which events are logged.
    """

    entity: ClassVar[Entity] = Entity.EVENT_TYPE

    source: str
    id: str
    name: str | None = None
    description: str | None = None
    priority: int | None = None
    extension: object | None = None

    @property
    def ref(self) -> str:
        """The reference events are logged under, which is the key."""
        return self.id
