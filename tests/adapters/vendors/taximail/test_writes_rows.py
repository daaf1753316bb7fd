"""The rows of an import: values that hold separators come apart as they were put together, or are not sent."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Outcome
from adapters.errors import InputError
from adapters.vendors.taximail.sandbox.importing import ENCLOSERS, TERMINATORS, _split_rows
from adapters.vendors.taximail.writing.columns import Columns
from adapters.vendors.taximail.writing.rows import FORMATS, Person, build_batches
from tests.adapters.vendors.taximail.written import (
    ANN,
    BOB,
    build_writing_world,
    custom,
    forms,
    importing,
    prepare,
    send,
)


@pytest.mark.parametrize(
    ("value", "terminator", "encloser"),
    [
        ("Doe, Jane", "semicolon", None),
        ("a,b;c", "tap", None),
        ("a,b;c\td", ",", "double quote"),
        ('a,b;c\t"d"', ",", "single quote"),
        ('"quoted"', ",", "single quote"),
        (" blank around ", ",", "double quote"),
        ("pipe|colon:|", ",", None),
        ("ends in |:", ",", "double quote"),
    ],
)
async def test_a_value_with_a_separator_gets_another_one(value, terminator, encloser):
    """Torn apart it would fill two fields of a person with half a name each."""
    world = build_writing_world()

    result = await send(world, importing(ANN | {"custom_fields": custom(f208=value)}))

    form = dict(forms(world)[0])
    assert (form["field_terminator"], form.get("field_encloser")) == (terminator, encloser)
    assert result.outcome is Outcome.APPLIED
    assert world.sandbox.store.lists[314].find("ann@example.com").values["custom_field_208"] == value


@pytest.mark.parametrize("value", ["a|:|b", "two\nlines", "a,b;c\td'e\"f", "bell\x07"])
async def test_a_value_no_separator_fits_is_refused_with_its_place(value):
    """There is no documented way to write a separator inside a value."""
    world = build_writing_world()

    with pytest.raises(InputError) as caught:
        await prepare(world, importing(BOB, ANN | {"custom_fields": custom(f210="ok", f208=value)}))

    assert (caught.value.reason, caught.value.path[:3]) == ("SEPARATOR_IN_VALUE", ("input", "items", 1))
    assert caught.value.path[3:] == ("customFields", 1, "value")


async def test_a_value_is_refused_where_the_caller_insists_on_a_separator_it_holds():
    """The choice is the caller's, and so is the refusal."""
    options = {"field_terminator": "comma", "field_encloser": "none"}

    with pytest.raises(InputError) as caught:
        await prepare(build_writing_world(), importing(ANN | {"first_name": "Ann, Jr"}, taximail=options))

    assert caught.value.path == ("input", "items", 0, "firstName")


TEXT = st.text(st.sampled_from("ab,;\t|:'\" é"), max_size=8)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4))
def test_what_is_sent_comes_apart_as_it_was_put_together(values):
    """The witness reads rows by the document alone."""
    people = [
        Person(place, Columns({"email": f"p{place}@example.com", "firstname": one, "lastname": two}, _paths()))
        for place, (one, two) in enumerate(values)
    ]
    try:
        batches = build_batches(people, FORMATS)
    except InputError:
        return

    read = {}
    for batch in batches:
        form = dict(batch.format.form)
        assert form["field_terminator"] in TERMINATORS
        assert form.get("field_encloser", "empty value") in ENCLOSERS
        for row in _split_rows(batch.text.split("|:|"), form):
            read[row[0]] = row[1:]
    assert read == {f"p{place}@example.com": each for place, each in enumerate(values)}


def _paths() -> dict[str, Any]:
    return {name: ("input", name) for name in ("email", "firstname", "lastname")}
