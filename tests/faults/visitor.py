"""A browser without a window."""

import re
import time
from dataclasses import dataclass

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

TOO_LONG_SECONDS = 30
# The server ends a connection after two idle seconds, perhaps in the instant in which it is used again: browsers then
# ask once more for a page, on a new one.
AGAIN = Retry(
    total=1,
    connect=0,
    read=1,
    status=0,
    redirect=None,
    allowed_methods={"GET"},
    respect_retry_after_header=False,
)


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: dict
    seconds: float
    address: str


class Visitor:
    """One person's browser: keeps cookies, sends the token of the page before."""

    def __init__(self, product):
        self.product = product
        self.session = requests.Session()
        self.session.mount("http://", HTTPAdapter(pool_maxsize=64, max_retries=AGAIN))
        self.token = ""

    def get(self, path):
        return self._send("GET", path)

    def post(self, path, **fields):
        return self._send("POST", path, data=fields | {"csrfmiddlewaretoken": self.token})

    def _send(self, method, path, **more):
        began = time.monotonic()
        response = self.session.request(
            method, self.product.address + path, timeout=TOO_LONG_SECONDS,
            headers={"Referer": self.product.address}, **more,
        )  # fmt: skip
        seconds = time.monotonic() - began
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', response.text)
        self.token = found[1] if found else self.token
        return Answer(response.status_code, response.text, dict(response.headers), seconds, response.url)

    def ask_for_code(self, email):
        """Fill in the sign-in page. Returns the page that asks for the code."""
        assert self.get("/accounts/login/").status == 200
        answer = self.post("/accounts/login/", email=email)
        assert (answer.status, answer.address) == (200, f"{self.product.address}/accounts/login/code/")
        return answer

    def sign_in(self, email, *, seconds=30):
        self.ask_for_code(email)
        self.product.wait_for(lambda: self.product.text_for(email), seconds=seconds)
        (code,) = re.findall(r"(?m)^    (\S+)$", self.product.text_for(email))
        answer = self.post("/accounts/login/code/", code=code)
        assert (answer.status, answer.address) == (200, f"{self.product.address}/me/")
        return self
