"""Backends of other distributions that fail in every way: each failure is reported as theirs."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import pytest

from tests.run.conftest import Guest
from tests.run.plugins import STRANGE_AT_IMPORT, install, memory
from tests.run.test_secrets import SECRET, SOURCE, is_clean, ran

CANNOT_BE = "error[WIT0802]: the backend `remote` for key-value cannot be"
FAILED = "error[WIT0809]: the backend for key-value failed in `[static]keyvalue.open`:"

FAILURES = {
    "an exception of its own at import": (STRANGE_AT_IMPORT, f"{CANNOT_BE} loaded: Strange: ***\n"),
    "an exit at import": ("raise SystemExit(0)\n", f"{CANNOT_BE} loaded: SystemExit: 0\n"),
    "nothing at the entry point": ("", f"{CANNOT_BE} loaded: AttributeError: "),
    "an exception without a text in open": (
        memory(open="raise Strange"), f"{CANNOT_BE} opened: Strange: (its message cannot be shown: RuntimeError)\n",
    ),
    "a group in open": (
        memory(open=f"raise BaseExceptionGroup('x', [SystemExit('{SECRET}')])"),
        f"{CANNOT_BE} opened: BaseExceptionGroup: x (1 sub-exception)\n",
    ),
    "nothing from open": (memory(open="return None"), f"{CANNOT_BE} opened: TypeError: its `open` returned NoneType"),
    "a wrong location": (
        memory(open="found = Stores(settings); found.location = 5; return found"), f"{CANNOT_BE} opened: TypeError: ",
    ),
    "nothing that can be checked": (
        memory(open="from types import SimpleNamespace as S; return S(location='x', limits=Stores.limits)"),
        f"{CANNOT_BE} opened: TypeError: ",
    ),
    "an exception with a secret in check": (
        memory(open=f"found = Stores(settings); found.check = lambda: int('{SECRET}'); return found"),
        f"{CANNOT_BE} opened: ValueError: invalid literal for int() with base 10: '***'\n",
    ),
    "an exit in prepare": (
        memory(open="found = Stores(settings); found.prepare = lambda: sys.exit(3); import sys; return found"),
        f"{CANNOT_BE} opened: SystemExit: 3\n",
    ),
    "exceptions in check and close": (
        memory(open="found = Stores(settings); found.check = lambda: 1 / 0; return found", close="raise Strange"),
        f"{CANNOT_BE} opened: ZeroDivisionError: division by zero\n",
    ),
    "an exit in close": (
        memory(open="return Stores(settings)", close="raise SystemExit(0)"), f"{CANNOT_BE} closed: SystemExit: 0\n",
    ),
    "an exception of its own in close": (
        memory(open="return Stores(settings)", close="raise Strange"), f"{CANNOT_BE} closed: Strange: (",
    ),
    "an exit in a call": (memory(call="raise SystemExit(0)"), f"{FAILED} SystemExit: 0\n"),
    "an exception of its own in a call": (memory(call="raise Strange"), f"{FAILED} Strange: ("),
}  # fmt: skip


@pytest.mark.parametrize(("code", "said"), FAILURES.values(), ids=FAILURES)
def test_a_failure_is_reported_as_the_plug_ins(code: str, said: str, guest: Guest, tmp_path: Path) -> None:
    install(tmp_path, code)
    (tmp_path / "witkit.toml").write_text(f'[key-value]\nbackend = "remote"\npassword = "{SECRET}"\n')
    exit_code, out = ran(tmp_path, guest)
    assert exit_code == 1
    assert said in out
    assert SOURCE in out
    assert "Traceback" not in out
    assert is_clean(out), out


def test_a_warning_of_a_plug_in_shows_no_secret(guest: Guest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # pytest collects warnings; Python writes them.
    monkeypatch.setattr(warnings, "showwarning", lambda *given: sys.stderr.write(warnings.formatwarning(*given[:4])))
    install(tmp_path, memory(open="import warnings; warnings.warn(str(settings)); return Stores(settings)"))
    (tmp_path / "witkit.toml").write_text(f'[key-value]\nbackend = "remote"\npassword = "{SECRET}"\n')
    exit_code, out = ran(tmp_path, guest)
    assert exit_code == 0
    assert "UserWarning: Settings(url=***, password=***" in out
    assert is_clean(out), out


def test_two_plug_ins_of_one_name_are_refused(guest: Guest, tmp_path: Path) -> None:
    install(tmp_path, memory())
    install(tmp_path, memory(), "other-redis")
    exit_code, out = ran(tmp_path, guest, "--key-value", "remote")
    assert exit_code == 1
    assert "error[WIT0802]: the backend `remote` for key-value is installed 2 times\n" in out
    for name in ("shop-redis", "other-redis"):
        module = name.replace("-", "_")
        assert f"the distribution `{name}` 1.5, entry point `key-value.remote = {module}:backend`" in out
