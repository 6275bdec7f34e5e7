"""How the floor above says that a letter can't be sent."""


class RefusedError(Exception):
    """The mail server answers, and takes no letter for this address. To try for two days would change nothing."""
