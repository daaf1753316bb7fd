"""The playground's files: what is served, what is not, and that the page needs no other machine."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from graph import playground


def test_the_page_names_only_files_of_its_own() -> None:
    """A page that loads anything from elsewhere, or runs inline script, would break offline or under the policy."""
    html = playground.page().decode()
    addresses = re.findall(r'(?:src|href)="([^"]*)"', html)

    assert addresses
    for address in addresses:
        assert address.startswith(("graphql/assets/", "data:"))
    assert re.findall(r"<script(?![^>]*src=)", html) == []
    for name in (address.removeprefix("graphql/assets/") for address in addresses if "assets" in address):
        assert playground.asset(name) is not None


def test_assets_have_the_types_browsers_insist_on() -> None:
    """A module script or style sheet with a wrong type is refused by every browser."""
    names = [path.name for path in (playground.STATIC / "assets").iterdir()]

    types = {name.rpartition(".")[2]: playground.asset(name) for name in names}
    assert {suffix: found[1] for suffix, found in types.items() if found} == {
        "js": "text/javascript; charset=utf-8",
        "css": "text/css; charset=utf-8",
        "txt": "text/plain; charset=utf-8",
    }


def test_the_editors_workers_are_among_the_assets() -> None:
    """Without its workers the editor freezes the page, or fetches them from a content network."""
    names = {path.name.partition("-")[0] for path in (playground.STATIC / "assets").glob("*.worker-*.js")}

    assert names == {"editor.worker", "graphql.worker", "json.worker"}


def test_style_sheets_carry_their_fonts_and_pictures() -> None:
    """A font behind an address would be asked of another machine, or be missing offline."""
    sheets = "".join(path.read_text(encoding="utf-8") for path in (playground.STATIC / "assets").glob("*.css"))

    assert "@font-face" in sheets
    assert {address[:5] for address in re.findall(r"""url\(["']?([^)"']+)""", sheets)} == {"data:"}
    assert "@import" not in sheets


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "..",
        "../page.html",
        "../built-from",
        "..\\page.html",
        "/etc/passwd.txt",
        "a/b.js",
        "%2e%2e/page.html",
        "no.js",
        "x\0.js",
        "x.js\n",
        f"{'a' * 260}.js",
        f"{'a' * 5_000}.js",
    ],
)
def test_nothing_outside_the_assets_is_served(path: str) -> None:
    """A path that leaves the folder would hand out files of the machine."""
    assert playground.asset(path) is None


def test_a_page_that_was_not_built_says_what_to_do(tmp_path: Path) -> None:
    """A checkout without the built page must tell its reader the command, not answer with a stack trace."""
    unbuilt = _copy_without_static(tmp_path)

    assert b"make setup" in unbuilt.page()
    assert unbuilt.asset("page.js") is None


def _copy_without_static(folder: Path) -> ModuleType:
    source = Path(playground.__file__)
    copy = folder / "unbuilt.py"
    copy.write_bytes(source.read_bytes())
    spec = importlib.util.spec_from_file_location("unbuilt", copy)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
