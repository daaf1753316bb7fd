"""
What a caller may not ask for: refused before anything is read, sent or recorded.
"""

from typing import Final

from adapters.contract import WriteCapability, WriteScope
from adapters.errors import CapabilityError, ForbiddenError
from resolvers.principal import Principal, Scope
from resolvers.writes.arguments import WriteArgs

_SCOPES: Final = {
    WriteScope.WRITE: (Scope.WRITE,),
    WriteScope.SEND: (Scope.SEND,),
    WriteScope.CONSENT: (Scope.WRITE, Scope.CONSENT),
}
"""What each kind of mutation takes; to undo an opt-out is to write, too."""

BY_EMAIL, BY_KEY = "by_email", "by_key"
"""The part of a write's values that names a person by e-mail address instead of the command's target."""

NAMED: Final = {BY_EMAIL: "byEmail", BY_KEY: "byKey"}
"""The same parts, as the input calls them."""


def check_scopes(args: WriteArgs, ability: WriteCapability, principal: Principal) -> None:
    """Refuse a mutation whose scopes the caller does not hold; raises `ForbiddenError`."""
    needed = [*_SCOPES[ability.scope]]
    if ability.sends(args.command.values):
        needed.append(Scope.SEND)
    if args.command.consent is not None or args.unsubscribed_too:
        needed.append(Scope.CONSENT)
    missing = [scope.value for scope in needed if not principal.holds(scope)]
    if missing:
        raise _build_missing(f"`{args.command.kind}` needs the scope `{missing[0]}`.")


def _build_missing(message: str) -> ForbiddenError:
    return ForbiddenError(message, reason="SCOPE_MISSING", hint="Ask the operator for it.")


def check_naming(args: WriteArgs, ability: WriteCapability) -> None:
    """Refuse a person named in a way that the source cannot be told; raises `CapabilityError`."""
    values = args.command.values
    wrong = NAMED[BY_EMAIL] if BY_EMAIL in values and not ability.by_email else None
    if BY_KEY in values and not ability.by_key:
        wrong = NAMED[BY_KEY]
    if wrong is not None:
        raise CapabilityError(
            f"The source {args.command.source} cannot be told by `{wrong}` whom `{args.command.kind}` is about.",
            hint="Look the person up and say `id`.",
            path=("input", wrong),
        )
