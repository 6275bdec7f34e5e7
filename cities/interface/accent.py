"""One accent colour per city, made to pass contrast whatever colour the city chose."""

import colorsys
import re

HEX = re.compile(r"#[0-9a-fA-F]{6}")
WHITE = (1.0, 1.0, 1.0)
AA, AAA = 4.5, 7.0
SRGB_KNEE = 0.04045  # below it sRGB is linear

Colour = tuple[float, float, float]


def accent_css(accent: str) -> str:
    """Write the custom properties of a city's theme.

    ``accent`` is ``#rrggbb``. Text in ``--accent`` passes 4.5:1 on white and on
    ``--accent-lightest``; so does white text on ``--accent`` (WCAG 2.2, 1.4.3).
    Raises ``ValueError`` for anything that is not a colour: it would be CSS from a stranger.
    """
    declarations = "".join(f"--{name}:{value};" for name, value in accent_shades(accent).items())
    return f":root{{{declarations}}}\n"


def accent_shades(accent: str) -> dict[str, str]:
    """Compute the five shades the theme uses, as ``#rrggbb`` by name."""
    if not HEX.fullmatch(accent):
        raise ValueError(f"Not a colour: {accent!r}")
    chosen = _parse(accent)
    lightest = _mix(chosen, WHITE, 0.92)
    base = _darken(chosen, against=lightest, until=AA)
    dark = _darken(_scale(base, 0.82), against=lightest, until=AAA)
    shades = {
        "accent-lightest": lightest,
        "accent-light": _mix(base, WHITE, 0.65),
        "accent": base,
        "accent-dark": dark,
        "accent-darker": _scale(dark, 0.7),
    }
    return {name: _hex(colour) for name, colour in shades.items()}


def contrast(one: str, other: str) -> float:
    """Compute the contrast ratio of two ``#rrggbb`` colours (WCAG 2.2, "contrast ratio")."""
    return _contrast(_parse(one), _parse(other))


def _contrast(one: Colour, other: Colour) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= SRGB_KNEE else float(((part + 0.055) / 1.055) ** 2.4)


def _darken(colour: Colour, *, against: Colour, until: float) -> Colour:
    """Lower the lightness by a hundredth at a time; hue and saturation stay the city's."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*colour)
    while _contrast(_rounded(colour), _rounded(against)) < until and lightness > 0:
        lightness = max(lightness - 0.01, 0)
        colour = colorsys.hls_to_rgb(hue, lightness, saturation)
    return colour


def _mix(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (a * (1 - share) + b * share for a, b in zip(colour, other, strict=True))
    return (red, green, blue)


def _scale(colour: Colour, factor: float) -> Colour:
    hue, lightness, saturation = colorsys.rgb_to_hls(*colour)
    return colorsys.hls_to_rgb(hue, lightness * factor, saturation)


def _parse(text: str) -> Colour:
    red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return (red, green, blue)


def _rounded(colour: Colour) -> Colour:
    return _parse(_hex(colour))


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)
