"""The query interface: paging, order and predicates, judged over all rows the store holds."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from adapters.vendors.taguchi_v4.sandbox import Sandbox, SandboxOptions, create_sandbox

Row = dict[str, Any]


def sandbox_with(rows: list[Row], **options: Any) -> Sandbox:
    """An account with these subscribers and no others."""
    sandbox = create_sandbox(subscribers=0, events=0, options=SandboxOptions(**options))
    for row in rows:
        sandbox.store.insert("subscriber", row)
    return sandbox


async def reply_to(sandbox: Sandbox, query: str, resource: str = "subscriber") -> httpx.Response:
    """The reply to a list read."""
    transport = httpx.ASGITransport(app=sandbox.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://edm2.example") as client:
        return await client.get(f"/admin/api/1/{resource}/?auth=sandbox-token&{query}")


async def ids(sandbox: Sandbox, *predicates: str, rest: str = "limit=100000") -> list[int]:
    """The ids of the subscribers that predicates select."""
    query = "&".join([rest, *(f"query={quote(predicate, safe='')}" for predicate in predicates)])
    reply = await reply_to(sandbox, query)
    assert reply.status_code == 200, reply.text
    return [row["id"] for row in reply.json()]


@pytest.fixture(scope="module")
def seeded() -> Sandbox:
    """The made-up account, rows unclamped."""
    return create_sandbox(events=0, options=SandboxOptions(page_clamp=None))


# --- paging -----------------------------------------------------------------------------------------------------------


async def test_limit_defaults_to_one(seeded: Sandbox) -> None:
    """The vendor's default is 1: a client that forgets the limit must notice."""
    assert await ids(seeded, rest="") == [1]


async def test_limit_and_offset(seeded: Sandbox) -> None:
    """Pages are cut from the order of creation."""
    every = [row["id"] for row in seeded.store.rows("subscriber")]

    assert await ids(seeded, rest="limit=5&offset=38") == every[38:43]
    assert await ids(seeded, rest="limit=5&offset=4998") == every[4998:]
    assert await ids(seeded, rest="limit=5&offset=9223372036854775807") == []


async def test_page_clamp() -> None:
    """A silent bound on the page must be met by clients, so it is there by default."""
    sandbox = create_sandbox(subscribers=1100, events=0)

    assert len(await ids(sandbox, rest="limit=5000")) == 1000


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=-1", "limit=x", "limit=", "limit=1.5", "limit=9223372036854775808", "limit=1&limit=2",
        "offset=-1", "offset=x", "order=up", "order=ASC", "sort=nothing", "sort=lists", "sort=list_id", "sort=",
        "query=", "query=x", "query=email", "query=email-eq", "query=email-gets-x", "query=nothing-eq-1",
        "query=lists-eq-1", "query=custom_fields-is-null", "query=-eq-1", "query=Email-eq-x",
    ],
)  # fmt: skip
async def test_bad_parameters(seeded: Sandbox, query: str) -> None:
    """What is not as documented is 400, never a guess."""
    assert (await reply_to(seeded, query)).status_code == 400


async def test_unknown_parameters_are_ignored(seeded: Sandbox) -> None:
    """A misspelt parameter narrows nothing: all rows come, as the vendor's own broken links would get."""
    assert await ids(seeded, rest="limit=3&parent_id-eq-15&foo=bar") == [1, 2, 3]


# --- order ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["unsubscribed", "dob", "campaign_id", "state", "ref"])
@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_nulls_stand_at_the_large_end(seeded: Sandbox, field: str, order: str) -> None:
    """Nulls last ascending and first descending, known values sorted between."""
    rows = (await reply_to(seeded, f"limit=100000&sort={field}&order={order}")).json()

    values = [row[field] for row in rows]
    unknown = values.count(None)
    assert unknown > 0
    nulls = values[-unknown:] if order == "asc" else values[:unknown]
    assert set(nulls) == {None}
    if field not in {"state", "ref"}:
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=order == "desc")


async def test_equal_rows_are_not_in_the_order_of_ids(seeded: Sandbox) -> None:
    """Whoever relies on ties being in the order of ids must fail, and do so on every run."""
    rows = (await reply_to(seeded, "limit=100000&sort=country")).json()

    ties = [row["id"] for row in rows if row["country"] == "AU"]
    assert ties != sorted(ties)
    assert ties != sorted(ties, reverse=True)
    assert rows == (await reply_to(seeded, "limit=100000&sort=country")).json()


async def test_unstable_ties() -> None:
    """PostgreSQL may order ties anew for another page; with the option the sandbox does."""
    rows = [{"country": "AU"} for _ in range(50)]
    stable, unstable = sandbox_with(rows), sandbox_with(rows, unstable_ties=True)

    async def pages(sandbox: Sandbox) -> list[int]:
        first = await ids(sandbox, rest="sort=country&limit=25")
        return first + await ids(sandbox, rest="sort=country&limit=25&offset=25")

    assert len(set(await pages(stable))) == 50
    assert len(set(await pages(unstable))) < 50


async def test_default_order_is_creation(seeded: Sandbox) -> None:
    """Oldest first without sort, youngest first when descending."""
    every = [row["id"] for row in seeded.store.rows("subscriber")]

    assert await ids(seeded) == every
    assert await ids(seeded, rest="limit=100000&order=desc") == every[::-1]


@pytest.mark.parametrize(
    ("collation", "expected"),
    [("C", ["", "10", "9", "B", "Z", "a", "b", "É"]), ("locale", ["", "10", "9", "a", "b", "B", "É", "Z"])],
)
async def test_collations(collation: str, expected: list[str]) -> None:
    """Text order is the vendor's secret: by default it is not that of code points."""
    sandbox = sandbox_with([{"state": text} for text in ["b", "B", "a", "Z", "É", "10", "9", ""]], collation=collation)

    rows = (await reply_to(sandbox, "limit=100&sort=state")).json()
    below_b = (await reply_to(sandbox, "limit=100&query=state-lt-b&sort=state")).json()

    assert [row["state"] for row in rows] == expected
    assert [row["state"] for row in below_b] == expected[: expected.index("b")]


# --- predicates -------------------------------------------------------------------------------------------------------

ROWS: list[Row] = [
    {"state": "VIC", "campaign_id": 3, "unsubscribed": "2010-04-10T03:44:10", "dob": "1970-04-01"},
    {"state": "vic", "campaign_id": 20, "unsubscribed": "2010-04-10T03:44:11", "dob": "1970-04-02"},
    {"state": None, "campaign_id": None, "unsubscribed": None, "dob": None},
    {"state": "null", "campaign_id": -1, "unsubscribed": "2010-04-11T00:00:00", "dob": "1999-12-31"},
    {"state": "", "campaign_id": 3},
    {"state": "a-eq-b", "campaign_id": 4},
    {"state": "100%_\\x", "campaign_id": 5},
    {"state": "line\nbreak", "campaign_id": 6},
]


@pytest.fixture(scope="module")
def eight() -> Sandbox:
    """Eight rows with every kind of value; their ids are 1 to 8."""
    return sandbox_with(ROWS)


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("state-eq-VIC", [1]),
        ("state-neq-VIC", [2, 4, 5, 6, 7, 8]),
        ("state-eq-", [5]),
        ("state-eq-a-eq-b", [6]),
        ("state-eq-null", []),
        ("state-neq-null", []),
        ("state-lt-null", []),
        ("campaign_id-eq-null", []),
        ("unsubscribed-gt-null", []),
        ("state-re-null", [4]),
        ("state-re-^null$", [4]),
        ("state-like-null", [4]),
        ("state-is-null", [3]),
        ("state-nt-null", [1, 2, 4, 5, 6, 7, 8]),
        ("campaign_id-eq-3", [1, 5]),
        ("campaign_id-eq- +3 ", [1, 5]),
        ("campaign_id-gte-5", [2, 7, 8]),
        ("campaign_id-lt-0", [4]),
        ("campaign_id-neq-3", [2, 4, 6, 7, 8]),
        ("campaign_id-is-null", [3]),
        ("unsubscribed-eq-2010-04-10T03:44:10", [1]),
        ("unsubscribed-eq-2010-04-10 03:44:10", [1]),
        ("unsubscribed-eq-2010-04-10T03:44:10Z", [1]),
        ("unsubscribed-gt-2010-04-10T03:44:10.5", [2, 4]),
        ("unsubscribed-gte-2010-04-11", [4]),
        ("unsubscribed-lt-infinity", [1, 2, 4]),
        ("dob-eq-1970-04-01", [1]),
        ("dob-lte-1970-04-02T12:00:00", [1, 2]),
        ("state-like-1__\\%\\_\\\\x", [7]),
        ("state-like-100\\%\\_\\\\x", [7]),
        ("state-like-%\\_%", [7]),
        ("state-like-line_break", [8]),
        ("state-like-V%", [1]),
        ("state-like-", [5]),
        ("state-re-^line.break$", [8]),
        ("state-re-^break", []),
        ("state-re-line$", []),
        ("state-re-i", [2, 8]),
        ("state-rei-^vic$", [1, 2]),
        ("state-re-^[[:alpha:]]+$", [1, 2, 4]),
        ("state-re-^.{3}$", [1, 2]),
        ("state-re-(l)\\1", [4]),
        ("state-re-^(?!null)n?", [1, 2, 5, 6, 7, 8]),
        ("state-re-", [1, 2, 4, 5, 6, 7, 8]),
    ],
)
async def test_predicates(eight: Sandbox, predicate: str, expected: list[int]) -> None:
    """Each operator is PostgreSQL's, unknown values dropping out."""
    assert await ids(eight, predicate) == expected


@pytest.mark.parametrize(
    "predicate",
    [
        "campaign_id-eq-x", "campaign_id-eq-", "campaign_id-eq-1.5", "campaign_id-eq-2147483648", "campaign_id-eq-0x1",
        "campaign_id-re-1", "campaign_id-rei-1", "campaign_id-like-1%", "unsubscribed-re-2010",
        "unsubscribed-like-2010%",
        "dob-re-1", "dob-like-1%", "unsubscribed-eq-x", "unsubscribed-eq-2010-13-01", "unsubscribed-eq-2010-02-30",
        "unsubscribed-eq-2010-04-10T25:00:00", "unsubscribed-eq-", "dob-eq-1970-04-31", "state-is-VIC", "state-nt-",
        "state-is-NULL", "state-re-(", "state-re-[", "state-re-*", "state-re-a{2,1}", "state-re-\\", "state-like-\\",
        "state-like-x\\", "state-eq-\x00", "list_id-neq-1", "list_id-is-null", "list_id-eq-x", "list_id-gt-1",
    ],
)  # fmt: skip
async def test_refused_predicates(eight: Sandbox, predicate: str) -> None:
    """What PostgreSQL would not execute is 400, whatever the rows hold."""
    assert (await reply_to(eight, f"query={quote(predicate, safe='')}")).status_code == 400


async def test_predicates_narrow(eight: Sandbox) -> None:
    """Repeated predicates are ANDed."""
    assert await ids(eight, "campaign_id-eq-3", "state-eq-VIC") == [1]


async def test_predicates_widen_by_option() -> None:
    """With the option they are ORed, so that nobody can rely on AND untested."""
    sandbox = sandbox_with(ROWS, or_predicates=True)

    assert await ids(sandbox, "campaign_id-eq-4", "state-eq-VIC") == [1, 6]
    assert len(await ids(sandbox)) == 8


async def test_text_null_by_option() -> None:
    """The other reading of the operand null: a text."""
    sandbox = sandbox_with(ROWS, null_operand="text")

    assert await ids(sandbox, "state-eq-null") == [4]
    assert (await reply_to(sandbox, "query=campaign_id-eq-null")).status_code == 400


async def test_nothing_as_an_operand_by_option(eight: Sandbox) -> None:
    """Some databases take an empty text for NULL: then no comparison finds it, and patterns still do."""
    silent = sandbox_with(ROWS, empty_operand="null")

    assert await ids(eight, "state-eq-") == [5]
    for op in ("eq", "neq", "lt", "gt", "lte", "gte"):
        assert await ids(silent, f"state-{op}-") == []
    assert await ids(silent, "campaign_id-eq-") == []
    assert await ids(silent, "state-re-^$") == await ids(silent, "state-like-") == [5]
    assert await ids(silent, "state-eq-VIC") == [1]


async def test_hidden_fractions_by_option() -> None:
    """With the option a printed second is not the stored time, so equality on it finds nothing and a range does."""
    sandbox = sandbox_with(ROWS, subsecond_times=True)
    printed = sandbox.store.rows("subscriber")[0]["unsubscribed"]

    assert printed == "2010-04-10T03:44:10"
    assert await ids(sandbox, f"unsubscribed-eq-{printed}") == []
    assert await ids(sandbox, f"unsubscribed-gte-{printed}", "unsubscribed-lt-2010-04-10T03:44:11") == [1]


async def test_members_whatever_their_state() -> None:
    """`list_id` selects members who left too, each once, and nobody is a member of two lists by one membership."""
    left = {"list_id": 2, "unsubscribed": "2010-04-10T03:44:10"}
    sandbox = sandbox_with([{"lists": [{"list_id": 1}, left]}, {"lists": [left]}, {}])

    assert await ids(sandbox, "list_id-eq-1") == [1]
    assert await ids(sandbox, "list_id-eq-2") == [1, 2]
    assert await ids(sandbox, "list_id-eq-1", "list_id-eq-2") == []
    assert await ids(sandbox, "list_id-eq-7") == []


async def test_kelvin_and_long_s() -> None:
    """Ignoring case goes to the small and the capital letter of the pattern and no further."""
    sandbox = sandbox_with([{"state": text} for text in ["k", "K", "\u212a", "s", "S", "\u017f"]])

    assert await ids(sandbox, "state-rei-^k$") == [1, 2]
    assert await ids(sandbox, "state-rei-^\u212a$") == [1, 3]
    assert await ids(sandbox, "state-rei-^s$") == [4, 5]
    assert await ids(sandbox, "state-rei-^\u017f$") == [5, 6]


FACTS: list[tuple[str, Callable[[Row], bool]]] = [
    ("email-like-%@example.com", lambda row: row["email"] is not None and row["email"].endswith("@example.com")),
    ("unsubscribed-is-null", lambda row: row["unsubscribed"] is None),
    ("state-neq-VIC", lambda row: row["state"] not in {None, "VIC"}),
    ("id-gt-4000", lambda row: row["id"] > 4000),
    ("lastname-re-^O'", lambda row: (row["lastname"] or "").startswith("O'")),
    ("dob-lt-1960-01-01", lambda row: row["dob"] is not None and row["dob"] < "1960-01-01"),
]


@pytest.mark.parametrize(("predicate", "holds"), FACTS, ids=[predicate for predicate, _ in FACTS])
async def test_over_the_seeded_account(seeded: Sandbox, predicate: str, holds: Callable[[Row], bool]) -> None:
    """The printed rows and the predicates must tell the same story, since reference tests evaluate over the former."""
    expected = [row["id"] for row in seeded.store.rows("subscriber") if holds(row)]

    assert 0 < len(expected) < 5000
    assert await ids(seeded, predicate) == expected


# --- changes ----------------------------------------------------------------------------------------------------------


async def test_store_changes_show_at_once() -> None:
    """Tests insert, change and delete between pages: reads must see it, and ids are never used again."""
    sandbox = sandbox_with([{"state": "a"}, {"state": "b"}])
    sandbox.store.update("subscriber", 1, {"state": "c", "lists": [{"list_id": 9}]})
    sandbox.store.soft_delete("subscriber", 2)
    sandbox.store.insert("subscriber", {"state": "d"})

    assert await ids(sandbox) == [1, 3]
    assert await ids(sandbox, "list_id-eq-9", "state-eq-c") == [1]
    assert sandbox.store.row("subscriber", 2) is None
    assert (await reply_to(sandbox, "", "subscriber/2")).status_code == 404


async def test_status_deleted_hides() -> None:
    """Setting the status is how the vendor deletes."""
    sandbox = create_sandbox(subscribers=0, events=0)
    sandbox.store.update("list", 5, {"status": "deleted"})

    assert (await reply_to(sandbox, "", "list/5")).status_code == 404
    assert (await reply_to(sandbox, "query=status-eq-deleted", "list")).json() == []


@pytest.mark.parametrize(
    "record", [{"typo": 1}, {"campaign_id": "x"}, {"dob": "soon"}, {"lists": [{"typo": 1}]}, {"id": 1}]
)
def test_store_refuses_what_it_cannot_hold(record: Row) -> None:
    """A test with a mistyped field must fail, not test nothing."""
    sandbox = sandbox_with([{}])

    with pytest.raises(ValueError, match=r"no|invalid|exists"):
        sandbox.store.insert("subscriber", record)
