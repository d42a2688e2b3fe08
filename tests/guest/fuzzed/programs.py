"""Random programs that use handles, rightly and wrongly: lines of the guest's, and lines of its host's."""

from __future__ import annotations

from random import Random

FORGED = ["x", "t", "c", "o", "l[0]", "3", "None", "Tin(3)", "Box", "Duck()", "Duck(handle=a.handle)", "throw(Err(a))"]
FORGED += ["things.swap(a)", "Box(1)", "Box.__new__(Box)"]
USES = """things.lend(?) / things.give(?) / x := things.swap(?) / things.two(?, ?) / things.owt(?, ?)
a.finalizer.alive / l := things.boxes([?, ?]) / things.lent([?, ?]) / things.lent([]) / x := things.maybe(?)
things.pair((?, Tin(4))) / things.load(Crate(?, 1)).b / things.post(Parcel_Boxed(?)) / things.post(Parcel_Tinned(?))
things.maybe(None) / things.post(Parcel_Nothing()) / things.refuse(?) / things.choose(Ok(?))
things.choose(Err(Tin(1))) / Box('x') / things.halve(4) / things.halve(3)
things.wrong(?, 300) / ?.n() / ?.same(?) / ?.pack(?) / ?.fail() / Box.n(?) / Box.make(7) / Box() / Box(1, 2) / a.n(1)
?.__exit__(None, None, None) / a.__exit__(None, None, None) / del a / del b / x := a / x := b / a := Box(5) / ? is a
b := Box(6) / t := Tin(9) / a.handle is None / hasattr(a, 'handle') / hasattr(a, 'finalizer') / isinstance(a, Box)
a.handle == b.handle / a == b / [Box(i) for i in range(5)] and None / a.other
delattr(a, 'handle') / vars(a).keys() == {'handle', 'finalizer'} / things.lend(things.swap(a)) / things.lend()"""
OWN = [
    "Can(3)",
    "Jar(3)",
    "Slotted(3)",
    "3",
    "None",
    "'x'",
    "object()",
    "Duck(number=4)",
    "Duck(number=4, n=lambda: 9)",
    "1.5",
    "(1,)",
    "[]",
    "me",
    "c",
]
OWN += ["throw(Err(k))", "Err(k)", "Ok(k)", "Err(1)", "swallowed", "Box(1)", "lambda: 3"]
ENTRIES = """@ = cans.Can(4) / @ = cans.Can.make(5) / @ = cans.get('k := Can(7); k') / @ = cans.get('k2 := Can(8); !')
@ = cans.get('!') / @, @ = cans.gets('[!, !]') / @ = cans.either('!') / cans.told('Ok(3)')
cans.told('Err(3)') / cans.told('3') / cans.stock('Duck(c=!, j=Jar(1))').c
@.n() / @.add(@) / @.swallow(@) / @.me() / @ = @.me() / @.run('k := me') / @.run('!') / @.close() / @ == @ / @ = None
cans.put('k', @) / cans.puts('k', [@, @]) / cans.look(@, 'k := c; c.n()') / cans.look(@, '!') / cans.get('c')
cans.box_of('?').n() / cans.boxes('[?, ?]')[0].n() / cans.refused('throw(Err(?))') / cans.back(Box(21), 'b')
cans.work(Box(21), Box(22), [Box(23), Box(24)], 'a := b; b := o; $; $') / cans.work(Box(21), Box(22), [], 'a := o; $')
cans.back(Box(21), 'things.give(Box(3)); x := b; Box(8)').n() / run('a := Box(1); b := Box(2); $; $') / run('$; $')
cans.get(3) / cans.nothing() / cans.put('k') / cans.put('k', 3) / cans.put('k', None) / cans.put('k', cans)
cans.put('k', Box(3)) / cans.put('k', cans.Jar(3)) / cans.Jar(3).n() / cans.work(None, Box(1), [], '1') / @.number
cans.work(Box(1), 3, [], '1') / cans.work(@, Box(1), [], '1') / cans.Can() / cans.Can('x') / cans.Can(1, 2)"""


def _split(text: str) -> list[str]:
    return text.replace("\n", " / ").split(" / ")


class Programs:
    """Programs from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def guest(self) -> list[str]:
        """What the host calls to run a program of the guest's."""
        lines = [self._use() for _ in range(self.random.randint(1, 6))]
        return [f"run({'; '.join(['a := Box(1)', 'b := Box(2)', *lines])!r})"]

    def host(self) -> list[str]:
        """Calls of the host's, which begin with two objects of the guest's."""
        lines = [self._fill(self._pick(_split(ENTRIES))) for _ in range(self.random.randint(1, 4))]
        return ["p = cans.Can(1)", "q = cans.get('k := Can(2); k')", *lines]

    def _use(self) -> str:
        line = self._fill(self._pick(_split(USES)))
        return f"try {line}" if self.random.random() < 0.5 else line

    def _fill(self, line: str) -> str:
        """A line whose marks are replaced: `?` by a box or what is none, `!` by a can, `@` by a host's name, `$` by a
        line of the guest's."""
        marks = {"?": self._box, "!": self._can, "@": self._name, "$": self._inner}
        return "".join(marks[character]() if character in marks else character for character in line)

    def _pick(self, several: list[str]) -> str:
        return self.random.choice(several)

    def _box(self) -> str:
        return self._pick(FORGED) if self.random.random() < 0.3 else self._pick(["a", "b"])

    def _can(self) -> str:
        chosen = self._pick(OWN) if self.random.random() < 0.4 else self._pick(["k", "k2", "Can(2)"])
        return chosen.replace("'", '"')

    def _name(self) -> str:
        return self._pick(["p", "q", "p", "q", "s"])

    def _inner(self) -> str:
        return self._use().replace("'", '"')
