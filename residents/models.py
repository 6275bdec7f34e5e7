"""Gathers the rooms' models for Django."""

from residents.accounts.models import Allowance

__all__ = ["Allowance"]
