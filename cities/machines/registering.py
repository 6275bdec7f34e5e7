"""What this room tells the floors below it, once at start."""

from cities.audit.verification import without_city

from . import receivers, sentences

without_city["cities_apitoken"] = "read before any door is open, like the sessions; belongs to a person"

__all__ = ["receivers", "sentences"]
