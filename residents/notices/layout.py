"""The HTML twin of a plain letter: paragraphs, one button per lone address, codes set large.

Styles stand on the elements, since mail programs drop style sheets.
"""

import re

from django.utils.html import format_html, format_html_join, urlize
from django.utils.safestring import SafeString, mark_safe

_ADDRESS = re.compile(r"https?://\S+\Z")

_PAGE = "margin:0;padding:24px;background:#f0f0f0;color:#1b1b1b;font:16px/1.6 'Public Sans',Arial,sans-serif"
_SHEET = "max-width:560px;margin:0 auto;padding:28px 32px;background:#fff;border-top:6px solid #3f57a6"
_BUTTON = "display:inline-block;padding:12px 20px;background:#3f57a6;color:#fff;font-weight:700;text-decoration:none;border-radius:4px"
_CODE = "margin:24px 0;padding:18px;background:#e1e6f9;font:700 30px/1.2 monospace;letter-spacing:3px;text-align:center"


def as_html(subject: str, text: str, language: str) -> str:
    """Return a whole HTML document with the same words as ``text``."""
    blocks = format_html_join(
        "\n", "{}", ((_block(block),) for block in re.split(r"\n\s*\n", text.strip("\n")))
    )
    return format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title></head>'
        '<body style="{}"><div style="{}">{}</div></body></html>',
        language, subject, _PAGE, _SHEET, blocks,
    )  # fmt: skip


def _block(block: str) -> SafeString:
    if block.startswith("    "):
        return format_html('<p style="{}">{}</p>', _CODE, block.strip())
    if _ADDRESS.fullmatch(block.strip()):
        return format_html(
            '<p><a style="{}" href="{}">{}</a></p>', _BUTTON, block.strip(), block.strip().split("//", 1)[1]
        )
    lines = mark_safe("<br>".join(urlize(line, autoescape=True) for line in block.splitlines()))
    return format_html("<p>{}</p>", lines)
