"""The engine for forms: what may be asked, how answers are read, judged, shown.

Free of models and of the database: a definition and answers go in, values, problems and markup come out.
"""

from .budget import Budget, Category, CategoryTotal, Evaluation, Finding, Frame, Match, evaluate, lines_of
from .cleaning import (
    answer_text,
    attachment_ids,
    clean,
    is_answered,
    is_posted,
    parse,
    posted_version,
    submission_problems,
)
from .completeness import Missing, SectionProgress, missing, progress
from .conditions import visible_answers, visible_keys, visible_questions
from .controls import RADIOS_AT_MOST, ShownFile
from .definition import (
    Answers,
    Choice,
    Column,
    Condition,
    DefinitionError,
    FormDefinition,
    Json,
    Kind,
    Question,
    Section,
)
from .eligibility import Item, Outcome, Result, State, check, items_from_json, parse_check
from .forms import (
    CompleteForm,
    FormNote,
    budget_question,
    complete_form,
    evaluate_answers,
    match_question,
    stored_form,
    with_category_words,
)
from .money import cents_of, cents_of_decimal, money_text
from .posting import added_rows, has_button, posted_files, with_file, without_file
from .problems import Cleaned, Problem
from .rendering import NOTHING, BoundQuestion
from .summary import Summary, SummaryKeys, summary, summary_keys

__all__ = [
    "NOTHING",
    "RADIOS_AT_MOST",
    "Answers",
    "BoundQuestion",
    "Budget",
    "Category",
    "CategoryTotal",
    "Choice",
    "Cleaned",
    "Column",
    "CompleteForm",
    "Condition",
    "DefinitionError",
    "Evaluation",
    "Finding",
    "FormDefinition",
    "FormNote",
    "Frame",
    "Item",
    "Json",
    "Kind",
    "Match",
    "Missing",
    "Outcome",
    "Problem",
    "Question",
    "Result",
    "Section",
    "SectionProgress",
    "ShownFile",
    "State",
    "Summary",
    "SummaryKeys",
    "added_rows",
    "answer_text",
    "attachment_ids",
    "budget_question",
    "cents_of",
    "cents_of_decimal",
    "check",
    "clean",
    "complete_form",
    "evaluate",
    "evaluate_answers",
    "has_button",
    "is_answered",
    "is_posted",
    "items_from_json",
    "lines_of",
    "match_question",
    "missing",
    "money_text",
    "parse",
    "parse_check",
    "posted_files",
    "posted_version",
    "progress",
    "stored_form",
    "submission_problems",
    "summary",
    "summary_keys",
    "visible_answers",
    "visible_keys",
    "visible_questions",
    "with_category_words",
    "with_file",
    "without_file",
]
