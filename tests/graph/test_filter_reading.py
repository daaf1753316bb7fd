"""How often a filter is read: what a variable brings once in a request, and what is too large not at all."""

import re
from typing import Annotated, Any

import pytest
import strawberry
from strawberry.types.execution import ExecutionResult

from adapters.errors import FilterError
from adapters.filters.bind import MAX_COMPARISONS, MAX_OPERANDS, bind
from adapters.filters.fields import FIELDS
from adapters.filters.operands import MAX_IN, Path
from adapters.filters.tree import EVERYTHING, Filter
from adapters.records import Entity
from graph.inputs.condition import condition
from graph.inputs.filter_input import filter_input
from graph.inputs.operators import TextFilter
from graph.inputs.subscriber_filter import SubscriberFilter
from tests.graph.conftest import build_context
from tests.graph.test_inputs import convert, read

READ: list[Path] = []
"""Where conditions on names were read."""


def _note(value: dict[str, Any], path: Path) -> Filter:
    READ.append(path)
    if value.get("eq") == "bad":
        raise FilterError("The name is bad.", reason="NAME_BAD", path=path)
    return EVERYTHING


@filter_input(Entity.LIST)
class Counted:
    """A filter that notes how often it is read."""

    name: TextFilter | None = condition("The name.", lambda _name, _scope: _note)


Given = Annotated[Filter | None, strawberry.argument(graphql_type=Counted | None)]


@strawberry.type
class Query:
    """Fields that take the filter and do nothing else."""

    @strawberry.field
    def matched(self, filter: Given = None) -> bool | None:  # noqa: A002 - the name every filter argument has
        return filter is not None


SMALL = strawberry.Schema(Query)
TWENTY_FIELDS = " ".join(f"f{number}: matched(filter: $f)" for number in range(20))


@pytest.fixture(autouse=True)
def _forget() -> None:
    READ.clear()


async def _run(filter_: dict[str, Any]) -> ExecutionResult:
    document = f"query($f: Counted) {{ {TWENTY_FIELDS} }}"
    answer = await SMALL.execute(document, {"f": filter_}, context_value=build_context("test"))
    assert isinstance(answer, ExecutionResult)
    return answer


async def test_a_variable_is_read_once_for_all_fields_that_take_it() -> None:
    """Read again below each of a hundred records, a filter of a thousand values would hold everyone else up."""
    answer = await _run({"name": {"eq": "good"}})

    assert answer.errors is None
    assert answer.data is not None
    assert list(answer.data.values()) == [True] * 20
    assert READ == [("filter", "name")]


async def test_a_refused_variable_is_read_once_and_refused_everywhere() -> None:
    """A refusal is as dear as an answer, and is what somebody who means harm would ask for."""
    answer = await _run({"name": {"eq": "bad"}})

    assert [error.message for error in answer.errors or ()] == ["The name is bad."] * 20
    assert len({tuple(error.path or ()) for error in answer.errors or ()}) == 20
    assert READ == [("filter", "name")]


async def test_requests_do_not_share_what_they_read() -> None:
    """Remembered for longer than a request, one caller's filter would be another's."""
    first, second = await _run({"name": {"eq": "bad"}}), await _run({"name": {"eq": "good"}})

    assert len(first.errors or ()) == 20
    assert second.errors is None


async def test_a_filter_with_too_many_values_is_refused_unread() -> None:
    """Casting ten thousand values only to say there are too many held the event loop for seconds."""
    answer = await _run({"or": [{"name": {"in": ["x"] * MAX_IN}}] * 19})

    assert {error.message for error in answer.errors or ()} == {"The filter's lists hold too many values."}
    assert READ == []


async def test_filters_written_in_the_document_are_read_each() -> None:
    """What is written twice may differ; taken for one, a field would be answered by its neighbour's filter."""
    document = '{ a: matched(filter: {name: {eq: "bad"}}) b: matched(filter: {name: {eq: "good"}}) }'
    answer = await SMALL.execute(document, context_value=build_context("test"))

    assert isinstance(answer, ExecutionResult)
    assert [error.path for error in answer.errors or ()] == [["a"]]
    assert READ == [("filter", "name")] * 2


ID = {"vendorId": {"eq": "1"}}
MANY = {"ref": {"in": ["a"] * 400}}
SIZES: dict[str, tuple[dict[str, Any], bool]] = {
    "comparisons that fit": ({"or": [ID] * MAX_COMPARISONS}, True),
    "one comparison more": ({"or": [ID] * (MAX_COMPARISONS + 1)}, False),
    "one more in an element": ({"or": [ID] * MAX_COMPARISONS, "memberships": {"listId": {"isNull": True}}}, False),
    "one more under a key": (
        {"or": [ID] * MAX_COMPARISONS, "customField": {"key": "pets", "value": {"neq": "cat"}}},
        False,
    ),
    "one more in an extension": ({"or": [ID] * MAX_COMPARISONS, "taguchi": {"clusterId": {"eq": "1"}}}, False),
    "case is no comparison": (
        {"or": [ID] * (MAX_COMPARISONS - 1), "ref": {"eq": "a", "ignoreCase": True}},
        True,
    ),
    "values that fit": ({"and": [MANY] * (MAX_OPERANDS // 400)}, True),
    "one value more": ({"and": [MANY] * (MAX_OPERANDS // 400), "not": {"ref": {"notIn": ["b"]}}}, False),
}


@pytest.mark.parametrize(("given", "fits"), SIZES.values(), ids=SIZES)
def test_what_is_counted_unread_is_what_the_tree_would_count(given: dict[str, Any], fits: bool) -> None:
    """Counted otherwise than the tree is, a filter that fits would be refused, or a large one read first."""
    if fits:
        bind(convert(SubscriberFilter, given), FIELDS[Entity.SUBSCRIBER])
    else:
        with pytest.raises(FilterError, match=re.escape("too many")) as caught:
            convert(SubscriberFilter, given)
        assert (caught.value.reason, caught.value.path) == ("FILTER_TOO_LARGE", ("filter",))


def test_a_list_that_is_too_long_is_named_itself() -> None:
    """Told that all lists together are too long, whoever wrote one would look for the others."""
    values = ", ".join(['"a"'] * (MAX_OPERANDS + 1))

    with pytest.raises(FilterError) as caught:
        read(SubscriberFilter, f"{{ref: {{in: [{values}]}}}}")

    assert (caught.value.reason, caught.value.path) == ("LIST_TOO_LONG", ("filter", "ref", "in"))
