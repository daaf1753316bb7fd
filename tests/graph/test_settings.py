"""The environment's settings: defaults, bounds, and mistakes that stop the start."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from adapters.errors import SettingsError
from graph.settings import PREFIX, Settings, load_settings

# limits proposed in the design, by name
DEFAULTS = {
    "limit_body_bytes": 262_144,
    "limit_bulk_body_bytes": 4_194_304,
    "limit_header_bytes": 32_768,
    "limit_body_s": 5,
    "limit_tokens": 1_000,
    "limit_depth": 15,
    "limit_fields": 300,
    "limit_aliases": 60,
    "limit_root_fields": 20,
    "limit_operations": 5,
    "limit_representations": 500,
    "limit_first": 100,
    "default_first": 25,
    "limit_scan_calls": 10,
    "limit_scan_rows": 2_000,
    "limit_vendor_calls": 100,
    "limit_values": 50_000,
    "limit_deadline_s": 20,
    "limit_reported_errors": 5,
}


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    import os

    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


def test_defaults_are_the_documented_ones():
    """The limits that other tests hold at their bounds start from here."""
    settings = load_settings()

    assert {name: getattr(settings, name) for name in DEFAULTS} == DEFAULTS
    assert settings.sources is None
    assert settings.allowed_hosts == {"127.0.0.1", "localhost", "[::1]"}
    assert (settings.introspection, settings.graphiql) == (True, True)


def test_the_values_of_a_response_grow_with_its_largest_page(monkeypatch):
    """A page of a thousand rows that was allowed would be refused for its values."""
    monkeypatch.setenv("MARKETING_GRAPH_LIMIT_FIRST", "1000")
    assert load_settings().limit_values == 500_000

    monkeypatch.setenv("MARKETING_GRAPH_LIMIT_VALUES", "60000")
    assert load_settings().limit_values == 60_000


def test_every_setting_is_described():
    """The README's table is made from the descriptions."""
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_environment_is_read_and_the_command_line_wins(monkeypatch):
    """Values come as text, lists with commas; an empty variable counts as unset."""
    monkeypatch.setenv("MARKETING_GRAPH_SOURCES", "/etc/sources.toml")
    monkeypatch.setenv("MARKETING_GRAPH_LIMIT_DEPTH", "7")
    monkeypatch.setenv("MARKETING_GRAPH_LIMIT_TOKENS", "")
    monkeypatch.setenv("MARKETING_GRAPH_GRAPHIQL", "false")
    monkeypatch.setenv("MARKETING_GRAPH_ALLOWED_HOSTS", "graph.example, api.example")

    settings = load_settings()

    assert settings.sources == Path("/etc/sources.toml")
    assert (settings.limit_depth, settings.limit_tokens, settings.graphiql) == (7, 1_000, False)
    assert settings.allowed_hosts == {"graph.example", "api.example"}
    assert load_settings(sources=Path("mine.toml")).sources == Path("mine.toml")


def test_settings_cannot_be_changed():
    """What was checked at the start must stay true."""
    with pytest.raises(ValidationError):
        load_settings().limit_depth = 1


def test_the_default_page_never_passes_the_largest(monkeypatch):
    """Lowering LIMIT_FIRST alone must not make every plain query fail."""
    monkeypatch.setenv("MARKETING_GRAPH_LIMIT_FIRST", "10")

    assert load_settings().default_first == 10


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("LIMIT_DEPTH", "deep", ["MARKETING_GRAPH_LIMIT_DEPTH", "integer", "default: 15"]),
        ("LIMIT_DEPTH", "0", ["MARKETING_GRAPH_LIMIT_DEPTH", "greater than or equal to 1"]),
        ("LIMIT_FIRST", "1001", ["MARKETING_GRAPH_LIMIT_FIRST", "less than or equal to 1000"]),
        ("LIMIT_DEADLINE_S", "-1", ["MARKETING_GRAPH_LIMIT_DEADLINE_S", "greater than 0", "default: 20.0"]),
        ("GRAPHIQL", "perhaps", ["MARKETING_GRAPH_GRAPHIQL", "boolean", "default: true"]),
        ("LIMIT_DEPHT", "3", ["MARKETING_GRAPH_LIMIT_DEPHT", "no such limit", "Use MARKETING_GRAPH_LIMIT_DEPTH"]),
    ],
)
def test_a_bad_value_stops_the_start_with_its_name_and_the_fix(monkeypatch, name, value, words):
    """An operator must read which variable to mend, and to what."""
    monkeypatch.setenv(PREFIX + name, value)

    with pytest.raises(SettingsError) as caught:
        load_settings()

    for word in words:
        assert word in caught.value.message
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("name", "meant"),
    [("CACHE_BYTE", " Use MARKETING_GRAPH_CACHE_BYTES."), ("cache_byte", " Use "), ("ZZZ", "names it.")],
)
def test_a_setting_that_does_not_exist_is_warned_of(monkeypatch, caplog, name, meant):
    """A slip in a name would leave the default in force without a word; its value may be a secret and is not told."""
    monkeypatch.setenv(PREFIX + name, "kept-to-itself")
    monkeypatch.setenv("MARKETING_GRAPH_GRAPHIQL", "false")

    settings = load_settings()

    assert settings.cache_bytes == Settings.model_fields["cache_bytes"].default
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert PREFIX + name in record.getMessage()
    assert meant in record.getMessage()
    assert "kept-to-itself" not in caplog.text
