"""The shape of the house: what shape is only advised decays, so it is asserted."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from adapters.registry import find_vendors

ROOT: Final = Path(__file__).parent.parent
PACKAGES: Final = ("graph", "resolvers", "adapters")

VENDOR_NAMES: Final = frozenset(
    {
        "__init__.py",
        "adapter.py",
        "capability.py",
        "compiler.py",
        "endpoints.py",
        "wire.py",
        "mapping.py",
        "settings.py",
        "sandbox",
    }
)
"""What every vendor's folder holds; further modules are named after what they hold."""

FORBIDDEN: Final = frozenset(
    {"utils", "util", "helpers", "helper", "common", "misc", "base", "shared", "core", "tools"}
)
"""Names that do not say what a module holds."""

MAX_MODULE_LINES: Final = 300
MAX_TEST_MODULE_LINES: Final = 400
"""A table of cases takes room that code should not."""

MAX_FUNCTION_LINES: Final = 40

LONG_MODULES: Final[dict[str, str]] = {}
"""Modules that may be longer, each with its reason; a list that grew is split by noun instead."""

LONG_FUNCTIONS: Final[dict[str, str]] = {}
"""Functions that may be longer, as `path:name`, each with its reason."""

VENDORS: Final = sorted(find_vendors())


def list_modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "node_modules" not in path.parts:
                yield path


def to_name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def to_package(path: Path) -> str:
    return ".".join(path.parent.relative_to(ROOT).parts)


def test_there_is_a_vendor() -> None:
    """Broken, everything below would hold for nothing."""
    assert "taguchi_v4" in VENDORS


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_is_one_folder_with_nine_names(vendor: str) -> None:
    """Broken, knowing one vendor would no longer be knowing all."""
    found = {path.name for path in (ROOT / "adapters" / "vendors" / vendor).iterdir()}

    assert found >= VENDOR_NAMES


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_is_declared_as_one_value(vendor: str) -> None:
    """Broken, a vendor's module would do more than say what it is, and mypy would not check it against the contract."""
    tree = ast.parse((ROOT / "adapters" / "vendors" / vendor / "__init__.py").read_text(encoding="utf-8"))
    statements = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]

    assert ast.get_docstring(tree)
    assert len(statements) == 2
    declared = statements[1]
    assert isinstance(declared, ast.AnnAssign)
    assert (ast.unparse(declared.target), ast.unparse(declared.annotation)) == ("ADAPTER", "Final[VendorPackage]")


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_has_tests_of_its_own(vendor: str) -> None:
    """Broken, a vendor would be trusted because it was once tried."""
    assert list((ROOT / "tests" / "adapters" / "vendors" / vendor).glob("test_*.py"))


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_refers_to_its_siblings_relatively(vendor: str) -> None:
    """Broken, copying a folder would not be the start of a new vendor."""
    found = [
        to_name(path)
        for path in list_modules(f"adapters/vendors/{vendor}")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(to_package(path))
    ]

    assert found == []


def test_modules_say_what_they_hold() -> None:
    """Broken, there would be a drawer for everything."""
    modules = [path for path in list_modules(*PACKAGES, "tests") if FORBIDDEN & {path.stem, *path.parent.parts[-3:]}]

    assert [to_name(path) for path in modules] == []


def test_exemptions_say_why() -> None:
    """An exemption without its reason on the line is taken for granted, and copied."""
    exemption = re.compile(r"# (?:noqa: [A-Z0-9, ]+?|type: ignore\[[a-z, -]+\])(?P<reason> +[#-].*)?$")
    found = [
        f"{to_name(module)}:{number}"
        for module in list_modules(*PACKAGES)
        for number, line in enumerate(module.read_text().splitlines(), 1)
        if (match := exemption.search(line)) and not match["reason"]
    ]

    assert found == []


def test_tests_are_no_packages() -> None:
    """Broken, `tests/adapters` would take the name of the package it tests."""
    assert [to_name(path) for path in list_modules("tests") if path.name == "__init__.py"] == []


def test_modules_are_short() -> None:
    """Broken, a list has grown where a noun should have been split off."""
    assert {*list_longer(MAX_MODULE_LINES, *PACKAGES), *list_longer(MAX_TEST_MODULE_LINES, "tests")} == set(
        LONG_MODULES
    )


def list_longer(lines: int, *folders: str) -> Iterator[str]:
    for path in list_modules(*folders):
        if len(path.read_text(encoding="utf-8").splitlines()) > lines:
            yield to_name(path)


def list_functions() -> Iterator[tuple[str, int]]:
    for path in list_modules(*PACKAGES):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                yield f"{to_name(path)}:{node.name}", node.end_lineno - node.lineno + 1


def test_functions_are_short() -> None:
    """Broken, a function does more than its name says."""
    sizes = list(list_functions())

    assert {name for name, lines in sizes if lines > MAX_FUNCTION_LINES} == set(LONG_FUNCTIONS)
    assert sorted(lines for _, lines in sizes)[len(sizes) // 2] <= 12


SANDBOX_MAY_USE: Final = frozenset({"starlette", "re2", "orjson"}) | sys.stdlib_module_names
"""What a sandbox may import beside itself and the kit: a witness shares no code with the adapter it tests."""


@pytest.mark.parametrize("folder", ["adapters/sandbox", *(f"adapters/vendors/{name}/sandbox" for name in VENDORS)])
def test_a_sandbox_shares_no_code_with_its_adapter(folder: str) -> None:
    """Broken, a mistake in the adapter could stand in its witness too."""
    own = (folder.replace("/", "."), "adapters.sandbox")

    outside = {
        f"{to_name(path)}: {name}"
        for path in list_modules(folder)
        for name in list_imports(path)
        if name.partition(".")[0] not in SANDBOX_MAY_USE and not name.startswith(own)
    }

    assert outside == set()


def list_imports(path: Path) -> Iterator[str]:
    """Yield every module a file imports, by its whole name."""
    package = to_package(path).split(".")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            yield ".".join([*above, *filter(None, [node.module])])
