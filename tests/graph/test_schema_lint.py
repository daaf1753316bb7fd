"""The schema judged by graphql-eslint, as a company's own schema reviews would."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from adapters.registry import find_vendors
from tests.served_fixture import RunNode, print_schema

pytestmark = pytest.mark.node


def list_vendor_types() -> list[str]:
    """Name the types of what only one vendor says of a record, and those they are made of."""
    extensions = [each.type for vendor in find_vendors().values() for each in vendor.extensions.values()]
    return sorted({type_.__name__ for extension in extensions for type_ in walk_types(extension)})


def walk_types(type_: Any) -> Iterator[type]:
    if dataclasses.is_dataclass(type_):
        yield type_  # type: ignore[misc] # a class, since hints are classes
        for hint in get_type_hints(type_).values():
            yield from walk_types(hint)
    for part in get_args(type_):
        yield from walk_types(part)


def test_the_api_schema_has_no_findings(run_node: RunNode, tmp_path: Path) -> None:
    """An undescribed, unreachable or oddly named part of the schema would reach its readers."""
    file = tmp_path / "api.graphql"
    file.write_text(print_schema("--api"), encoding="utf-8")

    assert run_node("lint.mjs", str(file), ",".join(list_vendor_types())) == []


def test_the_linter_finds_what_is_wrong(run_node: RunNode, tmp_path: Path) -> None:
    """A linter that looks at nothing would call any schema clean."""
    file = tmp_path / "api.graphql"
    file.write_text(
        '"""Roots."""\ntype Query {\n  getThing: Thing\n}\n\ninterface Node {\n  id: ID!\n}\n\n'
        "type Thing implements Node {\n  id: ID!\n  old: Int @deprecated\n}\n\ntype Stray {\n  a: Int\n}\n\n"
        "type StrayType {\n  a: Int\n}\n",
        encoding="utf-8",
    )

    findings = run_node("lint.mjs", str(file))
    found = {finding["ruleId"].removeprefix("@graphql-eslint/") for finding in findings}
    messages = "\n".join(finding["message"] for finding in findings)
    assert found >= {"naming-convention", "no-unreachable-types", "require-deprecation-reason", "require-description"}
    assert 'Type "StrayType" should not have "Type" suffix' in messages
    assert '"Stray" must have exactly one non-nullable unique identifier' in messages
