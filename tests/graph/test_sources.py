"""Sources: what a file opens, and the line and the fix for every mistake in it."""

import traceback
from pathlib import Path

import httpx
import pytest

from adapters.contract import Source
from adapters.errors import SettingsError
from adapters.records import Entity
from adapters.registry import find_vendors
from graph.server.source_file import find_lines
from graph.server.sources import embedded_sandbox, load_sources

SECRET = "hunter2-c73d08de"
ENVIRON = {"TOKEN": SECRET, "EMPTY": "", "PASSWORD": SECRET}

HEAD = """
[sources.retail]
vendor = "taguchi_v4"
base_url = "https://edm2.taguchimail.com"
organization_id = 1
"""
GOOD = HEAD + 'auth = { token = { env = "TOKEN" } }\n'


@pytest.fixture
def load(tmp_path):
    """Write a sources.toml and load it."""

    def write_and_load(text, **options):
        path = tmp_path / "sources.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_sources(path, ENVIRON, **options)

    return write_and_load


async def test_a_good_file_opens_its_sources_in_order(load, tmp_path):
    """Both ways to authorise, from the environment and from a file; nothing is sent."""
    (tmp_path / "password").write_text(SECRET + "\n")
    other = GOOD.replace("retail", "web-shop_2").replace(
        'auth = { token = { env = "TOKEN" } }', 'auth = { username = "me", password = { file = "password" } }'
    )

    opened = load(other + GOOD)

    assert list(opened.by_name) == ["web-shop_2", "retail"]
    assert all(isinstance(source, Source) for source in opened.by_name.values())
    assert [source.vendor for source in opened.by_name.values()] == ["taguchi_v4", "taguchi_v4"]
    assert SECRET not in repr(opened)
    await opened.aclose()


async def test_a_secret_from_a_file_goes_out_without_its_line_break(load, tmp_path):
    """Editors end files with a line break; the vendor would refuse it as part of the password."""
    (tmp_path / "password").write_text(SECRET + "\r\n")
    seen = []

    def answer(request):
        seen.append(str(request.url))
        return httpx.Response(200, content=b"[]")

    text = HEAD + 'auth = { username = "me", password = { file = "password" } }\n'
    opened = load(text, transports={"retail": httpx.MockTransport(answer)})

    await read_one(opened.by_name["retail"])

    assert seen[0].startswith("https://edm2.taguchimail.com/admin/api/1/subscriber/")
    assert seen[0].endswith(f"auth=me%7C{SECRET}")


async def read_one(source):
    """Read one subscriber by id."""
    import asyncio

    from adapters.calls import CallScope

    scope = CallScope("op", "t", asyncio.get_running_loop().time() + 5)
    return await source.adapter.fetch_by_ids(Entity.SUBSCRIBER, ["1"], scope, parts=frozenset(), purpose="test")


MISTAKES = {
    "unknown vendor": (
        GOOD.replace("taguchi_v4", "taguchy_v4"),
        3,
        ["no vendor 'taguchy_v4'", "Did you mean 'taguchi_v4'?"],
    ),
    "vendor like nothing": (GOOD.replace("taguchi_v4", "x"), 3, ["no vendor 'x'", "Use one of:", "taguchi_v4"]),
    "vendor of another type": (GOOD.replace('"taguchi_v4"', "4"), 3, ["no vendor '4'"]),
    "no vendor": (GOOD.replace('vendor = "taguchi_v4"\n', ""), 2, ["names no vendor", "taguchi_v4"]),
    "unknown key": (GOOD + "max_pge = 5\n", 7, ["no key 'max_pge'", "Did you mean 'max_page'?"]),
    "unknown key like nothing": (GOOD + "colour = 5\n", 7, ["no key 'colour'", "Remove it"]),
    "unknown key in a sub-table": (
        HEAD + '[sources.retail.auth]\ntokn = { env = "TOKEN" }\n',
        7,
        ["no key 'tokn'", "Did you mean 'token'?"],
    ),
    "missing key": (GOOD.replace("organization_id = 1\n", ""), 2, ["'organization_id' is missing", "Add it"]),
    "missing secret": (HEAD, 2, ["'auth' is missing"]),
    "missing half of a secret": (HEAD + 'auth = { username = "me" }\n', 6, ["is missing", "auth."]),
    "wrong type": (GOOD.replace("organization_id = 1", 'organization_id = "one"'), 5, ["organization_id", "integer"]),
    "out of range": (GOOD + "max_page = 0\n", 7, ["max_page", "greater than 0"]),
    "plain-text secret": (HEAD + f'auth = {{ token = "{SECRET}" }}\n', 6, ["plain text", 'token = { env = "NAME" }']),
    "plain-text secret as a whole": (HEAD + f'auth = "me|{SECRET}"\n', 6, ["plain text", "auth = {"]),
    "plain-text secret in a sub-table": (
        HEAD + f'\n[sources.retail.auth]\nusername = "me"\npassword = "{SECRET}"\n',
        9,
        ["plain text", "password"],
    ),
    "plain-text secret under a dotted key": (HEAD + f'auth.token = "{SECRET}"\n', 6, ["plain text"]),
    "variable not set": (GOOD.replace("TOKEN", "NOPE"), 6, ["variable NOPE is not set"]),
    "variable empty": (GOOD.replace("TOKEN", "EMPTY"), 6, ["variable EMPTY is empty"]),
    "secret file missing": (HEAD + 'auth = { token = { file = "nope" } }\n', 6, ["file nope cannot be read"]),
    "secret file is a folder": (HEAD + 'auth = { token = { file = "." } }\n', 6, ["cannot be read"]),
    "secret from elsewhere": (HEAD + 'auth = { token = { vault = "x" } }\n', 6, ["'vault'", "env"]),
    "secret from two places": (HEAD + 'auth = { token = { env = "TOKEN", file = "x" } }\n', 6, ["one place"]),
    "secret from nowhere": (HEAD + "auth = { token = {} }\n", 6, ["one place"]),
    "http to a public host": (GOOD.replace("https:", "http:"), 4, ["https://"]),
    "user-info": (GOOD.replace("https://", f"https://me:{SECRET}@"), 4, ["user name or password"]),
    "fragment": (GOOD.replace("mail.com", f"mail.com/#{SECRET}"), 4, ["'#'"]),
    "query": (GOOD.replace("mail.com", f"mail.com/?auth={SECRET}"), 4, ["'?'"]),
    "private address": (GOOD.replace("edm2.taguchimail.com", "10.0.0.1"), 4, ["allow_private"]),
    "no URL": (GOOD.replace("https://", ""), 4, ["https://"]),
    "bad source name": (GOOD.replace("retail", '"Re tail"'), 2, ["'Re tail'", "small letter"]),
    "empty source name": (GOOD.replace("retail", '""'), 2, ["''"]),
    "endless source name": (GOOD.replace("retail", "r" * 64), 2, ["at most 63"]),
    "source is no table": ("[sources]\nretail = 5\n", 2, ["not a table", "[sources.retail]"]),
    "sources is no table": ("sources = 5\n", 1, ["names no source"]),
    "array of tables": (GOOD.replace("[sources.retail]", "[[sources.retail]]"), 2, ["not a table"]),
    "duplicate source": (GOOD + GOOD, 8, ["not TOML", "twice"]),
    "duplicate key": (GOOD + "organization_id = 2\n", 7, ["not TOML", "overwrite"]),
    "not TOML": (GOOD + "max_page 5\n", 7, ["not TOML", "Correct this line"]),
    "cut off": (HEAD + "auth = { token = ", 6, ["not TOML"]),
    "empty file": ("", 1, ["names no source", "[sources.retail]"]),
    "comments only": ("# nothing\n\n", 1, ["names no source"]),
    "no source in it": ("[sources]\n", 1, ["names no source"]),
    "a stray table": ("[server]\nport = 1\n" + GOOD, 1, ["no setting 'server'"]),
    "misspelled sources": (GOOD.replace("[sources", "[source"), 2, ["no setting 'source'"]),
    "not UTF-8": (GOOD.encode() + b"\n# \xff\n", 8, ["not UTF-8"]),
    "second source is wrong": (GOOD + GOOD.replace("retail", "web").replace("= 1", "= 0"), 11, ["organization_id"]),
}


@pytest.mark.parametrize(("text", "line", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_stops_the_start_with_file_line_and_fix(load, tmp_path, text, line, words):
    """An operator must find the place and the way out in one message, and never see the secret in it."""
    with pytest.raises(SettingsError) as caught:
        load(text)

    message = caught.value.message
    assert message.startswith(f"{tmp_path / 'sources.toml'}:{line}: ")
    for word in words:
        assert word in message
    assert "Auth" not in message, "class names mean nothing to an operator"
    written = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(caught.value.__context__)
    assert SECRET not in written
    assert "\n" not in message


def test_a_missing_file_is_named():
    """A wrong path must not start the sandbox instead."""
    with pytest.raises(SettingsError, match=r"nowhere\.toml:1: The sources file cannot be read"):
        load_sources(Path("nowhere.toml"), {})


def test_lines_are_found_in_every_way_to_write_a_key():
    """`tomllib` keeps no positions, so the scan must know TOML's spellings."""
    text = """# [sources.commented]
[ sources . "web shop" ]   # a comment
vendor="x" # base_url = 1
auth.token = { env = "T" }
  'quoted key' = [
    1,
  ]
[sources.other.auth]
token = 1
"""

    assert find_lines(text) == {
        ("sources",): 2,
        ("sources", "web shop"): 2,
        ("sources", "web shop", "vendor"): 3,
        ("sources", "web shop", "auth"): 4,
        ("sources", "web shop", "auth", "token"): 4,
        ("sources", "web shop", "quoted key"): 5,
        ("sources", "other"): 8,
        ("sources", "other", "auth"): 8,
        ("sources", "other", "auth", "token"): 9,
    }


async def test_the_embedded_sandbox_answers_without_a_file():
    """Trying the graph must need no account, no file and no network."""
    opened = embedded_sandbox()

    assert list(opened.by_name) == list(find_vendors())
    source = opened.by_name["taguchi_v4"]
    found = await read_one(source)

    assert found["1"].id == "1"
    await opened.aclose()
