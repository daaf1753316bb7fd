"""What an adapter is asked of many items before any of them is entered anywhere."""

from typing import Protocol, runtime_checkable

from adapters.calls import CallScope
from adapters.contract.writing import WriteCommand


@runtime_checkable
class ChecksItems(Protocol):
    """
    An adapter with bulk writes that look every item up when they are prepared.

    Those of a large one are looked up when their turn comes, long after it was asked for; so what they say is checked
    by itself before. A bulk write whose preparation asks the vendor nothing is prepared whole instead.
    """

    async def check_items(self, command: WriteCommand, scope: CallScope, *, purpose: str) -> None:
        """
        Refuse whatever `prepare_write` would, but for what takes a call for each item to know.

        Raises:
            InputError: the command cannot be sent as it is, with the path of what is wrong in its input.
            ConsentError: it would undo an opt-out by what it says, and names no basis.
            VendorError: what must be read first, of all items together, could not be.
        """
        ...
