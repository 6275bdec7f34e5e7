"""Gathers the rooms' models for Django."""

from .applications.models import Answer, Application, Attachment, Note, ReferenceCounter
from .cycles.models import Cycle, FormVersion
from .programs.models import Cohort, CohortMember

__all__ = ["Answer", "Application", "Attachment", "Cohort", "CohortMember", "Cycle", "FormVersion", "Note", "ReferenceCounter"]
