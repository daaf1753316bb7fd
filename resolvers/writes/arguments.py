"""
What a mutation is asked, whatever it writes.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.contract import WriteCommand
from adapters.credentials import hide_in_plain
from adapters.errors import InputError
from adapters.identity import to_email_key
from adapters.records import Entity

MAX_KEY_CHARS: Final = 200

RECIPIENTS: Final = "recipients"
"""The part of a sending's values that names who is reached: a list of objects with `id`, `email`, `phone` or `ref`."""

LEFT_OUT: Final = "skipped"
"""The part of a sending's values that tells the places of those who are not to be reached."""

_ITEMS_ARE: Final = "itemsAre"


@dataclass(frozen=True, slots=True)
class WriteArgs:
    """
    One mutation: what is to be written, and how.

    `dry_run` plans and sends nothing; `key` is the caller's own for this write, under which it is done once.
    `unchecked` says that the caller knows that nobody can tell beforehand whom the write reaches; `unsubscribed_too`
    sends to people who have opted out. `entity` is the kind of record the command's target is of.
    """

    command: WriteCommand
    entity: Entity | None = None
    dry_run: bool = False
    key: str | None = None
    unchecked: bool = False
    unsubscribed_too: bool = False

    def __hash__(self) -> int:
        """Return a hash of the mutation's place alone: what is written may not be hashable."""
        return hash((self.command.kind, self.command.source, self.key))


def check_key(key: str | None) -> None:
    """Refuse a key that cannot be kept; raises `InputError`."""
    if key is not None and not (0 < len(key) <= MAX_KEY_CHARS and key.isprintable()):
        raise InputError(
            f"An idempotency key has 1 to {MAX_KEY_CHARS} printable characters.",
            hint="A UUID will do.",
            path=("input", "idempotencyKey"),
        )


def to_plain_command(args: WriteArgs) -> dict[str, Any]:
    """Return a mutation but for its items as plain JSON: what tells one input from another."""
    command = args.command
    return {
        "kind": command.kind,
        "source": command.source,
        "target": command.target,
        "values": dict(command.values),
        "consent": command.consent,
        "unchecked": args.unchecked,
        "unsubscribedToo": args.unsubscribed_too,
    }


def list_items(args: WriteArgs) -> Sequence[Mapping[str, Any]]:
    """Return what is kept as the items of a write: those of a bulk write, or whom a sending names, if several."""
    return args.command.values[RECIPIENTS] if _names_several(args) else args.command.items


def _names_several(args: WriteArgs) -> bool:
    return len(args.command.values.get(RECIPIENTS) or ()) > 1


def to_kept_command(args: WriteArgs) -> dict[str, Any]:
    """
    Return a mutation as the ledger keeps it: without what is kept as items.

    Of an import, which reads from addresses, no credentials are kept. What is found out about it later is compared
    without them; and what may be sent from the ledger, a bulk write, names no address.
    """
    plain = to_plain_command(args)
    if "import" in args.command.kind.lower():
        plain["values"] = hide_in_plain(plain["values"])
    if not _names_several(args):
        return plain
    values = {name: value for name, value in plain["values"].items() if name != RECIPIENTS}
    return {**plain, "values": values, _ITEMS_ARE: RECIPIENTS}


def is_sending(plain: Mapping[str, Any]) -> bool:
    """Say whether the items of a kept write are those whom it reaches."""
    return plain.get(_ITEMS_ARE) == RECIPIENTS


def read_command(
    plain: Mapping[str, Any], items: tuple[Mapping[str, Any], ...] = (), left_out: Sequence[int] = ()
) -> WriteCommand:
    """Return the command that the ledger kept, with the items it is to have; `left_out` are the places of others."""
    values = plain["values"]
    if is_sending(plain):
        values, items = {**values, RECIPIENTS: list(items), LEFT_OUT: list(left_out)}, ()
    return WriteCommand(
        kind=plain["kind"],
        source=plain["source"],
        target=plain["target"],
        values=values,
        items=items,
        consent=plain["consent"],
        unchecked=plain["unchecked"],
    )


def hash_input(args: WriteArgs) -> str:
    """Return a digest that tells a mutation's input from any other input of the same mutation."""
    plain = to_plain_command(args)
    said = {name: value for name, value in plain["values"].items() if value is not None}
    return hash_plain({**plain, "values": said, "items": args.command.items})


_SAYS_NOTHING: Final = frozenset({"memberships", "custom_fields", "typed"})
"""Parts of an input in which null says as little as leaving them out; elsewhere null empties a field."""


_FREE: Final = frozenset({"content", "data", "attributes", "typed"})


def hash_plain(value: Any) -> str:
    """Return a digest of plain JSON that is the same for whatever says the same."""
    text = json.dumps(_to_same(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _to_same(value: Any, *, free: bool = False) -> Any:
    """Write alike what says the same; in JSON of the caller's own, which is `free`, every null does say something."""
    if isinstance(value, Mapping):
        told = {name: each for name, each in value.items() if free or each is not None or name not in _SAYS_NOTHING}
        return {name: _to_same(each, free=free or name in _FREE) for name, each in told.items()}
    if isinstance(value, list | tuple):
        return [_to_same(each, free=free) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


_KNOWN_BY: Final[Mapping[str, Callable[[str], str]]] = {
    "email": to_email_key,
    "phone": str.strip,
    "mobile": str.strip,
    "ref": str,
}


def digest_people(part: Mapping[str, Any]) -> frozenset[str]:
    """Return digests of what the people in an input are known by, so that they can be found without being named."""
    return frozenset(digest_person(name, value) for name, value in _walk(part))


def digest_target(args: WriteArgs) -> frozenset[str]:
    """Return the digest of the person a write is about by id, where it is about one."""
    command = args.command
    if command.target is None or args.entity is not Entity.SUBSCRIBER:
        return frozenset()
    return frozenset({digest_subscriber(command.source, command.target)})


def digest_ids(args: WriteArgs, part: Mapping[str, Any]) -> frozenset[str]:
    """Return digests of the people whom an input, or one item of it, names by id."""
    named = [part.get("person"), *(part.get(RECIPIENTS) or ())]
    if args.entity is Entity.SUBSCRIBER:
        named.append(part)
    ids = [each.get("id") for each in named if isinstance(each, Mapping)]
    return frozenset(digest_subscriber(args.command.source, id_) for id_ in ids if isinstance(id_, str))


def digest_whole(args: WriteArgs) -> frozenset[str]:
    """Return digests of the people a write is about as a whole."""
    values = to_kept_command(args)["values"]
    return digest_people(values) | digest_ids(args, values) | digest_target(args)


def digest_items(args: WriteArgs) -> list[frozenset[str]]:
    """Return digests of the people each item of a write is about."""
    items = list_items(args)
    named = [{RECIPIENTS: [item]} for item in items] if _names_several(args) else items
    return [digest_people(item) | digest_ids(args, part) for item, part in zip(items, named, strict=True)]


def digest_subscriber(source: str, id_: str) -> str:
    """Return the digest of a person's id at a source."""
    return hashlib.sha256(f"subscriber\0{source}\0{id_}".encode()).hexdigest()


def digest_person(name: str, value: str) -> str:
    """Return the digest of one thing a person is known by."""
    key = _KNOWN_BY[name](value)
    return hashlib.sha256(f"{'phone' if name == 'mobile' else name}\0{key}".encode()).hexdigest()


def _walk(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name in _KNOWN_BY and isinstance(each, str):
                yield name, each
            else:
                yield from _walk(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _walk(each)
