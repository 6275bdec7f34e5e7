"""Step 4 of the story with nothing but links and forms: what a browser without JavaScript does."""

import re
from datetime import timedelta

from django.utils import timezone

from cities.outbox.models import Message
from cities.tenancy.scopes import city_scope
from grants.applications.models import Application
from grants.cycles.models import Cycle
from residents.notices.registry import write_letter
from tests.grants.applications.uploads.making import picture, sent


def test_from_the_first_click_to_the_tracker(as_resident, city, call, words, files):
    home = as_resident.get("/tilden/")
    assert 'href="/tilden/calls/spring/"' in home.text
    assert 'href="/tilden/apply/spring/"' in as_resident.get("/tilden/calls/spring/").text

    started = as_resident.post("/tilden/apply/spring/", {"name": "Odessa Rhee"}, follow=True)
    overview = started.request["PATH_INFO"]
    assert "What is left to do" in words(started)

    about = as_resident.post(
        f"{overview}about/",
        {"v.your_name": "0", "q.your_name": "Odessa Rhee", "v.has_sponsor": "0", "q.has_sponsor": "no"},
        follow=True,
    )
    assert about.request["PATH_INFO"] == f"{overview}project/"
    project = as_resident.post(
        f"{overview}project/",
        {
            "v.project_title": "0", "q.project_title": "Tilden Street garden", "v.description": "0", "q.description": "Six trees.",
            "v.site": "0", "q.site.address": "4 Tilden Street", "v.photos": "0", "f.photos": [sent(picture())],
        },
        follow=True,
    )  # fmt: skip
    assert project.request["PATH_INFO"] == f"{overview}money/"

    too_early = as_resident.get(f"{overview}check-answers/")
    assert "Before you can send it" in words(too_early)
    assert f"{overview}money/?check#q-amount" in too_early.text
    assert "Send my application" not in words(too_early)

    checked = as_resident.post(f"{overview}money/", {"v.amount": "0", "q.amount": "1500"}, follow=True)
    assert checked.request["PATH_INFO"] == f"{overview}check-answers/"
    assert "Send my application" in words(checked)

    unsigned = as_resident.post(f"{overview}check-answers/", {})
    assert "Please check the box before you send" in words(unsigned)

    thanks = as_resident.post(f"{overview}check-answers/", {"declaration": "on"}, follow=True)
    assert thanks.request["PATH_INFO"] == f"{overview}thank-you/"
    reference = f"TIL-{timezone.now().astimezone(city.zone).year}-0001"
    assert reference in words(thanks)
    assert "What happens next" in words(thanks)

    again = as_resident.post(f"{overview}check-answers/", {"declaration": "on"}, follow=True)
    assert reference in words(again)
    with city_scope(city):
        assert Application.objects.count() == 1
        assert Message.objects.filter(kind="application-submitted").count() == 1

    tracker = as_resident.get(overview)
    assert "Where it stands" in words(tracker)
    mine = as_resident.get("/me/")
    assert reference in words(mine)
    assert re.search(rf'href="{overview}"', mine.text)


def test_taking_back_and_opening_again(as_resident, city, draft, words):
    overview = f"/tilden/apply/{draft.pk}/"
    as_resident.post(f"{overview}check-answers/", {"declaration": "on"})

    asked = as_resident.get(f"{overview}take-back/")
    assert "Take your application back?" in words(asked)
    taken = as_resident.post(f"{overview}take-back/", follow=True)
    assert "You took your application back. The city sees that." in words(taken)
    assert "Withdrawn" in words(taken)

    asked = as_resident.get(f"{overview}open-again/")
    assert "The city will not have your application until you send it again" in words(asked)
    opened = as_resident.post(f"{overview}open-again/", follow=True)
    assert "What is left to do" in words(opened)

    late = as_resident.post(f"{overview}take-back/")
    assert "this can’t be done" in words(late)


def test_after_the_close_taking_back_promises_no_way_back(as_resident, city, draft, words):
    overview = f"/tilden/apply/{draft.pk}/"
    as_resident.post(f"{overview}check-answers/", {"declaration": "on"})
    with city_scope(city):
        closed = {"closes_at": timezone.now() - timedelta(minutes=1)}
        Cycle.objects.filter(pk=draft.cycle_id).update(**closed)
        Application.objects.filter(pk=draft.pk).update(**closed)

    asked = words(as_resident.get(f"{overview}take-back/"))
    as_resident.post(f"{overview}take-back/")

    assert "The call has closed, so this can’t be undone." in asked
    assert "open it again" not in asked
    with city_scope(city):
        letter = write_letter(Message.objects.get(kind="application-withdrawn"))
    assert "open it again" not in letter.text
    assert "can’t be undone" in letter.text


def test_a_deadline_that_passes_before_sending_is_told_plainly(as_resident, city, draft, words):
    from grants.cycles.models import Cycle

    with city_scope(city):
        Cycle.objects.update(closes_at=draft.created_at - timedelta(seconds=1))

    page = as_resident.post(f"/tilden/apply/{draft.pk}/check-answers/", {"declaration": "on"})

    assert page.status_code == 200
    assert "This call closed on" in words(page)
    assert "This draft was not sent" in words(page)
    with city_scope(city):
        assert Application.objects.get().status == "draft"
