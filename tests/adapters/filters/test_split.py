"""Plans: what each rule pushes, and what is left to check."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from adapters.errors import CapabilityError
from adapters.filters.bind import bind
from adapters.filters.capability import EntityCapability, Evidence, FieldCapability, Line, Support
from adapters.filters.order import BY_ID, Order
from adapters.filters.plan import Plan
from adapters.filters.split import build_plan
from adapters.filters.tree import EVERYTHING, NOTHING, And, Comparison, Filter, Not, Op, Or, Some
from adapters.filters.words import describe
from tests.adapters.filters.strategies import FIELDS

EXACT = Line(Support.EXACT, Evidence.DOCUMENTED, "made up")
INEXACT = Line(Support.INEXACT, Evidence.DOCUMENTED, "made up")
INFERRED = Line(Support.EXACT, Evidence.INFERRED, "made up")

_NULLS = {Op.IS_NULL: EXACT, Op.PRESENT: EXACT}
_EQUAL = {Op.EQ: EXACT, Op.DIFFERS: EXACT}
_RANGES = dict.fromkeys((Op.LT, Op.LTE, Op.GT, Op.GTE), EXACT)
_TEXTS = dict.fromkeys((Op.IN, Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH, Op.MATCHES), EXACT)
_ORDERED = {**_NULLS, **_EQUAL, **_RANGES}

TABLE = EntityCapability(
    fields={
        "id": FieldCapability("id", _ORDERED, digits=True),
        "code": FieldCapability("code", _ORDERED),
        "extra.cluster_id": FieldCapability("cluster", _ORDERED, digits=True, largest=1000),
        "score": FieldCapability("score", _ORDERED),
        "seen_at": FieldCapability("seen", _ORDERED),
        "born_on": FieldCapability("born", _ORDERED),
        "name": FieldCapability("name", {**_NULLS, **_EQUAL, **_TEXTS}, mergeable=False),
        "town": FieldCapability("town", {**_NULLS, **_EQUAL, Op.CONTAINS: INEXACT, Op.MATCHES: INFERRED}),
        "items.list_id": FieldCapability("list_id", {Op.EQ: EXACT}, at_most=1, digits=True, largest=1000),
        "items.option": FieldCapability("option", {Op.EQ: EXACT}),
    },
    conjunction=EXACT,
    max_branches=3,
    max_in=3,
)
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def _c(field: str, op: Op, value: Any = None, key: str | None = None, *, any_case: bool = False) -> Comparison:
    return Comparison(field, op, value, key, any_case)


def _plan(tree: Filter, table: EntityCapability = TABLE, order: Order = BY_ID) -> Plan:
    return build_plan(bind(tree, FIELDS), FIELDS, table, order)


def _written(plan: Plan) -> tuple[list[str], str]:
    return [describe(branch) for branch in plan.branches], describe(plan.residual)


ALL = "everything"
NAME_A, NAME_B = _c("name", Op.EQ, "a"), _c("name", Op.EQ, "b")
TOWN = _c("town", Op.EQ, "u")
STATE = _c("state", Op.EQ, "ON")
LIST_5 = Some("items", _c("list_id", Op.EQ, "5"))


def _seconds(*places: int) -> tuple[datetime, ...]:
    return tuple(NOON + timedelta(seconds=place) for place in places)


RULES: dict[str, tuple[Filter, list[str], str]] = {
    "everything": (EVERYTHING, [ALL], ALL),
    "nothing": (NOTHING, [], ALL),
    "exact": (NAME_A, ['name = "a"'], ALL),
    "inexact": (_c("town", Op.CONTAINS, "u"), ['town contains "u"'], 'town contains "u"'),
    "inferred": (_c("town", Op.MATCHES, "u"), ['town matches "u"'], 'town matches "u"'),
    "unsupported operator": (_c("town", Op.STARTS_WITH, "u"), [ALL], 'town startsWith "u"'),
    "unsupported field": (STATE, [ALL], 'state = "ON"'),
    "and": (And((NAME_A, TOWN)), ['name = "a" and town = "u"'], ALL),
    "and with a part left": (And((STATE, NAME_A)), ['name = "a"'], 'state = "ON"'),
    "or": (Or((NAME_A, TOWN)), ['name = "a"', 'town = "u"'], ALL),
    "or with an inexact part": (
        Or((NAME_A, _c("town", Op.CONTAINS, "u"))),
        ['name = "a"', 'town contains "u"'],
        'name = "a" or town contains "u"',
    ),
    "or with a part that cannot be pushed": (Or((NAME_A, STATE)), [ALL], 'name = "a" or state = "ON"'),
    "or under and": (
        And((_c("id", Op.GT, "5"), Or((NAME_A, TOWN)))),
        ['id > 5 and name = "a"', 'id > 5 and town = "u"'],
        ALL,
    ),
    "or of too many: what is common": (
        Or(tuple(And((NAME_A, _c("town", Op.EQ, town))) for town in "uvwx")),
        ['name = "a"'],
        " or ".join(f'(name = "a" and town = "{town}")' for town in "uvwx"),
    ),
    "or of too many: the range around": (
        Or(
            (
                _c("score", Op.EQ, 1),
                And((_c("score", Op.GT, 4), NAME_A)),
                And((_c("score", Op.EQ, 7), NAME_B)),
                And((_c("score", Op.EQ, 9), TOWN)),
            )
        ),
        ["score >= 1"],
        'score = 1 or (score > 4 and name = "a") or (score = 7 and name = "b") or (score = 9 and town = "u")',
    ),
    "two ors of two": (
        And((Or((NAME_A, TOWN)), Or((_c("id", Op.EQ, "1"), _c("score", Op.EQ, 2))))),
        ['name = "a"', 'town = "u"'],
        "id = 1 or score = 2",
    ),
    "a weaker branch holds a stronger one": (Or((NAME_A, And((NAME_A, TOWN)))), ['name = "a"'], ALL),
    "not equal costs two": (Not(TOWN), ['town != "u"', "town is missing"], ALL),
    "not equal of a field never missing": (Not(_c("id", Op.EQ, "5")), ["id != 5"], ALL),
    "two not equal: one is left": (
        And((Not(TOWN), Not(NAME_A))),
        ['town != "u"', "town is missing"],
        'name != "a" or name is missing',
    ),
    "negations last": (
        And((Not(TOWN), Or((NAME_A, _c("id", Op.EQ, "1"), _c("score", Op.EQ, 2))))),
        ['name = "a"', "id = 1", "score = 2"],
        'town != "u" or town is missing',
    ),
    "not contains": (Not(_c("name", Op.CONTAINS, "a")), [ALL], 'not (name contains "a")'),
    "not less, of an id that may be letters": (Not(_c("code", Op.LT, "5")), [ALL], "not (code < 5)"),
    "not less, of a number": (Not(_c("id", Op.LT, "5")), ["id >= 5"], ALL),
    "in of text": (_c("name", Op.IN, ("a", "b", "c")), ['name in ("a", "b", "c")'], ALL),
    "in of text, in lists": (
        _c("name", Op.IN, ("a", "b", "c", "d")),
        ['name in ("a", "b", "c")', 'name in ("d")'],
        ALL,
    ),
    "in of text without in": (_c("town", Op.IN, ("a", "b")), ['town = "a"', 'town = "b"'], ALL),
    "in of too much text": (
        _c("town", Op.IN, ("a", "b", "c", "d")),
        [ALL],
        'town in ("a", "b", "c", "d")',
    ),
    "in of numbered ids, a run": (_c("id", Op.IN, ("3", "1", "2")), ["id >= 1 and id <= 3"], ALL),
    "in of numbered ids, runs": (_c("id", Op.IN, ("9", "1", "2")), ["id >= 1 and id <= 2", "id = 9"], ALL),
    "in of ids that may be letters, a run": (
        _c("code", Op.IN, ("1", "2")),
        ["code >= 1 and code <= 2"],
        "code in (1, 2)",
    ),
    "in of letters": (_c("code", Op.IN, ("1", "x")), ["code = 1", 'code = "x"'], ALL),
    "in of numbers, a run": (_c("score", Op.IN, (1, 2)), ["score >= 1 and score <= 2"], "score in (1, 2)"),
    "in of numbers": (_c("score", Op.IN, (1, 3.5)), ["score = 1", "score = 3.5"], ALL),
    "in of seconds, a run": (
        _c("seen_at", Op.IN, _seconds(0, 1)),
        ["seen_at >= 2024-05-01T12:00:00Z and seen_at <= 2024-05-01T12:00:01Z"],
        ALL,
    ),
    "in of days over a month's end": (
        _c("born_on", Op.IN, (date(2024, 2, 29), date(2024, 3, 1))),
        ["born_on >= 2024-02-29 and born_on <= 2024-03-01"],
        ALL,
    ),
    "in of too many ids: the range around": (
        _c("id", Op.IN, ("1", "3", "5", "7")),
        ["id >= 1 and id <= 7"],
        "id in (1, 3, 5, 7)",
    ),
    "equal to a number too large": (
        _c("extra.cluster_id", Op.EQ, "2000"),
        ["extra.cluster_id >= 1000"],
        "extra.cluster_id = 2000",
    ),
    "more than a number too large": (
        _c("extra.cluster_id", Op.GT, "2000"),
        ["extra.cluster_id >= 1000"],
        "extra.cluster_id > 2000",
    ),
    "less than a number too large": (_c("extra.cluster_id", Op.LT, "2000"), [ALL], "extra.cluster_id < 2000"),
    "not a number too large": (
        Not(_c("extra.cluster_id", Op.EQ, "2000")),
        [ALL],
        "extra.cluster_id != 2000 or extra.cluster_id is missing",
    ),
    "numbers of which one is too large": (
        _c("extra.cluster_id", Op.IN, ("5", "2000")),
        ["extra.cluster_id = 5", "extra.cluster_id >= 1000"],
        "extra.cluster_id in (5, 2000)",
    ),
    "a list too large": (
        Some("items", _c("list_id", Op.EQ, "2000")),
        [ALL],
        "some items (list_id = 2000)",
    ),
    "lists of which one is too large": (
        Some("items", _c("list_id", Op.IN, ("5", "2000"))),
        [ALL],
        "some items (list_id in (5, 2000))",
    ),
    "two values at once": (And((_c("id", Op.EQ, "10"), _c("id", Op.EQ, "11"))), [], ALL),
    "two lists of values at once": (And((_c("name", Op.IN, ("a", "b")), _c("name", Op.IN, ("c", "d")))), [], ALL),
    "between a number and itself": (And((_c("id", Op.GT, "10"), _c("id", Op.LT, "10"))), [], ALL),
    "after a moment and up to it": (And((_c("seen_at", Op.GT, NOON), _c("seen_at", Op.LTE, NOON))), [], ALL),
    "a value out of the range": (And((_c("id", Op.EQ, "9"), _c("id", Op.GT, "10"))), [], ALL),
    "a value that is missing": (And((_c("town", Op.EQ, "u"), _c("town", Op.IS_NULL))), [], ALL),
    "a value and another one": (And((TOWN, Not(TOWN))), [], ALL),
    "a value without its beginning": (And((NAME_A, _c("name", Op.STARTS_WITH, "b"))), [], ALL),
    "one way of two is open": (Or((And((TOWN, _c("town", Op.EQ, "v"))), NAME_A)), ['name = "a"'], ALL),
    "from a number up to itself": (
        And((_c("id", Op.GTE, "10"), _c("id", Op.LTE, "10"))),
        ["id >= 10 and id <= 10"],
        ALL,
    ),
    "two values of many": (
        And((_c("custom_fields", Op.EQ, "red", "k"), _c("custom_fields", Op.EQ, "blue", "k"))),
        [ALL],
        'custom_fields["k"] = "red" and custom_fields["k"] = "blue"',
    ),
    "two values of one element": (
        Some("items", And((_c("option", Op.EQ, "d"), _c("option", Op.EQ, "e")))),
        [],
        ALL,
    ),
    "an id that cannot be": (_c("id", Op.EQ, "x7"), [], ALL),
    "ids of which one can be": (_c("id", Op.IN, ("x7", "07", "7")), ["id = 7"], ALL),
    "not an id that cannot be": (Not(_c("id", Op.EQ, "x7")), [ALL], ALL),
    "an id never missing": (_c("id", Op.IS_NULL), [], ALL),
    "any case of a part": (
        _c("name", Op.CONTAINS, "a", any_case=True),
        ['name contains "a" (any case)'],
        ALL,
    ),
    "any case of the whole": (
        _c("name", Op.EQ, "a.b", any_case=True),
        ['name matches "^(?:a\\\\.b)$" (any case)'],
        ALL,
    ),
    "any case of several": (
        _c("name", Op.IN, ("a", "b"), any_case=True),
        ['name matches "^(?:a|b)$" (any case)'],
        ALL,
    ),
    "any case where patterns are inexact": (
        _c("town", Op.EQ, "a", any_case=True),
        ['town matches "^(?:a)$" (any case)'],
        'town = "a" (any case)',
    ),
    "any case of a difference": (
        _c("name", Op.DIFFERS, "a", any_case=True),
        [ALL],
        'name != "a" (any case)',
    ),
    "a text too long for an address": (
        _c("name", Op.CONTAINS, "\u20ac" * 2_000),
        [ALL],
        f'name contains "{"€" * 60}…"',
    ),
    "one list": (LIST_5, ["some items (list_id = 5)"], ALL),
    "one of two lists": (
        Some("items", _c("list_id", Op.IN, ("5", "6"))),
        ["some items (list_id = 5)", "some items (list_id = 6)"],
        ALL,
    ),
    "two lists": (
        And((LIST_5, Some("items", _c("list_id", Op.EQ, "6")))),
        ["some items (list_id = 5)"],
        "some items (list_id = 6)",
    ),
    "a list that cannot be": (Some("items", _c("list_id", Op.EQ, "x")), [], ALL),
    "no list": (Not(LIST_5), [ALL], "not (some items (list_id = 5))"),
    "a list and more of one element": (
        Some("items", And((_c("list_id", Op.EQ, "5"), _c("option", Op.CONTAINS, "d")))),
        ["some items (list_id = 5)"],
        'some items (list_id = 5 and option contains "d")',
    ),
    "two facts of one element": (
        Some("items", And((_c("list_id", Op.EQ, "5"), _c("option", Op.EQ, "d")))),
        ['some items (list_id = 5) and some items (option = "d")'],
        'some items (list_id = 5 and option = "d")',
    ),
    "any element": (Some("items", EVERYTHING), [ALL], "some items (everything)"),
    "a custom field": (_c("custom_fields", Op.EQ, "red", "k"), [ALL], 'custom_fields["k"] = "red"'),
}


@pytest.mark.parametrize(
    ("tree", "branches", "residual"), [pytest.param(*rule, id=name) for name, rule in RULES.items()]
)
def test_rule(tree: Filter, branches: list[str], residual: str) -> None:
    """A rule not applied costs calls or rows read for nothing."""
    plan = _plan(tree)

    assert (branches, residual) == _written(plan)
    assert plan.exact == (residual == ALL)
    assert bool(plan.reasons) == (not plan.exact)


def test_inferred_conjunction_checks_the_whole_again() -> None:
    """If repeated predicates were ORed, the rows of two would be too many."""
    table = replace(TABLE, conjunction=INFERRED)

    plan = _plan(And((NAME_A, TOWN)), table)

    assert _written(plan) == (['name = "a" and town = "u"'], 'name = "a" and town = "u"')
    assert "ANDed" in plan.reasons[0]
    assert _plan(Or((NAME_A, TOWN)), table).exact


def test_without_conjunction_the_best_part_is_pushed() -> None:
    """A vendor that takes one predicate still narrows."""
    table = replace(TABLE, conjunction=Line(Support.UNSUPPORTED, Evidence.DOCUMENTED, "made up"))

    plan = _plan(And((_c("score", Op.GT, 1), TOWN)), table)

    assert _written(plan) == (['town = "u"'], "score > 1")


def test_order_by_text_takes_one_branch() -> None:
    """Replies in the vendor's own collation cannot be merged here."""
    tree = And((_c("id", Op.GT, "5"), Or((NAME_A, TOWN))))

    plan = _plan(tree, order=Order("name"))

    assert _written(plan) == (["id > 5"], 'name = "a" or town = "u"')


def test_predicates_of_a_call_are_bounded() -> None:
    """An address has an end; what does not fit is checked on the rows."""
    plan = _plan(And((NAME_A, TOWN, _c("score", Op.EQ, 1))), replace(TABLE, max_predicates=2))

    assert _written(plan) == (['name = "a" and town = "u"'], "score = 1")


def test_many_negated_values_are_bounded() -> None:
    """`notIn` of 500 values must not become an address of 500 predicates."""
    plan = _plan(Not(_c("id", Op.IN, tuple(map(str, range(1, 1_000, 2))))))

    assert len(plan.branches) == 1
    assert len(plan.branches[0].parts) <= TABLE.max_predicates
    assert not plan.exact


@pytest.mark.parametrize("table", [{"missing_in_rows": frozenset({"town"})}, {"never_told": frozenset({"town"})}])
@pytest.mark.parametrize(
    "tree", [Or((TOWN, STATE)), And((TOWN, Not(_c("name", Op.CONTAINS, "a")), _c("town", Op.CONTAINS, "u")))]
)
def test_residual_over_a_field_rows_do_not_hold_is_refused(tree: Filter, table: dict[str, Any]) -> None:
    """Checked on rows without the field, the filter would drop every row and look like an empty answer."""
    with pytest.raises(CapabilityError) as caught:
        _plan(tree, replace(TABLE, **table))

    assert (caught.value.reason, caught.value.path) == ("FILTER_UNSUPPORTED", ("town",))
    assert caught.value.hint


def test_field_rows_do_not_hold_is_pushed_alone() -> None:
    """Alone it needs no check; the rest is left to the rows."""
    table = replace(TABLE, conjunction=INFERRED, missing_in_rows=frozenset({"town"}))

    assert _written(_plan(And((NAME_A, TOWN)), table)) == (['town = "u"'], 'name = "a"')


def test_element_field_named_like_a_field_is_another() -> None:
    """`items.option` missing in rows says nothing of a record's own `option`, nor the other way round."""
    table = replace(TABLE, missing_in_rows=frozenset({"option", "list_id", "items.state"}))

    assert not _plan(Some("items", _c("option", Op.CONTAINS, "d")), table).exact


def test_reason_for_any_element_is_its_own() -> None:
    """A reason that speaks of conditions where there are none sends the reader looking for them."""
    assert _plan(Some("items", EVERYTHING)).reasons == ("some items: the vendor cannot ask for any element",)


def test_reasons_never_hold_values() -> None:
    """Plans are shown to people who may not see addresses."""
    secret = "ann@example.com"
    tree = And(
        (_c("town", Op.CONTAINS, secret), Not(_c("name", Op.CONTAINS, secret)), Or((_c("state", Op.EQ, secret),)))
    )

    assert secret not in " ".join(_plan(tree).reasons)
