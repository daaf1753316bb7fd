"""
The graph as a subgraph: entities that other graphs refer to, answered through the same loaders as `nodes`.

Strawberry's own `_entities` fails as a whole on one bad representation and hands unchecked values to resolvers; here
each item is checked on its own, and a bad one nulls only itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import strawberry
from graphql import GraphQLInputObjectType
from strawberry.federation.schema import FederationAny
from strawberry.schema.schema_converter import GraphQLCoreConverter

from adapters.errors import InputError
from graph.types.relation import GraphInfo
from resolvers.node import TYPE_ENTITIES, EntityKey

BACKREF: Final = GraphQLCoreConverter.DEFINITION_BACKREF
MAX_KEY_CHARS: Final = 512
KEY_FIELDS: Final = ("sourceId", "vendorId")


class FederatedSchema(strawberry.federation.Schema):
    """A federation schema whose `_entities` checks each representation and loads all of them together."""

    def __init__(self, **options: Any) -> None:
        """Build the schema as Strawberry does, with look-ups that graphql-core itself checks."""
        super().__init__(**options)
        for type_ in self._schema.type_map.values():
            if isinstance(type_, GraphQLInputObjectType) and type_.extensions[BACKREF].is_one_of:
                _check_natively(type_)

    def entities_resolver(self, info: GraphInfo, representations: list[FederationAny]) -> Any:  # type: ignore[override] # our own info
        """Return the records referred to, in order, with an error in the place of each bad reference."""
        return resolve_entities(info, representations)


def _check_natively(one_of: GraphQLInputObjectType) -> None:
    """
    Let graphql-core's validation check that exactly one field is given.

    Strawberry checks while arguments are coerced, where its error looks like one of ours and would be masked.
    """
    one_of.is_one_of = True
    one_of.out_type = GraphQLInputObjectType.out_type  # type: ignore[method-assign] # takes Strawberry's check off


def resolve_entities(info: GraphInfo, representations: Sequence[object]) -> Any:
    """Load representations as one batch; raises as `read_representations` does."""
    keys = read_representations(representations, info.context.request.limits.max_nodes)
    return info.batch("Query", "_entities", keys)


def read_representations(representations: Sequence[object], limit: int) -> list[EntityKey | InputError]:
    """
    Read each representation, or say what is wrong with it.

    Raises:
        InputError: there are more than `limit` of them; then none is looked at.
    """
    if len(representations) > limit:
        raise InputError(
            f"{len(representations)} representations were given at once.",
            reason="TOO_MANY_IDS",
            hint=f"Give at most {limit}.",
            path=("representations",),
        )
    return [read_representation(item, place) for place, item in enumerate(representations)]


def read_representation(item: object, place: int) -> EntityKey | InputError:
    """
    Read one representation, or say what is wrong with it.

    Keys of other fields are ignored: a gateway may send what other subgraphs know of the entity.
    """
    path = ("representations", place)
    if not isinstance(item, Mapping):
        message = "A representation is an object with `__typename` and the key fields."
        return _refuse(message, path, hint=f"Give __typename, {' and '.join(KEY_FIELDS)}.")
    type_name = item.get("__typename")
    if not isinstance(type_name, str) or type_name not in TYPE_ENTITIES:
        return _refuse(
            "A representation names one of this graph's entity types.", (*path, "__typename"), hint=_list_types()
        )
    values = [_read_key(item.get(name)) for name in KEY_FIELDS]
    for name, value in zip(KEY_FIELDS, values, strict=True):
        if value is None:
            message = f"`{name}` is a text of 1 to {MAX_KEY_CHARS} characters."
            return _refuse(message, (*path, name), hint=f"Give the record's `{name}` as this graph returned it.")
    source_id, vendor_id = map(str, values)
    return EntityKey(type_name, source_id, vendor_id)


def _read_key(value: object) -> str | None:
    """Return a key as text; GraphQL's ID may come as a text or a whole number, and as nothing else."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= 64:  # noqa: PLR2004 - any id there is
        value = str(value)
    return value if isinstance(value, str) and 0 < len(value) <= MAX_KEY_CHARS else None


def _refuse(message: str, path: tuple[str | int, ...], *, hint: str) -> InputError:
    return InputError(message, reason="REPRESENTATION_INVALID", hint=hint, path=path)


def _list_types() -> str:
    return f"Entity types: {', '.join(sorted(TYPE_ENTITIES))}."
