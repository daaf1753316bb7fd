"""
The sandbox's grammar against a real PostgreSQL: the same rows, the same refusals, the same order.

Each case is a few generated rows and a few generated predicates. The predicates go through the sandbox's own reading of
`query=field-op-operand`, and as SQL with quoted literals to PostgreSQL. The sandbox may refuse more than PostgreSQL
where its documentation says so (`_may_be_stricter`), and never less.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

import orjson
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import sql

from adapters.sandbox import ReceivedRequest, VirtualClock
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions, Store
from adapters.vendors.taguchi_v4.sandbox.columns import BIGINT, BOOLEAN, ColumnType
from adapters.vendors.taguchi_v4.sandbox.credentials import Credentials
from adapters.vendors.taguchi_v4.sandbox.vendor import Vendor

TYPES = {"state": "text", "suburb": "text", "campaign_id": "integer", "unsubscribed": "timestamp", "dob": "date"}
TEXT_FIELDS = ("state", "suburb")
OPERATORS = {
    "eq": "=", "neq": "!=", "lt": "<", "gt": ">", "lte": "<=", "gte": ">=", "re": "~", "rei": "~*", "like": "LIKE",
    "is": "IS", "nt": "IS NOT",
}  # fmt: skip
COMPARISONS = ("eq", "neq", "lt", "gt", "lte", "gte")

Row = dict[str, Any]
Predicate = tuple[str, str, str]
Refused = Literal["refused"]
REFUSED: Refused = "refused"


@dataclass(frozen=True, slots=True)
class Order:
    """What to sort by, if anything, and how."""

    field: str | None = None
    descending: bool = False


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def connection(postgres: Any) -> Iterator[psycopg.Connection[Any]]:
    """A connection to a PostgreSQL of our own."""
    with psycopg.connect(postgres.get_uri(), autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        yield connection


def ask_postgres(
    connection: psycopg.Connection[Any], rows: Sequence[Row], predicates: Sequence[Predicate], order: Order
) -> list[int] | Refused:
    """The ids PostgreSQL selects, in its order."""
    arrays = [
        sql.Literal(list(range(1, len(rows) + 1))),
        *(sql.Literal([row[field] for row in rows]) for field in TYPES),
    ]
    kinds = ["integer", *TYPES.values()]
    columns = [sql.SQL("{}::{}[]").format(array, sql.SQL(kind)) for array, kind in zip(arrays, kinds, strict=True)]
    names = sql.SQL(", ").join([sql.Identifier("id"), *map(sql.Identifier, TYPES)])
    where = sql.SQL(" AND ").join([sql.SQL("true"), *map(_condition, predicates)])
    statement = sql.SQL("SELECT id FROM unnest({}) AS people({}) WHERE {} ORDER BY {}").format(
        sql.SQL(", ").join(columns), names, where, _sort_clause(order)
    )
    try:
        return [id_ for (id_,) in connection.execute(statement)]
    except psycopg.Error as error:
        if error.sqlstate is None and not isinstance(error, psycopg.DataError):
            raise  # the server is gone, which is no opinion
        return REFUSED


def _column(field: str) -> sql.Composable:
    name: sql.Composable = sql.Identifier(field)
    return sql.SQL('({} COLLATE "C")').format(name) if field in TEXT_FIELDS else name


def _condition(predicate: Predicate) -> sql.Composable:
    field, op, operand = predicate
    null = op in {"is", "nt"} or op in COMPARISONS
    literal = sql.SQL("NULL") if null and operand == "null" else sql.Literal(operand)
    return sql.SQL("({} {} {})").format(_column(field), sql.SQL(OPERATORS[op]), literal)


def _sort_clause(order: Order) -> sql.Composable:
    direction = sql.SQL("DESC" if order.descending else "ASC")
    return sql.SQL("{} {}").format(sql.Identifier("id") if order.field is None else _column(order.field), direction)


# --- the sandbox ------------------------------------------------------------------------------------------------------


def ask_sandbox(rows: Sequence[Row], predicates: Sequence[Predicate], order: Order) -> list[int] | Refused:
    """The ids the sandbox selects, in its order."""
    options = SandboxOptions(collation="C", page_clamp=None)
    store = Store(1, options)
    for row in rows:
        store.insert("subscriber", row)
    parameters = [("auth", "token"), ("limit", "1000"), *(("query", "-".join(predicate)) for predicate in predicates)]
    if order.field is not None:
        parameters.append(("sort", order.field))
    parameters.append(("order", "desc" if order.descending else "asc"))
    query = urlencode(parameters, errors="surrogatepass").encode()
    request = ReceivedRequest("GET", "/admin/api/1/subscriber/", query, {}, b"")
    reply = Vendor(store, Credentials("token", {}), options, VirtualClock()).answer(request)
    if reply.status != 200:
        assert reply.status == 400
        return REFUSED
    return [row["id"] for row in orjson.loads(reply.body)]


# --- judging ----------------------------------------------------------------------------------------------------------

ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d(:?\d\d)?)?)?|-?infinity")
INTEGER = re.compile(r"[+-]?\d+", re.ASCII)


def _may_be_stricter(predicate: Predicate) -> bool:
    """Where the sandbox says of itself that it refuses what PostgreSQL takes."""
    field, op, operand = predicate
    if op in COMPARISONS and operand == "null":
        return True  # PostgreSQL sees that no row can match and never looks at the other predicates' patterns
    if op == "like":
        return operand.endswith("\\")  # PostgreSQL notices only when a row's text gets that far
    if op in COMPARISONS and field == "campaign_id":
        return INTEGER.fullmatch(operand) is None  # 0x1F and 1_000, in newer versions only
    if op in COMPARISONS and field in {"unsubscribed", "dob"}:
        return ISO_TIME.fullmatch(operand) is None
    return False


def compare(
    connection: psycopg.Connection[Any], rows: Sequence[Row], predicates: Sequence[Predicate], order: Order
) -> None:
    """Fail when the two disagree."""
    expected = ask_postgres(connection, rows, predicates, order)
    actual = ask_sandbox(rows, predicates, order)
    if actual == REFUSED and any(_may_be_stricter(predicate) for predicate in predicates):
        return
    case = f"{predicates!r} {order!r} over {rows!r}"
    if isinstance(actual, str) or isinstance(expected, str) or order.field is None:
        assert actual == expected, case
    else:
        assert sorted(actual) == sorted(expected), case
        assert [rows[id_ - 1][order.field] for id_ in actual] == [rows[id_ - 1][order.field] for id_ in expected], case


# --- generated rows and predicates ------------------------------------------------------------------------------------

WORDS = (
    "", " ", "null", "VIC", "vic", "a_b", "axb", "100%", "back\\slash", "tail\\", "a-eq-b", "O'Neil", "line\nbreak",
    "end\n", "k", "K", "\u212a", "s", "\u017f", "é", "É", "ß", "日本", "🦘", "a.b", "[x]", "^a$", "aa", "abab",
    "10", "9",
)  # fmt: skip
LETTERS = "abkKsS_ %\\.-1é\u212a\n"
texts = st.sampled_from(WORDS) | st.text(LETTERS, max_size=6)
days = st.sampled_from(["1969-12-31", "1970-01-01", "2010-04-10", "2012-02-29", "0001-01-01", "9999-12-31"])
clocks = st.sampled_from(["00:00:00", "03:44:10", "23:59:59", "03:44:10.5", "03:44:10.000001"])
times = st.builds("{}T{}".format, days, clocks)
numbers = st.sampled_from([-(2**31), -1, 0, 1, 3, 20, 100, 2**31 - 1])
generated_rows = st.lists(
    st.fixed_dictionaries(
        {
            "state": st.none() | texts,
            "suburb": st.none() | texts,
            "campaign_id": st.none() | numbers,
            "unsubscribed": st.none() | times,
            "dob": st.none() | days,
        }
    ),
    min_size=1,
    max_size=8,
)

regex_pieces = st.sampled_from(
    [
        *"abkKsS.^$|()[]*+?-_\\1é\u212a\n", "{1,2}", "{2}", "{", "[a-k]", "[^a]", "[[:alpha:]]", "[[:upper:]]",
        "[\\d_]", "\\d", "\\w", "\\s", "\\W", "\\S", "\\m", "\\M", "\\y", "\\A", "\\Z", "(a|b)", "(?:k)", "(?=a)",
        "(?!a)", "(?<=a)", "\\1", "\\.", "\\n", "\\x41", "\\u212a", "[]a]", "[a-", "[b-a]", "(?i)", "***=", "(?#c)",
        "*?", "a{0}", "()",
    ]
)  # fmt: skip
regexes = st.lists(regex_pieces, max_size=6).map("".join)
likes = st.lists(st.sampled_from([*"abkKV%_\\.1é", "%", "_", "\\%", "\\_", "\\\\", "VIC"]), max_size=6).map("".join)


@st.composite
def texts_with_likes(draw: st.DrawFn) -> tuple[list[str], str]:
    """A few texts, and a LIKE pattern made from one of them, so that it has something to match."""
    chosen = draw(st.lists(texts, min_size=1, max_size=8))
    letters = [draw(st.sampled_from([letter, letter, "\\" + letter, "_", "%", ""])) for letter in chosen[0]]
    return chosen, "".join(letters) + draw(st.sampled_from(["", "", "%", "_", "\\"]))


broken_times = st.sampled_from(
    [
        "",
        "x",
        "2010-02-30",
        "2010-13-01",
        "2010-04-10T25:00",
        "2010-04-10T03:60",
        "2010-04-10 24:00:00",
        "null",
        "0000-01-01",
    ]
) | st.text("0123456789-:T .Z+", max_size=20)
zoned = st.builds("{}{}".format, times, st.sampled_from(["", "Z", "+10", "+10:00", "-0930", "+17"]))
time_operands = days | times | zoned | times.map(lambda text: text.replace("T", " ")) | broken_times
number_operands = numbers.map(str) | st.sampled_from(
    ["", "x", "1.5", "+3", " 3 ", "2147483648", "-2147483649", "1e3", "null"]
)


def _predicates_on(field: str) -> st.SearchStrategy[Predicate]:
    operands = {"text": texts, "integer": number_operands, "timestamp": time_operands, "date": time_operands}
    compared = st.tuples(st.just(field), st.sampled_from(COMPARISONS), operands[TYPES[field]])
    nulled = st.tuples(st.just(field), st.sampled_from(["is", "nt"]), st.sampled_from(["null", "null", "x", ""]))
    patterned = st.tuples(st.just(field), st.sampled_from(["re", "rei"]), regexes)
    liked = st.tuples(st.just(field), st.just("like"), likes | texts)
    return st.one_of(compared, nulled, patterned, liked)


predicates = st.sampled_from(list(TYPES)).flatmap(_predicates_on)
orders = st.builds(Order, st.none() | st.sampled_from(list(TYPES)), st.booleans())
cases = (generated_rows, st.lists(predicates, max_size=3), orders)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(*cases)
def test_same_as_postgres(
    connection: psycopg.Connection[Any], rows: list[Row], predicates: list[Predicate], order: Order
) -> None:
    """A grammar of our own invention would make every test of the adapter worthless."""
    compare(connection, rows, predicates, order)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.lists(texts, min_size=1, max_size=8), regexes, st.sampled_from(["re", "rei"]))
def test_same_regexes_as_postgres(connection: psycopg.Connection[Any], states: list[str], regex: str, op: str) -> None:
    """Regular expressions are parsed by rules of their own, so they get cases of their own."""
    compare(connection, _rows_with(states), [("state", op, regex)], Order())


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(texts_with_likes())
def test_same_likes_as_postgres(connection: psycopg.Connection[Any], case: tuple[list[str], str]) -> None:
    """LIKE has its own escapes, and patterns drawn blindly hardly ever match."""
    compare(connection, _rows_with(case[0]), [("state", "like", case[1])], Order())


TRICKY_REGEXES = (
    "[a-]", "[]a]", "[^]a]", "[^-a]", "[a-c-e]", "[%--]", "[---]", "[a--]", "[\\]]", "[a\\]", "[[.-.]]", "[[=a=]]",
    "[[:foo:]]", "[[:<:]]a", "[a-[.k.]]", "[[:digit:]-z]", "[\\D]", "[a-\\d]", "[\\m]", "[\\b]", "[^]", "[]", "a)",
    "(a", "a**", "^*", "$*", "a|*b", "a||b", "|", "()", "(|a)", "(*a)", "a{", "a{,2}", "a{1", "a{256}", "a{255}",
    "a{2,1}", "a{0}", "a{1,x}", "a{2}{3}", "a{2}*", "a*?", "a*??", "\\", "a\\", "\\q", "\\1", "(a)\\1", "(a\\1)",
    "(a)|\\1", "((a)\\2)", "(a*)*\\1", "(?=(a))\\1", "(?=a)*", "(?!a)k$", "(?!x)d$", "(?!x)^", "(?<=a)b", "(?<!a)b",
    "(?:a", "(?a)", "(?i)VIC", "(?c)VIC", "(?n)^break", "(?n)e.b", "(?w)line$", "(?w)e.b", "(?p)e.b", "(?p)e[^x]b",
    "(?q)a.b", "(?q)[x]", "(?iq)A.B", "(?i", "***=a.b", "***=[x]", "***:a", "***", "a(?#c)b", "a(?#c", "(?#c)*",
    "a(?#c)*", "\\x41", "\\x", "\\u0041", "\\u41", "\\101", "\\08", "\\12", "\\9", "\\cA", "\\c", "\\A\\w+\\Z",
    "d\\n\\Z", "d$", "d.$", "k", "K", "\u212a", "\u017f", "[k]", "[s]", "[^k]", "-|K", "é", "É", "ß",
    "^[[:alpha:]]+$", "[[:upper:]]", "[[:lower:]]", "[[:punct:]]", "[[:space:]]", "[[:cntrl:]]", "[[:graph:]]",
    "[[:print:]]", "\\mb", "b\\M", "\\ya", "\\Ya", "\\W$", "\\S\\s", "(?:ab){2}", "(ab)\\1", "^.$", "^.{2}$", "a$b",
    "", "x{0,3}", "_", "\\_",
)  # fmt: skip


@pytest.mark.parametrize("regex", TRICKY_REGEXES)
@pytest.mark.parametrize("op", ["re", "rei"])
def test_tricky_regexes(connection: psycopg.Connection[Any], regex: str, op: str) -> None:
    """The corners of the syntax, over every word."""
    compare(connection, _rows_with(WORDS), [("state", op, regex)], Order())


def _rows_with(states: Sequence[str]) -> list[Row]:
    return [{**dict.fromkeys(TYPES), "state": text} for text in states]


BOOLEANS = (
    "t", "tr", "tru",
    "true", "TRUE", " True ", "\tyes\n", "y", "ye", "yes", "yess", "on", "o", "of", "off", "offf", "n",
    "no", "nope", "f", "fa", "fals", "false", "0", "1", "00", "01", "2", "-1", "", " ", "null", "truee", "o n",
)  # fmt: skip
NUMBERS = (
    "0", "-0", "+7", " 7 ", "7\n", "007", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
    "-9223372036854775809", "2147483648", "", " ", "-", "+-1", "1.0", "1e3", "1 2", "abc", "\u0661",
)  # fmt: skip


@pytest.mark.parametrize("text", BOOLEANS)
def test_same_booleans_as_postgres(connection: psycopg.Connection[Any], text: str) -> None:
    """Events have flags, and PostgreSQL has many words for two values."""
    assert _read(BOOLEAN, text) == _cast(connection, text, "boolean")


@pytest.mark.parametrize("text", NUMBERS)
def test_same_bigints_as_postgres(connection: psycopg.Connection[Any], text: str) -> None:
    """Tokens of events are wider than other ids."""
    assert _read(BIGINT, text) == _cast(connection, text, "bigint")


def _read(column_type: ColumnType, text: str) -> object:
    try:
        return column_type.read(text)
    except ValueError:
        return REFUSED


def _cast(connection: psycopg.Connection[Any], text: str, type_name: str) -> object:
    try:
        row = connection.execute(sql.SQL("SELECT {}::{}").format(text, sql.SQL(type_name))).fetchone()
    except psycopg.DataError:
        return REFUSED
    return row and row[0]


@pytest.mark.bars
@settings(max_examples=5_000, deadline=None, database=None)
@given(*cases)
def test_same_as_postgres_at_length(
    connection: psycopg.Connection[Any], rows: list[Row], predicates: list[Predicate], order: Order
) -> None:
    """The same, for as long as the bars run."""
    compare(connection, rows, predicates, order)


@pytest.mark.bars
@settings(max_examples=5_000, deadline=None, database=None)
@given(st.lists(texts, min_size=1, max_size=8), regexes, st.sampled_from(["re", "rei"]))
def test_same_regexes_at_length(connection: psycopg.Connection[Any], states: list[str], regex: str, op: str) -> None:
    """The same, for as long as the bars run."""
    compare(connection, _rows_with(states), [("state", op, regex)], Order())


def test_postgres_and_sandbox_agree_on_the_harness(connection: psycopg.Connection[Any]) -> None:
    """Both sides must really answer: a harness that always refuses would agree on everything."""
    rows: list[Row] = [
        {**dict.fromkeys(TYPES), "state": text, "campaign_id": number} for number, text in enumerate("ab")
    ]
    rows.append(dict.fromkeys(TYPES))

    for ask in (lambda *case: ask_postgres(connection, *case), ask_sandbox):
        assert ask(rows, [("state", "neq", "a")], Order()) == [2]
        assert ask(rows, [], Order("state", descending=True)) == [3, 2, 1]
        assert ask(rows, [("campaign_id", "re", "1")], Order()) == REFUSED
        assert ask(rows, [("state", "eq", "null")], Order()) == []
