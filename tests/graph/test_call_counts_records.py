"""
What single records cost: the very calls the vendor received, and that they brought the right answer.

The calls come from the sandbox's own log and must be those of the plan. Expected rows are read from the vendor itself,
past everything of ours.
"""

import json

import pytest

from tests.graph.conftest import Graph
from tests.graph.vendor_side import (
    PEOPLE,
    ask,
    campaign_ids,
    expected_people,
    list_ids,
    node_id,
    read_rows,
    window,
)

KINDS = {"subscriber": 60, "list": 16, "campaign": 22}


async def read_keys(graph: Graph) -> dict[str, list[int]]:
    return {kind: [row["id"] for row in await read_rows(graph, kind, limit=limit)] for kind, limit in KINDS.items()}


async def test_a_hundred_nodes_of_three_types_are_three_calls(graph: Graph) -> None:
    """One window a type, whatever the order of the ids, twice the same id included."""
    keys = await read_keys(graph)
    wanted = [node_id(kind, each) for kind, ids in keys.items() for each in ids] + [node_id("list", 1)] * 2
    mixed = wanted[::3] + wanted[1::3] + wanted[2::3]

    data = await ask(
        graph,
        f"{{ nodes(ids: {json.dumps(mixed)}) {{ id }} }}",
        *(window(kind, set(ids)) for kind, ids in keys.items()),
    )

    assert len(mixed) == 100
    assert [node["id"] for node in data["nodes"]] == mixed


TYPES = {"subscriber": "Subscriber", "list": "SubscriberList", "campaign": "Campaign"}


async def test_a_hundred_entities_cost_what_nodes_cost(graph: Graph) -> None:
    """A gateway's references must not be read one by one."""
    keys = await read_keys(graph)
    wanted = [
        {"__typename": TYPES[kind], "sourceId": "sandbox", "vendorId": str(each)}
        for kind, ids in keys.items()
        for each in ids
    ]
    wanted = [*wanted, *wanted[:2]]

    data = await ask(
        graph,
        "query($r: [_Any!]!) { _entities(representations: $r) { __typename "
        "... on Subscriber { vendorId } ... on SubscriberList { vendorId } ... on Campaign { vendorId } } }",
        *(window(kind, set(ids)) for kind, ids in keys.items()),
        r=wanted,
    )

    assert len(wanted) == 100
    assert data["_entities"] == [{"__typename": each["__typename"], "vendorId": each["vendorId"]} for each in wanted]


async def test_entities_lead_on_like_any_record(graph: Graph) -> None:
    """Below a reference the same loaders work."""
    rows = await read_rows(graph, "subscriber", limit=40)
    people = await expected_people(graph, rows)
    wanted = [{"__typename": "Subscriber", "sourceId": "sandbox", "vendorId": str(row["id"])} for row in rows]

    data = await ask(
        graph,
        f"query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on Subscriber {{ {PEOPLE} }} }} }}",
        window("subscriber", {row["id"] for row in rows}),
        window("campaign", campaign_ids(rows)),
        window("list", list_ids(rows)),
        r=wanted,
    )

    assert data["_entities"] == people


async def test_sparse_ids_are_never_more_than_a_call_each(graph: Graph) -> None:
    """Windows over thousands of unwanted rows would cost more than the calls they save."""
    wanted = [12, 1_500, 3_000, 4_812]

    data = await ask(
        graph,
        f"{{ nodes(ids: {json.dumps([node_id('subscriber', each) for each in wanted])}) {{ id }} }}",
        *(f"subscriber {each}" for each in wanted),
    )

    assert [node["id"] for node in data["nodes"]] == [node_id("subscriber", each) for each in wanted]


async def test_clusters_of_ids_are_a_call_each(graph: Graph) -> None:
    """Near ids share a window, a lonely one is a single read."""
    wanted = [1, 2, 5, 3_000, 3_003, 4_812]

    data = await ask(
        graph,
        f"{{ nodes(ids: {json.dumps([node_id('subscriber', each) for each in wanted])}) {{ id }} }}",
        "subscriber where id-gte-1 & id-lte-5 by id, 5",
        "subscriber where id-gte-3000 & id-lte-3003 by id, 4",
        "subscriber 4812",
    )

    assert [node["id"] for node in data["nodes"]] == [node_id("subscriber", each) for each in wanted]


async def test_a_missing_record_is_null_in_the_same_call(graph: Graph) -> None:
    """Subscriber 41 does not exist; finding that out costs nothing of its own."""
    wanted = [40, 41, 42]

    data = await ask(
        graph,
        f"{{ nodes(ids: {json.dumps([node_id('subscriber', each) for each in wanted])}) {{ id }} }}",
        "subscriber where id-gte-40 & id-lte-42 by id, 3",
    )

    assert [node is None for node in data["nodes"]] == [False, True, False]


async def test_one_record_under_several_names_is_one_call(graph: Graph) -> None:
    """`node`, `nodes` and the look-up by id go through one loader."""
    wanted = node_id("subscriber", 7)

    data = await ask(
        graph,
        f'{{ a: node(id: "{wanted}") {{ id }} b: node(id: "{wanted}") {{ id }} nodes(ids: ["{wanted}"]) {{ id }} '
        f'subscriber(by: {{id: "{wanted}"}}) {{ vendorId }} }}',
        "subscriber 7",
    )

    assert (data["a"], data["b"], data["nodes"]) == ({"id": wanted}, {"id": wanted}, [{"id": wanted}])
    assert data["subscriber"] == {"vendorId": "7"}


LOOKUPS = {
    "id": (f'subscriber(by: {{id: "{node_id("subscriber", 1)}"}})', "subscriber 1"),
    "reference": ('subscriber(by: {ref: "crm-000001"})', "subscriber where ref-eq-crm-000001 by id, 1000"),
    "a list's reference": ('list(by: {ref: "notifications.tm"})', "list where ref-eq-notifications.tm by id, 1000"),
    "a campaign's reference": ('campaign(by: {ref: "campaign-1"})', "campaign where ref-eq-campaign-1 by id, 1000"),
    "email": (
        'subscriber(by: {email: "Thomas_1@example.com"})',
        "subscriber where email-eq-Thomas_1@example.com by id, 1000",
    ),
}


@pytest.mark.parametrize(("field", "line"), LOOKUPS.values(), ids=LOOKUPS)
async def test_a_look_up_is_one_call(graph: Graph, field: str, line: str) -> None:
    """Once a resource has shown that it gives more than one row, a single row is known to be all there is."""
    await graph.run("{ subscribers(first: 2) { nodes { id } } }")

    data = await ask(graph, f"{{ found: {field} {{ vendorId }} }}", line)

    assert data["found"] == {"vendorId": "1"}


async def test_a_look_up_with_its_revisions_is_one_call(graph: Graph) -> None:
    """The record is read to be shown with them: reading it again for them would double every such look-up."""
    (row,) = await read_rows(graph, "activity", "ref-nt-null", limit=1)
    revisions = "revisions(which: HISTORY) { id }"
    by_id = await graph.run(f'{{ activity(by: {{id: "{node_id("activity", row["id"])}"}}) {{ {revisions} }} }}')
    await graph.forget_calls()

    data = await ask(
        graph,
        f"{{ activity(by: {{ref: {json.dumps(row['ref'])}}}) {{ vendorId {revisions} }} }}",
        f"activity where ref-eq-{row['ref']} by id revisions=history, 1000",
    )

    assert data["activity"] == {"vendorId": str(row["id"]), **by_id["data"]["activity"]}


async def test_many_look_ups_are_one_call(graph: Graph) -> None:
    """A form that checks twelve addresses asks the vendor once."""
    rows = await read_rows(graph, "subscriber", "email-nt-null", "email-re-^[a-z.0-9]*@example.org$", limit=12)
    emails = [row["email"] for row in rows] + ["nobody@example.org"]
    fields = " ".join(
        f"p{place}: subscriber(by: {{email: {json.dumps(email)}}}) {{ vendorId }}" for place, email in enumerate(emails)
    )
    pattern = "|".join(email.replace(".", "\\.") for email in emails)

    data = await ask(graph, f"{{ {fields} }}", f"subscriber where email-re-^(?:{pattern})$ by id, 1000")

    assert [data[f"p{place}"] for place in range(13)] == [*({"vendorId": str(row["id"])} for row in rows), None]


async def test_a_look_up_leads_on(graph: Graph) -> None:
    """One person, the campaign, three others it brought and back: the way back is known already."""
    (row,) = await read_rows(graph, "subscriber", "ref-eq-crm-000001")
    number = row["campaign_id"]
    await graph.run("{ lists(first: 2) { nodes { id } } }")

    data = await ask(
        graph,
        '{ subscriber(by: {ref: "crm-000001"}) { campaign { vendorId '
        "subscribers(first: 3) { nodes { campaign { vendorId } } } } } }",
        "subscriber where ref-eq-crm-000001 by id, 1000",
        f"campaign {number}",
        f"subscriber where campaign_id-eq-{number} by id, 4",
    )

    campaign = data["subscriber"]["campaign"]
    assert campaign["vendorId"] == str(number)
    assert [child["campaign"] for child in campaign["subscribers"]["nodes"]] == [{"vendorId": str(number)}] * 3
