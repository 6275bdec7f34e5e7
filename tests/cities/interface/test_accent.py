import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cities.interface.accent import accent_css, accent_shades, contrast

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def test_contrast_is_measured_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.property
@given(COLOURS)
def test_every_colour_a_city_may_choose_becomes_readable(colour):
    shades = accent_shades(colour)

    for ground in ("#ffffff", shades["accent-lightest"]):
        assert contrast(shades["accent"], ground) >= 4.5
        assert contrast(shades["accent-dark"], ground) >= 7
    assert contrast(shades["accent-lightest"], "#1b1f23") >= 7


@pytest.mark.property
@given(COLOURS)
def test_the_shades_darken_in_order(colour):
    shades = accent_shades(colour)
    ratios = [
        contrast(shades[name], "#ffffff")
        for name in ("accent-lightest", "accent-light", "accent", "accent-dark")
    ]

    assert ratios == sorted(ratios)


def test_a_readable_colour_stays_as_the_city_chose_it():
    assert accent_shades("#7a1f5c")["accent"] == "#7a1f5c"


def test_a_pale_colour_is_darkened():
    assert accent_shades("#ffcc00")["accent"] != "#ffcc00"


def test_the_theme_is_five_custom_properties():
    assert re.fullmatch(r":root\{(--accent[a-z-]*:#[0-9a-f]{6};){5}\}\n", accent_css("#1b5e6b"))


@pytest.mark.parametrize("text", ["", "red", "#fff", "#12345g", "#1b5e6b;}body{display:none", "#1b5e6b\n"])
def test_anything_but_a_colour_is_refused(text):
    with pytest.raises(ValueError, match="Not a colour"):
        accent_css(text)
