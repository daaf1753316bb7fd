"""What a source's table may say, and that its secrets show nowhere."""

import pytest
from pydantic import ValidationError

from adapters.transport.auth import BasicAuth
from adapters.transport.session import SessionAuth
from adapters.vendors.taximail import ADAPTER
from adapters.vendors.taximail.settings import TaximailSettings
from tests.adapters.vendors.taximail.world import build_settings

KEYS = {"api_key": "sandbox-key", "secret_key": "sandbox-secret"}


def test_a_table_needs_its_keys_alone():
    """The address, the zone and the page are known."""
    settings = TaximailSettings.model_validate({"vendor": "taximail", "auth": KEYS})

    assert settings.base_url == "https://api.taximail.com/v2"
    assert (settings.timezone, settings.max_page) == ("Asia/Bangkok", 100)
    assert str(settings.zone) == "Asia/Bangkok"


@pytest.mark.parametrize(
    "change",
    [
        {"timezone": "Asia/Nowhere"},
        {"timezone": "../../etc/passwd"},
        {"timezone": ""},
        {"base_url": "http://api.taximail.com/v2"},
        {"base_url": "https://user:pw@api.taximail.com/v2"},
        {"max_page": 101},
        {"max_page": 1},
        {"auth": {"api_key": "x"}},
        {"auth": {"username": "x", "password": "y", "basic": True}},
        {"auth": {"username": "", "password": "y"}},
        {"other": 1},
    ],
    ids=str,
)
def test_a_table_that_cannot_be_is_refused(change):
    """At the start, not at the first call."""
    with pytest.raises(ValidationError):
        build_settings(**change)


def test_keys_open_a_session_or_travel_as_they_are():
    """The operator says which."""
    session, basic = build_settings().build_auth(), build_settings(auth={**KEYS, "basic": True}).build_auth()

    assert isinstance(session, SessionAuth)
    assert isinstance(basic, BasicAuth)
    assert basic.headers() == (("Authorization", "Basic c2FuZGJveC1rZXk6c2FuZGJveC1zZWNyZXQ="),)
    assert {"sandbox-key", "sandbox-secret"} <= set(basic.secrets())


def test_secrets_show_in_no_text_of_a_source():
    """The key is half of the secret."""
    settings = build_settings(auth={**KEYS, "basic": True})

    texts = f"{settings!r} {settings.account} {settings.build_auth()!r} {build_settings().build_auth()!r}"

    assert "sandbox-key" not in texts
    assert "sandbox-secret" not in texts


def test_the_emulator_is_a_source_that_its_table_reaches():
    """`make serve` shows it."""
    parts = ADAPTER.sandbox()

    settings = ADAPTER.settings.model_validate({**parts.table, "base_url": "http://127.0.0.1:8000/v2"})
    capability = ADAPTER.build_capability(settings)

    assert parts.table["base_url"] == "/v2/"
    assert capability.vendor == ADAPTER.name == "taximail"
    assert set(ADAPTER.extensions) == set(capability.entities)
