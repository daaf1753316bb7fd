"""The compiler's visitor checks a vendor's handlers at import, and hands each leaf to its own."""

from collections.abc import Callable

import pytest

from adapters.filters.capability import EntityCapability, Evidence, FieldCapability, Line, Support
from adapters.filters.compiler import FilterCompiler
from adapters.filters.tree import EVERYTHING, And, Comparison, Filter, Not, Op, Or, Some

EXACT = Line(Support.EXACT, Evidence.DOCUMENTED, "made up")
UNSUPPORTED = Line(Support.UNSUPPORTED, Evidence.DOCUMENTED, "made up")
TABLE = EntityCapability(
    fields={
        "name": FieldCapability("nm", {Op.EQ: EXACT, Op.IS_NULL: EXACT, Op.LT: UNSUPPORTED}),
        "items.list_id": FieldCapability("list_id", {Op.EQ: EXACT}),
    },
    conjunction=EXACT,
)


class Compiler(FilterCompiler[str], tables=(TABLE,)):
    """Writes predicates of a made-up grammar."""

    def compile_eq(self, field: FieldCapability, comparison: Comparison) -> tuple[str, ...]:
        return (f"{field.wire}:{comparison.value}",)

    def compile_is_null(self, field: FieldCapability, comparison: Comparison) -> tuple[str, ...]:
        return (f"no:{field.wire}", f"empty:{field.wire}")


@pytest.mark.parametrize(
    ("branch", "predicates"),
    [
        (EVERYTHING, ()),
        (Comparison("name", Op.EQ, "a"), ("nm:a",)),
        (And((Comparison("name", Op.EQ, "a"), Comparison("name", Op.IS_NULL))), ("nm:a", "no:nm", "empty:nm")),
        (And((Some("items", Comparison("list_id", Op.EQ, "5")),)), ("list_id:5",)),
    ],
)
def test_each_leaf_goes_to_its_handler(branch: Filter, predicates: tuple[str, ...]) -> None:
    """The vendor's own name and every predicate of a handler must arrive, in order."""
    assert predicates == Compiler(TABLE).build_predicates(branch)


@pytest.mark.parametrize(
    "branch",
    [
        Or(()),
        Not(Comparison("name", Op.EQ, "a")),
        Comparison("name", Op.LT, "a"),
        Comparison("town", Op.EQ, "a"),
        Comparison("list_id", Op.EQ, "5"),
        Some("items", EVERYTHING),
    ],
)
def test_what_no_plan_pushes_is_a_bug(branch: Filter) -> None:
    """Left out in silence, it would bring rows that do not match."""
    with pytest.raises(AssertionError, match="a plan pushed"):
        Compiler(TABLE).build_predicates(branch)


def _misspell() -> object:
    class Misspelt(FilterCompiler[str]):
        def compile_equals(self, field: FieldCapability, comparison: Comparison) -> tuple[str, ...]:
            return ()

    return Misspelt


def _forget() -> object:
    class Forgetful(FilterCompiler[str], tables=(TABLE,)):
        def compile_eq(self, field: FieldCapability, comparison: Comparison) -> tuple[str, ...]:
            return ()

    return Forgetful


@pytest.mark.parametrize(
    ("define", "words"), [(_misspell, "no real operator.*compile_equals"), (_forget, "no handler.*compile_is_null")]
)
def test_handlers_are_checked_at_import(define: Callable[[], object], words: str) -> None:
    """A misspelt or forgotten handler must stop the start, not a request."""
    with pytest.raises(TypeError, match=words):
        define()


def test_handlers_may_be_inherited() -> None:
    """Two dialects of one vendor share handlers."""

    class Dialect(Compiler, tables=(TABLE,)):
        """The same grammar."""

    assert Dialect(TABLE).build_predicates(Comparison("name", Op.EQ, "a")) == ("nm:a",)
