"""WIT documentation as Python docstrings."""

from __future__ import annotations

import re

from witkit.ir.model import Docs

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")

# A quotation mark at the very end, with an even number of backslashes before it: not escaped yet.
_OPEN_QUOTE = re.compile(r'(?<!\\)(?:\\\\)*"\Z')


def text(docs: str | None, fallback: str = "") -> str:
    """A documentation comment as plain lines: ends trimmed, characters that Python source cannot hold left out.

    Remarks, `//` and `/* */`, are for those who read the WIT; the text of a binary does not say what was one.
    """
    docs = docs.meant if isinstance(docs, Docs) else docs
    lines = [_CONTROL.sub("", line).expandtabs(4).rstrip() for line in re.split(r"\r\n|\r|\n", docs or "")]
    return "\n".join(lines).strip("\n").lstrip() or fallback


def docstring(docs: str, indent: int = 0) -> str:
    """`docs` as a string literal, its later lines indented; quotes and backslashes are safe.

    Black leaves it as it is: later lines keep only what one is indented more than another, and no quotation mark
    touches those of the literal.
    """
    first, *others = docs.split("\n")
    pad = " " * indent
    margin = min((len(line) - len(line.lstrip()) for line in others if line), default=0)
    body = "\n".join([first, *(pad + line[margin:] if line else "" for line in others)])
    quoted, prefix = _quote(body)
    if quoted.startswith('"'):
        quoted = f" {quoted}"
    if others:
        return f'{prefix}"""{quoted}\n{pad}"""'
    return f'{prefix}"""{quoted} """' if quoted.endswith('"') else f'{prefix}"""{quoted}"""'


def comment(note: str) -> str:
    """`note` as comment lines."""
    return "\n".join(f"# {line}".rstrip() for line in note.split("\n"))


def _quote(body: str) -> tuple[str, str]:
    """The body between triple quotes, and the literal's prefix: raw if that keeps backslashes readable."""
    if "\\" in body and '"""' not in body and not body.endswith(("\\", '"')):
        return body, "r"
    escaped = body.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if _OPEN_QUOTE.search(escaped):
        escaped = escaped[:-1] + '\\"'
    return escaped, ""
