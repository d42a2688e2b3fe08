"""Text that a terminal can show safely: no character controls the terminal or is invisible."""

from __future__ import annotations

from unicodedata import category, combining, east_asian_width

TAB = "    "
_CONTROL_PICTURES = 0x2400


def cell(character: str) -> str:
    """How to show a character: a control as its picture, an invisible or bidirectional one as its number."""
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
    """The number of terminal columns of a text that `cell` has made safe."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def visible_name(name: str) -> str:
    """The name of a file with all hidden characters made visible: it takes one line even if it has line ends."""
    return "".join(map(cell, name)) if not (name.isascii() and name.isprintable()) else name


def visible(text: str) -> str:
    """The text with all hidden characters made visible, except for line ends."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c == "\n" else cell(c) for c in text)
