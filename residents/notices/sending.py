"""The outbox hands each message here; the only channel now is e-mail."""

from smtplib import SMTPRecipientsRefused

from anymail.exceptions import AnymailRecipientsRefused
from django.core.mail import EmailMultiAlternatives

from cities.outbox.errors import RefusedError
from cities.outbox.models import Message
from cities.outbox.tasks import register_sender
from cities.tenancy.scopes import city_scope

from .registry import write_letter

PERMANENT = 500
"""From here on SMTP's answers are for good; those below (a full mailbox, greylisting) may be another tomorrow."""


@register_sender
def send_email(message: Message, secret: str | None) -> None:
    """Write the letter in the message's city, close the scope, then send. Runs in the worker.

    A message without an address is only for the inbox, and counts as sent. Raises ``RefusedError`` where the mail
    server refuses the address for good.
    """
    if not message.address:
        return
    with city_scope(message.city_id):
        letter = write_letter(message, secret)
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[message.address],
        # The same message keeps its id when a crash makes us send it twice: mail programs show it once.
        headers={"Message-ID": f"<{message.pk}@notices.love-your-block>", "Auto-Submitted": "auto-generated"},
    )
    if letter.html:
        mail.attach_alternative(letter.html, "text/html")
    try:
        mail.send()
    except AnymailRecipientsRefused as refusal:
        raise RefusedError from refusal
    except SMTPRecipientsRefused as refusal:
        if all(code >= PERMANENT for code, _words in refusal.recipients.values()):
            raise RefusedError from refusal
        raise
