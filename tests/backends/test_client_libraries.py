"""Backends whose client library is missing, or cannot be imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from witkit.backends.backend import Backend, Requirement
from witkit.backends.settings import BackendSettings
from witkit.text import WitkitError

INSTALL = "install it: pip install 'witkit[redis]'"


@pytest.mark.parametrize(
    ("module", "text", "said"),
    [
        ("client_that_is_missing", None, "which is not installed"),
        (
            "client_without_its_c_library",
            'raise ImportError("no pq wrapper available.\\nAttempts made: 2")\n',
            "which cannot be imported: no pq wrapper available. Attempts made: 2",
        ),
        (
            "client_without_its_dependency",
            "import a_module_that_is_missing\n",
            "which cannot be imported: No module named 'a_module_that_is_missing'",
        ),
    ],
)
def test_a_backend_without_its_client_library_says_how_to_install_it(
    module: str, text: str | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    if text is not None:
        (tmp_path / f"{module}.py").write_text(text)
    backend = Backend(
        "Something.", lambda settings: pytest.fail("it was opened"), requires=Requirement(module, "redis")
    )
    with pytest.raises(WitkitError) as wrong:
        backend.opened(BackendSettings())
    [found] = wrong.value.diagnostics
    assert (found.code, found.help) == ("WIT0802", INSTALL)
    assert found.message == f"this backend needs the Python module `{module}`, {said}"
