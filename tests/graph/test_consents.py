"""Nothing undoes an opt-out unless its caller says on what basis, by whatever mutation it might."""

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest

from adapters.sandbox.cast import CAST
from tests.graph.every_writer import Writing, build_write, id_of, open_writing

V4: Final = {"source": "taguchi_v4"}
BASIS: Final = {"consent": {"basis": "Asked at the till."}}


@pytest.fixture
async def v4() -> AsyncIterator[Writing]:
    """A small Taguchi V4 account beside two others."""
    async with open_writing("taguchi_v4") as world:
        yield world


async def refuse(world: Writing, name: str, /, **given: Any) -> Any:
    """Return the error of a mutation that is refused before anything is written."""
    body = await world.ask(build_write(name, "warnings"), input=given)
    assert body["data"] == {name: None}, body
    assert [each for vendor in world.taps for each in world.list_writes(vendor)] == []
    (error,) = body["errors"]
    return error["extensions"]


async def test_the_basis_of_a_consent_is_told_afterwards(v4: Writing):
    """Broken, nobody could look up later why an opt-out was undone."""
    tells = "operation { consentBasis }"

    undone = await v4.write("resubscribe", tells, id=id_of("taguchi_v4", "subscriber", 2), **BASIS)
    plain = await v4.write("unsubscribe", tells, id=id_of("taguchi_v4", "subscriber", 2))

    assert undone["operation"]["consentBasis"] == "Asked at the till."
    assert plain["operation"]["consentBasis"] is None


FILE: Final = "https://files.example.com/a.tsv"
PLAIN: Final = '<field name="email" select="@0"/><field name="custom_size" select="@1"/>'
LEFT_OUT: Final = "has left the list, or mail to them comes back"


def manifest(fields: str = PLAIN, lists: str = "") -> str:
    layout = '<format type="delimited" field-separator="\\t" line-separator="\\n"/>'
    source = f'<source href="{FILE}">{layout}<fields>{fields}</fields><lists>{lists}</lists></source>'
    return f'<manifest xmlns="http://taguchimail.com/manifest">{source}</manifest>'


@pytest.mark.parametrize(
    "text",
    [
        manifest(lists='<list id="6"/>'),
        manifest(PLAIN + '<field name="unsubscribed" select="@9"/>'),
        manifest(PLAIN + '<field name="Bounced" select="@9"/>'),
        manifest(PLAIN + '<field name=" unsubscribed" select="@9"/>'),
        manifest(PLAIN + '<field select="@9"/>'),
        manifest().replace("<lists></lists>", '<groups><group id="6"/></groups>'),
    ],
    ids=["a list", "an opt-out", "a bounce in other letters", "a space", "no name", "something unknown"],
)
async def test_an_import_that_may_undo_an_opt_out_needs_consent(v4: Writing, text: str):
    """Broken, a file would put people back on lists they had left, with the scope `write` alone."""
    given = {**V4, "recipientsUnchecked": True, "taguchi": {"name": "I", "manifestXml": text}}
    made = await v4.write("createImport", "imported { id }", **V4, fields={"name": "I", "manifestXml": text})
    v4.forget()

    refused = [
        await refuse(v4, "importSubscribers", **given),
        await refuse(v4, "importSubscribers", **given, dryRun=True),
        await refuse(v4, "processImport", id=made["imported"]["id"], recipientsUnchecked=True),
    ]
    done = [
        await v4.write("importSubscribers", **given, **BASIS),
        await v4.write("processImport", id=made["imported"]["id"], recipientsUnchecked=True, **BASIS),
    ]

    assert {each["reason"] for each in refused} == {"CONSENT_REQUIRED"}
    assert {each["outcome"] for each in done} == {"ACCEPTED"}


async def test_an_import_of_plain_fields_needs_none(v4: Writing):
    """Broken, nobody without `consent` could bring in anybody."""
    given = {**V4, "recipientsUnchecked": True, "taguchi": {"name": "I", "manifestXml": manifest()}}

    assert (await v4.write("importSubscribers", **given))["outcome"] == "ACCEPTED"


@pytest.fixture
async def taximail() -> AsyncIterator[Writing]:
    """A Taximail account beside two others."""
    async with open_writing("taximail") as world:
        yield world


async def find_left(world: Writing) -> tuple[str, str]:
    """The address of somebody who has left a list, and the list."""
    query = '{ subscribers(source: "taximail", first: 100) { nodes { vendorId email subscription } } }'
    nodes = (await world.read(query))["subscribers"]["nodes"]
    left = next(node for node in nodes if node["subscription"] == "UNSUBSCRIBED")
    return left["email"], left["vendorId"].partition("/")[0]


async def test_items_are_looked_up_whatever_is_said_of_unchecked_ones(taximail: Writing):
    """Broken, whoever had left a list would be put on it again by a word that is no consent."""
    email, list_id = await find_left(taximail)
    given = {"source": "taximail", "listId": list_id, "items": [{"email": email}, {"email": "new@example.com"}]}
    taximail.forget()

    alone = await refuse(
        taximail, "importSubscribers", **{**given, "items": given["items"][:1]}, recipientsUnchecked=True
    )
    done = await taximail.write("importSubscribers", **given, recipientsUnchecked=True)

    assert alone["reason"] == "CONSENT_REQUIRED"
    assert [each.startswith(f"Item 0 is left out: {LEFT_OUT}") for each in done["warnings"]] == [True]
    assert email not in str([each.body for each in taximail.list_writes("taximail")])


async def test_a_file_for_taximail_needs_consent(taximail: Writing):
    """Broken, a file would put people back on a list they had left."""
    options = {"pathFile": "a.csv", "matchedFields": ["email"]}
    given = {"source": "taximail", "listId": "402", "recipientsUnchecked": True, "taximail": options}

    refused = await refuse(taximail, "importSubscribers", **given)
    planned = await taximail.write("importSubscribers", **given, **BASIS, dryRun=True)

    assert (refused["reason"], planned["outcome"]) == ("CONSENT_REQUIRED", "PLANNED")


OPT_IN_MAIL: Final = {"source": "taximail", "listId": "517", "taximail": {"notSendOptinEmail": False}}


async def opt_out_elsewhere(world: Writing) -> str:
    """The address of somebody who has opted out at Sendios."""
    query = "query($e: String) { person(email: $e) { profiles { sourceId subscriber { id } } } }"
    for member in CAST:
        profiles = (await world.read(query, e=member.email))["person"]["profiles"]
        for profile in profiles:
            if profile["sourceId"] == "sendios":
                await world.write("unsubscribe", id=profile["subscriber"]["id"])
                world.forget()
                return member.email
    raise AssertionError("Sendios knows nobody")


async def test_nobody_who_has_opted_out_is_asked_by_mail_to_confirm(taximail: Writing):
    """Broken, an import would mail people who have opted out at another vendor."""
    email = await opt_out_elsewhere(taximail)
    gone, new = {"email": email}, {"email": "new@example.com"}

    refused = await refuse(taximail, "importSubscribers", **OPT_IN_MAIL, items=[gone])
    done = await taximail.write("importSubscribers", **OPT_IN_MAIL, items=[gone, new])

    assert refused["reason"] == "CONSENT_REQUIRED"
    assert done["warnings"] == ["Item 0 is left out: This person has opted out."]
    mailing = next(each.body for each in taximail.list_writes("taximail") if each.method == "POST")
    assert (email in str(mailing), "new%40example.com" in str(mailing)) == (False, True)


async def test_nobody_of_many_is_asked_by_mail_who_has_opted_out(taximail: Writing):
    """Broken, an import large enough for the background would mail whom a small one leaves out."""
    email = await opt_out_elsewhere(taximail)
    people = [{"email": email}, *({"email": f"new-{number}@example.com"} for number in range(101))]
    tells = "operation { counts { outcome count } }"

    accepted = await taximail.write("importSubscribers", tells, **OPT_IN_MAIL, items=people)

    assert accepted["outcome"] == "ACCEPTED"
    assert {"outcome": "SKIPPED", "count": 1} in accepted["operation"]["counts"]


async def test_who_is_left_out_of_a_sending_is_told(v4: Writing):
    """Broken, a caller would think that everybody got it, before it is sent and after."""
    people = [{"id": id_of("taguchi_v4", "subscriber", number)} for number in (1, 2, 3)]
    given = {"id": id_of("taguchi_v4", "activity", 1), "recipients": people}
    tells = "operation { itemCount items { nodes { outcome error { message } } } }"

    planned = await v4.write("triggerActivity", **given, dryRun=True)
    sent = await v4.write("triggerActivity", tells, **given)

    assert planned["warnings"] == sent["warnings"] == ["Item 1 is left out: This person has opted out."]
    items = sent["operation"]["items"]["nodes"]
    assert [item["outcome"] for item in items] == ["ACCEPTED", "SKIPPED", "ACCEPTED"]
    assert (sent["operation"]["itemCount"], items[1]["error"]) == (3, {"message": "This person has opted out."})
