import os
import re
import subprocess
import sys
import zlib
from io import BytesIO

import pikepdf
import pypdf
import pytest
from PIL import Image

from grants.applications.errors import FileRefusedError
from grants.applications.uploads import read_upload, rewriting

from .making import HEIC, bomb, geotagged, pdf, picture, sent, whole_pdf


def opened(ready):
    return Image.open(BytesIO(ready.content.read()))


def test_where_a_photo_was_taken_is_gone():
    original = geotagged()
    assert b"Odessa" in original
    assert Image.open(BytesIO(original)).getexif().get_ifd(0x8825)

    ready = read_upload(sent(original))

    image = opened(ready)
    ready.content.seek(0)
    written = ready.content.read()
    assert len(image.getexif()) == 0
    assert set(image.info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }
    for trace in (b"Exif", b"Odessa", b"GPS", b"http://ns.adobe"):
        assert trace not in written
        assert trace not in ready.thumbnail


def test_a_photo_that_lay_on_its_side_stands_upright():
    ready = read_upload(sent(geotagged(orientation=6)))

    assert (ready.width, ready.height) == (48, 64)
    assert opened(ready).size == (48, 64)


def test_a_photo_of_an_iphone_is_taken():
    ready = read_upload(sent(HEIC, "IMG_0001.HEIC", "image/heic"))

    assert (ready.content_type, ready.name, ready.width, ready.height) == (
        "image/jpeg",
        "IMG_0001.jpg",
        29,
        100,
    )
    assert opened(ready).format == "JPEG"


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "L"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
    ],
)
def test_each_kind_of_photo_becomes_a_jpeg(kind, mode):
    ready = read_upload(sent(picture(kind, mode=mode, color=0 if mode in {"P", "L"} else "green")))

    assert (ready.content_type, opened(ready).mode) == ("image/jpeg", "RGB")


def test_what_is_see_through_becomes_white():
    ready = read_upload(sent(picture("PNG", mode="RGBA", color=(0, 0, 0, 0))))

    assert opened(ready).getpixel((5, 5)) == (255, 255, 255)


def test_a_large_photo_is_shrunk_and_has_a_small_twin():
    ready = read_upload(sent(picture(size=(4000, 3000))))

    assert (ready.width, ready.height) == (2560, 1920)
    assert Image.open(BytesIO(ready.thumbnail)).size == (480, 360)


def test_the_bytes_say_what_a_file_is_and_not_its_name():
    ready = read_upload(sent(picture("PNG"), "letter.pdf", "application/pdf"))

    assert (ready.name, ready.content_type) == ("letter.jpg", "image/jpeg")


def test_too_many_pixels_are_refused_before_they_are_decoded():
    flood = picture("PNG", size=(20_000, 20_000), mode="1", color=0)
    assert len(flood) < 100_000

    with pytest.raises(FileRefusedError, match="60 megapixels"):
        read_upload(sent(flood))


def test_just_over_the_cap_is_refused_too(settings):
    settings.UPLOAD_MAX_PIXELS = 64 * 48 - 1

    with pytest.raises(FileRefusedError, match="megapixels"):
        read_upload(sent(picture()))


def test_too_many_bytes_are_refused(settings):
    settings.UPLOAD_MAX_BYTES = 1_000_000

    with pytest.raises(FileRefusedError, match="1 MB"):
        read_upload(sent(picture() + b"\0" * 1_000_000))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
SCRIPT = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
HOSTILE = {
    "empty": b"",
    "svg": SVG,
    "svg with a byte order mark": b"\xef\xbb\xbf" + SVG,
    "html": b"<!doctype html><script>alert(1)</script>",
    "zip": b"PK\x03\x04" + b"\0" * 60,
    "program": b"MZ\x90\0" + b"\0" * 200,
    "elf": b"\x7fELF" + b"\0" * 200,
    "shell": b"#!/bin/sh\nrm -rf /\n",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "gif": picture("GIF"),
    "tiff": picture("TIFF"),
    "bmp": picture("BMP"),
    "gif with a script behind": b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)",
    "eicar": rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
    "only a jpeg's head": b"\xff\xd8\xff\xe0" + b"\0" * 500,
    "only a png's head": b"\x89PNG\r\n\x1a\n" + b"\0" * 500,
    "half a jpeg": picture(size=(600, 600))[:300],
    "half a heic": HEIC[:900],
    "only a heic's head": HEIC[:40],
    "pdf without an end": b"%PDF-1.7\n1 0 obj\n",
    "pdf that begins later": b"\n\n%PDF-1.7\n%%EOF",
    "pdf with a script": pdf(b"4 0 obj\n<< /S /JavaScript /JS (app.alert\\(1\\)) >>\nendobj\n"),
    "pdf with a packed script": whole_pdf({"/OpenAction": SCRIPT}),
    "pdf with nothing in it": b"%PDF-1.7\n%%EOF\n",
    "locked pdf": whole_pdf({}, encryption=pikepdf.Encryption(owner="o", user="u")),
    "pdf that only its owner may change": whole_pdf({}, encryption=pikepdf.Encryption(owner="o")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_else_is_refused_in_a_sentence(name):
    with pytest.raises(FileRefusedError) as refused:
        read_upload(sent(HOSTILE[name], f"{name}.jpg"))

    assert str(refused.value).endswith(".")
    assert "Please" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("pdf with a packed script", "holds scripts or other files"),
        ("locked pdf", "locked with a password"),
        ("pdf with nothing in it", "We could not read this PDF"),
    ],
)
def test_a_refused_pdf_is_told_why(name, sentence):
    with pytest.raises(FileRefusedError, match=sentence):
        read_upload(sent(HOSTILE[name], "quote.pdf"))


def test_a_photo_with_something_hidden_behind_keeps_only_its_picture():
    hidden = picture(size=(300, 200)) + b"PK\x03\x04<script>alert(1)</script>"

    ready = read_upload(sent(hidden))

    assert b"script" not in ready.content.read()


ACTING = [
    "JavaScript", "JS", "Launch", "EmbeddedFile", "EmbeddedFiles", "EF", "RichMedia", "RichMediaContent", "XFA",
    "SubmitForm", "ImportData", "GoToE", "GoToR", "Movie", "Sound", "Rendition", "Filespec",
]  # fmt: skip


def spelled(name: str) -> bytes:
    return b"/" + b"".join(
        b"#%02x" % letter if at % 2 else bytes([letter]) for at, letter in enumerate(name.encode())
    )


def as_value(name: str) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(Deep=pikepdf.Array([pikepdf.Dictionary(S=pikepdf.Name("/" + name))]))


WAYS = {
    "plainly": lambda name: pdf(b"4 0 obj\n<< /S /%s >>\nendobj\n" % name.encode()),
    "as a key": lambda name: pdf(b"4 0 obj\n<</%s[]>>\nendobj\n" % name.encode()),
    "spelled in numbers": lambda name: pdf(b"4 0 obj\n<< /S %s >>\nendobj\n" % spelled(name)),
    "behind a word for a stream": lambda name: pdf(
        b"%%stream\n4 0 obj\n<< /S /%s >>\nendobj\n" % name.encode()
    ),
    "behind a string that closes": lambda name: pdf(
        b"4 0 obj\n<< /T (\\() /S /%s >>\nendobj\n" % name.encode()
    ),
    "in a stream's own words": lambda name: pdf(
        b"4 0 obj\n<< /Length 2 /S /%s >>\nstream\nMZ\nendstream\nendobj\n" % name.encode()
    ),
    "in the trailer": lambda name: pdf().replace(b"<< /Root", b"<< /%s [] /Root" % name.encode()),
    "packed with others": lambda name: whole_pdf({"/OpenAction": as_value(name)}),
    "as a key, packed": lambda name: whole_pdf({"/Names": pikepdf.Dictionary({"/" + name: pikepdf.Array()})}),
    "in an earlier version": lambda name: (
        whole_pdf({"/AA": as_value(name)}, packed=False)
        + b"9 0 obj\n<< >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
    ),
    "packed, its table broken": lambda name: whole_pdf({"/OpenAction": as_value(name)}).replace(
        b"startxref", b"startxrex"
    ),
    "packed twice": lambda name: repacked(whole_pdf({"/OpenAction": as_value(name)})),
}
"""Where a name can stand. One that a reader doesn't find is refused too, or gone from what is kept."""


def repacked(content: bytes) -> bytes:
    """Compress what is packed once more, and say so."""

    def again(found: re.Match[bytes]) -> bytes:
        body = zlib.compress(found["body"])
        words = re.sub(rb"/Filter /FlateDecode", b"/Filter [/FlateDecode /FlateDecode]", found["words"])
        return re.sub(rb"/Length \d+", b"/Length %d" % len(body), words) + b"stream\n" + body + b"\nendstream"

    return re.sub(
        rb"(?P<words><<[^>]*/ObjStm[^>]*>>\s*)stream\r?\n(?P<body>.*?)\nendstream",
        again,
        content,
        flags=re.DOTALL,
    )


def names_in(content: bytes) -> set[str]:
    """Every name of a PDF, as another reader than ours finds it."""
    found, reader = set(), pypdf.PdfReader(BytesIO(content))

    def walk(thing):
        if isinstance(thing, pypdf.generic.NameObject):
            found.add(str(thing).removeprefix("/"))
        elif isinstance(thing, dict):
            for key, value in thing.items():
                walk(key)
                walk(value)
        elif isinstance(thing, list):
            for value in thing:
                walk(value)

    walk(reader.trailer)
    for generation, numbers in reader.xref.items():
        for number in numbers:
            walk(reader.get_object(pypdf.generic.IndirectObject(number, generation, reader)))
    for number in reader.xref_objStm:
        walk(reader.get_object(pypdf.generic.IndirectObject(number, 0, reader)))
    return found


@pytest.mark.parametrize("name", ACTING)
@pytest.mark.parametrize("way", WAYS)
def test_no_pdf_that_is_kept_can_act(name, way):
    try:
        kept = rewriting.rewrite(WAYS[way](name))
    except rewriting.NotPlainError:
        return

    assert "MediaBox" in names_in(kept)
    assert name not in names_in(kept)


@pytest.mark.parametrize(
    "way", [way for way in WAYS if "twice" not in way and "broken" not in way and "behind a word" not in way]
)
def test_a_name_that_is_found_is_said_to_act(way):
    with pytest.raises(rewriting.ActiveError):
        rewriting.rewrite(WAYS[way]("JavaScript"))


@pytest.mark.parametrize(
    "hidden",
    [
        pdf(b"<html><script>alert(1)</script></html>"),
        pdf(tail=b"PK\x05\x06" + b"\0" * 18 + b"\n%%EOF\n"),
        pdf(tail=b"<script>" * 200),
        pdf(b"% <script>alert(1)</script>\n"),
    ],
)
def test_what_lies_around_a_pdf_is_gone(hidden):
    kept = read_upload(sent(hidden, "quote.pdf")).content.read()

    assert b"script" not in kept
    assert b"PK\x05\x06" not in kept
    assert len(pypdf.PdfReader(BytesIO(kept)).pages) == 1


def test_a_plain_pdf_keeps_its_pages_and_loses_who_made_it():
    content = whole_pdf({"/Lang": pikepdf.String("es")})
    with pikepdf.open(BytesIO(content)) as made:
        made.docinfo["/Author"] = "Odessa Rhee"
        with made.open_metadata() as told:
            told["dc:creator"] = ["Odessa Rhee"]
        made.pages[0].Contents = made.make_stream(b"% /JS /Launch drawn on a page\n")
        made.pages[0].Label = pikepdf.String("/JS in words")
        out = BytesIO()
        made.save(out, compress_streams=False)

    ready = read_upload(sent(out.getvalue(), "quote.PDF", "application/pdf"))

    kept = ready.content.read()
    assert (ready.content_type, ready.name, ready.thumbnail, ready.size_bytes) == (
        "application/pdf",
        "quote.pdf",
        None,
        len(kept),
    )
    reader = pypdf.PdfReader(BytesIO(kept))
    assert reader.pages[0].get_contents().get_data() == b"% /JS /Launch drawn on a page\n"
    assert (reader.metadata, reader.trailer["/Root"]["/Lang"]) == (None, "es")
    assert "Metadata" not in names_in(kept)
    assert ready.sha256 == read_upload(sent(out.getvalue(), "again.pdf")).sha256


def test_a_pdf_is_taken_apart_without_the_sites_secrets(monkeypatch):
    monkeypatch.setenv("LYB_SECRET_KEY", "of the site")
    started = []
    run = subprocess.run
    monkeypatch.setattr(
        subprocess, "run", lambda *args, **options: started.append(options) or run(*args, **options)
    )

    read_upload(sent(pdf(), "quote.pdf"))

    assert [set(options["env"]) - {"LD_LIBRARY_PATH"} for options in started] == [set()]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process’s memory")
def test_a_bomb_goes_off_within_limits(tmp_path):
    file = tmp_path / "bomb.pdf"
    file.write_bytes(bomb(1_000_000_000))
    with file.open("rb") as content, (tmp_path / "kept").open("wb") as kept:
        program = subprocess.Popen([sys.executable, "-I", rewriting.__file__], stdin=content, stdout=kept)
        _pid, _status, used = os.wait4(program.pid, 0)

    assert used.ru_maxrss * 1024 < rewriting.MEMORY
    assert used.ru_utime + used.ru_stime < rewriting.SECONDS + 1


def test_a_pdf_that_takes_too_long_is_refused(monkeypatch):
    def late(*_args, **options):
        raise subprocess.TimeoutExpired("rewriting", options["timeout"])

    monkeypatch.setattr(subprocess, "run", late)

    with pytest.raises(FileRefusedError, match="We could not read this PDF"):
        read_upload(sent(pdf(), "quote.pdf"))
