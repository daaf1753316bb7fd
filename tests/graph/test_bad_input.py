"""
What a caller or an operator got wrong: refused with code, reason, place and the way out, and no vendor is asked.
"""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any

import pytest

from tests.graph.conftest import Graph
from tests.graph.vendor_side import node_id, received_lines

INVALID = "GRAPHQL_VALIDATION_FAILED"
BAD = "BAD_USER_INPUT"
THROTTLE = "input.fields.throttle"


@dataclass(frozen=True)
class Refused:
    """
    An operation and its refusal.

    `at` is the place in the input as dotted text, None for what the document's own validation refuses: that has a
    line and a column instead.
    """

    query: str
    reason: str | None
    at: str | None
    field: str = "subscribers"


def page(arguments: str, reason: str | None = None, at: str | None = None) -> Refused:
    return Refused(f"{{ subscribers({arguments}) {{ nodes {{ id }} }} }}", reason, at)


def where(filter_: str, reason: str | None = None, at: str | None = None) -> Refused:
    return page(f"filter: {{{filter_}}}", reason, None if at is None else f"filter.{at}".rstrip("."))


def find(arguments: str, reason: str | None = None, at: str | None = None) -> Refused:
    return Refused(f"{{ subscriber({arguments}) {{ id }} }}", reason, at, "subscriber")


def node(text: str, reason: str = "ID_INVALID") -> Refused:
    return Refused(f"{{ node(id: {json.dumps(text)}) {{ id }} }}", reason, "id", "node")


def cursor(*parts: Any, argument: str = "after", size: str = "") -> Refused:
    text = base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).rstrip(b"=").decode()
    return page(f'{size} {argument}: "{text}"', "CURSOR_INVALID", argument)


def place(
    *position: Any, version: int = 1, field: str = "subscribers", order: str = "id", source: str = "sandbox"
) -> Any:
    return (version, field, None, None, order, False, source, list(position), False, False, [])


LONG = json.dumps([f"{number}@example.org" for number in range(501)])

REFUSED: dict[str, Refused] = {
    # sources
    "unknown source": page('source: "nope"', "SOURCE_UNKNOWN", "source"),
    "unknown source of a look-up": find('source: "nope", by: {ref: "a"}', "SOURCE_UNKNOWN", "source"),
    # ids
    "no id at all": node("###"),
    "empty id": node(""),
    "oversized id": node("A" * 513),
    "id cut short": node(node_id("subscriber", 1)[:-2]),
    "id with something behind it": node(node_id("subscriber", 1) + "AA"),
    "id of no type": node(node_id("unicorn", 1)),
    "id of an unknown source": node(node_id("subscriber", 1, "elsewhere"), "SOURCE_UNKNOWN"),
    "id of another type": find(f'by: {{id: "{node_id("list", 1)}"}}', "ID_INVALID", "by.id"),
    "malformed id of a look-up": find('by: {id: "1"}', "ID_INVALID", "by.id"),
    "look-up by an unknown source's id": find(
        f'by: {{id: "{node_id("subscriber", 1, "elsewhere")}"}}', "SOURCE_UNKNOWN", "by.id"
    ),
    "too many ids": Refused(f"{{ nodes(ids: {json.dumps(['x'] * 501)}) {{ id }} }}", "TOO_MANY_IDS", "ids", "nodes"),
    # cursors
    "malformed cursor": page('after: "###"', "CURSOR_INVALID", "after"),
    "empty cursor": page('after: ""', "CURSOR_INVALID", "after"),
    "oversized cursor": page(f'after: "{"A" * 2049}"', "CURSOR_INVALID", "after"),
    "cursor of another field": cursor(*place("5", field="lists")),
    "cursor of another order": cursor(*place("5", order="email")),
    "cursor of another version": cursor(*place("5", version=2)),
    "cursor of an unknown source": cursor(*place("5", source="elsewhere")),
    "cursor backwards": cursor(*place("5", field="lists"), argument="before", size="last: 1,"),
    "cursor with a made-up place": cursor(*place("5 or 1=1")),
    "cursor with too long a place": cursor(*place("5", "6")),
    "cursor with a place of another type": cursor(*place(5)),
    "cursor of another shape": cursor("subscribers", 5),
    # pages
    "first 0": page("first: 0", "PAGE_SIZE", "first"),
    "first -1": page("first: -1", "PAGE_SIZE", "first"),
    "first 101": page("first: 101", "PAGE_SIZE", "first"),
    "last 0": page("last: 0", "PAGE_SIZE", "last"),
    "last 101": page("last: 101", "PAGE_SIZE", "last"),
    "first 2^31": page("first: 2147483648"),
    "first -2^63": page("first: -9223372036854775808"),
    "first as a text": page('first: "5"'),
    "first with a fraction": page("first: 1.5"),
    "first and last": page("first: 1, last: 1", "PAGE_ARGUMENTS", "last"),
    "after and before": page('after: "a", before: "b"', "PAGE_ARGUMENTS", "before"),
    "after and last": page('last: 1, after: "a"', "PAGE_ARGUMENTS", "last"),
    "before alone": page('before: "b"', "PAGE_ARGUMENTS", "before"),
    # orders
    "unknown order": page("orderBy: {field: SHOE_SIZE}"),
    "order as a text": page('orderBy: {field: "EMAIL"}'),
    "order without a field": page("orderBy: {direction: DESC}"),
    "order the vendor has not": page("orderBy: {field: TAGUCHI_SOCIAL_RATING}", "ORDER_UNSUPPORTED", "orderBy.field"),
    # filters
    "inverted range of ids": where('vendorId: {gt: "9", lt: "3"}', "RANGE_INVERTED", "vendorId"),
    "inverted range of days": where('birthDate: {gte: "2020-01-02", lte: "2020-01-01"}', "RANGE_INVERTED", "birthDate"),
    "inverted range of times": where(
        'unsubscribedAt: {gte: "2020-01-02T00:00:00Z", lt: "2020-01-01T00:00:00Z"}', "RANGE_INVERTED", "unsubscribedAt"
    ),
    "inverted range of an element": where(
        'memberships: {joinedAt: {gt: "2020-01-02T00:00:00Z", lt: "2020-01-01T00:00:00Z"}}',
        "RANGE_INVERTED",
        "memberships.joinedAt",
    ),
    "inverted range over `and`": where(
        'or: [{and: [{birthDate: {gte: "2020-01-02"}}, {birthDate: {lte: "2020-01-01"}}]}]',
        "RANGE_INVERTED",
        "or.0.and",
    ),
    "inverted range beside `and`": where(
        'birthDate: {gte: "2020-01-02"}, and: [{birthDate: {lte: "2020-01-01"}}]', "RANGE_INVERTED", ""
    ),
    "unclosed pattern": where('email: {matches: "(a"}', "PATTERN_INVALID", "email.matches"),
    "back reference": where(r'email: {matches: "(a)\\1"}', "PATTERN_INVALID", "email.matches"),
    "look-ahead": where('email: {matches: "a(?=b)"}', "PATTERN_INVALID", "email.matches"),
    "endless repetition": where('email: {matches: "a{300}"}', "PATTERN_INVALID", "email.matches"),
    "pattern on a number": where('vendorId: {matches: "1"}'),
    "over-long list": where(f"email: {{in: {LONG}}}", "LIST_TOO_LONG", "email.in"),
    "over-long list of exclusions": where(f"email: {{notIn: {LONG}}}", "LIST_TOO_LONG", "email.notIn"),
    "deep filter": page(f"filter: {'{not: ' * 80}{{}}{'}' * 80}", "FILTER_TOO_DEEP", "filter"),
    "deep filter below the reader's bound": page(f"filter: {'{not: ' * 30}{{}}{'}' * 30}", "FILTER_TOO_DEEP", "filter"),
    "eq null": where("email: {eq: null}", "NULL_OPERAND", "email.eq"),
    "neq null": where("email: {neq: null}", "NULL_OPERAND", "email.neq"),
    "in null": where("email: {in: null}", "NULL_OPERAND", "email.in"),
    "null deep inside": where(
        'or: [{ref: {eq: "a"}}, {not: {state: {eq: null}}}]', "NULL_OPERAND", "or.1.not.state.eq"
    ),
    "null in a list": where("email: {in: [null]}"),
    "time with a fraction": where(
        'unsubscribedAt: {eq: "2020-01-01T00:00:00.5Z"}', "OPERAND_INVALID", "unsubscribedAt.eq"
    ),
    "time without an offset": where('unsubscribedAt: {eq: "2020-01-01T00:00:00"}'),
    "time in words": where('unsubscribedAt: {eq: "yesterday"}'),
    "time as a number": where("unsubscribedAt: {eq: 1577836800}"),
    "time for a day": where('birthDate: {eq: "2020-01-01T00:00:00Z"}'),
    "no such day": where('birthDate: {eq: "2021-02-29"}'),
    "range of a word": where('vendorId: {lt: "abc"}', "OPERAND_INVALID", "vendorId.lt"),
    "range of a number nobody has": where(
        'vendorId: {gt: "12345678901234567890123"}', "OPERAND_INVALID", "vendorId.gt"
    ),
    "number for a text": where("email: {eq: 5}"),
    "text for a number": where('taguchi: {socialRating: {eq: "5"}}'),
    "range of texts": where('email: {lt: "a"}'),
    "unknown field": where("shoe: {eq: 1}"),
    "unknown operator": where('email: {like: "a"}'),
    "unknown word": where("memberships: {state: {eq: GONE}}"),
    "over-long text": where(f'email: {{eq: "{"a" * 2_001}"}}', "OPERAND_INVALID", "email.eq"),
    "NUL in a text": where(r'email: {eq: "a\u0000b"}', "OPERAND_INVALID", "email.eq"),
    "empty key": where('customField: {key: "", value: {eq: "a"}}', "KEY_INVALID", "customField.value.eq"),
    "no value for a key": where('customField: {key: "a"}'),
    # look-ups
    "look-up by two": find('by: {ref: "a", email: "b"}'),
    "look-up by none": find("by: {}"),
    "look-up by null": find("by: {ref: null}"),
    "look-up by nothing": Refused("{ subscriber { id } }", None, None),
    "over-long look-up": find(f'by: {{email: "{"a" * 2_001}"}}', "OPERAND_INVALID", "by.email"),
}


@pytest.mark.parametrize("refused", REFUSED.values(), ids=REFUSED)
async def test_bad_input_is_refused_where_it_stands(graph: Graph, refused: Refused) -> None:
    """A client must learn what is wrong and where, and a vendor must not pay for it."""
    body = await graph.run(refused.query, explain=True)
    (error,) = body["errors"]
    shown = error["extensions"]

    if refused.at is None:
        assert (shown["code"], error.get("path"), "data" in body) == (INVALID, None, False)
        assert error["locations"]
    else:
        assert (shown["code"], shown["reason"]) == (BAD, refused.reason)
        assert error["path"] == [refused.field]
        assert ".".join(map(str, shown["inputPath"])) == refused.at
        assert shown["hint"]
        assert body["data"] == {refused.field: None}
    assert len(error["message"]) > 10
    assert await graph.calls() == []


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (REFUSED["order the vendor has not"], ["TAGUCHI_SOCIAL_RATING", "FIRST_NAME", "TAGUCHI_CLUSTER_ID"]),
        (REFUSED["inverted range of days"], ["'birthDate'"]),
        (REFUSED["inverted range over `and`"], ["'birthDate'"]),
        (REFUSED["inverted range of ids"], ["'vendorId'"]),
    ],
    ids=["order", "range", "range over and", "range of ids"],
)
async def test_a_refusal_speaks_the_callers_names(graph: Graph, refused: Refused, words: list[str]) -> None:
    """A hint that names what the schema does not have cannot be followed."""
    body = await graph.run(refused.query)
    (error,) = body["errors"]
    said = f"{error['message']} {error['extensions']['hint']}"

    assert [word for word in words if word not in said] == []
    assert not re.search(r"[a-z]_[a-z]", said)


VARIABLES: dict[str, tuple[str, Any, str, str | None]] = {
    "eq null": ("SubscriberFilter", {"email": {"eq": None}}, BAD, "filter.email.eq"),
    "time with a fraction": (
        "SubscriberFilter",
        {"unsubscribedAt": {"eq": "2020-01-01T00:00:00.5Z"}},
        BAD,
        "filter.unsubscribedAt.eq",
    ),
    "inverted range": ("SubscriberFilter", {"vendorId": {"gte": 9, "lte": 3}}, BAD, "filter.vendorId"),
    "deep filter": ("SubscriberFilter", json.loads('{"not":' * 25 + "{}" + "}" * 25), BAD, "filter"),
    "time in words": ("SubscriberFilter", {"unsubscribedAt": {"eq": "yesterday"}}, BAD, None),
    "unknown field": ("SubscriberFilter", {"shoe": {"eq": 1}}, BAD, None),
    "a text": ("SubscriberFilter", "email", BAD, None),
    "a list": ("SubscriberFilter", [1], BAD, None),
}


@pytest.mark.parametrize(("kind", "given", "code", "at"), VARIABLES.values(), ids=VARIABLES)
async def test_bad_variables_are_refused_alike(graph: Graph, kind: str, given: Any, code: str, at: str | None) -> None:
    """Clients send variables; what is refused as a literal must not slip through as a value."""
    body = await graph.run(f"query($f: {kind}) {{ subscribers(filter: $f) {{ nodes {{ id }} }} }}", f=given)
    (error,) = body["errors"]

    assert error["extensions"]["code"] == code
    assert ".".join(map(str, error["extensions"].get("inputPath", []))) == (at or "")
    assert await graph.calls() == []


SPOKEN = [
    ("SubscriberFilter", {"emial": {"eq": "x"}}, "unknown field 'emial'. Did you mean 'email'?"),
    ("SubscriberFilter", {"zzzzqqqq": {"eq": None}}, "unknown field 'zzzzqqqq'."),
    ("SubscriberFilter", [{"email": True}], "to be an object."),
    ("SubscriberFilter", {"email": {"eq": {"a": None}}}, "at .email.eq: String cannot represent a non string value."),
    ("SubscriberFilter", {"email": {"eq": True}}, "String cannot represent a non string value."),
    ("SubscriberFilter", {"email": {"in": [None]}}, "non-null type 'String!' not to be null."),
    ("SubscriberOrder", {"direction": "ASC", "x": "?, found: {'"}, "unknown field 'x'."),
    ("SubscriberOrder", {"field": {"a": 1}}, "cannot represent non-string value."),
    ("SubscriberOrder", {"field": "EMIAL"}, "Did you mean the enum value 'EMAIL'?"),
]
"""Variables of a type, and how one of the complaints ends."""


@pytest.mark.parametrize(("kind", "given", "end"), SPOKEN)
async def test_what_is_wrong_with_a_variable_is_said_without_python(
    graph: Graph, kind: str, given: Any, end: str
) -> None:
    """Callers write JSON; `{'a': None}` is no value they sent, and `None` no word they know."""
    argument = "orderBy" if kind == "SubscriberOrder" else "filter"
    body = await graph.run(f"query($f: {kind}) {{ subscribers({argument}: $f) {{ nodes {{ id }} }} }}", f=given)
    messages = [error["message"] for error in body["errors"]]

    assert any(message.endswith(end) for message in messages), messages
    assert not [message for message in messages if re.search(r"None|True|[{}\[\]]", message.replace(".in[0]", ""))]


@pytest.mark.parametrize(
    "selected",
    [
        "sources @skip(if: $a) { id }",
        "sources @include(if: $a) { id }",
        "... @include(if: $a) { sources { id } }",
        "subscribers { nodes @skip(if: $a) { id } }",
        "subscribers { nodes { ... on Node @include(if: $a) { id } } }",
        "subscribers { ...Rows @skip(if: $a) }",
        "node(id: 1) { ... on Subscriber { campaign @skip(if: $a) { id } } }",
    ],
)
async def test_a_default_that_is_overruled_by_null_chooses_no_field(graph: Graph, selected: str) -> None:
    """GraphQL's validation lets such a variable stand where null may not be."""
    rows = " fragment Rows on SubscriberConnection { nodes { id } }" if "...Rows" in selected else ""

    body = await graph.run(f"query($a: Boolean = true) {{ {selected} }}{rows}", a=None)

    assert [error["extensions"]["code"] for error in body["errors"]] == [BAD]
    assert "data" not in body
    assert await graph.calls() == []


@pytest.mark.parametrize("size", [0, -1, 101, 2**31 - 1])
async def test_sizes_as_variables(graph: Graph, size: int) -> None:
    """A size that comes from a form field."""
    body = await graph.run("query($n: Int) { subscribers(first: $n) { nodes { id } } }", n=size)

    assert [error["extensions"]["reason"] for error in body["errors"]] == ["PAGE_SIZE"]
    assert await graph.calls() == []


@pytest.mark.parametrize("value", [2**31, "5", 1.5, True, [5], {"a": 1}])
async def test_sizes_that_are_no_sizes(graph: Graph, value: Any) -> None:
    """Refused before anything runs."""
    body = await graph.run("query($n: Int) { subscribers(first: $n) { nodes { id } } }", n=value)

    assert [error["extensions"]["code"] for error in body["errors"]] == [BAD]
    assert "data" not in body
    assert await graph.calls() == []


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("{ subscribers(first: 99999999999) { nodes { id } } }", "first"),
        ('{ all: lists(filter: {vendorId: {in: ["1"]}}, last: -99999999999) { nodes { id } } }', "last"),
        ('mutation { updateActivity(input: {id: "a", fields: {throttle: 99999999999}}) { outcome } }', THROTTLE),
        ("query($n: Int = 99999999999) { subscribers(first: $n) { nodes { id } } }", None),
    ],
)
async def test_a_number_that_is_no_int_is_refused_where_it_stands(graph: Graph, asked: str, place: str | None) -> None:
    """Whoever asks for all of it at once must learn the bound and the place, as of a page a little too large."""
    body = await graph.run(asked)
    told = [error["extensions"] for error in body["errors"]]
    (shown,) = [each for each in told if each.get("reason") == "INT_RANGE"]

    assert shown["code"] == INVALID
    assert ".".join(shown.get("inputPath", [])) == (place or "")
    assert "2147483647" in shown["hint"]
    assert await graph.calls() == []


async def test_bad_ids_among_good_ones_fail_alone(graph: Graph) -> None:
    """Each place says what is wrong with it; the good ones are read."""
    ids = ["###", node_id("list", 1), node_id("list", 1, "elsewhere"), node_id("unicorn", 1)]

    body = await graph.run(f"{{ nodes(ids: {json.dumps(ids)}) {{ id }} }}")

    assert body["data"]["nodes"] == [None, {"id": ids[1]}, None, None]
    assert [(error["path"], error["extensions"]["inputPath"]) for error in body["errors"]] == [
        (["nodes", number], ["ids", number]) for number in (0, 2, 3)
    ]
    assert received_lines(await graph.calls()) == ["list 1"]


MEMBERS = """query($list: ID!, $after: String, $first: Int = 1) { subscriber: node(id: $list) { ... on SubscriberList {
  members(first: $first, after: $after) { nodes { vendorId } pageInfo { endCursor } } } } }"""


async def test_a_cursor_of_another_parent_is_refused(graph: Graph) -> None:
    """It would start another list's members in the middle. Only the parent is read."""
    first = await graph.run(MEMBERS, list=node_id("list", 1))
    cursor_ = first["data"]["subscriber"]["members"]["pageInfo"]["endCursor"]
    await graph.forget_calls()

    body = await graph.run(MEMBERS, list=node_id("list", 2), after=cursor_)

    (error,) = body["errors"]
    assert (error["path"], error["extensions"]["reason"]) == (["subscriber", "members"], "CURSOR_INVALID")
    assert "another parent" in error["message"]
    assert received_lines(await graph.calls()) == ["list 2"]


PAGE = """query($s: ID, $o: SubscriberOrder, $a: String) { subscribers(first: 1, source: $s, orderBy: $o, after: $a) {
  pageInfo { endCursor } } }"""


@pytest.mark.parametrize(
    ("made", "used", "word"),
    [
        ({"s": "sandbox"}, {}, "source"),
        ({}, {"s": "sandbox"}, "source"),
        ({"o": {"field": "EMAIL"}}, {}, "order"),
        ({"o": {"field": "EMAIL"}}, {"o": {"field": "REF"}}, "order"),
        ({"o": {"field": "EMAIL"}}, {"o": {"field": "EMAIL", "direction": "DESC"}}, "direction"),
    ],
    ids=["named, then not", "not named, then named", "ordered, then not", "another order", "the other direction"],
)
async def test_a_cursor_of_another_question_is_refused(graph: Graph, made: Any, used: Any, word: str) -> None:
    """Cursors as the graph itself gave them, in another place."""
    first = await graph.run(PAGE, **made)
    cursor_ = first["data"]["subscribers"]["pageInfo"]["endCursor"]
    await graph.forget_calls()

    body = await graph.run(PAGE, **used, a=cursor_)

    (error,) = body["errors"]
    assert (error["extensions"]["reason"], error["extensions"]["inputPath"]) == ("CURSOR_INVALID", ["after"])
    assert word in error["message"]
    assert await graph.calls() == []
