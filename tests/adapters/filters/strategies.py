"""What Hypothesis draws from: patterns of the common subset, and trees, rows and tables of a small made-up entity."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
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
NUMBERED = ("id", "items.list_id", "extra.cluster_id")

_NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
_numbers = st.integers(1, 6).map(str)
_codes = _numbers | st.sampled_from(["x", "07", "1a"])
_words = st.text("aAbs\u017f.\n", max_size=3)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.ID: _codes,
    Kind.NUMBER: st.sampled_from([1, 2, 3, 4, 2.5, -1]),
    Kind.TIME: st.integers(0, 5).map(lambda second: _NOON + timedelta(seconds=second)),
    Kind.DATE: st.integers(1, 6).map(lambda day: date(2024, 5, day)),
    Kind.TEXT: _words,
    Kind.WORD: st.sampled_from(["ON", "OFF"]),
    Kind.FLAG: st.booleans(),
}
_MATCHED = st.sampled_from(["a", "^a", "b$", "^$", "[as]", "a|b", ".", "^\\w+$"])


def _optional(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def _fractions(value: datetime) -> st.SearchStrategy[datetime]:
    return st.sampled_from([0, 0, 999_999]).map(lambda fraction: value.replace(microsecond=fraction))


rows = st.builds(
    Row,
    id=_numbers,
    code=_optional(_codes),
    score=_optional(VALUES[Kind.NUMBER]),
    seen_at=_optional(VALUES[Kind.TIME].flatmap(_fractions)),
    born_on=_optional(VALUES[Kind.DATE]),
    name=_optional(_words),
    town=_optional(_words),
    state=_optional(VALUES[Kind.WORD]),
    active=_optional(st.booleans()),
    items=st.lists(st.builds(Element, list_id=_numbers, option=_optional(_words)), max_size=3).map(tuple),
    custom_fields=st.lists(
        st.builds(CustomFieldRecord, key=st.sampled_from(["k", "l"]), value=_optional(_words)), max_size=3
    ).map(tuple),
    extension=st.none() | st.builds(Extra, cluster_id=_optional(_numbers)) | st.just(object()),
)


@st.composite
def _comparisons(draw: st.DrawFn, fields: dict[str, FieldSpec]) -> Comparison:
    spec = draw(st.sampled_from([spec for spec in fields.values() if spec.kind is not Kind.ELEMENT]))
    op = draw(st.sampled_from(sorted(OPERATORS[spec.kind])))
    key = draw(st.sampled_from(["k", "l"])) if spec.keyed else None
    ignore_case = spec.kind is Kind.TEXT and op not in (Op.IS_NULL, Op.PRESENT) and draw(st.booleans())
    return Comparison(spec.name, op, draw(_operands(spec.kind, op)), key, ignore_case)


def _operands(kind: Kind, op: Op) -> st.SearchStrategy[Any]:
    if op in (Op.IS_NULL, Op.PRESENT):
        return st.none()
    if op is Op.IN:
        return st.lists(VALUES[kind], max_size=5).map(tuple)
    if op is Op.MATCHES:
        return _MATCHED
    return _numbers if kind is Kind.ID and op in (Op.LT, Op.LTE, Op.GT, Op.GTE) else VALUES[kind]


def _trees(leaves: st.SearchStrategy[Filter], most: int) -> st.SearchStrategy[Filter]:
    def extend(inner: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
        parts = st.lists(inner, max_size=4).map(tuple)
        return st.builds(And, parts) | st.builds(Or, parts) | st.builds(Not, inner)

    return st.recursive(leaves, extend, max_leaves=most)


_somes = st.builds(Some, st.just("items"), _trees(_comparisons(dict(ELEMENT_FIELDS)), 3))
_leaves = _comparisons(dict(FIELDS))
trees = _trees(_leaves | _leaves | _leaves | _somes, 8)

_lines = st.builds(
    Line,
    st.sampled_from([Support.EXACT, Support.EXACT, Support.EXACT, Support.INEXACT, Support.UNSUPPORTED]),
    st.sampled_from([Evidence.DOCUMENTED, Evidence.DOCUMENTED, Evidence.OBSERVED, Evidence.INFERRED]),
    st.just("made up"),
)


@st.composite
def _field_capabilities(draw: st.DrawFn, name: str) -> FieldCapability:
    return FieldCapability(
        wire=name,
        operators=draw(st.dictionaries(st.sampled_from(list(Op)), _lines, max_size=len(Op))),
        mergeable=name not in ("name", "town"),
        at_most=draw(st.sampled_from([None, None, 1])),
        digits=name in NUMBERED and draw(st.booleans()),
    )


@st.composite
def capabilities(draw: st.DrawFn) -> EntityCapability:
    """Draw a vendor's table; some leave most fields out, some take nearly everything."""
    full = draw(st.booleans())
    every = {op: Line(Support.EXACT, Evidence.DOCUMENTED, "made up") for op in Op}
    fields = {}
    for name in NAMES_IN_TABLES:
        drawn = draw(_field_capabilities(name))
        known = {**every, **drawn.operators} if full else drawn.operators
        fields[name] = FieldCapability(
            name, known, mergeable=drawn.mergeable, at_most=drawn.at_most, digits=drawn.digits
        )
    return EntityCapability(
        fields=fields,
        conjunction=draw(_lines),
        max_branches=draw(st.integers(1, 5)),
        max_in=draw(st.integers(1, 4)),
        max_predicates=draw(st.sampled_from([1, 2, 30])),
        max_filter_bytes=draw(st.sampled_from([40, 6_000])),
        missing_in_rows=draw(st.sampled_from([frozenset(), frozenset(), frozenset({"name"}), frozenset({"items"})])),
    )
