class BackupError(Exception):
    """What stands in the way, in a sentence for the operator."""


class BrokenArchiveError(BackupError):
    """The archive can't be read, or isn't ours."""
