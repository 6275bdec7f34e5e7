"""Input of the setup pages, part by part; each form's ``value()`` is what its action takes."""

from .basics import BasicsForm, CopyForm, DatesForm, MoneyForm, UploadForm
from .budget import BudgetForm
from .eligibility import ItemForm
from .outline import SectionForm, SummaryForm
from .question import QuestionForm
from .rubric import PapersForm, RubricForm, TermsForm
from .wording import WordingForm

__all__ = [
    "BasicsForm",
    "BudgetForm",
    "CopyForm",
    "DatesForm",
    "ItemForm",
    "MoneyForm",
    "PapersForm",
    "QuestionForm",
    "RubricForm",
    "SectionForm",
    "SummaryForm",
    "TermsForm",
    "UploadForm",
    "WordingForm",
]
