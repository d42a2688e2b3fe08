"""Text as a terminal may safely show it: every character with its columns, none that acts on the terminal."""

from __future__ import annotations

from unicodedata import category, combining, east_asian_width

TAB = "    "
_CONTROL_PICTURES = 0x2400


def cell(character: str) -> str:
    """How one character is shown. Controls get their picture, invisible and bidirectional ones their number."""
    if " " <= character <= "~":
        return character
    if character == "\t":
        return TAB
    if character < " ":
        return chr(_CONTROL_PICTURES + ord(character))
    if character == "\x7f":
        return "␡"
    if category(character) in ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"):
        return f"<U+{ord(character):04X}>"
    return character


def columns(text: str) -> int:
    """The terminal columns that a text takes which `cell` has made safe."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def visible(text: str) -> str:
    """A text with nothing hidden in it; line ends stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c == "\n" else cell(c) for c in text)
