"""The schema judged by graphql-eslint, as a company's own schema reviews would."""

from pathlib import Path

import pytest

from tests.served_fixture import RunNode, print_schema

pytestmark = pytest.mark.node


def test_the_api_schema_has_no_findings(run_node: RunNode, tmp_path: Path) -> None:
    """An undescribed, unreachable or oddly named part of the schema would reach its readers."""
    file = tmp_path / "api.graphql"
    file.write_text(print_schema("--api"), encoding="utf-8")

    assert run_node("lint.mjs", str(file)) == []


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
