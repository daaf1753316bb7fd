"""The example operations in the playground's tabs: each is answered, and shows something."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import OperationDefinitionNode, parse

from graph import playground

EXAMPLES = sorted((Path(playground.__file__).parent / "examples").glob("*.graphql"))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_is_answered_with_something_to_see(served: str, file: Path) -> None:
    """The first thing a newcomer presses would show an error, or nothing."""
    query = file.read_text(encoding="utf-8")
    reply = httpx.post(f"{served}/graphql", json={"query": query}, headers={"X-Explain": "1"}, trust_env=False)
    answer = reply.json()

    assert "errors" not in answer
    [found] = answer["data"].values()
    assert _rows(found)
    assert "calls" in answer["extensions"]["plan"]


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_says_what_it_is(file: Path) -> None:
    """A tab takes its title from the operation's name; without one all tabs are called untitled."""
    query = file.read_text(encoding="utf-8")
    [operation] = parse(query).definitions

    assert query.startswith("# ")
    assert isinstance(operation, OperationDefinitionNode)
    assert operation.name is not None
    assert operation.name.value.lower() == file.stem.partition("-")[2].replace("-", "")


def _rows(found: Any) -> Any:
    """Return the rows of a connection, and anything else as it is."""
    return found["nodes"] if isinstance(found, dict) and "nodes" in found else found
