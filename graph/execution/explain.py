"""
Says what an operation would call, in words, without calling anyone.

Root connections show the first request of each source, built by the same code that sends it; everything below depends
on rows nobody has read yet, so it shows the shape of its first request and how many calls it may take.
"""

from collections.abc import Hashable, Iterator
from itertools import pairwise
from typing import Any, Final
from urllib.parse import quote

from graphql import Executor, GraphQLObjectType, GraphQLResolveInfo
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path

from adapters.contract import PlannedCall
from adapters.errors import FacadeError, InputError
from adapters.shapes import UNKNOWN
from graph.execution.asking_shapes import describe_write
from graph.execution.collector import BatchFunction, Collector
from graph.execution.costs import Cost, Load
from graph.execution.reach import Reach, name_sources
from graph.execution.selection import build_selection
from graph.execution.shapes import plan_shapes
from graph.federation import read_representations
from resolvers.connections import ConnectionSpec, plan_connection, plan_lines
from resolvers.context import RequestContext
from resolvers.relations import RELATIONS, Shape

WORDS: Final = {
    Shape.PAGE: "a page",
    Shape.ONE: "look-ups by key, many in one call",
    Shape.PART: "with its record, or look-ups by key where that came without",
    Shape.CHILDREN: "a page below each, first pages together",
    Shape.MEMBERS: "a page below each, read one by one",
    Shape.STATISTICS: "statistics, all of them in one call a period",
    Shape.EACH: "a question to each source, side by side",
    Shape.WRITE: "a write, whose requests `dryRun: true` shows",
    Shape.WRITES: "a question to each source, then a write at each, whose requests `dryRun: true` shows",
    Shape.LEDGER: "a page of our own ledger",
    Shape.LOOK: "our own ledger, and a question to the source where nobody knows what became of the write",
    Shape.LOCAL: "nothing to read",
}
"""How each kind of relation reads."""


class Recorder(Collector):
    """A collector that loads nothing and remembers what it was asked for last."""

    def __init__(self, request: RequestContext) -> None:
        """Keep the request like any collector."""
        super().__init__(request)
        self.asked: Any = None

    def load(self, function: BatchFunction, parent: object, args: Hashable, info: GraphQLResolveInfo[Any]) -> Any:
        """Remember the arguments as the batch function would get them."""
        del function, parent, info
        self.asked = args


def explain_operation(
    executor: Executor[Any], request: RequestContext, recorder: Recorder, cost: Cost
) -> Iterator[str]:
    """Yield the lines that describe an operation's vendor calls; `recorder` is the collector in its context."""
    reach, told = Reach(request), Cost()
    for load in cost.loads:
        lines = list(_explain_load(executor, reach, recorder, load))
        weighed = reach.weigh(load)
        yield f"{load.path}: {WORDS[load.shape]}; {_range(weighed.least, weighed.most)}"
        yield from lines
        told += Cost(loads=(weighed,))
    together = f"Together {_range(told.least, told.most)}, about {cost.values:,} values"
    yield f"{together}: an estimate for full pages. No call was made."


def _explain_load(executor: Executor[Any], reach: Reach, recorder: Recorder, load: Load) -> Iterator[str]:
    """Describe one place's calls, and remember which sources what stands below it reads from."""
    if load.shape is Shape.WRITE:
        yield from _explain_write(executor, reach, recorder, load)
    elif load.shape is Shape.PAGE and load.most:
        yield from _explain_page(executor, reach, recorder, load)
    elif load.most or load.shape is Shape.EACH:
        yield from _explain_shapes(executor, reach, recorder, load)


def _explain_page(executor: Executor[Any], reach: Reach, recorder: Recorder, load: Load) -> Iterator[str]:
    entity, request = RELATIONS[load.type_name, load.field_name].reads, reach.request
    if entity is None:
        return
    spec = ConnectionSpec(load.field_name, entity)
    try:
        selection = build_selection(_record_arguments(executor, recorder, load))
        _, lines, refused = plan_lines(spec, recorder.asked, request, selection)
        calls = plan_connection(spec, recorder.asked, request, selection)
    except FacadeError as error:
        reach.note(load, ())
        yield _say_refused(error)
        return
    begins = {name: len(line.plan.branches) for name, line in lines.items()}
    reach.note(load, filter(begins.get, begins), min(begins.values(), default=0))
    for call in calls:
        yield _say_call(call)
        yield from (f"    the vendor filters: {pushed}" for pushed in call.pushed)
    for name, line in lines.items():
        if line.residual is not None:
            yield f"  checked here on the rows of {name}: {line.residual}"
            yield from (f"    because {reason}" for reason in line.plan.reasons)
    yield from (f"  {report.source} cannot answer: {report.reason}" for report in refused)


def _explain_shapes(executor: Executor[Any], reach: Reach, recorder: Recorder, load: Load) -> Iterator[str]:
    """Show the requests of a place below others, each once, with a sign for every key that is not known yet."""
    try:
        info = _record_arguments(executor, recorder, load)
        request = reach.narrow(load)
        shapes = list(plan_shapes(load, recorder.asked, request, build_selection(info)))
        reach.note(load, name_sources(load, recorder.asked, request))
    except FacadeError as error:
        reach.note(load, ())
        yield _say_refused(error)
        return
    yield from dict.fromkeys(
        _say_refused(each) if isinstance(each, FacadeError) else _say_call(each) for each in shapes
    )


def _explain_write(executor: Executor[Any], reach: Reach, recorder: Recorder, load: Load) -> Iterator[str]:
    try:
        _record_arguments(executor, recorder, load)
    except FacadeError as error:
        reach.note(load, ())
        yield _say_refused(error)
        return
    reach.note(load, name_sources(load, recorder.asked, reach.request))
    lines = list(describe_write(load.field_name, recorder.asked, reach.request))
    yield from (f"  {line}" for line in lines or ("no source that is asked can write this",))


def _say_call(call: PlannedCall) -> str:
    return f"  {call.operation}: {call.method} {call.url.replace(quote(UNKNOWN), UNKNOWN)}"


def _say_refused(error: FacadeError) -> str:
    """Say what is refused and why, and which of several things it is."""
    path = error.path if isinstance(error, InputError) else ()
    item = next((f" {name}.{number}" for name, number in pairwise(path) if isinstance(number, int)), "")
    return f"  refused{item}: {error.message}{f' {error.hint}' if error.hint else ''}"


def _record_arguments(executor: Executor[Any], recorder: Recorder, load: Load) -> GraphQLResolveInfo[Any]:
    """
    Let a field's own resolver turn its arguments into what its batch function takes.

    Raises:
        FacadeError: the arguments would be refused.
    """
    parent = executor.schema.type_map[load.type_name]
    if not isinstance(parent, GraphQLObjectType):
        raise TypeError(f"{load.type_name} is no object type")
    field = parent.fields[load.field_name]
    info = executor.build_resolve_info(field, list(load.nodes), parent, Path(None, load.path, None))
    if field.resolve is None:
        raise TypeError(f"{load.type_name}.{load.field_name} has no resolver")
    arguments = get_argument_values(field, load.nodes[0], executor.variable_values)
    if load.field_name == "_entities":  # its resolver asks no collector: all of its parents are known at once
        recorder.asked = read_representations(arguments["representations"], info.context.request.limits.max_nodes)
    else:
        field.resolve(None, info, **arguments)
    return info


def _range(least: int, most: int) -> str:
    words = "vendor call" if least == most == 1 else "vendor calls"
    return f"{least:,} {words}" if least == most else f"{least:,} to {most:,} {words}"
