class BenchError(Exception):
    """Nothing was measured, or something else than was meant."""


class NoDataError(BenchError):
    """The data present has no row to time this case with."""
