"""Python expressions for values of a type: right ones, and wrong ones with a mistake at one place."""

from __future__ import annotations

from random import Random

from tests.guest.fuzzed.world import Type

ANYTHING = r"""
None|True|False|0|-1|3|256|2**31|2**64|10**400|-2**63 - 1|Number(3)|Index(3)|Index(-1)|Level.HIGH|1.0|0.5|1e300|-1e300
float('inf')|float('nan')|Real(2.5)|Floating(2.5)|1j|''|'x'|'ab'|'3'|'\ud800'|'a\udfffb'|'\U0001f600'|'e\u0301'|'\0'
Text('x')|Text('ab')|b''|b'ab'|bytearray(b'ab')|memoryview(b'ab')|[]|[1, 2]|()|(1,)|(1, 'a')|range(2)|iter([])
(i for i in [1])|{}|{1: 2}|set()|Duck()|Duck(value=0)|Duck(value=1)|Duck(value=-1)|Duck(value='x')|Duck(value=None)
Duck(value=2**32)|Duck(value=True)|Duck(value=Index(1))|Duck(value=1.0)|Duck(f0=1)|Some(1)|Some(None)
Some(Some(1))|Ok(1)|Ok(None)|Err(1)|Err(None)|Err('x')|Worse('x')|object()|int|NotImplemented|...|Err|ValueError('x')
"""
ROUND = """
[{0}]|({0},)|tuple({0})|list({0})|iter({0})|Some({0})|Ok({0})|Err({0})|sub({0})|Duck(value={0})|{0} + (1,)|{0}[1:]
{0} + {0}|{0} * 2|-{0}|~{0}|{0} + 1|{0} - 1|str({0})|Text({0})|int({0})|float({0})|Number({0})|Index({0})|Real({0})
Floating({0})|bytearray({0})|memoryview({0})|list(map(ord, {0}))|{0}.encode()|{0}.value|without({0}, 'value')
without({0}, 'f0')|sub({0}, f0=None)|Duck(**vars({0}))|vars({0})|type({0})|lambda: {0}|Duck(value={0}.value)
"""
LYING_ANYTHING = "Array([1])|Row((1, 2))|Bytes(b'abc')|Sharp()"
LYING_ROUND = "Array({0})|Row({0})|Bytes({0})|[Sharp(), {0}][0]"
"""Objects that are not what they say. A host's are taken at their word in places, and by C in others."""
INTEGERS = [0, 1, 3, 127, 128, 255, *(2**bits - low for bits in (15, 16, 31, 32, 63, 64) for low in (1, 0))]
INTEGERS += [-n for n in INTEGERS if n]
FLOATS = ["0.0", "-0.0", "1.5", "0.1", "1e300", "-1e39", "float('inf')", "float('nan')", "3", "5e-324", "16777217.0"]
STRINGS = ["''", "'x'", "'\\0'", "'ß→\\U0001f600'", "'e\\u0301'", "'\\ufeffx'", "'a' * 300"]
CHARS = ["'x'", "'\\0'", "'ß'", "'\\U0010ffff'", "'\\ud7ff'", "'\\ue000'"]


def _split(text: str) -> list[str]:
    return text.strip().replace("\n", "|").split("|")


class Cases:
    """Expressions from a seed; with `lying`, also of objects that are not what they say."""

    def __init__(self, seed: int, *, lying: bool) -> None:
        self.random = Random(seed)
        self._anything = _split(ANYTHING + LYING_ANYTHING * lying)
        self._round = _split(ROUND + LYING_ROUND * lying)

    def right(self, type: Type) -> str:
        """A value of the type."""
        return str(getattr(self, "_" + type.kind, self._integer)(type))

    def wrong(self, type: Type) -> str:
        """A value that has, at some place, something that may not be of the type."""
        inner = [i for i, part in enumerate(type.parts) if part]
        if inner and self.random.random() < 0.6:
            return self._around(type, self.random.choice(inner))
        if self.random.random() < 0.5:
            return self.random.choice(self._anything)
        return self.random.choice(self._round).format(self.right(type))

    def _around(self, type: Type, at: int) -> str:
        """A value whose part number `at` is wrong."""
        parts = [part and (self.wrong(part) if i == at else self.right(part)) for i, part in enumerate(type.parts)]
        match type.kind:
            case "list":
                return f"[{parts[0]}]" if self.random.random() < 0.5 else f"[*{self._list(type)}, {parts[0]}]"
            case "tuple":
                return f"({''.join(f'{part}, ' for part in parts)})"
            case "option":
                return self._present(type, str(parts[0]))
            case "result":
                return f"{('Ok', 'Err')[at]}({parts[at]})"
            case "record":
                return f"{type.cls}({', '.join(map(str, parts))})"
        return f"{type.cls}_C{at}({parts[at]})"

    def _present(self, type: Type, inner: str) -> str:
        part = type.parts[0]
        return f"Some({inner})" if part and part.kind == "option" else inner

    def _integer(self, type: Type) -> str:
        bits, signed = int(type.kind[1:]), type.kind[0] == "s"
        low, high = (-(1 << bits - 1), 1 << bits - 1) if signed else (0, 1 << bits)
        return str(self.random.choice([n for n in INTEGERS if low <= n < high]))

    def _bool(self, type: Type) -> str:
        return self.random.choice(["True", "False"])

    def _f64(self, type: Type) -> str:
        return self.random.choice(FLOATS)

    _f32 = _f64

    def _string(self, type: Type) -> str:
        return self.random.choice(STRINGS)

    def _char(self, type: Type) -> str:
        return self.random.choice(CHARS)

    def _bytes(self, type: Type) -> str:
        return self.random.choice(["b''", "b'\\0\\xff'", "bytes(range(128, 140))"])

    def _list(self, type: Type) -> str:
        return f"[{', '.join(self.right(p) for p in type.parts if p for _ in range(self.random.choice([0, 1, 2, 5])))}]"

    def _tuple(self, type: Type) -> str:
        return f"({''.join(f'{self.right(part)}, ' for part in type.parts if part)})"

    def _option(self, type: Type) -> str:
        some = type.parts[0]
        return "None" if some is None or self.random.random() < 0.3 else self._present(type, self.right(some))

    def _result(self, type: Type) -> str:
        at = self.random.randrange(2)
        part = type.parts[at]
        return f"{('Ok', 'Err')[at]}({self.right(part) if part else None})"

    def _record(self, type: Type) -> str:
        return f"{type.cls}({', '.join(self.right(part) for part in type.parts if part)})"

    def _variant(self, type: Type) -> str:
        at = self.random.randrange(len(type.parts))
        part = type.parts[at]
        return f"{type.cls}_C{at}({self.right(part) if part else ''})"

    def _enum(self, type: Type) -> str:
        return f"{type.cls}.E{self.random.randrange(len(type.parts))}"

    def _flags(self, type: Type) -> str:
        members = self.random.sample(range(len(type.parts)), self.random.randint(0, min(3, len(type.parts))))
        return " | ".join([f"{type.cls}(0)", *(f"{type.cls}.B{at}" for at in members)])
