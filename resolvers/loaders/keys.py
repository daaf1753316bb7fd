"""
What loaders are asked for.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RecordKey:
    """
    One record at one source.

    `purpose` says which place in the operation asks, for the plan; it does not tell keys apart.
    """

    source: str
    id: str
    purpose: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ValueKey:
    """The records of one source whose text field `name` equals `value` exactly."""

    source: str
    name: str
    value: str
    purpose: str = field(default="", compare=False)
