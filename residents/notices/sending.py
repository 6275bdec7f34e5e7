"""The outbox hands each message here; the only channel now is e-mail."""

from django.core.mail import EmailMultiAlternatives

from cities.outbox.models import Message
from cities.outbox.tasks import register_sender
from cities.tenancy.scopes import city_scope

from .registry import write_letter


@register_sender
def send_email(message: Message, secret: str | None) -> None:
    """Write the letter in the message's city, close the scope, then send. Runs in the worker.

    A message without an address is only for the inbox, and counts as sent.
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
    mail.send()
