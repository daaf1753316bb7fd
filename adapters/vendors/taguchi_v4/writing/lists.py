"""
The lists that a command mails to: those of colleagues, which have a type of their own, and not a company's customers.

Source: taguchi-v4-api.txt, PROOF, APPROVAL and EXTRACT: "the proof list", "the approval list", "the notification list";
their types are those of public clients (vendors/facts.md, 1.5, list).
"""

from typing import Final

from adapters.errors import ConsentError, InputError
from adapters.records import Entity

from .ask import Ask, to_path
from .fields import to_number
from .held import find_row

PROOFS, APPROVALS, NOTIFICATIONS = "proof", "approval", "notification"
UNCHECKED: Final = "Nobody was looked up: people who have opted out may be on the list."


async def check_list(ask: Ask, name: str, type_: str) -> tuple[str, ...]:
    """
    Check that a list, which the input names, is of the type that is mailed to; return what to know where it is not.

    Raises:
        InputError: there is no such list.
        ConsentError: it is none of that type, and the caller has not said that it knows whom it reaches.
    """
    row = await find_row(ask, Entity.LIST, str(to_number(ask.values[name], name)))
    if row is None:
        raise InputError("There is no such list.", reason="NOT_FOUND", path=to_path(name))
    if row.get("type") == type_:
        return ()
    if not ask.command.unchecked:
        raise ConsentError(
            f"This is not known to be a list of the type `{type_}`: customers may be on it, and have opted out.",
            hint="Name another list, or say `recipientsUnchecked: true` to mail all of it.",
            path=to_path(name),
        )
    return (UNCHECKED,)
