"""What of a filter goes to the vendor, and what a keyword may be."""

import pytest

from adapters.errors import CapabilityError
from adapters.filters.bind import bind
from adapters.filters.fields import FIELDS
from adapters.filters.split import build_plan
from adapters.filters.tree import And, Comparison, Filter, Not, Op, Or, Some
from adapters.records import Entity
from adapters.vendors.taximail.capability import build_capability
from adapters.vendors.taximail.compiler import COMPILERS, build_keyword
from tests.adapters.vendors.taximail.world import build_settings

EMAIL = Comparison("email", Op.EQ, "john@example.com")
LIST: Filter = Some("memberships", Comparison("list_id", Op.EQ, "314"))
LISTS: Filter = Some("memberships", Comparison("list_id", Op.IN, ("402", "314", "x")))
SEGMENT: Filter = Some("audiences", Comparison("audience_id", Op.EQ, "314/7"))
LEFT: Filter = Some("memberships", And((Comparison("list_id", Op.EQ, "314"), Comparison("state", Op.EQ, "LEFT"))))

ROWS = {
    "a list": (LIST, ["list_id=314"], True),
    "lists": (LISTS, ["list_id=314,402"], True),
    "an address": (EMAIL, ["keyword_search=john@example.com"], False),
    "any case": (Comparison("email", Op.EQ, "a@b.c", ignore_case=True), [], False),
    "a part": (Comparison("email", Op.CONTAINS, "example"), [], False),
    "addresses": (Comparison("email", Op.IN, ("a@b.c", "d@e.f")), [], False),
    "a list and an address": (And((LIST, EMAIL)), ["list_id=314", "keyword_search=john@example.com"], False),
    "a segment": (SEGMENT, ["browse=314/7"], True),
    "a segment and an address": (And((SEGMENT, EMAIL)), ["browse=314/7"], False),
    "a segment and a list": (And((SEGMENT, LIST)), ["browse=314/7"], False),
    "who left a list": (LEFT, ["list_id=314"], False),
    "one or the other": (Or((LIST, EMAIL)), [], False),
    "not a list": (Not(LIST), [], False),
    "a name": (Comparison("first_name", Op.EQ, "John"), [], False),
}


@pytest.mark.parametrize(("tree", "pushed", "exact"), ROWS.values(), ids=ROWS)
def test_a_filter_goes_to_the_vendor_as_far_as_it_can(tree, pushed, exact):
    """A segment is asked for alone: how it goes together with anything is not stated."""
    capability = build_capability(build_settings()).entities[Entity.SUBSCRIBER]
    plan = build_plan(bind(tree, FIELDS[Entity.SUBSCRIBER], ()), FIELDS[Entity.SUBSCRIBER], capability)

    (branch,) = plan.branches
    assert sorted(map(str, COMPILERS[Entity.SUBSCRIBER].build_predicates(branch))) == sorted(pushed)
    assert plan.exact is exact


@pytest.mark.parametrize(
    "tree",
    [
        Not(SEGMENT),
        Or((SEGMENT, LIST)),
        Some("audiences", Comparison("name", Op.EQ, "x")),
        Comparison("unsubscribed_at", Op.IS_NULL),
        Comparison("bounced_at", Op.IS_NULL),
        Comparison("campaign_id", Op.EQ, "1"),
        Some("memberships", Comparison("left_at", Op.IS_NULL)),
    ],
)
def test_what_rows_cannot_tell_is_refused(tree):
    """They name no segment, and not when somebody left: people who opted out would be found as such who did not."""
    capability = build_capability(build_settings()).entities[Entity.SUBSCRIBER]

    with pytest.raises(CapabilityError):
        build_plan(bind(tree, FIELDS[Entity.SUBSCRIBER], ()), FIELDS[Entity.SUBSCRIBER], capability)


@pytest.mark.parametrize(
    ("email", "keyword"),
    [
        ("john@example.com", "john@example.com"),
        (" john@example.com ", "john@example.com"),
        ("a%b_c+d@example.com", "a%b_c+d@example.com"),
        ("a\\b@example.com", "b@example.com"),
        ("long.name\\b", "long.name"),
        ("a\x00b@example.com\n", "b@example.com"),
        ("\\", ""),
        ("", ""),
    ],
)
def test_a_keyword_can_only_find_more(email, keyword):
    """A backslash may be a pattern's own sign there, so only what stands beside it is searched for."""
    assert build_keyword(email) == keyword


def test_kinds_that_cannot_be_listed_say_why():
    """Before any call."""
    entities = build_capability(build_settings()).entities

    assert {entity for entity, able in entities.items() if not able.listable} == {Entity.AUDIENCE, Entity.MESSAGE}
    assert all(able.reason for able in entities.values() if not able.listable)
    assert not any(able.stable_pages for able in entities.values() if able.listable)
    assert {able.max_page for able in entities.values()} == {100}
