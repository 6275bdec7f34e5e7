"""A mail server that never answers, for workers that are killed while they send."""

import time
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class SlowBackend(BaseEmailBackend):
    def send_messages(self, email_messages):
        Path(settings.DATA_DIR, "sending").touch()
        time.sleep(60)
        return 0
