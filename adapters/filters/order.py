"""Orders and positions: how rows of one source stand in line, and where in that line a page ended."""

from dataclasses import dataclass

from adapters.records.making import made_quickly

PositionPart = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Order:
    """
    A total order of one source's rows: by `field`, then by id.

    Ascending puts missing values last; descending is the exact reverse of ascending, ties and missing values included.
    """

    field: str = "id"
    descending: bool = False

    def reversed(self) -> "Order":
        """Return the same line read from its other end."""
        return Order(self.field, descending=not self.descending)


BY_ID = Order()


@made_quickly
@dataclass(frozen=True, slots=True)
class Position:
    """
    A place in a line of rows, as the adapter that made it understands it; its parts are plain JSON values.

    A keyset adapter keeps (value as the vendor prints it or None, last id); a page-number adapter (page, index).
    """

    parts: tuple[PositionPart, ...]
