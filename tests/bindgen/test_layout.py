"""Generated modules are laid out without black, as black would: statements of every length around the border."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.bindgen.worlds import everywhere
from tests.differential.compare import made
from tests.sampled import examples, sampled
from witkit._resources import data_folder
from witkit.bindgen import generate
from witkit.bindgen.common.breaking import WIDTH, NotKnown, broken
from witkit.bindgen.common.docs import docstring, text
from witkit.bindgen.common.format import format_python
from witkit.bindgen.common.layout import lay_out
from witkit.ir import Features, load
from witkit.ir.model import World
from witkit.text import WitkitError

# ---- statements

# Lengths with which one, two or many parts come near the end of the line.
NAMES = st.builds(lambda letter, length: letter * length, st.sampled_from("abcXY"), st.integers(1, 42))
DOTTED = st.builds(".".join, st.lists(NAMES, min_size=1, max_size=3))
STRINGS = st.builds('"{}"'.format, NAMES | st.sampled_from(["[method]a.b", "a:b/c@1.0.0", "(", "a, b"]))
ANNOTATIONS = st.recursive(
    DOTTED,
    lambda inner: (
        st.builds("{}[{}]".format, NAMES, st.lists(inner, min_size=1, max_size=4).map(", ".join))
        | st.builds("{} | None".format, inner)
    ),
    max_leaves=6,
)


def displays(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arguments = st.lists(inner | st.builds("{}={}".format, NAMES, inner), max_size=5).map(", ".join)
    several = st.lists(inner, min_size=2, max_size=6).map(", ".join)
    pairs = st.lists(st.builds("{}: {}".format, STRINGS, inner), min_size=1, max_size=4).map(", ".join)
    return st.one_of(
        st.builds("{}({})".format, DOTTED, arguments),
        st.builds("({})".format, several),
        st.builds("({},)".format, inner),
        st.builds("[{}]".format, several),
        st.builds("{{{}}}".format, pairs),
        st.builds("{}[{}]({})".format, DOTTED, STRINGS, arguments),
    )


VALUES = st.recursive(DOTTED | STRINGS, displays, max_leaves=12)
PARAMETERS = st.lists(
    st.builds("{}: {}".format, NAMES, ANNOTATIONS) | st.sampled_from(["self", "cls", "a: b | None = None"]), max_size=5
)
FUNCTIONS = st.builds(
    "{}def {}({}) -> {}:".format,
    st.sampled_from(["", "async "]),
    NAMES,
    st.builds(lambda ps, end: ", ".join([*ps, *end]), PARAMETERS, st.sampled_from([(), ("/",), ("*", "c: d")])),
    ANNOTATIONS,
).filter(lambda header: "(/" not in header)
STATEMENTS = st.one_of(
    displays(VALUES),
    st.builds("await {}".format, displays(VALUES)),
    st.builds("return {}".format, displays(VALUES)),
    st.builds("{} = {}".format, NAMES, VALUES),
    st.builds("{}: {} = {}".format, NAMES, ANNOTATIONS, VALUES),
    st.builds("{}: {} = await {}".format, NAMES, ANNOTATIONS, displays(VALUES)),
    st.builds("{}: {}".format, NAMES, ANNOTATIONS),
    st.builds("{}: TypeAlias = {}".format, NAMES, st.lists(NAMES, min_size=1, max_size=8).map(" | ".join)),
    st.builds("from {} import {}".format, DOTTED, st.lists(NAMES, min_size=1, max_size=6).map(", ".join)),
    FUNCTIONS,
)


def in_module(lines: list[str], depth: int) -> str:
    """A module in which a statement is `depth` levels deep; a function gets a body."""
    around = [f"{'    ' * level}class A:" for level in range(depth)]
    body = ["    " * (depth + 1) + "pass"] if lines[-1].endswith(":") else []
    return "\n".join([*around, *lines, *body, ""])


@settings(max_examples=examples(400), deadline=None)
@given(STATEMENTS, st.integers(0, 2))
def test_a_statement_is_broken_as_black_does_or_left_to_it(statement: str, depth: int) -> None:
    try:
        lines = broken(4 * depth, statement)
    except NotKnown:
        return
    plain = in_module(["    " * depth + statement], depth)
    assert in_module(lines, depth) == format_python(plain)


KNOWN = [
    'a = b("c", d)',
    '_result: list[int] = await _native.call(_INTERFACE, "name", first, second, third)',
    'self._exports["name"](first, second, third)',
    'result: InvocationResult = await self._exports["[method]invocation.get"](self, first)',
    'return TheInterface(self, replace(the_interface.INTERFACE, name="a:b/c@1.0.0"))',
    "def call(self, first: int, second: list[str] | None, third: TheType, fourth: TheOtherType, /) -> str:",
    'def name(self, *, first: FirstInterface | runtime.Exported[Literal["a:b/c"]] | None = None, last: int) -> str:',
    "def name(parameter: tuple[int, int, int, int, int, int, int]) -> tuple[int, int, int, int]:",
    "def name() -> tuple[TheLongNameOfAClass, TheLongNameOfAnotherClass, TheLongOne]:",
    "from package.module import first_name, second_name, third_name as another_name, fourth_name",
    "Name: TypeAlias = FirstCase | SecondCase | ThirdCase | FourthCase | FifthCase | SixthCase | Seventh",
    'THING = abi.Record("thing", Thing, (abi.Field("one", "one", abi.List(abi.U8)), abi.Field("two", "two", abi.S8)))',
    '__all__ = ["first", "second", ]',
    'EXPORTS: dict[str, tuple[str, str]] = {"first": ("one", "One"), "second": ("two", "Two"), }',
]


@pytest.mark.parametrize("depth", [0, 1, 2])
@pytest.mark.parametrize("statement", KNOWN)
def test_what_templates_make_is_known_and_no_line_is_too_long(statement: str, depth: int) -> None:
    lines = broken(4 * depth, statement)
    assert max(map(len, lines)) <= WIDTH
    assert in_module(lines, depth) == format_python(in_module(["    " * depth + statement], depth))


@pytest.mark.parametrize("statement", KNOWN)
def test_names_of_every_length_are_laid_out_as_by_black(statement: str) -> None:
    for length in range(1, 100):
        renamed = statement.replace("name", "n" * length).replace("first", "f" * length)
        try:
            lines = broken(4, renamed)
        except NotKnown:
            continue
        assert in_module(lines, 1) == format_python(in_module(["    " + renamed], 1))


# ---- modules

DOCS = st.text(alphabet=st.sampled_from("ab \"\\\n\t'#:.\xa0\x85ä漢") | st.characters(), max_size=60)
LONG = st.builds("{} {}\n{}".format, DOCS, st.text("ab ", min_size=75, max_size=95), DOCS)


@settings(max_examples=examples(300), deadline=None)
@given(DOCS | LONG, DOCS | LONG)
@example("", '"')
def test_documentation_is_laid_out_as_by_black(first: str, second: str) -> None:
    one, two = text(first, "nothing"), text(second, "nothing")
    module = (
        f"{docstring(one)}\n\nimport a\n\n\n\n"
        f"class A:\n    {docstring(two, 4)}\n\n    a: int\n    {docstring(one, 4)}\n\n"
        f"    def f(self) -> None:\n        {docstring(two, 8)}\n        ...\n\n\n\nB = A\n{docstring(two)}\n"
    )
    assert lay_out(module, format_python) == format_python(module)


@pytest.mark.parametrize("directive", ["# fmt: off", "# fmt: skip", "# yapf: disable", "# type: ignore"])
def test_directives_for_black_in_comments_count(directive: str) -> None:
    module = f"{directive}\na = [1,2]\n"
    assert lay_out(module, format_python) == format_python(module)


def test_only_the_definition_that_is_not_known_goes_to_black() -> None:
    odd = f"class B:\n    {'a' * 50}: list[{'b' * 50}]\n"
    seen: list[str] = []

    def black(part: str) -> str:
        seen.append(part)
        return part

    laid_out = lay_out(f"class A:\n    a: int\n\n\n{odd}\n\nC = A\n", black)
    assert seen == [odd]
    assert laid_out == f"class A:\n    a: int\n\n\n{odd}\n\nC = A\n"


# ---- worlds


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the templates: as a user's own, they make text that goes through black as a whole."""
    return Path(copytree(data_folder("templates"), tmp_path_factory.mktemp("templates") / "copy"))


def generated(world: World, target: str, templates: Path | None) -> dict[str, str] | str:
    """The files without their first lines, which have a hash of the templates, or what keeps them from being made."""
    try:
        files = generate(world, target, package="p", allow=True, templates=templates)
    except WitkitError as failure:
        return str(failure)
    return {str(file.path): file.text.partition("\n")[2] for file in files}


def assert_laid_out_as_by_black(world: World, templates: Path) -> None:
    for target in ("host", "guest"):
        assert generated(world, target, None) == generated(world, target, templates)


def test_every_module_of_small_worlds_is_laid_out_as_by_black(copied: Path) -> None:
    for one in everywhere("codegen"):
        assert_laid_out_as_by_black(one.world, copied)


@pytest.mark.thorough
def test_every_module_of_the_largest_world_is_laid_out_as_by_black(corpus: Path, copied: Path) -> None:
    loaded = load(corpus / "real" / "golem" / "wit", features=Features(all=True))
    assert_laid_out_as_by_black(loaded.world("golem:api/golem"), copied)


@pytest.mark.parametrize("seed", sampled(range(30)))
def test_random_packages_are_laid_out_as_by_black(seed: int, tmp_path: Path, copied: Path) -> None:
    for name, content in made(seed, change=False).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    resolve = load(tmp_path, features=Features(all=True)).resolve
    for world in resolve.worlds if resolve else ():
        assert_laid_out_as_by_black(world, copied)
