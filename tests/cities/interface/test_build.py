"""What the build promises: small, offline, and no address of any registry."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DIST = ROOT / "static" / "dist"
ADDRESS = re.compile(r"https?://(?!www\.w3\.org)[^\s\"')]+")

built = pytest.mark.skipif(not DIST.exists(), reason="The theme is not built: npm ci && npm run build.")


def compressed(name):
    return len(gzip.compress((DIST / name).read_bytes()))


def test_the_lock_file_names_no_download_address():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert all(
        "integrity" in package for name, package in packages.items() if name and not package.get("link")
    )


def test_every_package_is_pinned_to_one_version():
    manifest = json.loads((ROOT / "package.json").read_text())
    versions = {**manifest["dependencies"], **manifest["devDependencies"]}

    assert [name for name, version in versions.items() if not re.fullmatch(r"[\d.]+", version)] == []


@built
def test_a_residents_form_page_stays_within_its_budget():
    styles = compressed("css/lyb.css")
    fonts = sum(
        (DIST / "fonts" / name).stat().st_size for name in ("public-sans.woff2", "public-sans-extended.woff2")
    )
    scripts = compressed("js/forms.js")

    assert styles <= 30_000
    assert fonts <= 60_000
    assert scripts <= 20_000
    assert styles + fonts + scripts + compressed("img/icons.svg") <= 100_000


@built
def test_the_theme_asks_no_other_host():
    named = {ADDRESS.search(file.read_text()) for file in DIST.glob("css/*.css")}

    assert named == {None}


@built
@pytest.mark.parametrize("sheet", ["lyb", "workbench", "map"])
def test_every_file_that_a_style_sheet_names_is_there(sheet):
    styles = (DIST / "css" / f"{sheet}.css").read_text()
    named = {
        address for address in re.findall(r"url\(\"?([^\")?#]+)", styles) if not address.startswith("data:")
    }

    assert [address for address in named if not (DIST / "css" / address).resolve().is_file()] == []


@built
def test_no_shade_of_the_stand_in_family_is_left():
    styles = (DIST / "css" / "lyb.css").read_text().lower()

    for shade in ("#e1e6f9", "#96abee", "#3f57a6", "#374274", "#292d42"):
        assert shade not in styles
    assert "var(--accent)" in styles
