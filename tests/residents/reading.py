"""How hard a text is to read (Flesch-Kincaid grade); syllables are told by hyphenation."""

import re

import pyphen

HYPHENS = pyphen.Pyphen(lang="en_US", left=1, right=1)


def grade(text: str) -> float:
    words = re.findall(r"[A-Za-z’']+", text)
    syllables = sum(HYPHENS.inserted(word).count("-") + 1 for word in words)
    ends = max(len(re.findall(r"[.!?:](?:\s|$)", text)), 1)
    return 0.39 * len(words) / ends + 11.8 * syllables / max(len(words), 1) - 15.59
