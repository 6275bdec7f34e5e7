"""What is set as PDF is tagged, titled, in a language, and data is never markup."""

import pypdf
import pytest

from cities.documents.writers import write_pdf

DATA = {
    "page_of": "Page {page} of {pages}", "author": "Baltimore", "accent": "#005ea2",
    "name": '#panic("run") $x$ *bold* `code` <label> @ref \\ "quote"', "bars": [["Garden", 1.0, "12"], ["Park", 0.0, "0"]],
}  # fmt: skip


@pytest.fixture
def reader(tmp_path, settings):
    template = settings.BASE_DIR / "tests/cities/documents/writers/sample.typ"
    write_pdf(
        tmp_path / "x.pdf", str(template.relative_to(settings.BASE_DIR)), DATA, title="Informe", language="es"
    )
    return pypdf.PdfReader(tmp_path / "x.pdf")


def tags(node, found=None):
    """All structure tags below a node, depth first."""
    found = [] if found is None else found
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            tags(child, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found.append((node["/S"], str(node.get("/Alt", ""))))
        if "/K" in node:
            tags(node["/K"], found)
    return found


def test_it_is_tagged_titled_and_says_its_language(reader):
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert (root["/Lang"], reader.metadata.title) == ("es-US", "Informe")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part>1" in reader.xmp_metadata.stream.get_data()


def test_headings_tables_and_drawings_are_what_they_are(reader):
    found = tags(reader.trailer["/Root"]["/StructTreeRoot"])
    kinds = {tag for tag, _alt in found}

    assert {"/H1", "/Table", "/TH", "/TD", "/Figure"} <= kinds
    assert ("/Figure", "Garden 12, Park 0") in found


def test_data_is_shown_and_never_run(reader):
    text = "".join(page.extract_text() for page in reader.pages)

    assert '#panic("run") $x$ *bold* `code` <label> @ref' in text.replace("\n", " ")


def test_it_is_set_in_the_sites_own_type(reader):
    names = {str(font.get_object()["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()}

    assert any("PublicSans" in name for name in names)
