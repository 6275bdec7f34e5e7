"""One resident's grant from the first answer to the proved receipt, over the API."""

import datetime as dt
import json
from contextlib import suppress

from tests.days import today
from tests.faults.chaos.client import RefusedError
from tests.faults.chaos.history import Claim

CITY = "/api/v1/cities/chaos/"
OFFERED = 45_000
PAID = 30_000
PROVED = 18_000


class Story:
    """Tells the story of one application after the other; each of its calls names what it claims to have written."""

    def __init__(self, client, stage, residents, picture):
        self.client, self.stage, self.residents, self.picture = client, stage, residents, picture
        self.people = stage["people"]
        self.today = today()

    def run(self):
        """Tell a story per resident. A refusal ends one story, not the run; ``GiveUpError`` ends the run."""
        told = 0
        for resident in self.residents:
            try:
                self.tell(resident)
            except RefusedError:
                continue
            told += 1
        return told

    def tell(self, resident):
        application = self.apply(resident)
        self.screen(application)
        self.review(application)
        award = self.award(resident, application)
        payment = self.pay(award)
        self.overdraw(award, payment)
        self.prove(resident, award)

    def apply(self, resident):
        ask = self.client.ask
        started = Claim("application", {"applicant": resident["id"]})
        body = {"call": self.stage["call"]}
        application = ask(resident, "POST", f"{CITY}applications/", body, deed="start", claim=started)["id"]
        path = f"{CITY}applications/{application}/"
        for question, value in self.answers(resident).items():
            said = {"question": question, "version": 1, "value": json.dumps(value)}
            claim = Claim("answer", {"application": application, **said})
            body = {"value": value, "version": 0}
            ask(resident, "PUT", f"{path}answers/{question}/", body, deed="answer", claim=claim)
        claim = Claim("submission", {"application": application})
        ask(resident, "POST", f"{path}submission/", {"declaration": True}, deed="submit", claim=claim)
        return application

    def answers(self, resident):
        return {
            "your_name": f"Resident {resident['id'][-6:]}",
            "project_title": f"A garden for {resident['id'][-6:]}",
            "description": "We clear the lot and plant.",
            "amount": {"cents": 50_000},
        }

    def screen(self, application):
        manager = self.people["manager"]
        path = f"{CITY}desk/applications/{application}/"
        claim = Claim("screening", {"application": application})
        seen = self.client.ask(manager, "GET", path, deed="look")["seen"]
        body = {"decision": "eligible", "seen": seen}
        with suppress(RefusedError):  # done before its answer was lost: it isn't as it was seen any more
            self.client.ask(manager, "POST", f"{path}screening/", body, deed="screen", claim=claim)

    def review(self, application):
        reviewer = self.people["reviewer"]
        claim = Claim("review", {"application": application, "reviewer": reviewer["id"]})
        body = {"applications": [application], "reviewers": [reviewer["id"]]}
        with suppress(RefusedError):  # assigned before its answer was lost
            self.client.ask(
                self.people["manager"], "POST", f"{CITY}desk/reviews/", body, deed="assign", claim=claim
            )
        detail = f"{CITY}desk/applications/{application}/reviews/"
        (sheet,) = self.client.ask(self.people["manager"], "GET", detail, deed="look")["reviews"]
        self.score(reviewer, sheet["id"])

    def score(self, reviewer, review):
        path = f"{CITY}review/{review}/"
        claim = Claim("opening", {"review": review})
        sheet = self.client.ask(reviewer, "POST", f"{path}opening/", deed="open", claim=claim)["sheet"]
        body = {
            "version": sheet["version"], "gates": {"workshop": True}, "comment": "A good block.",
            "scores": {"impact": "25", "budget": "17.5"},
        }  # fmt: skip
        given = {"workshop": "true", "comment": body["comment"], **body["scores"]}
        claim = Claim("sheet", {"review": review, "version": sheet["version"] + 1, **given})
        with suppress(RefusedError):  # saved before its answer was lost: that was another version
            self.client.ask(reviewer, "PATCH", path, body, deed="score", claim=claim)
        sent = {"version": self.client.ask(reviewer, "GET", path, deed="look")["sheet"]["version"]}
        claim = Claim("score", {"review": review, "total": "42.50", "mean": "42.50"})
        with suppress(RefusedError):
            self.client.ask(reviewer, "POST", f"{path}submission/", sent, deed="send scores", claim=claim)

    def award(self, resident, application):
        offer = {"offers": [{"application": application, "amount_cents": OFFERED}], "conditions": "Photos"}
        claim = Claim("award", {"application": application, "cents": OFFERED})
        (award,) = self.client.pay(
            self.people["manager"], f"{CITY}awards/", offer, deed="award", claim=claim
        )["ids"]
        yes = {"payee_name": "Tilden Street Neighbors", "agrees": True}
        claim = Claim("acceptance", {"award": award, "payee": yes["payee_name"]})
        self.client.pay(resident, f"{CITY}awards/{award}/acceptance/", yes, deed="accept", claim=claim)
        self.client.ask(
            resident, "POST", f"{CITY}awards/{award}/letter/", deed="letter",
            claim=lambda letter: Claim("document", {"id": letter["id"], "subject": award}),
        )  # fmt: skip
        return award

    def pay(self, award):
        wanted = {
            "award": award,
            "amount_cents": PAID,
            "payee_name": "Neighbors",
            "method": "check",
            "purpose": "First",
        }
        claim = Claim("disbursement", {"award": award, "purpose": "First", "cents": PAID})
        payment = self.client.pay(
            self.people["finance"], f"{CITY}payments/", wanted, deed="request", claim=claim
        )["id"]
        path = f"{CITY}payments/{payment}/"
        claim = Claim("approval", {"disbursement": payment})
        self.client.pay(self.people["approver"], f"{path}approval/", deed="approve", claim=claim)
        voucher = {"paid_on": self.today.isoformat(), "voucher_number": f"CHK-{payment[-8:]}"}
        claim = Claim("payment", {"disbursement": payment, "voucher": voucher["voucher_number"]})
        self.client.pay(self.people["treasurer"], f"{path}record/", voucher, deed="record", claim=claim)
        return payment

    def overdraw(self, award, payment):
        """What must be refused: more than was promised, and the same payment once more."""
        over = {
            "award": award,
            "amount_cents": OFFERED,
            "payee_name": "Neighbors",
            "method": "check",
            "purpose": "Over",
        }
        claim = Claim("disbursement", {"award": award, "purpose": "Over", "cents": OFFERED})
        self.must_refuse(self.people["finance"], f"{CITY}payments/", over, deed="overdraw", claim=claim)
        again = {"paid_on": self.today.isoformat(), "voucher_number": "TWICE"}
        claim = Claim("payment", {"disbursement": payment, "voucher": "TWICE"})
        self.must_refuse(
            self.people["treasurer"],
            f"{CITY}payments/{payment}/record/",
            again,
            deed="pay twice",
            claim=claim,
        )

    def must_refuse(self, who, path, body, **how):
        try:
            self.client.pay(who, path, body, **how)
        except RefusedError:
            return
        raise AssertionError(f"Not refused: {path} {body}")

    def prove(self, resident, award):
        bought = {
            "vendor": "Hill Hardware", "bought_on": (self.today - dt.timedelta(days=1)).isoformat(),
            "amount_cents": PROVED, "what": "Lumber",
        }  # fmt: skip
        claim = Claim("receipt", {"award": award, "vendor": "Hill Hardware", "cents": PROVED})
        path = f"{CITY}awards/{award}/receipts/"
        receipt = self.client.pay(resident, path, bought, deed="receipt", claim=claim, file=self.picture)[
            "id"
        ]
        claim = Claim("decision", {"receipt": receipt, "cents": PROVED})
        decision = {"accepted_cents": PROVED}
        self.client.pay(
            self.people["finance"],
            f"{CITY}receipts/{receipt}/decision/",
            decision,
            deed="decide",
            claim=claim,
        )
