"""Documents: parsed under a token limit, measured, validated, and kept when they are sound."""

from dataclasses import dataclass, field, replace
from typing import Final

from cachetools import LRUCache
from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    Token,
    parse,
    specified_rules,
    validate,
)

from graph.errors import Code, RefusedError, refuse_document, refuse_operation
from graph.execution.chosen import Chosen
from graph.execution.introspection import CLOSED_RULES, measure_introspection
from graph.execution.limits import DocumentLimits, find_excess

CACHED_BYTES: Final = 32 * 1024 * 1024
CACHED_DOCUMENTS: Final = 200
SMALLEST_SHARE: Final = CACHED_BYTES // CACHED_DOCUMENTS
BYTES_A_TOKEN: Final = 700
"""What one token takes once it is parsed, its share of the nodes included."""

INTROSPECTION_FACTOR: Final = 2
"""How many standard introspections one operation may ask for."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A sound document, the bytes it takes, and what was found out about each of its operations, by name."""

    document: DocumentNode
    weight: int
    chosen: dict[str | None, Chosen] = field(default_factory=dict)


class Documents:
    """
    Turns the text of a document into one that may be executed, and remembers those it has turned.

    The memory is bounded by bytes and by count at once: each document takes at least a two-hundredth of it. Refused
    documents are not kept, so nobody can push out the sound ones with rubbish.
    """

    def __init__(self, schema: GraphQLSchema, limits: DocumentLimits, *, introspection: bool = True) -> None:
        """Take the schema to validate against; without `introspection` nothing in an error names the schema either."""
        self._schema = schema
        self._lengths, weight = measure_introspection(schema)
        self._limits = replace(limits, introspection_weight=INTROSPECTION_FACTOR * weight)
        self.open = introspection
        self.max_errors = limits.errors
        self._rules = _choose_rules(introspection)
        self._known: LRUCache[str, Loaded] = LRUCache(CACHED_BYTES, getsizeof=lambda loaded: loaded.weight)

    def load(self, text: str) -> DocumentNode:
        """Return the document of a text, or raise the refusal that says what is wrong with it."""
        return self.find(text).document

    def find(self, text: str) -> Loaded:
        """Return the document of a text with all that is known of it, or raise as `load` does."""
        try:
            return self._known[text]
        except KeyError:
            return self._read(text)

    def _read(self, text: str) -> Loaded:
        document = self._parse(text)
        if (excess := find_excess(document, self._limits, self._lengths)) is not None:
            raise refuse_operation(Code.TOO_COMPLEX, excess, hint="Ask in several smaller operations.")
        if errors := self._validate(document):
            raise refuse_document(Code.VALIDATION_FAILED, errors)
        loaded = Loaded(document, weigh(document))
        if loaded.weight <= CACHED_BYTES:
            self._known[text] = loaded  # the document holds its text anyway
        return loaded

    def _parse(self, text: str) -> DocumentNode:
        if len(text) > self._limits.characters:
            raise _too_large(f"The document has {len(text):,} characters; the limit is {self._limits.characters:,}.")
        try:
            return parse(text, max_lexical_tokens=self._limits.tokens, max_comments=self._limits.comments)
        except GraphQLError as error:
            raise self._refuse_parse(error) from None

    def _refuse_parse(self, error: GraphQLError) -> RefusedError:
        # graphql-core has no type for a text it gives up on: only the end of the message tells
        if not error.message.endswith("Parsing aborted."):
            return refuse_document(Code.PARSE_FAILED, [error])
        if "nested" in error.message:
            return refuse_operation(Code.TOO_COMPLEX, "The document is nested too deeply.")
        tokens, comments = self._limits.tokens, self._limits.comments
        return _too_large(f"The document has more than {tokens:,} tokens or {comments:,} comments.")

    def _validate(self, document: DocumentNode) -> list[GraphQLError]:
        return validate(self._schema, document, self._rules, max_errors=self.max_errors, hide_suggestions=not self.open)


def weigh(node: DocumentNode | OperationDefinitionNode) -> int:
    """
    Estimate the bytes a parsed document takes: its text, and its tokens, which stay linked to each other.

    A part of it keeps all of it, and weighs as much. However small, it weighs so much that few hundred are kept.
    """
    return max(measure(node), SMALLEST_SHARE)


def measure(node: DocumentNode | OperationDefinitionNode) -> int:
    """Estimate the bytes a parsed document takes, without a least."""
    if node.loc is None:
        return CACHED_BYTES
    token: Token | None = node.loc.start_token
    while token is not None and token.prev is not None:
        token = token.prev
    tokens = -1  # the first token only marks the start
    while token is not None:
        tokens, token = tokens + 1, token.next
    text = 4 * len(node.loc.source.body)
    return text + tokens * BYTES_A_TOKEN


def select_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """Return the operation to execute: the named one, or the only one."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    named = [node for node in operations if name is None or (node.name is not None and node.name.value == name)]
    if len(named) == 1:
        return named[0]
    if name is not None:
        raise refuse_operation(Code.OPERATION_UNRESOLVED, f"The document holds no operation named '{name}'.")
    if not operations:
        raise refuse_operation(Code.OPERATION_UNRESOLVED, "The document holds no operation.")
    raise refuse_operation(
        Code.OPERATION_UNRESOLVED,
        f"The document holds {len(operations)} operations and the request names none.",
        hint="Send operationName.",
    )


def _too_large(message: str) -> RefusedError:
    return refuse_operation(Code.TOO_LARGE, message, hint="Send a shorter document, and values as variables.")


def _choose_rules(introspection: bool) -> tuple[type[ASTValidationRule], ...]:
    return specified_rules if introspection else (*specified_rules, *CLOSED_RULES)
