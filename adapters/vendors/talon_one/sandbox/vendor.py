"""
The vendor's side of a request: which of the three APIs it is for, who may call it, and what it answers.
"""

from collections import OrderedDict
from collections.abc import Callable
from itertools import count

from adapters.sandbox import ReceivedRequest, Reply

from . import gateway, integration, management
from .calls import Call, find_route, read_parameters
from .credentials import Keys, check_gateway, check_integration, check_management
from .refusals import Refusal, not_found
from .store import Store

IDEMPOTENCY_KEY = "idempotency-key"
KEPT_REPLIES = 1000
MAX_IDEMPOTENCY_KEY = 255
_NEEDS_PLATFORM = "cdp"
_GATEWAY = frozenset({_NEEDS_PLATFORM, "segment"})


class Vendor:
    """
    Answers requests over a store.
    """

    def __init__(self, store: Store, keys: Keys, deployment: str) -> None:
        """`deployment` is the host of the one tenant behind the gateway."""
        self._store = store
        self._keys = keys
        self._deployment = deployment
        self._serials = count(1)
        self._replies: OrderedDict[tuple[str, str], Reply] = OrderedDict()

    def answer(self, request: ReceivedRequest) -> Reply:
        """Answer one request; whatever is wrong with it becomes one of the vendor's refusals."""
        api = request.raw_path.split("/", 2)[1]
        try:
            return self._answer_gateway(request, api) if api in _GATEWAY else self._answer_tenant(request, api)
        except Refusal as refusal:
            return refusal.to_gateway_reply(next(self._serials)) if api in _GATEWAY else refusal.to_tenant_reply()

    def _answer_gateway(self, request: ReceivedRequest, api: str) -> Reply:
        platform = check_gateway(request.headers, self._keys, self._deployment, names_platform=api == _NEEDS_PLATFORM)
        route, ids = find_route(gateway.ROUTES, request)
        return route.handler(Call(self._store, request, ids, platform, read_parameters(request)))

    def _answer_tenant(self, request: ReceivedRequest, api: str) -> Reply:
        if api == "v2":
            check_integration(request.headers, self._keys)
            route, ids = find_route(integration.ROUTES, request)
        elif api == "v1":
            check_management(request.headers, self._keys)
            route, ids = find_route(management.ROUTES, request)
        else:
            raise not_found()
        call = Call(self._store, request, ids, parameters=read_parameters(request))
        key = request.headers.get(IDEMPOTENCY_KEY, "")[:MAX_IDEMPOTENCY_KEY] if api == "v2" else ""
        if not key:
            return route.handler(call)
        return self._answer_once((request.raw_path, key), lambda: route.handler(call))

    def _answer_once(self, key: tuple[str, str], answer: Callable[[], Reply]) -> Reply:
        """Give a repeated request the reply of the first. Source: T1-OAS-INT, Idempotency-Key."""
        if key not in self._replies:
            self._replies[key] = answer()
            if len(self._replies) > KEPT_REPLIES:
                self._replies.popitem(last=False)
        return self._replies[key]
