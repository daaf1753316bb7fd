"""
What sources say of an e-mail address.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.contract import ChecksEmail, Source
from adapters.errors import CapabilityError, FacadeError, InputError
from adapters.records import EmailCheckRecord
from resolvers.context import FacadeErrorAt, RequestContext
from resolvers.roles import find_email_checker
from resolvers.selection import Selection

MAX_ADDRESS_CHARS = 254
"""The longest address there can be. Source: RFC 5321, 4.5.3.1.3, less the angle brackets."""


@dataclass(frozen=True, slots=True)
class EmailCheckArgs:
    """The address that is asked about; `source` narrows to one source, None means every one that can tell."""

    email: str
    source: str | None = None


async def check_email(
    parents: Sequence[object], args: EmailCheckArgs, ctx: RequestContext, selection: Selection
) -> list[tuple[EmailCheckRecord, ...] | FacadeError]:
    """Ask every source that judges addresses, side by side; one that fails is a notice beside the others."""
    try:
        found: tuple[EmailCheckRecord, ...] | FacadeError = await _ask(args, ctx, selection)
    except FacadeError as error:
        found = error
    return [found] * len(parents)


async def _ask(args: EmailCheckArgs, ctx: RequestContext, selection: Selection) -> tuple[EmailCheckRecord, ...]:
    email = check_address(args.email)
    checkers = [checker for source in choose_checking(args, ctx) if (checker := find_email_checker(source))]
    replies = await asyncio.gather(*(_ask_one(checker, email, ctx, selection) for checker in checkers))
    told = tuple(reply for reply in replies if isinstance(reply, EmailCheckRecord))
    errors = [reply for reply in replies if isinstance(reply, FacadeError)]
    if errors and not told:
        raise errors[0]
    ctx.notices.extend(FacadeErrorAt(error, tuple(selection.path.split("."))) for error in errors)
    return told


async def _ask_one(
    checker: ChecksEmail, email: str, ctx: RequestContext, selection: Selection
) -> EmailCheckRecord | FacadeError:
    try:
        return await checker.fetch_email_check(email, ctx.scope, purpose=selection.path)
    except FacadeError as error:
        return error


def check_address(email: str, path: tuple[str, ...] = ("email",)) -> str:
    """
    Return an address, without surrounding space, that can be sent to a vendor; whether it is valid is for that to say.

    Raises:
        InputError: it is none, or longer than any.
    """
    text = email.strip()
    if not text.isprintable() or "@" not in text or len(text) > MAX_ADDRESS_CHARS:
        raise InputError(
            "This is no e-mail address.",
            hint=f"Give one with an @, of at most {MAX_ADDRESS_CHARS} characters.",
            path=path,
        )
    return text


def choose_checking(args: EmailCheckArgs, ctx: RequestContext) -> list[Source]:
    """Return the sources that are asked about an address; raises `CapabilityError` where none judges addresses."""
    sources = list(ctx.sources.values()) if args.source is None else [ctx.source(args.source)]
    able = [source for source in sources if find_email_checker(source) is not None]
    if not able:
        raise CapabilityError(
            "No source that was asked judges e-mail addresses.",
            hint="Name another `source`: `sources { vendor }` tells what there is; Sendios judges addresses.",
            path=("source",),
        )
    return able
