"""Imports: every option on the wire, who is left out, what is counted, and two steps that lose nothing."""

import pytest

from adapters.contract import Outcome
from adapters.errors import BudgetExceededError, IdError, InputError, NotFoundError
from adapters.sandbox.faults import Fault
from tests.adapters.vendors.taximail.account import JOINED
from tests.adapters.vendors.taximail.world import build_world, scope
from tests.adapters.vendors.taximail.written import (
    ANN,
    BOB,
    Notes,
    build_writing_world,
    command,
    custom,
    forms,
    importing,
    lines,
    look_again,
    prepare,
    send,
    writes,
)

IMPORT = "POST /v2/list/314/subscribers/import"
COMMIT = "GET /v2/list/314/subscribers/{key_import}/commit/{token}"


async def test_the_document_s_example_goes_out_with_every_default_named():
    """Source: Importing, Example Request; defaults that may change are not left to the vendor."""
    world, notes = build_writing_world(), Notes()
    john = {"email": "jo@example.com", "custom_fields": custom(f208="john doe")}
    adam = {"email": "ad@example.com", "custom_fields": custom(f208="adam doe")}

    result = await send(world, importing(john, adam), notes)

    assert lines(world) == [IMPORT, COMMIT]
    assert forms(world) == [
        [
            ("mode_import", "copyandpaste"),
            ("subscribers_data", "jo@example.com,john doe|:|ad@example.com,adam doe"),
            ("field_terminator", ","),
            ("matched_fields[]", "email"),
            ("matched_fields[]", "208"),
            ("update_duplicates", "true"),
            ("not_send_optin_email", "true"),
            ("add_to_suppression_list", "none"),
        ]
    ]
    assert result.outcome is Outcome.APPLIED
    assert result.facts == {"subscribersCount": 2, "success": 2, "duplicate": 0, "failed": 0}
    assert [(item.place, item.outcome) for item in result.items] == [(0, Outcome.APPLIED), (1, Outcome.APPLIED)]
    assert notes.sending == [("import", ()), ("commit", (0, 1))]
    assert world.sandbox.store.lists[314].find("jo@example.com").values == {"custom_field_208": "john doe"}


async def test_the_import_s_key_is_kept_and_its_token_shown_nowhere():
    """A token in a log or a ledger could be used by whoever reads it first."""
    world, notes = build_writing_world(), Notes()
    prepared = await prepare(world, importing(ANN))
    spending = scope()

    result = await world.adapter.send_write(prepared, spending, notes)

    key, token = writes(world)[-1].path.split("/")[5::2]
    assert result.known_by == {"import": key}
    assert dict(notes.done)["import"] == {"import": key}
    assert token not in f"{spending.calls!r} {result!r} {notes!r}"


async def test_every_option_reaches_the_vendor():
    """Source: Importing, parameters."""
    world = build_writing_world()
    options = {
        "field_terminator": "tab",
        "field_encloser": "double_quote",
        "update_duplicates": False,
        "not_send_optin_email": False,
        "add_to_suppression_list": "global",
    }

    result = await send(world, importing({"email": "john@example.com", "first_name": "Jon"}, taximail=options))

    assert forms(world)[0][1:] == [
        ("subscribers_data", '"john@example.com"\t"Jon"'),
        ("field_terminator", "tap"),
        ("field_encloser", "double quote"),
        ("matched_fields[]", "email"),
        ("matched_fields[]", "firstname"),
        ("update_duplicates", "false"),
        ("not_send_optin_email", "false"),
        ("add_to_suppression_list", "global"),
    ]
    store = world.sandbox.store
    assert (store.asked, store.suppressed) == (["john@example.com"], ["john@example.com"])
    assert store.lists[314].contacts[3].values["firstname"] == "John"
    assert result.facts["duplicate"] == 1


async def test_a_file_is_read_by_the_vendor():
    """Source: Importing, fromfile; ignored columns are 0."""
    world = build_writing_world()
    world.sandbox.store.files["in/people.csv"] = "new@example.com;x;New Person\nbroken;x;y\n"
    options = {
        "path_file": "in/people.csv",
        "matched_fields": ["email", "0", "custom_field_208"],
        "field_terminator": "semicolon",
    }

    result = await send(world, importing(taximail=options, unchecked=True, consent="asked"))

    assert forms(world)[0][:6] == [
        ("mode_import", "fromfile"),
        ("path_file", "in/people.csv"),
        ("field_terminator", "semicolon"),
        ("matched_fields[]", "email"),
        ("matched_fields[]", "0"),
        ("matched_fields[]", "208"),
    ]
    assert (result.outcome, result.facts["success"], result.facts["failed"]) == (Outcome.APPLIED, 1, 1)
    assert result.warnings == ("Taximail did not take 1 of the people.",)
    assert world.sandbox.store.lists[314].find("new@example.com").values == {"custom_field_208": "New Person"}


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        (importing(), "items"),
        (command("importSubscribers", items=[ANN]), "listId"),
        (command("importSubscribers", items=[ANN], list_id="0314"), "listId"),
        (importing({"first_name": "Ann"}), "items.0.email"),
        (importing(ANN, {"email": "no address"}), "items.1.email"),
        (importing(ANN, BOB, {"email": "ANN@example.com"}), "items.2.email"),
        (importing(ANN | {"phone": "123"}), "items.0.phone"),
        (importing(ANN | {"custom_fields": custom(f999="x")}), "items.0.customFields.0.value"),
        (importing(ANN | {"custom_fields": [{"key": "NAME", "value": "x"}]}), "items.0.customFields.0.key"),
        (importing(ANN | {"custom_fields": custom(f208="x") * 2}), "items.0.customFields.1.value"),
        (importing(ANN | {"memberships": [{"list_id": "314"}]}), "items.0.memberships"),
        (importing(ANN, taximail={"matched_fields": ["email"]}), "taximail"),
        (importing(taximail={"mode": "fromfile"}), "taximail.pathFile"),
        (importing(taximail={"path_file": "people.txt"}), "taximail.pathFile"),
        (importing(taximail={"path_file": "people.csv"}), "taximail.matchedFields"),
        (
            importing(taximail={"path_file": "p.csv", "matched_fields": ["email", "208", "custom_field_208"]}),
            "taximail.matchedFields.2",
        ),
        (importing(ANN, taximail={"path_file": "p.csv"}), "items"),
        (importing(taximail={"path_file": "p.csv", "matched_fields": ["email"]}), "recipientsUnchecked"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
async def test_what_cannot_be_imported_is_refused_with_its_place(asked, path):
    """The vendor would say 400 of the whole, or take what was not meant."""
    world = build_writing_world()

    with pytest.raises(InputError) as caught:
        await prepare(world, asked)

    where = "input" if path == "" else f"input.{path}"
    assert ".".join(map(str, caught.value.path)) == where
    assert writes(world) == []


async def test_the_check_of_items_refuses_what_cannot_be_written_and_looks_nobody_up():
    """Broken, a large import would fail in the middle, or its people be looked up twice."""
    world = build_writing_world()
    plain = {"field_terminator": "comma", "field_encloser": "none"}
    bad = importing(ANN, {"email": "new@example.org", "custom_fields": custom(f208="a,b")}, taximail=plain)
    world.forget()

    await world.adapter.check_items(importing(ANN), scope(), purpose="test")
    with pytest.raises(InputError) as caught:
        await world.adapter.check_items(bad, scope(), purpose="test")

    assert caught.value.path[:3] == ("input", "items", 1)
    assert [query for query in world.queries if "fields" not in query] == []


async def test_a_list_that_is_not_there_is_told_before_anything_is_sent():
    """A search of it would find nobody, and nobody would be left out."""
    world = build_writing_world()

    with pytest.raises(NotFoundError) as caught:
        await prepare(world, command("importSubscribers", list_id="999", items=[ANN]))

    assert (caught.value.reason, writes(world)) == ("LIST_NOT_FOUND", [])


async def test_what_was_not_given_is_not_sent_as_nothing():
    """Named default: people who are known keep every field that was not given."""
    world = build_writing_world()
    john = {"email": "john@example.com", "first_name": "Jon"}
    adam = {"email": "adam@example.com", "custom_fields": custom(f210="089")}

    result = await send(world, importing(john, adam))

    assert lines(world) == [IMPORT, COMMIT] * 2
    contacts = world.sandbox.store.lists[314].contacts
    assert contacts[3].values == {"firstname": "Jon", "lastname": "Smith", "custom_field_208": "Mr. John Smith"}
    assert contacts[2].values["firstname"] == "Adam"
    assert contacts[2].values["custom_field_210"] == "089"
    assert result.facts == {"subscribersCount": 2, "success": 0, "duplicate": 2, "failed": 0}


async def test_who_has_left_and_whose_mail_comes_back_is_left_out():
    """Whether an import lets them rejoin is not documented, so it is not tried without consent."""
    world = build_writing_world(imports_rejoin=True)
    items = [{"email": "mary@example.org", "first_name": "M"}, ANN | {"first_name": "A"}, {"email": "ZOE@example.net"}]

    prepared = await prepare(world, importing(*items))
    await send(world, importing(*items))

    assert sorted(prepared.skipped) == [0, 2]
    assert dict(forms(world)[0])["subscribers_data"] == "ann@example.com,A"
    assert world.sandbox.store.lists[314].contacts[5].status == "Unsubscribed"


async def test_with_consent_they_are_in_it():
    """The basis is in the ledger."""
    world = build_writing_world(imports_rejoin=True)

    await send(world, importing({"email": "mary@example.org"}, consent="signed up again at the fair"))

    assert world.sandbox.store.lists[314].contacts[5].status == "Subscribed"


async def test_nobody_left_to_import_is_no_request():
    """An import of nobody would be sent, or fail those beside them in a larger one."""
    world = build_writing_world()

    prepared = await prepare(world, importing({"email": "mary@example.org"}))

    assert (prepared.requests, list(prepared.skipped)) == ((), [0])
    assert writes(world) == []


async def test_many_are_looked_up_by_pages_and_few_by_searches():
    """The cheaper of both, never one search each for a list of two pages."""
    world = build_world()
    people = [{"email": f"new{number}@example.com"} for number in range(40)]

    await prepare(world, command("importSubscribers", list_id="182", items=people))
    pages = [line for line in world.queries if "/subscribers?" in line]
    world.forget()
    await prepare(world, command("importSubscribers", list_id="182", items=people[:1]))

    assert len(pages) <= 4
    assert len([line for line in world.queries if "keyword_search=" in line]) == 1


async def test_an_import_of_nobody_but_broken_rows_is_rejected():
    """Taximail counts them as failed."""
    world = build_writing_world()
    world.sandbox.faults.add(
        Fault("json", match="/commit/", body=_counts(subscribers_count=1, success=0, duplicate=0, failed=1))
    )

    result = await send(world, importing(ANN))

    assert (result.outcome, result.error.reason) == (Outcome.REJECTED, "IMPORT_FAILED")
    assert [item.outcome for item in result.items] == [Outcome.REJECTED]


def _counts(**counts: int) -> str:
    data = ",".join(f'"{name}":{count}' for name, count in counts.items())
    return f'{{"status":"success","code":200,"data":{{{data}}}}}'


async def test_who_failed_is_looked_for_on_the_list():
    """Taximail counts them and does not say who they are."""
    world = build_writing_world()
    contacts = world.sandbox.store.lists[314]
    contacts.add("bob@example.com", JOINED)
    counts = _counts(subscribers_count=2, success=0, duplicate=1, failed=1)
    world.sandbox.faults.add(Fault("json", match="/commit/", body=counts))

    notes = Notes()
    result = await send(world, importing(ANN, BOB), notes)

    assert [(item.place, item.outcome) for item in result.items] == [(0, Outcome.REJECTED), (1, Outcome.APPLIED)]
    assert notes.items == {0: Outcome.REJECTED, 1: Outcome.APPLIED}
    assert (result.outcome, result.facts["failed"]) == (Outcome.MIXED, 1)


async def test_a_duplicate_field_is_a_refusal_and_no_outage():
    """Source: Importing, 503: it must open no breaker, and be sent once. Only the vendor knows a field's own key."""
    world = build_writing_world()
    world.sandbox.store.files["p.csv"] = "new@example.com,a,b"
    options = {"path_file": "p.csv", "matched_fields": ["email", "208", "FULLNAME"]}

    asked = importing(taximail=options, unchecked=True, consent="asked")
    results = [await send(world, asked) for _ in range(12)]

    assert {(each.outcome, each.error.code, each.error.status, each.error.vendor_message) for each in results} == {
        (Outcome.REJECTED, "VENDOR_REJECTED", 503, "Field duplicate.")
    }
    assert lines(world) == [IMPORT] * 12
    assert (await send(world, importing(ANN))).outcome is Outcome.APPLIED


async def test_a_503_of_what_stands_before_the_vendor_is_an_outage():
    """The first step changes nothing, so nothing was imported."""
    world = build_writing_world()
    world.sandbox.faults.add(Fault("status", match=IMPORT, status=503))

    result = await send(world, importing(ANN))

    assert (result.outcome, result.error.code, lines(world)) == (Outcome.NOT_SENT, "VENDOR_UNAVAILABLE", [IMPORT])
    assert [(item.place, item.outcome) for item in result.items] == [(0, Outcome.NOT_SENT)]


async def test_a_bad_list_id_is_told_as_such():
    """An id of another shape is nobody's."""
    with pytest.raises(IdError):
        await prepare(build_writing_world(), command("importSubscribers", list_id="a/b", items=[ANN]))


async def test_an_import_whose_answer_was_lost_is_found_by_its_people():
    """The counts are told once; the people stay."""
    world = build_writing_world()
    asked = importing(ANN | {"first_name": "Ann"}, BOB | {"first_name": "Bob"})
    world.sandbox.faults.add(Fault("reset", match="/commit/", applied=True))

    result = await send(world, asked)
    world.sandbox.faults.clear()
    found = await look_again(world, asked)

    assert (result.outcome, len(writes(world))) == (Outcome.UNKNOWN, 2)
    assert result.check == "Look at list 314 in Taximail: whether the people of the import are on it."
    assert (found.outcome, sorted(item.place for item in found.items)) == (Outcome.APPLIED, [0, 1])


async def test_who_was_left_out_or_kept_is_not_looked_for():
    """They would leave an import unknown for ever."""
    world = build_writing_world()
    mary, john = {"email": "mary@example.org", "first_name": "M"}, {"email": "john@example.com", "first_name": "J"}
    left_out, kept = importing(mary, ANN), importing(john, taximail={"update_duplicates": False})

    for asked in (left_out, kept):
        await send(world, asked)

    assert [(await look_again(world, asked)).outcome for asked in (left_out, kept)] == [Outcome.APPLIED] * 2
    assert (await look_again(world, importing(john))).outcome is Outcome.UNKNOWN


async def test_looking_up_too_many_is_refused_with_the_way_out():
    """A caller could not know that nobody need be looked up."""
    world = build_world()
    people = [{"email": f"new{number}@example.com"} for number in range(3)]
    asked = command("importSubscribers", list_id="314", items=people)

    with pytest.raises(BudgetExceededError) as caught:
        await world.adapter.prepare_write(asked, scope(max_calls=3), purpose="test")

    assert "`consent`" in caught.value.hint
