"""Templates: made, changed and removed, and new revisions of them."""

from typing import Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import given
from graph.mutations.noun import REVISIONS, describe_noun
from graph.types.description import described
from graph.types.template import Template


@described(strawberry.input)
class TemplateRevisionInput:
    """A new state of a template."""

    content: str = strawberry.field(description="The XSLT stylesheet.")
    format: str | None = given("The description of what editors may enter, an XML text.")


@described(strawberry.input)
class TemplateFieldsInput:
    """What is to be known of a template. What is left out stays as it is; null empties a field."""

    ref: str | None = given("Your own key for the template.")
    name: str | None = given("The template's name, as the vendor's own pages show it.")
    type: str | None = given("The vendor's word for how what is made with it is distributed, as `broadcast`.")
    subtype: str | None = given("The vendor's word for which activities it is suggested for.")
    status: str | None = given("The vendor's word for the template's state.")
    data: str | None = given("Taguchi's free text of your own about the template.")
    revisions: list[TemplateRevisionInput] | None = given(REVISIONS)


TEMPLATES: Final = describe_noun(
    "Template", "a template", field="template", type_=Template, entity=Entity.TEMPLATE, fields=TemplateFieldsInput
)
CreateTemplatePayload: Any = TEMPLATES.create_payload
UpdateTemplatePayload: Any = TEMPLATES.update_payload
DeleteTemplatePayload: Any = TEMPLATES.delete_payload
