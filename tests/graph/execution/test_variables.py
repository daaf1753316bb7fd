"""What an operation's variables become, when it is new and when it is known."""

from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema

from graph.errors import RefusedError
from graph.execution.document import Documents
from graph.execution.engine import Engine
from graph.execution.limits import DocumentLimits
from graph.execution.request import GraphQLRequest
from tests.graph.execution.world import open_world

VALUES: list[Any] = [None, 0, 1, 2**31, 2**63, 1.0, 1.5, True, "", "1", "RED", "red", [], [1], ["RED"], {}, {"n": 1}]


def _open(schema: GraphQLSchema) -> Engine:
    return Engine(schema, Documents(schema, DocumentLimits()), lambda *_given, **_named: None)


def _coerce(engine: Engine, text: str, given: dict[str, Any]) -> Any:
    try:
        executor = engine.prepare(GraphQLRequest(text, variables=given), open_world(1, 0)).executor
    except RefusedError as refusal:
        return refusal.errors
    sources = executor.variable_values.sources
    return repr(executor.variable_values.coerced), {name: source.value for name, source in sources.items()}


VARIABLES = [
    *("Int", "Int!", "Int=1", "Int=null", "Float", "Float!", "ID", "ID!", "String", "String!", "Boolean", "Boolean!"),
    *("Colour", "Colour!", "Colour=RED", "[Int]", "[Int!]!", "In"),
]


@pytest.mark.parametrize("variable", VARIABLES)
async def test_variables_of_a_known_operation_are_coerced_as_those_of_a_new_one(variable: str) -> None:
    """Broken, the same request would be read in another way when it comes again."""
    type_ = variable.partition("=")[0]
    schema = build_schema(f"""
        enum Colour {{ RED }} input In {{ n: Int }} type Query {{ a(v: {type_}): Int b(c: Colour, d: Int = 2): Int }}
    """)
    text = f"query A($v: {variable}, $c: Colour, $d: Int = 3) {{ a(v: $v) b(c: $c, d: $d) }}"
    known, answers = _open(schema), []
    for value in VALUES + VALUES:
        for given in ({"v": value, "c": "RED", "d": 1}, {"v": value, "c": None, "d": None}, {"v": value}, {"c": "RED"}):
            answers.append(_coerce(known, text, given))
            assert answers[-1] == _coerce(_open(schema), text, given)

    assert any(isinstance(answer, tuple) for answer in answers)
