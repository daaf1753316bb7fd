"""
The answer of a write about one person everywhere, as the ledger keeps it under the caller's key.

Its row holds no overall word and nothing of the person: which parts there were, by the ids of their own rows, and why
others were none. It stands at no source, so that it is not among the writes that callers list.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from adapters.contract import Outcome
from adapters.ledger import NOWHERE, Ledger, NewEntry
from resolvers.principal import Principal
from resolvers.writes.arguments import digest_people, hash_plain
from resolvers.writes.payload import read_error, read_payload, to_plain_error
from resolvers.writes.people_parts import ERASE, PeopleArgs, PeoplePayload, PersonPart, to_part
from resolvers.writes.showing import show_entry

ANSWERED: Final = Outcome.APPLIED.value
"""The outcome of a row that holds an answer, which nobody is told: the parts have their own."""

PARTS, FORGOTTEN = "parts", "forgotten"


def hash_people_input(args: PeopleArgs) -> str:
    """Return a digest that tells an input from any other under the same key."""
    return hash_plain([args.key, args.named, args.sources, args.fields, args.consent])


def build_people_entry(args: PeopleArgs, key: str, principal: Principal) -> NewEntry:
    """
    Build the row of a write that is about to begin; its key may name the person, so that a digest stands for it.

    An erasure finds the row, whose digest of the input is then forgotten; but not an erasure's, which stays told.
    """
    people = frozenset() if args.kind == ERASE else digest_people(args.named) | digest_people(args.fields)
    return NewEntry(
        tenant=principal.tenant,
        principal=principal.name,
        mutation=args.kind,
        source=NOWHERE,
        key=hashlib.sha256(key.encode()).hexdigest(),
        input_hash=hash_people_input(args),
        command={"kind": args.kind, "source": NOWHERE},
        people=people,
    )


def to_plain_answer(payload: PeoplePayload) -> dict[str, Any]:
    """Return an answer as plain JSON; what parts say that have a row stays there alone."""
    return {PARTS: [_to_plain_part(part) for part in payload.parts], FORGOTTEN: payload.forgotten}


def _to_plain_part(part: PersonPart) -> dict[str, Any]:
    plain: dict[str, Any] = {"source": part.source, "mutation": part.mutation, "outcome": part.outcome.value}
    if part.operation is not None:
        return {**plain, "operation": part.operation.id}
    return {**plain, "errors": [to_plain_error(error) for error in part.errors]}


async def read_answer(plain: Mapping[str, Any], ledger: Ledger, principal: Principal) -> PeoplePayload:
    """Return an answer that the ledger kept, of the sources seen by now; a part says what is known of it by now."""
    seen = [each for each in plain[PARTS] if principal.sees(each["source"])]
    parts = [await _read_part(each, ledger, principal) for each in seen]
    return PeoplePayload(tuple(parts), plain[FORGOTTEN])


async def _read_part(plain: Mapping[str, Any], ledger: Ledger, principal: Principal) -> PersonPart:
    entry = await ledger.fetch(plain["operation"]) if "operation" in plain else None
    if entry is not None:
        return to_part(plain["mutation"], read_payload(show_entry(entry, principal)))
    errors = tuple(read_error(each) for each in plain.get("errors", ()))
    outcome = Outcome(plain["outcome"])
    return PersonPart(outcome=outcome, source=plain["source"], mutation=plain["mutation"], errors=errors)
