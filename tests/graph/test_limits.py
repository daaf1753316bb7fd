"""The bounds on a document, each at its limit and one beyond, and that measuring costs what the text is long."""

import time
import tracemalloc
from collections.abc import Callable

import pytest
from graphql import GraphQLSchema, build_schema, get_introspection_query, parse

from graph.errors import RefusedError
from graph.execution.document import CACHED_BYTES, CACHED_DOCUMENTS, Documents, weigh
from graph.execution.limits import DocumentLimits
from tests.graph.conftest import SMALL_SCHEMA

LIMITS = DocumentLimits()


def _refusal(text: str, schema: GraphQLSchema = SMALL_SCHEMA, *, introspection: bool = True) -> RefusedError | None:
    try:
        Documents(schema, LIMITS, introspection=introspection).load(text)
    except RefusedError as refusal:
        return refusal
    return None


def _code(text: str) -> str | None:
    refusal = _refusal(text)
    return refusal.errors[0]["extensions"]["code"] if refusal else None


def _spread(prefix: str, count: int, last: str) -> str:
    """Nest `count` fragments, each spread by the one before."""
    chain = " ".join(f"fragment F{i} on Thing {{ {prefix} ...F{i + 1} }}" for i in range(count))
    return f"{{ thing {{ ...F0 }} }} {chain} fragment F{count} on Thing {{ {last} }}"


def _nested(depth: int) -> str:
    return "{ thing " + "{ other " * (depth - 2) + "{ name }" + " }" * (depth - 1)


BOUNDS: dict[str, tuple[Callable[[int], str], int]] = {
    "depth": (_nested, LIMITS.depth),
    "depth by fragments": (
        lambda depth: (
            "{ thing { ...F0 } } "
            + " ".join(f"fragment F{i} on Thing {{ other {{ ...F{i + 1} }} }}" for i in range(depth - 2))
            + f" fragment F{depth - 2} on Thing {{ name }}"
        ),
        LIMITS.depth,
    ),
    "fields": (lambda count: "{ thing { " + "name " * (count - 1) + "} }", LIMITS.fields),
    "fields by a fragment": (
        lambda count: (
            "{ thing { ...F ...F } } fragment F on Thing { " + "name " * ((count - 1) // 2) + "}"
            if count % 2
            else "{ thing { ...F ...F name } } fragment F on Thing { " + "name " * ((count - 1) // 2) + "}"
        ),
        LIMITS.fields,
    ),
    "aliases": (lambda count: "{ thing { " + " ".join(f"a{i}: name" for i in range(count)) + " } }", LIMITS.aliases),
    "root fields": (lambda count: "{ " + "echo " * count + "}", LIMITS.root_fields),
    "root fields by a fragment": (
        lambda count: "{ ...F } fragment F on Query { " + "echo " * count + "}",
        LIMITS.root_fields,
    ),
    "operations": (lambda count: " ".join(f"query Q{i} {{ echo }}" for i in range(count)), LIMITS.operations),
    "directives": (
        lambda count: (
            "{ thing { ...F ...F } } fragment F on Thing { " + "name @skip(if: false) " * (count // 2) + "}"
            if count % 2 == 0
            else "{ thing { ...F ...F name @skip(if: false) } } fragment F on Thing { "
            + "name @skip(if: false) " * (count // 2)
            + "}"
        ),
        LIMITS.directives,
    ),
}


@pytest.mark.parametrize(("build", "limit"), BOUNDS.values(), ids=BOUNDS)
def test_a_document_at_the_limit_passes_and_one_beyond_does_not(build: Callable[[int], str], limit: int) -> None:
    """A bound that is off by one either refuses what was promised or is not the bound that was written down."""
    assert _code(build(limit)) is None
    assert _code(build(limit + 1)) == "DOCUMENT_TOO_COMPLEX"


def test_tokens_are_bounded_before_anything_is_parsed_whole() -> None:
    """The parser's time and memory grow with tokens."""
    at_limit = "query Q(" + "$a: Int " * ((LIMITS.tokens - 8) // 4) + ") { echo }"

    assert _code(at_limit) == "GRAPHQL_VALIDATION_FAILED"
    assert _code(at_limit.replace("{ echo }", "{ echo echo echo echo }")) == "DOCUMENT_TOO_LARGE"


def test_comments_count_too() -> None:
    """Comments are kept as tokens; a document of nothing else would fill the memory."""
    assert _code("#\n" * LIMITS.comments + "{ echo }") is None
    assert _code("#\n" * (LIMITS.comments + 1) + "{ echo }") == "DOCUMENT_TOO_LARGE"


DOUBLED: dict[str, str] = {
    "spreads": "{ thing { ...F0 } } "
    + " ".join(f"fragment F{i} on Thing {{ ...F{i + 1} ...F{i + 1} }}" for i in range(40))
    + " fragment F40 on Thing { name }",
    "nested spreads": "{ thing { ...F0 } } "
    + " ".join(f"fragment F{i} on Thing {{ other {{ ...F{i + 1} }} things {{ ...F{i + 1} }} }}" for i in range(12))
    + " fragment F12 on Thing { name }",
    "unused spreads": "{ echo } "
    + " ".join(f"fragment F{i} on Thing {{ ...F{i + 1} ...F{i + 1} }}" for i in range(40))
    + " fragment F40 on Thing { name }",
    "introspection": "{ __schema { types { ...F0 } } } "
    + " ".join(f"fragment F{i} on __Type {{ ...F{i + 1} ...F{i + 1} }}" for i in range(40))
    + " fragment F40 on __Type { name }",
}


@pytest.mark.parametrize("text", DOUBLED.values(), ids=DOUBLED)
def test_fragments_that_double_are_measured_once_each(text: str) -> None:
    """Strawberry's own limiters take 5 s for twenty of these and for ever for forty."""
    started = time.process_time()

    assert _code(text) == "DOCUMENT_TOO_COMPLEX"
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "{ thing { ...A } } fragment A on Thing { ...A }",
        "{ thing { ...A } } fragment A on Thing { ...B } fragment B on Thing { other { ...A } }",
        "{ ...Unknown }",
        "{ thing { ...A } } fragment A on Nothing { name }",
        "{ thing { ...A } } fragment A on Thing { name } fragment A on Thing { name }",
    ],
)
def test_broken_fragments_are_left_to_the_standard_rules(text: str) -> None:
    """Strawberry's depth limiter raises a bare KeyError on the third."""
    assert _code(text) == "GRAPHQL_VALIDATION_FAILED"


def test_long_chains_of_fragments_do_not_break_the_measure() -> None:
    """A chain as long as the tokens allow must not end in Python's recursion limit."""
    assert _code(_spread("name", 90, "name")) is None
    assert _code(_spread("", 110, "name")) is None


def test_the_introspection_of_every_tool_passes() -> None:
    """GraphiQL, code generators and gateways send it with all these options."""
    text = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
        one_of=True,
    )

    assert _refusal(text) is None


INTROSPECTIONS = {
    "circular": "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
    "repeated": "{ "
    + " ".join(f"a{i}: __schema {{ types {{ fields {{ args {{ name }} }} }} }}" for i in range(20))
    + " }",
    "wide": "{ __schema { "
    + " ".join(f"a{i}: types {{ fields {{ type {{ fields {{ name }} }} }} }}" for i in range(30))
    + " } }",
    "deep": '{ __type(name: "Query") { ' + "ofType { " * 30 + "name" + " }" * 30 + " } }",
}


@pytest.mark.parametrize("text", INTROSPECTIONS.values(), ids=INTROSPECTIONS)
def test_an_introspection_that_multiplies_is_refused(text: str) -> None:
    """A kilobyte of this returns every field of every type of every field, over and over, without a vendor call."""
    fields = " ".join(f"f{i}(a: Int, b: Int): Query" for i in range(40))
    schema = build_schema(f"type Query {{ {fields} }}")

    assert _refusal(text, schema) is not None


def test_without_introspection_nothing_names_the_schema() -> None:
    """Suggestions and introspection tell a stranger what there is to ask for."""
    closed = _refusal("{ __schema { types { name } } }", introspection=False)
    guessed = _refusal("{ thimg { name } }", introspection=False)

    assert closed is not None
    assert guessed is not None
    assert "thing" not in guessed.errors[0]["message"]
    assert "thing" in _refusal("{ thimg { name } }").errors[0]["message"]


def test_few_errors_are_reported() -> None:
    """Two hundred mistakes need no two hundred errors."""
    refusal = _refusal("{ thing { " + " ".join(f"x{i}" for i in range(200)) + " } }")

    assert refusal is not None
    assert len(refusal.errors) == LIMITS.errors + 1


def test_sound_documents_are_kept_within_bounds_and_refused_ones_not_at_all() -> None:
    """The memory of documents must neither grow without end nor be emptied by rubbish."""
    documents = Documents(SMALL_SCHEMA, LIMITS)
    first = documents.load("{ echo }")

    with pytest.raises(RefusedError):
        documents.load("{ nothing }")

    assert documents.load("{ echo }") is first
    assert len(documents._known) == 1

    for number in range(CACHED_DOCUMENTS + 1):
        documents.load(f"{{ echo }} #{number}")

    assert len(documents._known) == CACHED_DOCUMENTS
    assert documents.load("{ echo }") is not first


def test_large_documents_are_kept_within_bytes() -> None:
    """A parsed document takes hundreds of times its text: a thousand of 2 KB took 190 MB."""
    documents = Documents(SMALL_SCHEMA, LIMITS)

    for number in range(60):
        documents.load(f"{{ thing {{ {'name ' * 190} }} }} #{number} {'#' * 200_000}")

    assert len(documents._known) < 60
    assert documents._known.currsize <= CACHED_BYTES


@pytest.mark.parametrize("text", ["{" + "a " * 990 + "}", "{" + "a{b}" * 240 + "}", "{" + "a @b " * 320 + "}"])
def test_a_document_weighs_what_it_takes(text: str) -> None:
    """Weighed too lightly, the documents kept would take more memory than they may."""
    tracemalloc.start()
    try:
        document = parse(text)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert taken <= weigh(document) <= 4 * taken
