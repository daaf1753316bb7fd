"""
`make bench`: the graph beside its peers, the same operation over the same upstream, and what it costs each of them.

`python -m tests.bench [--rounds N] [--sizes 1,10,100,1000] [--write]` prints the tables; `--write` puts them into the
README. Answers are compared first: who answers something else is not measured.
"""

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.bench.contestants import CONTESTANTS, GRAPH, contestants, vendor
from tests.bench.documents import measure_documents
from tests.bench.load import ask_many, ask_once, build_body
from tests.bench.processes import ROOT, Server
from tests.bench.rounds import CONNECTIONS, OPERATIONS, Figures, measure_load, measure_waiting, warm_up
from tests.bench.table import describe_machine, write_bars, write_load, write_waiting

DELAY_MS: Final = 50.0
LARGE: Final = (1_000, 200)
"""People on a page, and how many such pages, under which memory is looked at."""

BEGIN: Final = "<!-- make bench -->"
END: Final = "<!-- /make bench -->"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", default="1,10,100,1000")
    parser.add_argument("--write", action="store_true", help="put the tables into the README")
    options = parser.parse_args(arguments)
    sizes = [size for size in OPERATIONS if str(size) in options.sizes.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        report = _measure(Path(folder), sizes, options.rounds)
    print(report)  # noqa: T201 - what it is for
    if options.write:
        _write(report)


def _measure(folder: Path, sizes: Sequence[int], rounds: int) -> str:
    by_size = _measure_equal_calls(folder, sizes, rounds)
    waiting = _measure_grammar(folder, rounds)
    bars = write_bars(by_size, _measure_memory(folder), measure_documents())
    return "\n\n".join(
        (
            f"Processor time an answer, {CONNECTIONS} connections, three vendor calls each, median of {rounds} rounds:",
            write_load(by_size),
            f"The vendor's own grammar, {DELAY_MS:.0f} ms a call, at most 8 at a time, 100 people, one page at a time:",
            write_waiting(waiting),
            bars,
            describe_machine(),
        )
    )


def _measure_equal_calls(folder: Path, sizes: Sequence[int], rounds: int) -> Mapping[int, Mapping[str, Figures]]:
    with vendor() as upstream, contestants(upstream, folder, "batched") as servers:
        _compare(servers)
        warm_up(servers)
        return {size: measure_load(servers, size, rounds) for size in sizes}


def _measure_grammar(folder: Path, rounds: int) -> Mapping[str, Figures]:
    with vendor(DELAY_MS) as upstream, contestants(upstream, folder, "each") as servers:
        _compare(servers)
        return measure_waiting(servers, upstream, 100, rounds)


def _measure_memory(folder: Path) -> float:
    size, count = LARGE
    with vendor() as upstream, contestants(upstream, folder, "batched", [GRAPH]) as servers:
        ask_many(f"{servers[GRAPH].url}/graphql", build_body(size), count, CONNECTIONS)
        return servers[GRAPH].peak_mb()


def _compare(servers: Mapping[str, Server]) -> None:
    """Refuse to measure servers whose answers differ; a time in UTC may end in Z or in +00:00."""
    assert len(servers) == len(CONTESTANTS)
    expected: Any = None
    for name, server in servers.items():
        answer = ask_once(f"{server.url}/graphql", build_body(100))
        assert "errors" not in answer, (name, answer["errors"])
        found = repr(answer["data"]).replace("+00:00", "Z")
        expected = expected or found
        assert found == expected, f"{name} answers something else than {GRAPH}"


def _write(report: str) -> None:
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    assert after, f"the README has no place for it between {BEGIN} and {END}"
    readme.write_text(f"{before}{BEGIN}\n\n{report}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
