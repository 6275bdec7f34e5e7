"""Over the API: the Center's money comes to the call, people review, the manager decides, residents answer."""

from typing import Any

from cities.outbox.models import Message
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from tests.days import today
from tests.story.calling import CENTER, CITY, Caller

GRANTED = 10_000_000
TRANCHE = 4_000_000


def award_body(application: str, cents: int) -> dict[str, Any]:
    return {
        "offers": [{"application": application, "amount_cents": cents}],
        "conditions": "Photos before and after",
    }


def bring_the_money(
    officer: Caller, finance: Caller, manager: Caller, *, cycle: str, application: str
) -> None:
    """The Center's grant comes to the call. At each step an award says what is missing and whose turn it is."""
    on = today()
    grant = officer.pay(
        f"{CENTER}grants/",
        {"city": "marlow-falls", "amount_cents": GRANTED, "currency": "USD", "starts_on": f"{on.year}-01-01",
         "ends_on": f"{on.year + 1}-12-31", "reference": "LYB-MF"},
        expect=201,
    )["id"]  # fmt: skip
    tranche = officer.pay(
        f"{CENTER}grants/{grant}/tranches/",
        {"amount_cents": TRANCHE, "sent_on": on.isoformat(), "bank_reference": "WIRE 77"},
        expect=201,
    )["id"]
    _refused(manager, application, "Finance must accept the program grant LYB-MF")

    finance.pay(f"{CITY}money/grants/{grant}/acceptance/", expect=201)
    _refused(manager, application, "Finance must confirm tranche 1 of LYB-MF: $40,000.00")
    received = {"received_on": on.isoformat(), "bank_reference": "WIRE 77"}
    manager.pay(f"{CITY}money/tranches/{tranche}/receipt/", received, expect=403)
    finance.pay(f"{CITY}money/tranches/{tranche}/receipt/", received, expect=201)
    _refused(manager, application, "A manager can allocate $40,000.00")

    manager.pay(f"{CITY}money/calls/{cycle}/allocations/", {"amount_cents": 30_000}, expect=201)
    _refused(manager, application, "$150.00 is missing in “Marlow Falls mini-grants”")
    manager.pay(f"{CITY}money/calls/{cycle}/allocations/", {"amount_cents": 1_970_000}, expect=201)
    money = manager.ask("GET", f"{CITY}money/")
    assert (money["unallocated_cents"], money["cycles"][0]["available_cents"]) == (2_000_000, 2_000_000)
    assert money["cycles"][0]["planned_cents"] == 2_400_000


def _refused(manager: Caller, application: str, words: str) -> None:
    refusal = manager.pay(f"{CITY}awards/", award_body(application, 45_000), expect=422)
    assert words in refusal["detail"]


def review(manager: Caller, outsider: Caller, torn: Caller, *, application: str) -> None:
    """A resident from outside city hall scores; a colleague of the applicant says so, and the file is gone for them."""
    made = manager.ask(
        "POST",
        f"{CITY}desk/reviews/",
        {"applications": [application], "reviewers": [str(outsider.user.pk), str(torn.user.pk)]},
        expect=201,
    )
    sheet_of = {one["reviewer"]: f"{CITY}review/{one['id']}/" for one in made}
    _score(outsider, sheet_of[str(outsider.user.pk)])
    outsider.ask("GET", f"{CITY}desk/applications/", expect=403)
    outsider.ask("GET", f"{CITY}ranking/", expect=403)
    _step_back(torn, sheet_of[str(torn.user.pk)], application)

    (row,) = (one for one in manager.ask("GET", f"{CITY}ranking/")["results"] if one["id"] == application)
    assert (row["scored_count"], row["score_mean"], row["recommended_cents"]) == (1, "29.50", 48_000)


def _score(reviewer: Caller, path: str) -> None:
    (waiting,) = reviewer.ask("GET", f"{CITY}review/")["to_do"]
    assert waiting["is_open"] is False
    assert reviewer.ask("GET", path)["application"] is None
    opened = reviewer.ask("POST", f"{path}opening/")
    (photo, *_others) = opened["application"]["files"]
    reviewer.look(photo["url"])

    saved = reviewer.ask("PATCH", path, {"version": opened["sheet"]["version"], "scores": {"impact": "24,5"}})
    assert saved["total"] == "24.5"
    unfinished = reviewer.ask("POST", f"{path}submission/", {"version": saved["version"]}, expect=422)
    assert [problem["place"] for problem in unfinished["problems"]] == ["gates.complete"]
    saved = reviewer.ask(
        "PATCH",
        path,
        {"version": saved["version"], "gates": {"complete": True}, "bonus": {"youth": True}, "comment": "A good block.",
         "recommended": "480"},
    )  # fmt: skip
    sent = reviewer.ask("POST", f"{path}submission/", {"version": saved["version"]})
    assert (sent["status"], sent["total"], sent["recommended_cents"]) == ("submitted", "29.5", 48_000)


def _step_back(torn: Caller, path: str, application: str) -> None:
    file = torn.ask("POST", f"{path}opening/")["application"]["files"][0]["url"]
    torn.look(file)
    torn.ask("POST", f"{path}conflict/", {"kind": "family", "words": "My sister leads it."}, expect=204)

    for gone in (path, f"{CITY}desk/applications/{application}/"):
        torn.ask("GET", gone, expect=403)
    torn.look(file, expect=403)
    for listed in ("desk/applications/", "desk/applications/?q=odessa", "ranking/", "desk/reviews/"):
        assert application not in str(torn.ask("GET", f"{CITY}{listed}"))


def decide(manager: Caller, city: City, *, application: str, other: str) -> str:
    """Award less than was asked for, decline the other with a reason; return the award's id."""
    rows = {row["id"]: row for row in manager.ask("GET", f"{CITY}ranking/?sort=-score")["results"]}
    assert rows[application]["requested_cents"] == 50_000
    (award,) = manager.pay(f"{CITY}awards/", award_body(application, 45_000), expect=201)["ids"]
    reason = "There is no permit for the wall yet."
    manager.ask("POST", f"{CITY}refusals/", {"refusals": [{"application": other, "reason": reason}]})

    ranking = manager.ask("GET", f"{CITY}ranking/")
    assert (ranking["available_cents"], ranking["committed_cents"]) == (1_955_000, 45_000)
    with city_scope(city):
        kinds = list(Message.objects.values_list("kind", flat=True))
    assert {"award-offered", "application-declined"} <= set(kinds), kinds
    return award


def answer(resident: Caller, neighbor: Caller, award: str) -> None:
    """The resident says yes, once; the other applicant reads why there is no grant."""
    (told,) = neighbor.ask("GET", "/api/v1/me/applications/")
    assert (told["status"], told["decision_reason"]) == ("unfunded", "There is no permit for the wall yet.")

    (mine,) = resident.ask("GET", "/api/v1/me/applications/")
    assert (mine["award_status"], mine["awarded_cents"]) == ("offered", 45_000)
    yes = {"payee_name": "Tilden Street Neighbors", "agrees": True}
    neighbor.pay(f"{CITY}awards/{award}/acceptance/", yes, expect=403)
    accepted = resident.pay(f"{CITY}awards/{award}/acceptance/", yes)
    assert (accepted["status"], accepted["payee_name"]) == ("accepted", "Tilden Street Neighbors")
