"""Coming to the site: a code from the mailbox, a second factor, or a session that was opened before."""

import re
from typing import Any

from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.test import Client

from tests import people
from tests.story.visitor import Visitor

CODE = re.compile(r"\b[A-Z0-9]{4}-?[A-Z0-9]{4}\b")


def letters(visitor: Visitor, address: str, subject: str) -> list[str]:
    """Return the texts of the letters in the demonstration's mailbox, newest first."""
    page = visitor.context.new_page()
    page.goto(f"{visitor.base}/demo/mail/")
    found = page.locator("article.mail", has_text=address).filter(has_text=subject).all_text_contents()
    page.close()
    return found


def read_mail(visitor: Visitor, address: str, subject: str, *, after: int = 0) -> str:
    """Wait for the letter that comes after ``after`` others; return its text."""
    for _try in range(300):
        found = letters(visitor, address, subject)
        if len(found) > after:
            return found[0]
        visitor.page.wait_for_timeout(200)
    raise AssertionError(f"No mail “{subject}” for {address} within a minute")


def sign_in(visitor: Visitor, address: str) -> None:
    """Type the address, read the mail, type the code."""
    before = len(letters(visitor, address, "code"))
    visitor.page.locator("[name=email]").fill(address)
    visitor.click("Send me a code", role="button")
    code = CODE.search(read_mail(visitor, address, "code", after=before).split(address, 1)[1])[0]
    visitor.page.locator("[name=code]").fill(code)
    visitor.click("Sign in", role="button")


def set_up_an_app(visitor: Visitor) -> None:
    """Give a second factor: read the key from the page and count the digits as the phone's app would."""
    visitor.click("Set up an app", role="link")
    shown = visitor.page.locator(".key").first.text_content()
    secret = re.sub(r"\s", "", shown)
    counter = totp.yield_hotp_counters_from_time()
    visitor.page.locator("[name=code]").fill(totp.format_hotp_value(totp.hotp_value(secret, next(counter))))
    visitor.click("Turn it on", role="button")


def arrive(visitor: Visitor, user: Any, *, second_factor: bool = True) -> Visitor:
    """Come with a session that is open already."""
    client = people.sign_in(Client(), user, second_factor=second_factor)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    visitor.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": visitor.base}]
    )
    return visitor
