"""The shape of what neighbors want to do: words to choose from, and what it costs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """A line of a budget: kind of cost in the call, what for (English, Spanish), whole dollars from and to."""

    category: str
    text: str
    es: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Words:
    """What people write about one kind of project, in one language.

    ``{street}``, ``{area}`` and ``{count}`` (volunteers) are filled in.
    """

    titles: tuple[str, ...]
    needs: tuple[str, ...]
    plans: tuple[str, ...]
    cares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Idea:
    """One kind of project, and the scene a photo of its place shows."""

    kind: str
    scene: str
    en: Words
    es: Words
    costs: tuple[Cost, ...]

    def words(self, language: str) -> Words:
        return self.es if language == "es" else self.en
