"""The keywords of languages that bindings are generated for, as far as they can be names in WIT."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

_WORDS: Final = {
    "c": """
        auto break case char const continue default do double else enum extern float for goto if inline int long
        register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while
    """,
    "go": """
        break case chan const continue default defer else fallthrough for func go goto if import interface map package
        range return select struct switch type var
    """,
    "java": """
        abstract assert boolean break byte case catch char class const continue default do double else enum extends
        final finally float for goto if implements import instanceof int interface long native new package private
        protected public return short static strictfp super switch synchronized this throw throws transient try void
        volatile while true false null
    """,
    "javascript": """
        arguments await break case catch class const continue debugger default delete do else enum eval export extends
        false finally for function if implements import in instanceof interface let new null package private protected
        public return static super switch this throw true try typeof var void while with yield
    """,
    "python": """
        and as assert async await break class continue def del elif else except finally for from global if import in
        is lambda nonlocal not or pass raise return try while with yield
    """,
    "rust": """
        abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if
        impl in let loop macro match mod move mut override priv pub ref return self static struct super trait true try
        type typeof unsafe unsized use virtual where while yield
    """,
}
_OF_TYPES: Final = {"python": frozenset({"false", "none", "true"}), "rust": frozenset({"self"})}
"""Words that are keywords as names of types and cases, which begin with a capital in these languages."""

KEYWORDS: Final = {language: frozenset(words.split()) for language, words in _WORDS.items()}
"""The keywords by language."""


def _by_word(keywords: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for language, words in keywords.items():
        for word in words:
            found.setdefault(word, []).append(language)
    return found


_BY_WORD: Final = _by_word(KEYWORDS)
_BY_TYPE: Final = _by_word(_OF_TYPES)


_WORDS_OF_ANY: Final = _BY_WORD.keys() | _BY_TYPE.keys()


def may_be_keyword(name: str) -> bool:
    """Whether a name of WIT becomes a keyword of some language somewhere: most names do not."""
    return name.lower() in _WORDS_OF_ANY


def languages_with(name: str, languages: tuple[str, ...], *, of_type: bool) -> list[str]:
    """Those of the languages in which a name of WIT becomes a keyword, as the name of a type or of something else."""
    found = (_BY_TYPE if of_type else _BY_WORD).get(name.lower())
    return [language for language in languages if language in found] if found else []
