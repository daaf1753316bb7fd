"""What a source's table may say, what stops the start, and what each option comes to."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from adapters.errors import SettingsError
from adapters.filters.capability import Support
from adapters.records import Entity
from adapters.vendors.taguchi_v5 import ADAPTER
from adapters.vendors.taguchi_v5.capability import TABLES
from adapters.vendors.taguchi_v5.compiler import COMPILERS
from adapters.vendors.taguchi_v5.sandbox import OPENAPI_FILE
from adapters.vendors.taguchi_v5.settings import TaguchiV5Settings, UnsubscribeRule
from graph.server.sources import load_sources
from tests.adapters.vendors.taguchi_v5.world import TABLE, build_settings

WHOLE = f"""[sources.web]
vendor = "taguchi_v5"
base_url = "https://v5.example/abc123/prod"
organization_id = 482
auth = {{ token = {{ env = "WEB_TOKEN" }} }}
openapi = {{ file = "{OPENAPI_FILE}" }}
region = "AU"
identify_by = "email"
allow_retrieval = true
allow_creation = true
allow_updates = true
allow_anonymization = true
allow_events = true
allow_messages = true
validation = '{{"email": {{"required": true}}}}'
trigger_activity_id = 1209
allow_unsubscribed_messages = true
main_list_id = 5
unsubscribe_mode = "main_list"
unsubscribe_rule = {{ field = "optin", operator = "=!", value = "yes" }}
import_source = "web"
deduplication_s = 60
webhook_mode = true
other_list_ids = [6, 7]
identify_partitions_by = "ref"
allow_partition_retrieval = true
allow_partition_creation = true
allow_partition_updates = true
"""


def load(folder: Path, text: str) -> TaguchiV5Settings:
    """Load a file as the server does, and return the settings of its one source."""
    file = folder / "sources.toml"
    file.write_text(text)
    source = load_sources(file, {"WEB_TOKEN": "hunter2"}).by_name["web"]
    settings = source.adapter._settings  # type: ignore[attr-defined]
    assert isinstance(settings, TaguchiV5Settings)
    return settings


def test_every_option_of_the_page_is_a_key(tmp_path: Path) -> None:
    """What the page says could not be said here, and writes would not know of it."""
    settings = load(tmp_path, WHOLE)

    assert settings.validation == {"email": {"required": True}}
    assert settings.unsubscribe_rule == UnsubscribeRule(field="optin", operator="!=", value="yes")
    assert (settings.trigger_activity_id, settings.main_list_id, settings.other_list_ids) == (1209, 5, (6, 7))
    assert (settings.deduplication_s, settings.webhook_mode, settings.import_source) == (60, True, "web")
    assert set(settings.reads) == {Entity.SUBSCRIBER, Entity.PARTITION}
    named = {line.partition(" = ")[0] for line in WHOLE.splitlines()[1:]}
    assert {name for name, each in TaguchiV5Settings.model_fields.items() if name not in named} == {
        "attempt_s",
        "concurrency",
        "max_body_bytes",
        "webhook",
        "allow_private",
    }
    assert all(each.annotation for each in TaguchiV5Settings.model_fields.values())


def test_nothing_is_allowed_that_is_not_said() -> None:
    """A write could go out that nobody switched on."""
    table = {key: TABLE[key] for key in ("vendor", "base_url", "organization_id", "auth", "identify_by")}

    settings = TaguchiV5Settings.model_validate(table)

    switches = [name for name in TaguchiV5Settings.model_fields if name.startswith("allow_")]
    assert len(switches) == 11
    assert not any(getattr(settings, name) for name in switches)
    assert (settings.reads, settings.deduplication_s, settings.webhook_mode) == ({}, 0, False)


@pytest.mark.parametrize("value", ["yes", 1, 1.5, True])
def test_a_rule_keeps_the_kind_of_its_value(value: Any) -> None:
    """`true` and `1` are not the same to the vendor."""
    rule = build_settings(unsubscribe_rule={"field": "optin", "operator": "==", "value": value}).unsubscribe_rule

    assert rule is not None
    assert (rule.value, type(rule.value)) == (value, type(value))


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("https://v5.example/abc123/prod", "https://v5.example/abc123/test"),
        ("https://v5.example/abc123/prod/", "https://v5.example/abc123/test"),
        ("https://prod.example/prod/prod/x", "https://prod.example/prod/test/x"),
        ("https://prod.example/production", None),
        ("https://v5.example/abc123/test", None),
    ],
)
def test_the_test_endpoint_is_the_production_ones_twin(base_url: str, expected: str | None) -> None:
    """Source: vendors/facts.md, 2.1: they differ by one segment of the path."""
    assert build_settings(base_url=base_url, openapi=None).test_url == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": "http://v5.example/abc123/prod"},
        {"base_url": "https://me:secret@v5.example/abc123/prod"},
        {"base_url": "https://v5.example/abc123/prod/subscriber"},
        {"base_url": "https://v5.example/abc123/prod?key=secret"},
        {"base_url": "https://10.0.0.1/abc123/prod"},
        {"organization_id": 0},
        {"organization_id": None},
        {"identify_by": None},
        {"identify_by": "id"},
        {"auth": None},
        {"auth": {}},
        {"auth": {"none": False}},
        {"auth": {"token": "a", "jwt_secret": "b"}},
        {"auth": {"jwt_secret": "b", "lifetime_s": 0}},
        {"auth": {"token": "a", "claims": {}}},
        {"validation": "[]"},
        {"validation": "{"},
        {"validation": 5},
        {"trigger_activity_id": 0},
        {"deduplication_s": -1},
        {"unsubscribe_mode": "list"},
        {"unsubscribe_mode": "main_list"},
        {"unsubscribe_rule": {"field": "", "operator": "==", "value": 1}},
        {"unsubscribe_rule": {"field": "a", "operator": "<", "value": 1}},
        {"unsubscribe_rule": {"field": "a", "operator": "=="}},
        {"other_list_ids": [0]},
        {"identify_partitions_by": None},
        {"identify_partitions_by": "email"},
        {"openapi": {"file": "/nowhere/openapi.json"}},
        {"openapi": {}},
        {"openapi": "openapi.json"},
        {"openapi": {"file": str(OPENAPI_FILE), "profile": "nothing"}},
        {"identify_by": "ref"},
        {"region": "Australia"},
        {"allow_everything": True},
        {"vendor": "taguchi_v4"},
    ],
    ids=str,
)
def test_wrong_tables_stop_the_start(changes: dict[str, Any]) -> None:
    """A wrong table that starts anyway fails later, in front of a user."""
    with pytest.raises(ValidationError):
        build_settings(**changes)


BAD_STARTS: dict[str, tuple[str, str, int, str]] = {
    "no such file": (str(OPENAPI_FILE), "missing.json", 6, "openapi: the file .*missing.json cannot be read"),
    "another identity": ('"email"\nallow', '"phone"\nallow', 6, "no operation that reads a profile by phone"),
    "no main list": ("main_list_id = 5\n", "", 18, "unsubscribe_mode names the main list"),
    "an unknown key": ("webhook_mode", "webhok_mode", 23, "no key 'webhok_mode' .*webhook_mode"),
    "a key as text": ('{ env = "WEB_TOKEN" }', '"hunter2"', 5, "stands here as plain text"),
    "a resource in the address": ("123/prod", "123/prod/subscriber", 3, "base_url must be the endpoint itself"),
    "no proper key": ("{ token =", "{ private_key =", 1, "no private key in PEM form"),
}


@pytest.mark.parametrize("case", BAD_STARTS)
def test_a_bad_start_names_line_and_fix(tmp_path: Path, case: str) -> None:
    """An operator would search the whole file, or find the secret in a log."""
    old, new, line, words = BAD_STARTS[case]
    assert old in WHOLE

    with pytest.raises(SettingsError, match=words) as refused:
        load(tmp_path, WHOLE.replace(old, new, 1))

    assert f"sources.toml:{line}: " in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("context", [None, "folder"])
def test_a_relative_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, context: str | None) -> None:
    """Beside `sources.toml` where the loader says where that is, else where the server was started."""
    (tmp_path / "v5.json").write_bytes(OPENAPI_FILE.read_bytes())
    if context is None:
        monkeypatch.chdir(tmp_path)

    settings = TaguchiV5Settings.model_validate(
        {**TABLE, "openapi": {"file": "v5.json"}}, context=context and {context: tmp_path}
    )

    assert settings.reads[Entity.SUBSCRIBER].takes("email")


def test_only_what_is_allowed_is_looked_for_in_the_file(tmp_path: Path) -> None:
    """A file made while retrieval was off would stop a source that only writes."""
    file = tmp_path / "openapi.json"
    file.write_bytes(orjson.dumps({"openapi": "3.0.3", "paths": {"/subscriber": {"post": {}}}}))

    only_writes = {"allow_retrieval": False, "allow_partition_retrieval": False}
    assert build_settings(openapi={"file": str(file)}, **only_writes).reads == {}
    with pytest.raises(ValidationError, match="reads a partition"):
        build_settings(openapi={"file": str(file)}, allow_retrieval=False)


def test_secrets_do_not_show() -> None:
    """Settings are printed in logs and crash dumps."""
    sesame = "open-sesame-in-more-than-32-letters"
    shown = [build_settings(auth={kind: sesame}) for kind in ("token", "jwt_secret")]

    assert all("sesame" not in f"{one!r} {one} {one.auth.build()!r} {one.model_dump_json()}" for one in shown)


def test_the_capability_lists_nothing_and_pushes_nothing() -> None:
    """A planner would ask for a page that does not exist."""
    capability = ADAPTER.build_capability(build_settings())

    assert set(capability.entities) == set(TABLES) == set(COMPILERS) == {Entity.SUBSCRIBER, Entity.PARTITION}
    for able in capability.entities.values():
        assert not able.listable
        assert able.conjunction.support is Support.UNSUPPORTED
        assert not any(known.operators or known.sortable for known in able.fields.values())
    assert capability.entities[Entity.SUBSCRIBER].reason == (
        "A Taguchi V5 endpoint tells subscribers one by one, looked up by email or id."
    )
    assert capability.entities[Entity.PARTITION].reason == (
        "A Taguchi V5 endpoint tells partitions one by one, looked up by ref or id."
    )
