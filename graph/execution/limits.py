"""
The one rule that bounds a document, run before graphql-core's own: each fragment is measured once, sizes are integers.

A document of forty fragments that each spread the next one twice stands for 2^40 fields; its size is known after forty
additions. Unknown fragments and cycles count as nothing here: the standard rules name them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

A_MILLION: Final = 1_000_000
INTROSPECTION_ROOTS: Final = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """
    How large a document may be.

    `characters` and `tokens` bound the text; the rest what it stands for once its fragments are spread, for each
    operation and each fragment: `depth` outside introspection, `introspection_depth` inside, `introspection_weight` the
    estimated number of values an introspection would return (None: unbounded). `errors` is how many are reported of a
    document or of variables that are refused, before the one that says there are more.
    """

    characters: int = 256 * 1024
    tokens: int = 1_000
    comments: int = 1_000
    operations: int = 5
    depth: int = 15
    fields: int = 300
    aliases: int = 60
    directives: int = 100
    root_fields: int = 20
    introspection_depth: int = 20
    introspection_weight: float | None = None
    errors: int = 5


@dataclass(frozen=True, slots=True)
class Size:
    """What a set of selections stands for; `width` counts its top-level fields, `weight` estimates values returned."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    width: int = 0
    weight: float = 0
    introspection_depth: int = 0
    introspection_weight: float = 0

    def __add__(self, other: "Size") -> "Size":
        """Lay two sets side by side."""
        return Size(
            max(self.depth, other.depth),
            self.fields + other.fields,
            self.aliases + other.aliases,
            self.directives + other.directives,
            self.width + other.width,
            self.weight + other.weight,
            max(self.introspection_depth, other.introspection_depth),
            self.introspection_weight + other.introspection_weight,
        )


NOTHING: Final = Size()


@dataclass(slots=True)
class Measure:
    """
    Measures the selections of one document.

    `lengths` says how many values a field of the introspection types stands for, one where it says nothing.
    """

    fragments: Mapping[str, FragmentDefinitionNode]
    lengths: Mapping[str, float]
    _known: dict[str, Size] = field(default_factory=dict)

    def selections(self, selection_set: SelectionSetNode | None) -> Size:
        """Return the size of a selection set with its fragments spread."""
        size = NOTHING
        for selection in selection_set.selections if selection_set else ():
            size += self._selection(selection)
        return size

    def fragment(self, name: str) -> Size:
        """Return the size of a fragment, measured when it is first met; nothing while it is being measured."""
        if name not in self._known:
            self._known[name] = NOTHING
            definition = self.fragments.get(name)
            self._known[name] = self.selections(definition.selection_set) if definition else NOTHING
        return self._known[name]

    def _selection(self, selection: SelectionNode) -> Size:
        directives = Size(directives=len(selection.directives or ()))
        match selection:
            case FieldNode():
                return directives + self._field(selection)
            case FragmentSpreadNode():
                return directives + self.fragment(selection.name.value)
            case InlineFragmentNode():
                return directives + self.selections(selection.selection_set)
            case _:
                return directives

    def _field(self, node: FieldNode) -> Size:
        inner = self.selections(node.selection_set)
        depth, weight = inner.depth + 1, self.lengths.get(node.name.value, 1) * (inner.weight + 1)
        introspects = node.name.value in INTROSPECTION_ROOTS
        return Size(
            0 if introspects else depth,
            inner.fields + 1,
            inner.aliases + (node.alias is not None),
            inner.directives,
            1,
            0 if introspects else weight,
            depth if introspects else inner.introspection_depth,
            weight if introspects else inner.introspection_weight,
        )


def build_measure(document: DocumentNode, lengths: Mapping[str, float]) -> Measure:
    """Make ready to measure a document's selections."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    return Measure(fragments, lengths)


def find_excess(document: DocumentNode, limits: DocumentLimits, lengths: Mapping[str, float]) -> str | None:
    """Return a sentence about the first limit the document breaks, None when it keeps all."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) > limits.operations:
        return f"The document holds {len(operations)} operations; the limit is {limits.operations}."
    measure = build_measure(document, lengths)
    try:
        sizes = [_size(measure, node) for node in operations] + [
            _fragment_size(measure, node) for node in measure.fragments.values()
        ]
    except RecursionError:
        return "The document's fragments are nested too deeply."
    return next((sentence for size in sizes for sentence in _excesses(size, limits)), None)


def _fragment_size(measure: Measure, node: FragmentDefinitionNode) -> Size:
    size = replace(measure.fragment(node.name.value), width=0)
    introspects = node.type_condition.name.value.startswith("__")
    return replace(size, depth=0, introspection_depth=size.depth) if introspects else size


def _size(measure: Measure, node: OperationDefinitionNode) -> Size:
    directives = sum(len(variable.directives or ()) for variable in node.variable_definitions or ())
    return measure.selections(node.selection_set) + Size(directives=directives + len(node.directives or ()))


_RULES: Final = (
    ("depth", "depth", "is {} levels deep"),
    ("fields", "fields", "selects {} fields"),
    ("aliases", "aliases", "uses {} aliases"),
    ("directives", "directives", "uses {} directives"),
    ("width", "root_fields", "asks for {} root fields"),
    ("introspection_depth", "introspection_depth", "introspects {} levels deep"),
    ("introspection_weight", "introspection_weight", "would introspect about {} values"),
)


def _excesses(size: Size, limits: DocumentLimits) -> Iterator[str]:
    for attribute, limit_name, words in _RULES:
        found, limit = getattr(size, attribute), getattr(limits, limit_name)
        if limit is not None and found > limit:
            yield f"The operation {words.format(_count(found))}; the limit is {limit:,.0f}."


def _count(number: float) -> str:
    return f"{number:,.0f}" if number < A_MILLION else "millions of"
