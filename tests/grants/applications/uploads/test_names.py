import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.applications.uploads import clean_name


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("IMG_0001.HEIC", "IMG_0001.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\me\\vorher.png", "vorher.jpg"),
        ("photo\u202egpj.exe", "photogpj.jpg"),
        ("a\0b\x07c.jpg", "abc.jpg"),
        ("two\r\nlines.jpg", "two lines.jpg"),
        ("Jardín de mi abuela.jpeg", "Jardín de mi abuela.jpg"),
        ("<img src=x onerror=alert(1)>.jpg", "img src=x onerror=alert(1).jpg"),
        ("", "photo.jpg"),
        ("....", "photo.jpg"),
        ("x" * 500 + ".jpg", "x" * 96 + ".jpg"),
    ],
)
def test_a_name_is_tidied(sent, shown):
    assert clean_name(sent, ".jpg", "photo") == shown


@pytest.mark.property
@given(st.text(max_size=300))
def test_any_name_ends_as_one_short_visible_line(name):
    shown = clean_name(name, ".pdf", "document")

    assert shown.endswith(".pdf")
    assert 4 < len(shown) <= 100
    assert "/" not in shown
    assert "\\" not in shown
    assert shown.isprintable()
