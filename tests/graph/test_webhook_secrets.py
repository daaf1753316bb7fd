"""The secret of a webhook's address: who may tell, with two that are good at once, and where it never stands."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.errors import SettingsError
from graph.server.sources import load_sources
from tests.graph.webhook_world import (
    OLD_SECRET,
    OTHER_SECRET,
    ROTATING,
    SECRET,
    TABLES,
    WEBHOOK,
    World,
    build_event,
    close,
    open_world,
)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    for made in open_world(tmp_path, monkeypatch):
        yield made
        await close(made)


WRONG = {
    "wrong": SECRET[::-1],
    "one letter": SECRET[:-1] + "X",
    "truncated": SECRET[:-1],
    "longer": SECRET + "x",
    "of another source": OTHER_SECRET,
    "none": "x",
}


@pytest.mark.parametrize("secret", WRONG.values(), ids=list(WRONG))
async def test_who_does_not_know_the_path_is_told_nothing(world: World, secret: str) -> None:
    """Broken, anybody could say that a message was sent."""
    payload = await world.send()
    unknown = await world.tell(build_event(), source="nobody")

    refused = await world.tell(build_event(), secret=secret)

    assert refused.status_code == 404
    assert strip(refused) == strip(unknown) == strip(await world.client.post("/nothing"))
    assert await world.list_events() == []
    assert (await world.learn(payload))["outcome"] == "ACCEPTED"


def strip(reply: httpx.Response) -> Any:
    body = reply.json()
    body["extensions"].pop("operationId")
    for error in body["errors"]:
        error["extensions"].pop("operationId")
    return body


async def test_a_source_is_told_of_by_its_own_secret(world: World) -> None:
    """Broken, one vendor's account could speak for another."""
    payload = await world.send()

    told = await world.tell(build_event(), source="others", secret=OTHER_SECRET)

    assert told.status_code == 200
    assert (await world.learn(payload))["outcome"] == "ACCEPTED"


async def test_two_secrets_are_good_while_one_replaces_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken, what is told between two changes of an address, ours and the vendor's, would be lost."""
    (world,) = open_world(tmp_path, monkeypatch, webhook=ROTATING)
    payload = await world.send()

    by_old = await world.tell(build_event(), secret=OLD_SECRET)
    by_new = await world.tell(build_event())
    refused = [await world.tell(build_event("reject"), secret=each) for each in (OTHER_SECRET, SECRET + OLD_SECRET)]
    learnt, events = await world.learn(payload), await world.list_events()
    await close(world)

    assert [by_old.status_code, by_new.status_code] == [200, 200]
    assert [each.status_code for each in refused] == [404, 404]
    assert learnt["outcome"] == "APPLIED"
    assert [event["payload"]["event"] for event in events] == ["sent"], "told by both, kept once"


async def test_a_secret_that_was_replaced_is_good_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken, whoever has found an old address could speak for the vendor for ever."""
    (world,) = open_world(tmp_path, monkeypatch)
    refused = await world.tell(build_event(), secret=OLD_SECRET)
    await close(world)

    assert refused.status_code == 404


BAD_SECRETS = {
    "none": ("[]", "names no secret"),
    "three": ('[{ env = "A" }, { env = "B" }, { env = "C" }]', "two"),
    "the same twice": ('[{ env = "A" }, { env = "A" }]', "same"),
    "one is guessable": ('[{ env = "A" }, { env = "SHORT" }]', "guessable"),
    "one is not set": ('[{ env = "A" }, { env = "NOPE" }]', "NOPE is not set"),
    "plain text": ('["a1S2d3F4g5H6j7K8l9Q0w1E2r3T4y5U6"]', "plain text"),
    "plain text beside a reference": ('[{ env = "A" }, "a1S2d3F4g5H6j7K8l9Q0w1E2r3T4y5U6"]', "plain text"),
}


@pytest.mark.parametrize(("secret", "word"), BAD_SECRETS.values(), ids=list(BAD_SECRETS))
def test_secrets_that_cannot_be_used_stop_the_start(tmp_path: Path, secret: str, word: str) -> None:
    """Broken, an operator would learn of it from what is lost."""
    path = tmp_path / "sources.toml"
    path.write_text(TABLES.format(webhook=f"webhook = {{ secret = {secret} }}"))
    good = {"A": SECRET, "B": OLD_SECRET, "C": "c" * 32}
    environ = {"MAILS_KEY": "k", "OTHERS_SECRET": OTHER_SECRET, "SHORT": "x", **good}

    with pytest.raises(SettingsError) as caught:
        load_sources(path, environ)

    assert caught.value.message.startswith(f"{path}:8: ")
    assert word in caught.value.message
    assert not any(each in str(caught.value) for each in (SECRET, OLD_SECRET))


def test_findings_outlast_another_secret(tmp_path: Path) -> None:
    """Broken, what a check has found of an account would be forgotten whenever its address changes."""
    environ = {"KEY": "k", "MAILS_SECRET": SECRET, "MAILS_OLD_SECRET": OLD_SECRET}
    accounts = set()
    for webhook in ("", WEBHOOK, ROTATING):
        path = tmp_path / "sources.toml"
        path.write_text(
            '[sources.contacts]\nvendor = "taximail"\n'
            f'auth = {{ api_key = {{ env = "KEY" }}, secret_key = {{ env = "KEY" }} }}\n{webhook}\n'
        )
        accounts.add(load_sources(path, environ).by_name["contacts"].account)

    assert len(accounts) == 1


async def test_the_secret_is_in_no_log_and_no_answer(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Broken, whoever reads a log could speak for the vendor."""
    caplog.set_level(logging.DEBUG)
    replies = [
        await world.tell(build_event()),
        await world.client.post(f"/webhooks/mails/{SECRET}", content=b"{"),
        await world.client.post(f"/webhooks/mails/{SECRET}", content=b"x" * 10_000_000),
    ]

    ours = [record.getMessage() for record in caplog.records if record.name != "httpx"]  # the vendor's own log
    assert SECRET not in "\n".join(ours)
    assert all(SECRET not in reply.text for reply in replies)
