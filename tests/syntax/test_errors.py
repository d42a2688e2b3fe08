"""What syntax errors say, and where. The places are those of wasm-tools 1.262."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Findings = Callable[[str], list[str]]

IN_INTERFACE = [
    ("f: function();", "2:4 WIT0103 expected `async` or `func`, found name `function`; "
     "a function is written `f: func(…)`"),
    ("f: static func();", "2:4 WIT0103 expected `async` or `func`, found keyword `static`; "
     "static functions belong in a resource: `name: static func()`"),
    ("type t = expected<u8, e>;", "2:10 WIT0103 there is no type `expected<…>`; write `result<…>`"),
    ("type t = u8", "3:1 WIT0103 expected `;`, found `}`; put `;` after `u8`"),
    ("type t = ;", "2:10 WIT0103 expected a type, found `;`; write the type after the `=`"),
    ("type list = u8;", "2:6 WIT0103 expected a name, found keyword `list`; "
     "to use the keyword as a name, write `%list`"),
    ("use: func();", "2:4 WIT0103 expected a name, found `:`; to use the keyword as a name, write `%use`"),
    ("record r { a: u8; b: u8 }", "2:17 WIT0103 expected `,` or `}`, found `;`; write `,` instead of `;`"),
    ("record r { , }", "2:12 WIT0103 expected a name or `}`, found `,`; remove `,`"),
    ("record r { a u8 }", "2:14 WIT0103 expected `:`, found keyword `u8`; put `:` after `a`"),
    ("record r { @since(version = 1.0.0) a: u8 }", "2:12 WIT0103 expected a name or `}`, found `@`; "
     "remove what begins with `@`: only whole items have attributes"),
    ("resource r { interface x; }", "2:14 WIT0103 expected `constructor`, a method, a static function or `}`, "
     "found keyword `interface`"),
    ("recrod r { a: u8 }", "2:1 WIT0103 there is no keyword `recrod`; did you mean `record`?"),
    ("struct r { a: u8 }", "2:1 WIT0103 there is no keyword `struct`; write `record`"),
    ("fn f(a: u8) -> u8;", "2:1 WIT0103 there is no keyword `fn`; a function is written `f: func(…)`"),
    ("func f(a: u8) -> u8;", "2:1 WIT0103 expected a function, a type definition, `use` or `}`, found keyword `func`; "
     "a function is written `f: func(…)`"),
    ("f(a: u8) -> u8;", "2:2 WIT0103 expected `:`, found `(`; a function is written `f: func(…)`"),
    ("f: (a: u8) -> u8;", "2:4 WIT0103 expected `async` or `func`, found `(`; a function is written `f: func(…)`"),
    ("f: func() => u8;", "2:11 WIT0103 expected `->` or `;`, found `=`; write `->` before the result"),
    ("f: func(): u8;", "2:10 WIT0103 expected `->` or `;`, found `:`; write `->` before the result"),
    ("f: func() -> Vec<u8>;", "2:14 WIT0105 `Vec` mixes upper and lower case within a word; "
     "for a type of this name write `list`"),
    ("f: func() -> array<u8>;", "2:14 WIT0103 there is no type `array<…>`; write `list<…>`"),
    ("f: func(a: &u8);", "2:12 WIT0102 unexpected character `&`; WIT has no references and no pointers: a resource is "
     "lent by `borrow<…>`, and everything else is copied"),
    ("name: string;", "2:7 WIT0103 expected `async` or `func`, found keyword `string`; "
     "an interface has only functions and types: write a function that returns the value, `name: func() -> t`"),
    ("type t = option<u8, u8>;", "2:19 WIT0103 expected `>`, found `,`; "
     "no more types are allowed here: a `tuple<…>` holds several"),
    ("type t = map<string, list<u8>, list<u8>>;", "2:30 WIT0103 expected `>`, found `,`; "
     "no more types are allowed here: a `tuple<…>` holds several"),
    ("record r { x: stream<u8, u8>, y: u8 }", "2:24 WIT0103 expected `>`, found `,`; "
     "no more types are allowed here: a `tuple<…>` holds several"),
    ("use self.x.{y};", "2:10 WIT0103 expected `{`, found name `x`; "
     "an interface of the same package is named alone: `use x.{…};`"),
    ("use pkg.x.{y};", "2:9 WIT0103 expected `{`, found name `x`; "
     "an interface of the same package is named alone: `use x.{…};`"),
    ("use ns:pkg:x/y.{z};", "2:11 WIT0103 expected `/`, found `:`; a package's name has two parts: `ns:package`"),
    ("@since(version = 1.0.0);", "2:24 WIT0103 expected a function, a type definition or `use`, found `;`; "
     "what begins with `@` belongs to the item after it: write the item, or remove it"),
    ("use ns:pkg.x.{y};", "2:11 WIT0103 expected `/`, found `.`; write `/` before the name of an interface: `/x`"),
    ("f;", "2:2 WIT0103 expected `:`, found `;`"),
    ("record r { a: ; }", "2:15 WIT0103 expected a type, found `;`"),
    ("record list { a: u8 }", "2:8 WIT0103 expected a name, found keyword `list`; "
     "to use the keyword as a name, write `%list`"),
    ("constructor();", "2:1 WIT0103 expected a function, a type definition, `use` or `}`, found keyword `constructor`; "
     "a constructor belongs in a resource"),
    ("import x;", "2:1 WIT0103 expected a function, a type definition, `use` or `}`, found keyword `import`; "
     "`import` and `export` belong in a world"),
    ("f: func() -> (a: u8);", "2:14 WIT0103 expected a type, found `(`; a result has no name and no parentheses: "
     "write `-> u8`"),
    ("f: func() -> (a: u8, b: u8);", "2:14 WIT0103 expected a type, found `(`; a function has one result, which has "
     "no name: put several values into a record or a `tuple<…>`"),
    ("type t = result<_>;", "2:18 WIT0103 expected `,`, found `>`; write `result` alone if neither case has a "
     "value, or `result<_, e>`"),
    ("type t = result<u8, _>;", "2:21 WIT0103 expected a type, found `_`; leave it out: `result<t>` is a result "
     "whose error has no value"),
    ("type t = list<u8, u8>;", "2:19 WIT0103 expected a number, found keyword `u8`; "
     "`list<t>` is a list of any length, `list<t, 4>` one of 4"),
    ("type Wrong = u8;", "2:6 WIT0105 `Wrong` mixes upper and lower case within a word; names are words of "
     "lower-case letters and digits, joined by `-`: write `wrong`"),
    ("type camelCase = u8;", "2:6 WIT0105 `camelCase` mixes upper and lower case within a word; names are words of "
     "lower-case letters and digits, joined by `-`: write `camel-case`"),
    ("type größe = u8;", "2:6 WIT0105 'ö' is not allowed in a name; names are words of lower-case letters and "
     "digits, joined by `-`: write `grosse`"),
    ("type snake_case = u8;", "2:6 WIT0105 '_' is not allowed in a name; names are words of lower-case letters and "
     "digits, joined by `-`: write `snake-case`"),
    ("type a--b = u8;", "2:6 WIT0105 `a--b` has nothing before or after one of its `-`; names are words of "
     "lower-case letters and digits, joined by `-`: write `a-b`"),
    ("type t = $ u8;", "2:10 WIT0102 unexpected character `$`; names are words of lower-case letters and digits, "
     "joined by `-`"),
    ("use x:y/z@01.0.0.{a};", "2:11 WIT0106 the number `01` of a version begins with a zero; "
     "write it without the zero"),
    ("use x:y/z@1.2.{a};", "2:11 WIT0103 expected a version, found number `1`; "
     "a version has three numbers: `1.2.0`, perhaps `1.2.0-rc.1`"),
    ('@external-id("\\x") type t = u8;', "2:15 WIT0107 `\\x` is not an escape; write a backslash as `\\\\`"),
    ("@since(1.0.0) type t = u8;", "2:8 WIT0110 expected `version`, found version `1.0.0`; "
     "write `@since(version = 1.2.3)`"),
    ("@unstable(feature = x,) type t = u8;", "2:22 WIT0110 expected `)`, found `,`; write `@unstable(feature = name)`"),
    ("@sinc(version = 1.0.0) type t = u8;", "2:1 WIT0110 there is no attribute `@sinc`; did you mean `since`?"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "finding"), IN_INTERFACE, ids=[body for body, _ in IN_INTERFACE])
def test_an_error_in_an_interface_is_one_finding(findings: Findings, body: str, finding: str) -> None:
    assert findings(f"package a:b; interface i {{\n{body}\n}} interface j {{ f: func(); }}") == [finding]


IN_FILE = [
    ("package a;", "1:10 WIT0103 expected `:`, found `;`; a package's name has a namespace: `package ns:name;`"),
    ("package a:b:c;", "1:12 WIT0103 expected `;`, `@` or `{`, found `:`; a package's name has two parts: "
     "`package ns:name;`"),
    ("package a:b; package c:d:e { }", "1:25 WIT0103 expected `@` or `{`, found `:`; a package's name has two parts: "
     "`package ns:name;`"),
    ("package a:b; interface i { f: func(); ",
     "1:39 WIT0111 expected a function, a type definition, `use` or `}`, found the end of the file; close it with `}`"),
    ("interface i {}\npackage a:b;", "2:12 WIT0103 expected `{`, found `;`; `package …;` is allowed once, before "
     "everything else; later packages have braces: `package a:b { … }`"),
    ("package a:b; default world w {}", "1:14 WIT0103 expected `package`, `interface`, `world` or `use`, found name "
     "`default`; no world or interface is the default any more: remove `default`"),
    ("package a:b; type t = u8;", "1:14 WIT0103 expected `package`, `interface`, `world` or `use`, found keyword "
     "`type`; types are defined in an interface or a world: `interface name { … }`"),
    ("package a:b; world w { improt x; }", "1:24 WIT0103 expected `import`, `export`, `include`, `use`, a type "
     "definition or `}`, found name `improt`; did you mean `import`?"),
    ("package a:b; interface i { } }", "1:30 WIT0103 expected `package`, `interface`, `world` or `use`, found `}`; "
     "remove `}`"),
    ("package a:b; /* open", "1:14 WIT0101 this block comment is never closed; close it with `*/`"),
    ("@since(version = 1.0.0) package a:b@1.0.0;", "1:33 WIT0113 a package cannot have attributes; remove what "
     "begins with `@` before it"),
    ("package a:b { package c:d { } }", "1:23 WIT0109 a nested package cannot contain another package; "
     "move it out of `a:b`"),
    ("package a:b; // \u202e", "1:17 WIT0104 U+202E changes the direction of the text around it, which can hide what "
     "it says; remove it"),
    ("package a:b; // \0", "1:17 WIT0104 control character U+0000 is not allowed; remove it"),
    ("package a:b; // \ud800", "1:17 WIT0104 U+D800 is half of a surrogate pair, no character; remove it"),
    ("package a:b; // \u0149", "1:17 WIT0104 Unicode discourages the use of U+0149; remove it"),
    (" \ufeffpackage a:b;", "1:2 WIT0102 unexpected character `U+FEFF`; remove it: nobody can see it"),
    ('package a:b; @external-id("ab\tc") interface i {}', "1:30 WIT0107 a tab is not allowed in a string; "
     "write it as `\\t`"),
    ('package a:b; @external-id("x', '1:27 WIT0107 this string is never closed; close it with `"`'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "finding"), IN_FILE, ids=[text[:40] for text, _ in IN_FILE])
def test_an_error_in_a_file_is_one_finding(findings: Findings, text: str, finding: str) -> None:
    assert findings(text) == [finding]


def test_the_brace_that_is_not_closed_is_shown(findings: Findings) -> None:
    from witkit.syntax import parse
    from witkit.text import Source

    (found,) = parse(Source("test.wit", "package a:b; interface i { record r { a: u8 }")).diagnostics
    (related,) = found.related
    assert (related.span.start, related.message) == (25, "this `{` is not closed")
