"""What Hypothesis draws from: patterns of the common subset, and trees, rows and tables of a small made-up entity."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.filters.capability import EntityCapability, Evidence, FieldCapability, Line, Support
from adapters.filters.fields import OPERATORS, FieldSpec, Kind, build_fields
from adapters.filters.tree import And, Comparison, Filter, Not, Op, Or, Some
from adapters.records import CustomFieldRecord

META = ".[]()*+?{}|^$\\"
# Letters with three cases, without a partner, or with one only when folded in full; marks that are special somewhere.
LETTERS = (
    "abzABZ09_sS\u017fkK\u212a\u00df\u1e9e\u0130\u0131\u03c3\u03c2\u03a3\u00e9\u00c9\u01c4\u01c5\U00010428\U00010400"
)
MARKS = META + "-/ \n\t\r\v\"'%&#,:;=<>!@`~\x01\x7f\u00a0\u0660\u2028\U0001f600\uffff\U0010ffff"

_any_characters = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
texts = st.text(LETTERS + MARKS, max_size=6) | st.text("ab \n", max_size=6) | st.text(_any_characters, max_size=4)


def run_examples(check: Callable[..., None], count: int, **drawn: st.SearchStrategy[Any]) -> None:
    """Run a property: short runs are the same every time, long ones look further each time."""
    short = count <= 2_000
    settings(max_examples=count, deadline=None, derandomize=short)(given(**drawn)(check))()


def _escaped(character: str) -> str:
    return f"\\{character}" if character in META else character


_literals = st.sampled_from(LETTERS + MARKS).map(_escaped) | st.sampled_from("ab")
_members = st.sampled_from(LETTERS + MARKS).map(lambda c: f"\\{c}" if c in "[]^-\\" else c)


@st.composite
def _ranges(draw: st.DrawFn) -> str:
    low, high = sorted(draw(st.tuples(*[st.sampled_from(LETTERS + MARKS)] * 2)))
    return "-".join(f"\\{c}" if c in "[]^-\\" else c for c in (low, high))


@st.composite
def _brackets(draw: st.DrawFn) -> str:
    classes = st.sampled_from(["\\d", "\\w", "\\s"])
    inside = "".join(draw(st.lists(_members | _ranges() | classes, min_size=1, max_size=4)))
    return f"[{draw(st.sampled_from(['', '^']))}{inside}{draw(st.sampled_from(['', '', '-']))}]"


_atoms = st.one_of(
    _literals,
    _literals,
    _brackets(),
    st.sampled_from([".", "\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "\\n", "\\t", "\\-"]),
)
_counts = st.sampled_from(["*", "+", "?", "{2}", "{0}", "{1,}", "{0,2}", "{1,3}"])


def _extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    groups = st.tuples(st.sampled_from(["(", "(?:"]), inner).map(lambda pair: f"{pair[0]}{pair[1]})")
    repeated = st.tuples(groups.filter(lambda text: "^" not in text and "$" not in text) | _atoms, _counts).map("".join)
    sequences = st.lists(inner | repeated, max_size=3).map("".join)
    return groups | repeated | sequences | st.lists(sequences, min_size=2, max_size=3).map("|".join)


patterns = st.recursive(_atoms | st.sampled_from(["^", "$", ""]), _extend, max_leaves=6)


@dataclass(frozen=True, slots=True)
class Extra:
    """A made-up vendor's extension."""

    cluster_id: str | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a many-valued field."""

    list_id: str
    option: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A record with one field of each kind."""

    id: str
    code: str | None = None
    score: float | None = None
    seen_at: datetime | None = None
    born_on: date | None = None
    name: str | None = None
    town: str | None = None
    state: str | None = None
    active: bool | None = None
    items: tuple[Element, ...] = ()
    custom_fields: tuple[CustomFieldRecord, ...] = ()
    extension: object | None = field(default=None)


ELEMENT_FIELDS = build_fields(FieldSpec("list_id", Kind.ID, nullable=False), FieldSpec("option", Kind.TEXT))
FIELDS = build_fields(
    FieldSpec("id", Kind.ID, nullable=False),
    FieldSpec("code", Kind.ID),
    FieldSpec("score", Kind.NUMBER),
    FieldSpec("seen_at", Kind.TIME),
    FieldSpec("born_on", Kind.DATE),
    FieldSpec("name", Kind.TEXT),
    FieldSpec("town", Kind.TEXT),
    FieldSpec("state", Kind.WORD),
    FieldSpec("active", Kind.FLAG),
    FieldSpec("items", Kind.ELEMENT, elements=ELEMENT_FIELDS),
    FieldSpec("custom_fields", Kind.TEXT, keyed=True),
    FieldSpec("extra.cluster_id", Kind.ID, extension=Extra),
)
NAMES_IN_TABLES = (*(name for name in FIELDS if name != "items"), "items.list_id", "items.option")
BOUNDED = ("id", "score", "items.list_id", "extra.cluster_id")
NUMBERED = ("id", "items.list_id", "extra.cluster_id")

_NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
_NUMBERS = tuple("123456")
_WORDS = ("", "a", "A", "ab", "sa", "\u017f", "b.", "\n")
VALUES: dict[Kind, tuple[Any, ...]] = {
    Kind.ID: (*_NUMBERS, "x", "07", "1a"),
    Kind.NUMBER: (1, 2, 3, 4, 2.5, -1),
    Kind.TIME: tuple(_NOON + timedelta(seconds=second) for second in range(6)),
    Kind.DATE: tuple(date(2024, 5, day) for day in range(1, 7)),
    Kind.TEXT: _WORDS,
    Kind.WORD: ("ON", "OFF"),
    Kind.FLAG: (True, False),
}
_MATCHED = ("a", "^a", "b$", "^$", "[as]", "a|b", ".", "^\\w+$")
_RANGES = (Op.LT, Op.LTE, Op.GT, Op.GTE)


def build_tree(seed: int) -> Filter:
    """Build a bindable tree from a number (drawing it piece by piece takes Hypothesis ten times as long)."""
    chance = Random(seed)  # noqa: S311 - tests want the same numbers again
    few = chance.sample(sorted(FIELDS), k=chance.randint(1, 4))  # so that several comparisons meet on one field
    return _build_part({name: FIELDS[name] for name in few}, chance.choice([0, 1, 2, 3, 3]), chance)


def _build_part(fields: Mapping[str, FieldSpec], depth: int, chance: Random) -> Filter:
    kind = chance.choice([And, And, Or, Or, Not, None]) if depth else None
    if kind is Not:
        return Not(_build_part(fields, depth - 1, chance))
    if kind is And or kind is Or:
        parts = tuple(_build_part(fields, depth - 1, chance) for _ in range(chance.choice([0, 1, 2, 2, 3, 4])))
        return kind(parts)
    spec = chance.choice([*fields.values()])
    if spec.elements is not None:
        return Some(spec.name, _build_part(spec.elements, depth, chance))
    return _build_comparison(spec, chance)


def _build_comparison(spec: FieldSpec, chance: Random) -> Comparison:
    op = chance.choice(sorted(OPERATORS[spec.kind]))
    key = chance.choice("kl") if spec.keyed else None
    cased = spec.kind is not Kind.TEXT or op in (Op.IS_NULL, Op.PRESENT)
    return Comparison(spec.name, op, _build_operand(spec.kind, op, chance), key, not cased and chance.random() < 0.5)


def _build_operand(kind: Kind, op: Op, chance: Random) -> Any:
    if op in (Op.IS_NULL, Op.PRESENT):
        return None
    if op is Op.IN:
        return tuple(chance.choices(VALUES[kind], k=chance.randint(0, 5)))
    if op is Op.MATCHES:
        return chance.choice(_MATCHED)
    return chance.choice(_NUMBERS if kind is Kind.ID and op in _RANGES else VALUES[kind])


_SUPPORTS = (Support.EXACT, Support.EXACT, Support.EXACT, Support.INEXACT, Support.UNSUPPORTED)
_EVIDENCE = (Evidence.DOCUMENTED, Evidence.DOCUMENTED, Evidence.OBSERVED, Evidence.INFERRED)


def build_capability(seed: int) -> EntityCapability:
    """Build a vendor's table from a number (drawing it piece by piece takes Hypothesis a hundred times as long)."""
    chance = Random(seed)  # noqa: S311 - tests want the same numbers again
    share = chance.choice([0.3, 0.7, 1.0])
    return EntityCapability(
        fields={name: _build_field(name, share, chance) for name in NAMES_IN_TABLES},
        conjunction=_build_line(chance),
        max_branches=chance.randint(1, 5),
        max_in=chance.randint(1, 4),
        max_predicates=chance.choice([1, 2, 30]),
        max_filter_bytes=chance.choice([40, 6_000]),
        missing_in_rows=chance.choice([frozenset(), frozenset(), frozenset({"name"}), frozenset({"items"})]),
    )


def _build_field(name: str, share: float, chance: Random) -> FieldCapability:
    return FieldCapability(
        wire=name,
        operators={op: _build_line(chance) for op in Op if chance.random() < share},
        mergeable=name not in ("name", "town"),
        at_most=chance.choice([None, None, 1]),
        digits=name in NUMBERED and chance.random() < 0.5,
        largest=chance.choice([None, 2]) if name in BOUNDED else None,
    )


def _build_line(chance: Random) -> Line:
    return Line(chance.choice(_SUPPORTS), chance.choice(_EVIDENCE), "made up")


def build_rows(seed: int) -> list[Row]:
    """Build a few rows, many of their values missing, from a number."""
    chance = Random(seed)  # noqa: S311 - tests want the same numbers again
    return [_build_row(chance) for _ in range(4)]


def _build_row(chance: Random) -> Row:
    def one_of(*values: Any) -> Any:
        return chance.choice([None, *values])

    return Row(
        id=chance.choice(_NUMBERS),
        code=one_of(*VALUES[Kind.ID]),
        score=one_of(*VALUES[Kind.NUMBER]),
        seen_at=one_of(*(time.replace(microsecond=chance.choice([0, 999_999])) for time in VALUES[Kind.TIME])),
        born_on=one_of(*VALUES[Kind.DATE]),
        name=one_of(*_WORDS),
        town=one_of(*_WORDS),
        state=one_of(*VALUES[Kind.WORD]),
        active=one_of(*VALUES[Kind.FLAG]),
        items=tuple(Element(chance.choice(_NUMBERS), one_of(*_WORDS)) for _ in range(chance.randint(0, 3))),
        custom_fields=tuple(
            CustomFieldRecord(key=chance.choice("kl"), value=one_of(*_WORDS)) for _ in range(chance.randint(0, 3))
        ),
        extension=one_of(object(), Extra(one_of(*_NUMBERS)), Extra(one_of(*_NUMBERS))),
    )


seeds = st.integers(0, 2**32)
trees = seeds.map(build_tree)
tables = seeds.map(build_capability)
stores = seeds.map(build_rows)
