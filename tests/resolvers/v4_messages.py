"""What tests of activities and what belongs to them ask with."""

from adapters.contract import Source
from adapters.vendors.taguchi_v4 import ADAPTER
from resolvers.context import RequestContext
from resolvers.selection import Selected, build_selection
from tests.adapters.vendors.taguchi_v4.world import SOURCE, World, build_settings
from tests.resolvers.asking import build_context

PLAIN = build_selection("activities", "nodes.id")


def context(world: World) -> RequestContext:
    """Build one request's context over the sandbox."""
    return build_context(Source(SOURCE, ADAPTER, ADAPTER.build_capability(build_settings()), world.adapter))


def select_revisions(*words: str, below: str = "nodes") -> Selected:
    """Select the revisions of a page's records, by one choice or none."""
    inner: dict[str, Selected] = {"id": Selected()}
    if words:
        inner["revisions"] = Selected(f"x.{below}.revisions", {}, {"which": words[0]})
    fields = {"node": Selected("x.edges.node", inner)} if below == "edges" else inner
    return Selected("x", {below: Selected(f"x.{below}", fields)})
