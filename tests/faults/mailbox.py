"""The demo's mailbox as far away as a real mail server, so that a kill finds letters under way."""

import time

from residents.notices.mailbox import DemoMailbox

ONE_WAY_SECONDS = 0.01


class DistantMailbox(DemoMailbox):
    def send_messages(self, email_messages):
        time.sleep(ONE_WAY_SECONDS)
        sent = super().send_messages(email_messages)
        time.sleep(ONE_WAY_SECONDS)
        return sent
