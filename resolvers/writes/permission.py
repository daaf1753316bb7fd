"""
What a caller may not ask for: refused before anything is read, sent or recorded.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from adapters.contract import Source, WriteCapability, WriteScope
from adapters.errors import CapabilityError, ForbiddenError
from adapters.records import Entity
from resolvers.email_check import check_address
from resolvers.policy.masking import find_pii_fields
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

_PERSONAL: Final = ("email", "phone")
"""What of those parts a caller without `pii` may not look somebody up by."""

_OPTS_OUT: Final = "unsubscribe"


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


def check_lookups(args: WriteArgs, source: Source, principal: Principal) -> None:
    """
    Refuse to look people up, or to compare them, by what a caller without `pii` may not read; raises `ForbiddenError`.

    Whether such a write goes would tell what is masked: that an address is known, or that a value was guessed. To opt
    out whoever has an address is open to every writer, as a form on a site does it, but for a dry run of it.
    """
    used = [] if principal.holds(Scope.PII) else sorted(_find_personal(args, source))
    if used:
        raise _build_missing(f"To look up or compare by `{used[0]}` needs the scope `pii`.")


def _find_personal(args: WriteArgs, source: Source) -> Iterator[str]:
    values = args.command.values
    if args.dry_run or args.command.kind != _OPTS_OUT:
        for part in NAMED:
            yield from (name for name in _PERSONAL if (values.get(part) or {}).get(name) is not None)
    hidden = {name.rpartition(".")[2] for name in find_pii_fields(source, args.entity or Entity.SUBSCRIBER)}
    yield from (name for name in _list_names(values.get("if_unchanged") or {}) if name in hidden)


def _list_names(fields: Mapping[str, Any]) -> Iterator[str]:
    """Name the fields of an input, those of a vendor's own part and of memberships too."""
    for name, value in fields.items():
        yield name
        for each in value if isinstance(value, list | tuple) else (value,):
            if isinstance(each, Mapping):
                yield from _list_names(each)


def _build_missing(message: str) -> ForbiddenError:
    return ForbiddenError(message, reason="SCOPE_MISSING", hint="Ask the operator for it.")


def check_naming(args: WriteArgs, ability: WriteCapability) -> None:
    """
    Refuse a person named in a way that the source cannot be told.

    Raises:
        CapabilityError: the source knows nobody by such a name.
        InputError: what is given as an e-mail address is none.
    """
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
    for part, called in NAMED.items():
        email = (values.get(part) or {}).get("email")
        if email is not None:
            check_address(email, ("input", called, "email"))
