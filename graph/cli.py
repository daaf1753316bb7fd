"""
The command line: `marketing-graph serve | sandbox | schema | explain | check`.

Each command imports what it needs when it runs, so that `schema` does not wait for a server's parts.
"""

# ruff: noqa: T201, PLC0415 - a command line prints, and imports late as said above

import argparse
import gc
import sys
from collections.abc import Sequence
from pathlib import Path

from adapters.errors import FacadeError, VendorError

DEFAULT_PORT = 8000
SANDBOX_PORT = 8100
FAILED = 1
REFUSED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 2 when settings or operation are refused, 1 when a check fails."""
    options = _build_parser().parse_args(arguments)
    gc.disable()  # nearly all that a command makes stays until its end; a server collects once it answers
    try:
        status: int = options.run(options)
    except FacadeError as error:
        print(f"marketing-graph: {error.message}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return 0
    finally:
        gc.enable()
    return status


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="marketing-graph", description="One GraphQL schema over your marketing APIs.")
    commands = parser.add_subparsers(required=True, metavar="command")

    serve = commands.add_parser("serve", help="serve the graph; without sources, over the embedded sandbox")
    serve.add_argument("--sources", type=Path, help="the sources.toml to serve (default: MARKETING_GRAPH_SOURCES)")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, default=DEFAULT_PORT, help="port to listen on, 0 for a free one")
    serve.set_defaults(run=_serve)

    sandbox = commands.add_parser("sandbox", help="serve the vendors' sandboxes by HTTP, on this machine only")
    sandbox.add_argument("--port", type=int, default=SANDBOX_PORT, help="port to listen on, 0 for a free one")
    sandbox.set_defaults(run=_sandbox)

    schema = commands.add_parser("schema", help="print the schema")
    schema.add_argument("--api", action="store_true", help="without what only a gateway needs")
    schema.set_defaults(run=_schema)

    explain = commands.add_parser("explain", help="print the vendor calls an operation would make, making none")
    explain.add_argument("file", type=Path, help="a GraphQL document, - for standard input")
    explain.add_argument("--variables", default="{}", help="the variables as JSON")
    explain.add_argument("--operation", help="the operation's name, where the document holds several")
    explain.add_argument("--sources", type=Path, help="the sources.toml to plan for (default: MARKETING_GRAPH_SOURCES)")
    explain.set_defaults(run=_explain)

    check = commands.add_parser("check", help="ask a source, by reads alone, what its vendor's document leaves open")
    check.add_argument("source", help="the source's name in sources.toml")
    check.add_argument("--sources", type=Path, help="the sources.toml it stands in (default: MARKETING_GRAPH_SOURCES)")
    check.set_defaults(run=_check)
    return parser


def _serve(options: argparse.Namespace) -> int:
    from graph.server.app import create_app, open_sources
    from graph.server.auth import check_exposure
    from graph.server.serving import address_of, listen, serve
    from graph.server.writing import check_ledger
    from graph.settings import load_settings

    check_exposure(options.host)
    settings = load_settings(**({"sources": options.sources} if options.sources else {}))
    sources = open_sources(settings)
    check_ledger(settings)
    listener = listen(options.host, options.port)
    named = ", ".join(f"{name} ({source.vendor})" for name, source in sources.by_name.items())
    over = "the embedded sandbox" if settings.sources is None else str(settings.sources)

    def announce() -> None:
        print(f"Marketing Graph at {address_of(listener)}/graphql", f"over {over}: {named}", sep="\n", flush=True)

    serve(create_app(settings, sources=sources), listener, announce)
    return 0


def _sandbox(options: argparse.Namespace) -> int:
    from graph.server.emulators import open_emulators
    from graph.server.serving import address_of, listen, serve

    listener = listen("127.0.0.1", options.port)
    emulators = open_emulators()
    origin = address_of(listener)

    def announce() -> None:
        print(f"# Sandboxes at {origin}. Put this into sources.toml:")
        for each in emulators.all:
            print("", *each.describe(origin), sep="\n")
        print(
            "\n# and this into the environment:",
            *dict.fromkeys(line for each in emulators.all for line in each.exports()),
            sep="\n",
        )
        print("\n# then: marketing-graph serve --sources sources.toml", flush=True)

    try:
        serve(emulators, listener, announce)
    finally:
        emulators.close()
    return 0


def _schema(options: argparse.Namespace) -> int:
    from graph import schema

    print(schema.print_api_sdl() if options.api else schema.print_sdl(), end="")
    return 0


def _explain(options: argparse.Namespace) -> int:
    from graph.errors import RefusedError
    from graph.server.explaining import explain_file

    try:
        print(explain_file(options.file, options.variables, options.operation, options.sources))
    except RefusedError as refusal:
        print(*(f"marketing-graph: {error['message']}" for error in refusal.errors), sep="\n", file=sys.stderr)
        return REFUSED
    return 0


def _check(options: argparse.Namespace) -> int:
    from graph.server.checking import check_source

    try:
        print(check_source(options.source, options.sources))
    except VendorError as error:
        print(f"marketing-graph: {error.message}", file=sys.stderr)
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
