"""Tagged PDF (PDF/UA-1), set by typst from a template of ours and plain data.

Data goes in as JSON and is only ever shown as text: nothing that a person wrote is read as markup.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

FONTS = "static/dist/print"


def write_pdf(path: Path, template: str, data: Mapping[str, Any], *, title: str, language: str) -> None:
    """Set ``template`` (a path under the project's folder, like ``/grants/awards/letter.typ``) with ``data``.

    The template reads ``data``, ``title`` and ``language`` through ``/cities/documents/writers/sheet.typ``.
    """
    import typst  # noqa: PLC0415  heavy, and only workers need it

    root = Path(settings.BASE_DIR)
    typst.compile(
        str(root / template.lstrip("/")),
        output=str(path),
        root=str(root),
        format="pdf",
        pdf_standards=["ua-1"],
        font_paths=[str(root / FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data), "title": title, "language": language.split("-", maxsplit=1)[0]},
    )
