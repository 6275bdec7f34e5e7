from io import BytesIO

import pytest
from PIL import Image

from grants.applications.errors import FileRefusedError
from grants.applications.uploads import read_upload

from .making import HEIC, geotagged, object_stream, pdf, picture, sent


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
    "pdf with a script": pdf(b"3 0 obj\n<< /S /JavaScript /JS (app.alert\\(1\\)) >>\nendobj\n"),
    "pdf with a hidden script": pdf(b"3 0 obj\n<< /S /J#61vaScript /#4aS (app.alert\\(1\\)) >>\nendobj\n"),
    "pdf with a packed script": pdf(object_stream(b"3 0 << /S /JavaScript /JS (x) >>")),
    "pdf with a packed stream that breaks": pdf(object_stream(b"x").replace(b"x\x9c", b"zz")),
    "pdf that starts a program": pdf(b"3 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj\n"),
    "pdf with a file inside": pdf(b"3 0 obj\n<< /Type /EmbeddedFile >>\nstream\nMZ\nendstream\nendobj\n"),
    "pdf with a form that sends": pdf(b"3 0 obj\n<< /S /SubmitForm /F (http://x) >>\nendobj\n"),
    "pdf with xfa": pdf(b"3 0 obj\n<< /XFA [] >>\nendobj\n"),
    "locked pdf": pdf(b"3 0 obj\n<< /Encrypt 4 0 R >>\nendobj\n"),
    "pdf with a page inside": pdf(b"<html><script>alert(1)</script></html>"),
    "pdf with a zip behind": pdf(tail=b"PK\x05\x06" + b"\0" * 18 + b"\n%%EOF\n"),
    "pdf with anything behind": pdf(tail=b"x" * 2000),
    "pdf bomb": pdf(object_stream(b"\0" * 60_000_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_else_is_refused_in_a_sentence(name):
    with pytest.raises(FileRefusedError) as refused:
        read_upload(sent(HOSTILE[name], f"{name}.jpg"))

    assert str(refused.value).endswith(".")
    assert "Please" in str(refused.value)


def test_a_photo_with_something_hidden_behind_keeps_only_its_picture():
    hidden = picture(size=(300, 200)) + b"PK\x03\x04<script>alert(1)</script>"

    ready = read_upload(sent(hidden))

    assert b"script" not in ready.content.read()


def test_a_plain_pdf_is_kept_as_it_is():
    content = pdf(
        object_stream(b"3 0 << /Type /Font >>")
        + b"9 0 obj\n<< /Length 6 >>\nstream\n/JS /Launch in a picture\nendstream\nendobj\n"
    )

    ready = read_upload(sent(content, "quote.PDF", "application/pdf"))

    assert (ready.content.read(), ready.content_type, ready.name, ready.thumbnail) == (
        content,
        "application/pdf",
        "quote.pdf",
        None,
    )
