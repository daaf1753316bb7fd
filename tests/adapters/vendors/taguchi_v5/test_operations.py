"""The rule by which an endpoint's OpenAPI file is read: which operation is taken, and what is refused."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from adapters.records import Entity
from adapters.vendors.taguchi_v5.openapi import Document, read_document
from adapters.vendors.taguchi_v5.operations import Operation, Slot, find_operation
from adapters.vendors.taguchi_v5.schemas import Body

SUBSCRIBER, PARTITION = Entity.SUBSCRIBER, Entity.PARTITION
BASE = "/abc123/prod"
STATUS = {"type": "object", "properties": {"code": {"type": "integer"}, "name": {"type": "string"}}}
PROFILE = {"type": "object", "properties": {"id": {"type": "integer"}, "ref": {"type": "string"}, "firstname": {}}}


def parameter(name: str, place: str = "query", *, required: bool = False) -> dict[str, Any]:
    """A parameter of an operation."""
    return {"name": name, "in": place, "required": required, "schema": {"type": "string"}}


def content(schema: Any) -> dict[str, Any]:
    """A body of JSON."""
    return {"content": {"application/json; charset=utf-8": {"schema": schema}}}


def operation(*parameters: Any, answer: Any = None, body: Any = None, name: str | None = None) -> dict[str, Any]:
    """An operation of a file."""
    return {
        **({"operationId": name} if name else {}),
        **({"parameters": list(parameters)} if parameters else {}),
        **({"requestBody": content(body)} if body is not None else {}),
        "responses": {"200": content(answer) if answer is not None else {"description": "OK"}},
    }


def document(paths: dict[str, Any], **others: Any) -> Document:
    """A file with these paths, served where the base URL is."""
    return Document({"openapi": "3.0.3", "servers": [{"url": f"https://v5.example{BASE}"}], "paths": paths, **others})


def find(paths: dict[str, Any], entity: Entity = SUBSCRIBER, named: str | None = None, **others: Any) -> Operation:
    """Find the read by reference."""
    return find_operation(document(paths, **others), entity, "ref", BASE, named)


REF = parameter("ref")
WRITE = operation(body={"type": "array", "items": {"type": "object", "properties": {"profile": {}}}}, answer={})

TAKEN: dict[str, tuple[dict[str, Any], str, str, dict[str, Slot]]] = {
    "a query parameter": (
        {"/subscriber": {"get": operation(REF), "post": WRITE}},
        "GET",
        "subscriber",
        {"ref": Slot("ref", "query")},
    ),
    "a path parameter of that name": (
        {"/subscribers/{ref}": {"get": operation(parameter("ref", "path", required=True))}},
        "GET",
        "subscribers/{ref}",
        {"ref": Slot("ref", "path")},
    ),
    "a path parameter that nobody declared": (
        {"/profile/{externalId}": {"get": operation()}},
        "GET",
        "profile/{externalId}",
        {"ref": Slot("externalId", "path")},
    ),
    "a path parameter of another name": (
        {"/subscriber/{identifier}": {"get": operation(parameter("identifier", "path", required=True))}},
        "GET",
        "subscriber/{identifier}",
        {"ref": Slot("identifier", "path")},
    ),
    "several identities, each optional": (
        {"/getProfile": {"get": operation(REF, parameter("email"), parameter("subscriber_id"))}},
        "GET",
        "getProfile",
        {"ref": Slot("ref", "query"), "id": Slot("subscriber_id", "query")},
    ),
    "the named one before any other": (
        {"/subscriber": {"get": operation(REF)}, "/subscriber/{key}": {"get": operation()}},
        "GET",
        "subscriber",
        {"ref": Slot("ref", "query")},
    ),
    "a GET before a POST": (
        {
            "/subscriber/find": {"post": operation(body={"properties": {"ref": {}}})},
            "/subscriber": {"get": operation(REF)},
        },
        "GET",
        "subscriber",
        {"ref": Slot("ref", "query")},
    ),
    "shared and referred parameters": (
        {"/subscriber": {"parameters": [{"$ref": "#/components/parameters/R"}], "get": operation()}},
        "GET",
        "subscriber",
        {"ref": Slot("ref", "query")},
    ),
    "not what hangs below a person": (
        {
            "/subscriber/{ref}/events": {"get": operation()},
            "/subscriber/{ref}/partition": {"get": operation()},
            "/list/{listId}/subscriber": {"get": operation(REF)},
            "/subscriberEvents/{ref}": {"get": operation()},
            "/v5/subscriber/{ref}": {"get": operation()},
        },
        "GET",
        "v5/subscriber/{ref}",
        {"ref": Slot("ref", "path")},
    ),
    "not what answers something else": (
        {
            "/subscriber": {"get": operation(REF, answer=STATUS)},
            "/profile": {"get": operation(REF, answer={"type": "array", "items": PROFILE})},
        },
        "GET",
        "profile",
        {"ref": Slot("ref", "query")},
    ),
    "an answer inside its own word": (
        {"/profile": {"get": operation(REF, answer={"properties": {"profile": {"allOf": [PROFILE, {}]}}})}},
        "GET",
        "profile",
        {"ref": Slot("ref", "query")},
    ),
}


@pytest.mark.parametrize("case", TAKEN)
def test_the_operation_that_reads_a_profile_is_taken(case: str) -> None:
    """Retrieval would not work, or would ask for something else."""
    paths, method, path, slots = TAKEN[case]

    found = find(paths, components={"parameters": {"R": REF}})

    assert (found.entity, found.method, found.path) == (SUBSCRIBER, method, path)
    assert slots.items() <= found.slots.items()
    assert found.takes("ref")


def test_an_operation_that_needs_one_identity_takes_no_other() -> None:
    """A look-up by id would be sent without what the endpoint demands."""
    found = find({"/subscriber/{ref}": {"get": operation(parameter("id"))}})

    assert not found.takes("id")


BODIES: dict[str, tuple[Any, Body]] = {
    "directly": ({"properties": {"ref": {}, "email": {}}}, Body((), {"ref": "ref", "email": "email"})),
    "in a target": ({"properties": {"target": {"properties": {"ref": {}}}}}, Body(("target",), {"ref": "ref"})),
    "in a list of profiles": (
        {"type": "array", "items": {"properties": {"profile": {"properties": {"ref": {}, "organizationId": {}}}}}},
        Body(("[]", "profile"), {"ref": "ref"}, "organizationId"),
    ),
    "the only one that suffices": (
        {"properties": {"externalId": {}, "email": {}}, "required": ["externalId"]},
        Body((), {"ref": "externalId"}),
    ),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_post_that_reads_is_taken_with_its_body(case: str) -> None:
    """An endpoint that reads by POST would be out of reach."""
    schema, body = BODIES[case]

    found = find({"/subscriber/lookup": {"post": operation(body=schema)}})

    assert (found.method, found.path, found.body, found.slots) == ("POST", "subscriber/lookup", body, {})
    assert found.takes("ref")
    assert not found.takes("phone")


@pytest.mark.parametrize(
    "named",
    ["postSubscriber", "findOrCreateSubscriber", "anonymizeProfile", "subscriber", "get_and_delete", None],
)
def test_a_post_that_may_write_is_never_taken(named: str | None) -> None:
    """A look-up would create, change or erase somebody."""
    paths = {"/subscriber": {"post": operation(body={"properties": {"ref": {}}}, name=named)}}

    with pytest.raises(ValueError, match="no operation that reads a profile by ref"):
        find(paths)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "nothing of people": ({"/partition": {"get": operation(REF)}}, r"reads a profile by ref; download"),
    "another identity": (
        {"/subscriber": {"get": operation(parameter("email"))}},
        r"GET /subscriber does not take ref",
    ),
    "more than an identity": (
        {"/subscriber": {"get": operation(REF, parameter("region", required=True))}},
        r"GET /subscriber needs region",
    ),
    "two identities at once": (
        {"/subscriber": {"get": operation(REF, parameter("email", required=True))}},
        r"GET /subscriber needs email",
    ),
    "a cookie": (
        {"/subscriber": {"get": operation(REF, parameter("organizationId", "cookie", required=True))}},
        r"needs organizationId",
    ),
    "Taguchi's id in the path": ({"/subscriber/{id}": {"get": operation()}}, r"GET /subscriber/\{id\} needs id"),
    "something else": ({"/subscriber": {"get": operation(REF, answer=STATUS)}}, r"answers something else than"),
    "a body that needs more": (
        {"/subscriber/find": {"post": operation(body={"properties": {"ref": {}, "x": {}}, "required": ["x"]})}},
        r"POST /subscriber/find does not take ref",
    ),
    "a choice": (
        {"/subscriber": {"get": operation(REF)}, "/profile": {"get": operation(REF)}},
        r"several operations read a profile by ref: GET /subscriber, GET /profile; name one .* profile = ",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_without_one_clear_operation_is_refused(case: str) -> None:
    """The operator would learn at the first look-up, or never."""
    paths, words = REFUSED[case]

    with pytest.raises(ValueError, match=words) as refused:
        find(paths)

    assert str(refused.value).startswith("openapi: ")


def test_the_operator_may_name_the_operation() -> None:
    """An endpoint whose words are others could not be read at all."""
    paths = {
        "/subscriber": {"get": operation(REF)},
        "/contact/{key}": {"get": operation(name="loadContact")},
        "/contact": {"post": operation(body={"properties": {"ref": {}}}, name="contact")},
    }

    assert find(paths, named="loadContact").path == "contact/{key}"
    assert find(paths, named="contact").method == "POST"
    with pytest.raises(ValueError, match="no operation 'loadPerson'"):
        find(paths, named="loadPerson")


def test_the_organization_is_filled_wherever_it_is_asked_for() -> None:
    """An endpoint that wants it could not be read."""
    header = parameter("X-Organization-Id", "header", required=True)
    found = find({"/{organizationId}/subscriber": {"get": operation(REF, parameter("orgId", required=True), header)}})

    assert set(found.organization) == {
        Slot("orgId", "query"),
        Slot("organizationId", "path"),
        Slot("X-Organization-Id", "header"),
    }


def test_partitions_have_the_same_rule() -> None:
    """A person's operation would be taken for a partition's."""
    paths = {"/subscriber": {"get": operation(REF)}, "/partitions": {"get": operation(parameter("partitionRef"))}}

    assert find(paths, PARTITION).path == "partitions"


# --- where the file says the endpoint is ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("servers", "template", "base", "expected"),
    [
        ([{"url": "https://h.example/abc123/prod"}], "/subscriber", BASE, "subscriber"),
        ([{"url": "https://h.example/abc123/prod/"}], "/subscriber", BASE, "subscriber"),
        ([{"url": "/abc123/prod"}], "/subscriber", "/proxy/abc123/prod", "subscriber"),
        ([{"url": "https://h.example"}], "/abc123/prod/subscriber", BASE, "subscriber"),
        ([{"url": "https://h.example/abc123"}], "/prod/subscriber", BASE, "subscriber"),
        ([], "/subscriber", BASE, "subscriber"),
        (None, "/abc123/prod/v5/subscriber", BASE, "v5/subscriber"),
        ([{"url": "https://h.example/abc123/test"}, {"url": "/abc123/prod"}], "/subscriber", BASE, "subscriber"),
        (
            [
                {
                    "url": "https://h.example/{id}/{stage}",
                    "variables": {"id": {"default": "abc123"}, "stage": {"default": "prod"}},
                }
            ],
            "/subscriber",
            BASE,
            "subscriber",
        ),
        ([{"url": "https://h.example"}], "/subscriber", "", "subscriber"),
    ],
)
def test_paths_are_put_below_the_base_url(servers: Any, template: str, base: str, expected: str) -> None:
    """The right operation would be asked for at the wrong place."""
    found = Document({"servers": servers}).to_relative(template, base)

    assert found == expected


@pytest.mark.parametrize("server", ["https://h.example/abc123/test", "/other/prod", "/bc123/prod", "https://[bad/x"])
def test_another_endpoints_file_is_refused(server: str) -> None:
    """The test endpoint's people would be shown as the real ones."""
    with pytest.raises(ValueError, match=r"^openapi: it"):
        Document({"servers": [{"url": server}]}).to_relative("/subscriber", BASE)


@pytest.mark.parametrize("template", ["/sub scriber", "subscriber", "/subscriber:{ref}", "/a?b", "/{a}{b}", "/é"])
def test_paths_that_cannot_be_sent_are_refused(template: str) -> None:
    """They would fail with each call, as a bug of ours."""
    with pytest.raises(ValueError, match="cannot stand in an address"):
        document({}).to_relative(template, BASE)


# --- the file itself --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b"openapi: 3.0.3\npaths: {}\n", "YAML file must be converted"),
        (b"[]", "not of OpenAPI 3"),
        (b'{"swagger":"2.0","paths":{"/subscriber":{}}}', "not of OpenAPI 3"),
        (b'{"openapi":"3.1.0"}', "names no paths"),
        (b'{"openapi":"3.1.0","paths":{}}', "names no paths"),
        (b'{"openapi":"3.1.0","paths":{"/a":{}},"x":"' + b"a" * 5_000_000 + b'"}', "longer than"),
        (None, "cannot be read"),
    ],
    ids=["empty", "YAML", "an array", "an older version", "no paths", "empty paths", "too long", "missing"],
)
def test_unusable_files_are_refused(tmp_path: Path, content: bytes | None, words: str) -> None:
    """The operator would be told of a symptom."""
    file = tmp_path / "openapi.json"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(ValueError, match=words) as refused:
        read_document(file)

    assert str(refused.value).startswith("openapi: ")


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """Files that went through an editor would be refused."""
    file = tmp_path / "openapi.json"
    file.write_bytes(b"\xef\xbb\xbf" + orjson.dumps({"openapi": "3.0.1", "paths": {"/a": {}}}))

    assert [template for template, _ in read_document(file).paths] == ["/a"]


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("other.json#/a", "refers to another file"),
        ("#/components/nowhere", "does not hold"),
        ("#/components/loop", "run in circles"),
        (5, "refers to another file"),
    ],
)
def test_references_that_lead_nowhere_are_refused(reference: Any, words: str) -> None:
    """A file could send us to another one, or round for ever."""
    paths = {"/subscriber": {"get": {"parameters": [{"$ref": reference}]}}}

    with pytest.raises(ValueError, match=words):
        find(paths, components={"loop": {"$ref": "#/components/loop"}})


def test_a_schema_that_holds_itself_is_read() -> None:
    """A file with a tree in it would never be done."""
    tree = {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}

    with pytest.raises(ValueError, match="answers something else"):
        find(
            {"/subscriber": {"get": operation(REF, answer={"$ref": "#/components/schemas/Tree"})}},
            components={"schemas": {"Tree": tree}},
        )
