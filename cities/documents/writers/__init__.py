"""The only code that writes files for people: CSV, XLSX, PDF. Every cell passes :func:`~.cells.neutral`."""

from .cells import Cell, Cents, neutral
from .csv import write_csv
from .pdf import write_pdf
from .xlsx import Workbook

__all__ = ["Cell", "Cents", "Workbook", "neutral", "write_csv", "write_pdf"]
