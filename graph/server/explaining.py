"""`marketing-graph explain`: an operation from a file, planned over the configured sources."""

import asyncio
import sys
from pathlib import Path

from adapters.errors import InputError
from graph.context import GraphContext
from graph.execution.costs import estimate_cost
from graph.execution.document import Documents
from graph.execution.engine import build_executor
from graph.execution.explain import Recorder, explain_operation
from graph.execution.request import GraphQLRequest
from graph.schema import schema
from graph.server.app import build_options, build_requests, open_sources
from graph.server.limits import RequestLimits
from graph.server.parameters import parse_variables
from graph.settings import load_settings
from resolvers.principal import LOCAL


def explain_file(file: Path, variables: str, operation: str | None, sources: Path | None) -> str:
    """
    Return the plan of an operation in a file (`-` for standard input).

    Raises:
        InputError: the file cannot be read.
        RefusedError: the document or its variables are refused as the server would refuse them.
        SettingsError: the settings or the sources are wrong.
    """
    request = GraphQLRequest(_read(file), operation, parse_variables(variables, RequestLimits()))
    return asyncio.run(_explain(request, sources))


async def _explain(request: GraphQLRequest, path: Path | None) -> str:
    settings = load_settings(**({"sources": path} if path else {}))
    sources = open_sources(settings)
    try:
        context = build_requests(settings, sources.by_name, LOCAL)("explain")
        recorder = Recorder(context)
        documents = Documents(schema._schema, build_options(settings).document)  # noqa: SLF001 - see app.py
        executor = build_executor(schema._schema, documents, request, GraphContext(context, recorder))  # noqa: SLF001 - no public way to it
        return "\n".join(explain_operation(executor, context, recorder, estimate_cost(executor, context)))
    finally:
        await sources.aclose()


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise InputError(f"{file} cannot be read: {reason}.") from None
