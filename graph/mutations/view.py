"""Conditions on people: made, changed and removed."""

from typing import Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import given
from graph.mutations.noun import describe_noun
from graph.types.description import described
from graph.types.subscriber_view import SubscriberView


@described(strawberry.input)
class ViewFieldsInput:
    """What is to be known of a view. What is left out stays as it is; null empties a field."""

    ref: str | None = given("Your own key for the view.")
    name: str | None = given("The view's name, as the vendor's own pages show it.")
    predicate: str | None = given("The condition in SQL, as `s.state = 'VIC'`; it narrows whom activities reach.")
    status: str | None = given("The vendor's word for the view's state.")


VIEWS: Final = describe_noun(
    "View", "a view", field="view", type_=SubscriberView, entity=Entity.VIEW, fields=ViewFieldsInput
)
CreateViewPayload: Any = VIEWS.create_payload
UpdateViewPayload: Any = VIEWS.update_payload
DeleteViewPayload: Any = VIEWS.delete_payload
