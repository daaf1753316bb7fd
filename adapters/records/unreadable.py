"""
What a part of a record is where its text cannot be understood.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unreadable:
    """
    A part of an otherwise sound record that is not what the vendor's document says.

    `what` completes "sent …" and never holds the text itself.
    """

    what: str
