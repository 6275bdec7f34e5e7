"""Gathers the rooms' models for Django."""

from .delivery.models import Photo, Project, Update

__all__ = ["Photo", "Project", "Update"]
