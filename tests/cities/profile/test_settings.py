import json
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from cities.access.models import Role
from cities.audit.models import Event
from cities.profile import actions
from cities.profile.actions import remove_logo, set_logo, update_city
from cities.profile.logos import SIDE, NotAnImageError, encode_logo
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from tests.factories import UserFactory, make_city, make_member
from tests.people import sign_in

pytestmark = pytest.mark.django_db

SETTINGS = {
    "contact_name": "Office of Neighborhoods", "contact_email": "blocks@tilden.example", "contact_phone": "555-0100", "contact_address": "1 Main St",
    "languages": ["es", "en"], "timezone": "America/Chicago", "fiscal_year_starts_month": "10", "accent_color": "#663399",
}  # fmt: skip


@pytest.fixture
def city(db):
    return make_city("tilden")


@pytest.fixture
def manager(city, client):
    user = make_member(city, Role.MANAGER)
    sign_in(client, user)
    return user


def address(city, name):
    return reverse(f"cities:{name}", kwargs={"city": city.slug})


def picture(format="PNG", size=(900, 600), **more):
    out = BytesIO()
    Image.new("RGB", size, "#663399").save(out, format, **more)
    return SimpleUploadedFile(f"logo.{format.lower()}", out.getvalue())


def test_settings_are_changed_and_audited_with_before_and_after(city):
    actor = UserFactory()

    with city_scope(city):
        update_city(city.pk, contact_name="Office of Neighborhoods", timezone="America/Chicago", actor=actor)

        event = Event.objects.get()
    city.refresh_from_db()
    assert (city.contact_name, city.timezone) == ("Office of Neighborhoods", "America/Chicago")
    assert (event.tag, event.actor, event.subject_id) == ("city:change", actor, city.pk)
    assert event.data == {
        "before": {"contact_name": "", "timezone": "America/New_York"},
        "after": {"contact_name": "Office of Neighborhoods", "timezone": "America/Chicago"},
    }


def test_saving_the_same_settings_again_is_not_an_event(city):
    with city_scope(city):
        update_city(city.pk, timezone=city.timezone, actor=UserFactory())

        assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"timezone": "America/Atlantis"}, "timezone"),
        ({"accent_color": "red; }"}, "accent_color"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"fiscal_year_starts_month": 13}, "fiscal_year_starts_month"),
        ({"languages": []}, "languages"),
        ({"languages": ["en", "en"]}, "languages"),
        ({"languages": ["tlh"]}, "languages"),
    ],
)
def test_settings_that_make_no_sense_are_refused(city, values, field):
    with city_scope(city):
        with pytest.raises(RuleError) as refusal:
            update_city(city.pk, actor=UserFactory(), **values)

        assert not Event.objects.exists()
    assert refusal.value.field == field


@pytest.mark.parametrize("field", ["slug", "name", "kind", "is_demo", "logo", "currency"])
def test_what_links_and_money_hang_on_is_no_setting(city, field):
    with city_scope(city), pytest.raises(TypeError, match=field):
        update_city(city.pk, actor=UserFactory(), **{field: "x"})


def test_a_change_that_fails_after_its_last_write_leaves_nothing(city, monkeypatch):
    written = actions.audit.record

    def write_and_fail(*args, **kwargs):
        written(*args, **kwargs)
        raise RuleError("No.")

    monkeypatch.setattr(actions.audit, "record", write_and_fail)
    with city_scope(city):
        for deed in (
            lambda: update_city(city.pk, contact_name="x", actor=UserFactory()),
            lambda: set_logo(city.pk, stored_as="logos/x.png", actor=UserFactory()),
        ):
            with pytest.raises(RuleError):
                deed()
        assert not Event.objects.exists()
    city.refresh_from_db()
    assert (city.contact_name, city.logo.name) == ("", "")


def test_a_manager_saves_the_settings_on_the_page(city, manager, client):
    response = client.post(address(city, "settings-edit"), SETTINGS)

    city.refresh_from_db()
    assert response["Location"] == address(city, "settings-edit")
    assert (city.languages, city.fiscal_year_starts_month, city.accent_color) == (["en", "es"], 10, "#663399")


def test_the_page_shows_again_what_was_typed_beside_its_refusal(city, manager, client):
    page = client.post(
        address(city, "settings-edit"), {**SETTINGS, "contact_email": "nobody", "contact_name": "Typed"}
    ).content.decode()

    assert 'value="Typed"' in page
    assert 'id="id_contact_email_error"' in page
    city.refresh_from_db()
    assert city.contact_name == ""


def test_a_color_is_shown_without_being_saved(city, manager, client):
    page = client.post(
        address(city, "settings-edit"), {**SETTINGS, "accent_color": "#ffee00", "preview": "1"}
    ).content.decode()

    city.refresh_from_db()
    assert city.accent_color == "#005ea2"
    assert "As chosen, this color would be hard to read" in page


def test_a_color_that_is_none_never_reaches_the_style_sheet(city, manager, client):
    page = client.post(
        address(city, "settings-edit"), {**SETTINGS, "accent_color": "red}body{display:none"}
    ).content.decode()

    assert "red}body" not in page.split("<style")[1].split("</style>")[0]


PAGES = ["settings-edit", "logo-edit"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", [Role.STAFF, Role.VIEWER, Role.REVIEWER, None])
def test_only_managers_reach_the_settings(city, client, name, role):
    sign_in(client, make_member(city, role) if role else UserFactory())

    assert client.get(address(city, name)).status_code == 403
    assert client.post(address(city, name), SETTINGS).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_another_citys_settings_are_forbidden(city, manager, client, name):
    assert client.get(address(make_city("elsewhere"), name)).status_code == 403


def test_an_unknown_city_is_not_found(manager, client):
    assert client.get("/nowhere/staff/setup/city/").status_code == 404


def test_a_logo_is_stored_small_and_shown_to_everybody(city, manager, client):
    response = client.post(address(city, "logo-edit"), {"logo": picture("JPEG", size=(2000, 1000))})

    city.refresh_from_db()
    client.logout()
    shown = client.get(address(city, "city-logo"))
    image = Image.open(BytesIO(shown.content))
    assert response["Location"] == address(city, "settings-edit")
    assert city.logo.name.startswith("logos/")
    assert (image.format, image.size) == ("PNG", (SIDE, SIDE // 2))
    assert shown["Content-Type"] == "image/png"
    with city_scope(city):
        assert Event.objects.get().tag == "city:set-logo"


def test_a_logo_loses_its_metadata():
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825)[2] = (39.0, 17.0, 24.0)

    png = encode_logo(picture("JPEG", exif=exif))

    assert b"taken at home" not in png
    assert not Image.open(BytesIO(png)).getexif()


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile(
            "logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
        ),
        SimpleUploadedFile("logo.png", b"\x89PNG\r\n\x1a\n broken"),
        SimpleUploadedFile("logo.png", picture().read()[:200]),
        SimpleUploadedFile("logo.png", b"x" * 5_000_001),
    ],
    ids=["svg", "broken", "cut off", "too large"],
)
def test_a_file_that_cant_be_a_logo_is_refused(upload):
    with pytest.raises(NotAnImageError):
        encode_logo(upload)


def test_an_image_of_too_many_pixels_is_refused(settings):
    settings.UPLOAD_MAX_PIXELS = 100

    with pytest.raises(NotAnImageError, match="too many pixels"):
        encode_logo(picture(size=(11, 10)))


def test_a_refused_logo_is_told_beside_the_field(city, manager, client):
    response = client.post(address(city, "logo-edit"), {"logo": SimpleUploadedFile("logo.png", b"no image")})

    assert "not an image that we can read" in response.content.decode()
    city.refresh_from_db()
    assert not city.logo


@pytest.mark.django_db(transaction=True)
def test_the_former_logo_is_deleted_once_the_new_one_stands(client):
    city = make_city("tilden")
    sign_in(client, make_member(city, Role.MANAGER))
    client.post(address(city, "logo-edit"), {"logo": picture()})
    former = City.objects.get(pk=city.pk).logo.name

    client.post(address(city, "logo-edit"), {"logo": picture("WEBP")})
    kept = City.objects.get(pk=city.pk).logo.name
    client.post(address(city, "logo-remove"))

    assert not default_storage.exists(former)
    assert not default_storage.exists(kept)
    assert client.get(address(city, "city-logo")).status_code == 404


def test_there_is_nothing_to_remove_without_a_logo(city):
    with city_scope(city), pytest.raises(RuleError, match="no logo"):
        remove_logo(city.pk, actor=UserFactory())


def test_the_theme_is_served_to_everybody(city, client):
    response = client.get(address(city, "city-theme"))

    assert response["Content-Type"] == "text/css"
    assert "--accent:#005ea2" in response.content.decode().replace(" ", "")


def send(client, method, path, data=None):
    response = client.generic(method, path, json.dumps(data or {}), content_type="application/json")
    return response.status_code, json.loads(response.content)


def test_settings_over_the_api(city, manager, client):
    path = address(city, "api-city-settings")

    before = send(client, "GET", path)[1]
    status, after = send(
        client, "PATCH", path, {"contact_phone": "555-0199", "languages": ["en", "es"], "name": "Hacked"}
    )

    assert (before["name"], before["has_logo"]) == ("Tilden", False)
    assert (status, after["contact_phone"], after["languages"], after["name"]) == (
        200,
        "555-0199",
        ["en", "es"],
        "Tilden",
    )


@pytest.mark.parametrize(
    "data",
    [{"timezone": "Nowhere"}, {"accent_color": "blue"}, {"languages": []}, {"fiscal_year_starts_month": 0}],
)
def test_settings_of_the_wrong_shape_are_refused_over_the_api(city, manager, client, data):
    assert send(client, "PATCH", address(city, "api-city-settings"), data)[0] in {400, 422}
    with city_scope(city):
        assert not Event.objects.exists()


def test_the_desk_reads_settings_over_the_api_and_others_dont(city, client):
    path = address(city, "api-city-settings")
    found = {"anonymous": send(client, "GET", path)[0]}
    for name, roles in {"viewer": [Role.VIEWER], "reviewer": [Role.REVIEWER], "resident": []}.items():
        sign_in(client, make_member(city, *roles))
        found[name] = (send(client, "GET", path)[0], send(client, "PATCH", path, {"contact_name": "x"})[0])

    assert found == {"anonymous": 401, "viewer": (200, 403), "reviewer": (403, 403), "resident": (403, 403)}


def test_a_color_can_be_tried_over_the_api(city, manager, client):
    path = address(city, "api-city-accent")

    status, found = send(client, "GET", f"{path}?color=%23ffee00")

    assert (status, found["is_changed"]) == (200, True)
    assert found["used_ratio"] >= 4.5
    assert send(client, "GET", f"{path}?color=yellow")[0] == 400


def test_an_old_page_of_settings_undoes_nothing_of_a_colleague(city, manager, client):
    page = address(city, "settings-edit")
    seen = client.get(page).context["seen"]
    drawn = client.post(page, SETTINGS | {"preview": "1", "seen": seen})
    first = [client.post(page, SETTINGS | {"seen": seen}) for _ in range(2)]

    second = client.post(page, SETTINGS | {"timezone": "America/Denver", "seen": drawn.context["seen"]})

    assert [answer.status_code for answer in (*first, second)] == [302, 302, 409]
    assert "Somebody else saved the settings" in second.text
    assert second.context["form"].data["timezone"] == "America/Denver"
    city.refresh_from_db()
    assert city.timezone == "America/Chicago"
    informed = client.post(page, SETTINGS | {"timezone": "America/Denver", "seen": second.context["seen"]})
    assert informed.status_code == 302


def test_the_api_gives_a_ticket_of_the_settings_and_refuses_an_old_one(city, manager, client):
    path = address(city, "api-city-settings")
    seen = client.get(path).json()["seen"]

    def send(**values):
        return client.patch(path, json.dumps(values), content_type="application/json")

    first, second, unasked = (
        send(contact_phone="555-0100", seen=seen),
        send(contact_phone="555-0199", seen=seen),
        send(contact_phone="555-0200"),
    )

    assert [answer.status_code for answer in (first, second, unasked)] == [200, 409, 200]
    assert first.json()["seen"] != seen
    assert "Somebody else saved the settings" in second.json()["detail"]


@pytest.mark.parametrize("zone", ["US/Central", "UTC", "America/Denver"])
def test_the_stored_zone_is_chosen_and_correcting_something_else_moves_no_clock(city, manager, client, zone):
    with city_scope(city):
        update_city(city.pk, timezone=zone, actor=manager)
    page = client.get(address(city, "settings-edit"))

    client.post(address(city, "settings-edit"), {**SETTINGS, "timezone": zone, "contact_phone": "555-0199"})

    city.refresh_from_db()
    assert f'<option value="{zone}" selected>' in page.text
    assert (city.timezone, city.contact_phone) == (zone, "555-0199")


def test_a_zone_that_is_neither_listed_nor_stored_is_refused(city, manager, client):
    refused = client.post(address(city, "settings-edit"), {**SETTINGS, "timezone": "US/Central"})

    assert list(refused.context["form"].errors) == ["timezone"]
