"""
Whom a sending may reach: nobody who has opted out, in any source the caller sees, unless the caller says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from adapters.contract import WriteCapability, WriteCommand, WriteScope
from adapters.errors import ConsentError, InputError
from resolvers.context import RequestContext
from resolvers.policy.opt_outs import find_opt_outs
from resolvers.selection import Selection
from resolvers.writes.arguments import LEFT_OUT, RECIPIENTS, WriteArgs

OPTED_OUT: Final = "This person has opted out."


@dataclass(frozen=True, slots=True)
class Checked:
    """A command that reaches only whom it may; `skipped` are those who are left out, by place, with the reason."""

    command: WriteCommand
    skipped: Mapping[int, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def reaches_people(ability: WriteCapability, values: Mapping[str, Any]) -> bool:
    """Say whether a write with these values reaches people."""
    return ability.scope is WriteScope.SEND or ability.sends(values)


async def check_sending(
    args: WriteArgs, ability: WriteCapability, ctx: RequestContext, selection: Selection
) -> Checked:
    """
    Return a command with the people it may reach; its values tell who was left out, by place.

    Raises:
        InputError: one person is named twice, as far as the source can be asked.
        ConsentError: nobody can tell whom it reaches and the caller has not said that it knows, or nobody is left.
        FacadeError: a source that may know of an opt-out could not be asked, and the caller has not said to go on.
    """
    command = args.command
    if not reaches_people(ability, command.values):
        return Checked(command)
    part, people = _list_people(command)
    if not people:
        _check_unchecked(args, ability)
        return Checked(command)
    if _is_allowed(args):
        return Checked(command)
    found = await find_opt_outs(people, command.source, ctx, selection.path, lenient=args.unchecked)
    if part == RECIPIENTS:
        _check_apart(found.marks)
    if len(found.places) == len(people):
        raise ConsentError(
            "Everyone this would reach has opted out.",
            hint="Say `allowUnsubscribed: true`, which needs the scope `consent`, if they must get it all the same."
            if part == RECIPIENTS
            else "Say with `consent` why they may get it all the same; it needs the scope `consent`.",
            path=("input", part),
        )
    skipped = dict.fromkeys(sorted(found.places), OPTED_OUT)
    return Checked(_leave_out(command, part, skipped), skipped, found.warnings)


def _check_apart(marks: Sequence[frozenset[tuple[str, str]]]) -> None:
    """Refuse to reach one person twice, however named."""
    places: dict[tuple[str, str], int] = {}
    for place, found in enumerate(marks):
        first = min((places.setdefault(mark, place) for mark in found), default=place)
        if first != place:
            raise InputError(
                f"This person is named twice, first in place {first}.",
                reason="DUPLICATE_ITEM",
                path=("input", RECIPIENTS, place),
            )


def _list_people(command: WriteCommand) -> tuple[str, Sequence[Mapping[str, Any]]]:
    """Return those whom a command reaches, as far as it names them, and the part of the input that does."""
    recipients = command.values.get(RECIPIENTS)
    return ("items", command.items) if recipients is None else (RECIPIENTS, recipients)


def _is_allowed(args: WriteArgs) -> bool:
    """Say whether the caller has said that people who have opted out are meant too: it holds `consent`."""
    return args.unsubscribed_too or (bool(args.command.items) and args.command.consent is not None)


def _leave_out(command: WriteCommand, part: str, skipped: Mapping[int, str]) -> WriteCommand:
    """Take recipients out of a command; items stay, so that their places do, and are named to the adapter."""
    values = dict(command.values)
    if part == RECIPIENTS:
        values[RECIPIENTS] = [each for place, each in enumerate(values[RECIPIENTS]) if place not in skipped]
    if skipped or part == RECIPIENTS:
        values[LEFT_OUT] = list(skipped)
    return replace(command, values=values)


def _check_unchecked(args: WriteArgs, ability: WriteCapability) -> None:
    if ability.unchecked and not args.unchecked:
        raise ConsentError(
            "Whom this reaches is known only to the vendor, so nobody can be left out.",
            hint="Say `recipientsUnchecked: true` to send all the same.",
            path=("input", "recipientsUnchecked"),
        )
