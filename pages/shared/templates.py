"""HTML from the templates (`*.html.jinja`) that lie beside the code that fills them.

Whatever a template is given is text, and escaped; characters that turn the reading direction are shown as such. HTML
that another made is given as `markupsafe.Markup`.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from pages.shared.escaping import visible
from pages.shared.phrases import percent
from pages.shared.pictures import data_url

if TYPE_CHECKING:
    from jinja2 import Environment


@functools.cache
def templates() -> Environment:
    """All templates, and how they are read."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # not before one is needed: Crop opens without

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parents[1]),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"data_url": data_url, "percent": percent}
    return environment


def fill(template: str, macro: str, **values: object) -> str:
    """What a macro makes of the values, which are its arguments.

    template: the file's path in pages/, such as "explore/markup.html.jinja". Raises TemplateNotFound, AttributeError
    for an unknown macro, TypeError for a value that it does not take, UndefinedError for one that it lacks.
    """
    made = getattr(templates().get_template(template).module, macro)(**values)
    return str(made).strip()


def _visible(value: object) -> object:
    return visible(value) if type(value) is str else value  # Markup was made by another template
