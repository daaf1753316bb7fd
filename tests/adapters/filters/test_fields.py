"""The fields that a vendor's extension adds to filters."""

from dataclasses import dataclass, field

from adapters.filters.fields import Kind, build_extension_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A made-up vendor's extension."""

    owner_id: str | None = field(default=None, metadata={"id": True})
    shop_ids: tuple[str, ...] = field(default=(), metadata={"id": True})
    rank: int | None = None
    secret: str | None = field(default=None, metadata={"filter": False})


def test_only_single_values_can_be_filtered_by() -> None:
    """A field of several ids would be offered as one id, match nothing by equality, and break where it is compared."""
    fields = build_extension_fields("extra", Extra)

    assert {name: spec.kind for name, spec in fields.items()} == {"extra.owner_id": Kind.ID, "extra.rank": Kind.NUMBER}
