"""Which language a text is written in that does not read as WIT."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ITEM = r"(?:record|variant|enum|flags|resource|interface|use) %?[\w-]+[ .]*\{"
_FUNCTION = r".*:[ ]*(?:static |async )*func[ ]*\(|world [\w-]+ *\{"
_WIT = re.compile(rf"[ \t]*(?:{_ITEM}|{_FUNCTION})|package [\w-]+:[\w-]+")
_WIT_ALONE = re.compile(rf"[ \t]*(?:{_FUNCTION})")
_BINARY = 3
"""The zero bytes that are not a slip of the keyboard."""
_NOTHING = re.compile(r"(?!)")
_MOST_LINES, _LONGEST = 400, 200
"""How much of a text is looked at: lines, and characters of each."""


@dataclass(frozen=True, slots=True)
class _Language:
    """A language by what begins its texts, and by lines that it has and WIT has not.

    One line that is `sure` is enough, of the others it takes two; `rivals` are the lines of WIT that speak against it.
    Lines are matched from their first character that is not blank.
    """

    name: str
    begins: str = ""
    sure: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    rivals: re.Pattern[str] = _WIT

    def head(self, text: str) -> re.Match[str] | None:
        return re.match(self.begins, text, re.IGNORECASE) if self.begins else None


_LANGUAGES = (
    _Language("HTML or XML", r"<(?:!doctype|\?xml|!--|[a-z]+[ >])"),
    _Language("JSON", r'\{\s*"[^"\n]*"\s*:|\[\s*[\[{"\d]|\{\s*\}$|\[\s*\]$'),
    _Language("WITX", r"\((?:typename|use \")"),
    _Language("the text format of WebAssembly", r"\((?:module|component)\b"),
    _Language("a shell script", r"#!"),
    _Language(
        "Smithy",
        r"\$version\s*:",
        lines=(r"namespace [\w.]+$", r"(?:structure|service|operation|list|map|union) \w+ *\{"),
    ),
    _Language("Cap'n Proto", r"@0x[0-9a-f]+;", sure=(r".*\w @\d+ *[:(]",), rivals=_WIT_ALONE),
    _Language(
        "SQL", sure=(r"(?:create (?:or replace )?(?:table|index|view)|insert into|select .*\bfrom|alter table) ",)
    ),
    _Language("Zig", sure=(r"(?:pub )?const \w+ = @\w+\(", r"(?:pub )?fn \w+\(.*\) !\w+ *\{")),
    _Language(
        "Web IDL",
        r"\[\w+(?:=\w+)?\]\s*(?:interface|partial|dictionary)\b",
        lines=(r"(?:readonly )?attribute \w", r"dictionary \w+ *\{", r"undefined \w+\("),
    ),
    _Language(
        "Swift",
        sure=(r"import (?:Foundation|SwiftUI|UIKit)$", r"(?:public )?(?:struct|extension|protocol) \w+: \w+.*\{"),
        lines=(r"(?:public )?(?:let|var) \w+: \w", r"(?:public )?func \w+\(.*->"),
    ),
    _Language(
        "Markdown",
        sure=(r"```", r"~~~"),
        lines=(r"#{1,6} \w", r"[-*] \w", r"\d+\. \w", r".*\[[^\]]+\]\([^)]+\)"),
        rivals=_NOTHING,
    ),
    _Language(
        "protobuf",
        sure=(r"syntax *= *[\"']proto",),
        lines=(
            r"(?:repeated |optional |required )?[\w.<>]+(?:, *\w+>)? \w+ *= *\d+ *(?:\[.*\])?;",
            r"rpc \w+ *\(",
            r"(?:message|service|oneof) \w+ *\{",
            r"option \w+ *=",
            r"import \"[^\"]*\.proto\"",
        ),
    ),
    _Language(
        "C or C++",
        sure=(r"# *(?:include|ifndef|pragma)\b", r"typedef (?:struct|enum|union)\b"),
        lines=(
            r"# *(?:define|ifdef|endif|if)\b",
            r"typedef ",
            r"(?:static|extern|const|unsigned|struct|namespace|template) ?\w",
            r"(?:void|int|char|bool|float|double|u?int\d+_t|size_t) \**\w+\(",
            r"(?:return|if|for|while)\b.*[;{]$",
        ),
    ),
    _Language(
        "Rust",
        sure=(r"#!?\[\w+", r"(?:pub(?:\(\w+\))? )?use \w+::", r"(?:pub(?:\(\w+\))? )?(?:async )?fn \w+.*\{$"),
        lines=(r"(?:pub(?:\(\w+\))? )?(?:fn|struct|trait|impl|mod|const|type)\b", r"let (?:mut )?\w", r"pub \w+: "),
    ),
    _Language("Go", lines=(r"package \w+$", r"func ", r"type \w+ (?:struct|interface)", r"import [\"(]", r"\w+ := ")),
    _Language(
        "Java, Kotlin or C#",
        sure=(r"(?:public|private|protected|internal) (?:static |final |abstract )*(?:class|interface|enum|void)\b",),
        lines=(
            r"package [a-z]\w*(?:\.\w+)*;?$",
            r"(?:import|using) \w+(?:\.\w+)+;?$|using \w+;$",
            r"namespace \w+(?:\.\w+)* *[;{]",
            r"(?:data |abstract |final )?class \w+",
            r"(?:public|private|protected|val|var|fun) \w",
            r".*\bfun \w+\(",
        ),
        rivals=_WIT_ALONE,
    ),
    _Language(
        "TypeScript or JavaScript",
        sure=(r"import\b.*\bfrom [\"']", r"export (?:const|class|function|type|async)\b"),
        lines=(
            r"(?:const|let|var|class|function) \w+",
            r".*=> *[\w({]",
            r"\w+\??: *(?:string|number|boolean|any|Date|\w+\[\])[;,]?$",
            r".*\): *(?:void|string|number|boolean|Promise<)",
        ),
        rivals=_WIT_ALONE,
    ),
    _Language(
        "Python",
        sure=(r"(?:def|class|async def) \w+.*:$", r"from \w[\w.]* import ", r"if __name__\b"),
        lines=(r"import \w[\w.]*(?: as \w+)?$", r"return\b", r"@\w+(?:\.\w+)*$", r"(?:if|for|while|with|try|else).*:$"),
    ),
    _Language("TOML", sure=(r"\[\[?[\w.\"-]+\]\]?$",), lines=(r"[\w.-]+ *= *(?:[\"'\[{\d]|true|false)",)),
    _Language("YAML", r"---$", lines=(r"- \S", r"(?:- )?[\w./-]+:(?: +[^\s{;][^;{]*)?$")),
    _Language("GraphQL", lines=(r"(?:type|input|schema) ?\w* *\{", r"\w+(?:\(.*\))?: *\[?\w+!?\]?!?$")),
    _Language(
        "Thrift", sure=(r"\d+: *(?:required|optional)\b",), lines=(r"namespace \w+ \w", r"(?:struct|service) \w+")
    ),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """The language that a text is in, and where it shows: the stretch of the first line that shows it."""

    language: str
    start: int
    end: int


def resembles_wit(text: str) -> bool:
    """Whether any line of a text could be one of WIT."""
    return any(_WIT.match(line) for _, line in _lines(text))


def language_of(text: str) -> Seen | None:
    """The language that most of a text is in; None if no language is sure, or the text is rather WIT."""
    lines = list(_lines(text))
    if text.count("\0") >= _BINARY:
        return Seen("binary data", text.index("\0"), text.index("\0") + 1)
    best, most = None, 1
    for language in _LANGUAGES:
        head = language.head(text.lstrip("\ufeff \t\r\n"))
        places, weight = _found(language, lines)
        weight += 3 if head else 0
        against = sum(language.rivals.match(line) is not None for _, line in lines)
        if weight > max(most, 5 * against) and lines:
            best, most = Seen(language.name, *(places[0] if places and not head else _place(*lines[0]))), weight
    return best


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Where each line with something on it begins, and the line without the blanks around it."""
    at = 0
    for number, line in enumerate(text.split("\n")):
        if number == _MOST_LINES:
            return
        stripped = line.strip()
        if stripped and not stripped.startswith(("//", "/*", "*")):
            yield at + len(line) - len(line.lstrip()), stripped[:_LONGEST]
        at += len(line) + 1


def _found(language: _Language, lines: list[tuple[int, str]]) -> tuple[list[tuple[int, int]], int]:
    """Where the lines of a language are, and what they weigh."""
    sure = re.compile("|".join(language.sure) or _NOTHING.pattern, re.IGNORECASE)
    other = re.compile("|".join(language.lines) or _NOTHING.pattern)
    places, weight = [], 0
    for start, line in lines:
        if (is_sure := sure.match(line) is not None) or other.match(line):
            places.append(_place(start, line))
            weight += 2 if is_sure else 1
    return places, weight


def _place(start: int, line: str) -> tuple[int, int]:
    return start, start + len(line)
