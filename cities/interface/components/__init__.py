"""The component tags, one template library. Every tag is described in ../README.md.

Props are keyword-only Python arguments: a misspelt prop is a
``TemplateSyntaxError`` when the template is compiled.
"""

from cities.interface.components import (
    buttons,
    charts,
    collections,
    fields,
    layout,
    maps,
    marks,
    navigation,
    progress,
    summaries,
    tables,
)
from cities.interface.components.registry import register

__all__ = [
    "buttons",
    "charts",
    "collections",
    "fields",
    "layout",
    "maps",
    "marks",
    "navigation",
    "progress",
    "register",
    "summaries",
    "tables",
]
