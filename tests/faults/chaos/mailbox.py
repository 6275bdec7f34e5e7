"""A mail server that only writes down to whom it delivered: one line per letter, also where a sender dies right after."""

import time
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

ONE_WAY_SECONDS = 0.005


class CountingMailbox(BaseEmailBackend):
    def send_messages(self, email_messages):
        for message in email_messages:
            time.sleep(ONE_WAY_SECONDS)
            with delivered(settings.DATA_DIR).open("a", encoding="utf-8") as file:
                file.write(f"{message.to[0]}\n")
            time.sleep(ONE_WAY_SECONDS)
        return len(email_messages)


def delivered(data_dir):
    return Path(data_dir) / "delivered.txt"
