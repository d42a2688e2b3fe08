"""Whatever the grammar makes, with comments between any two of its tokens: formatting proves itself, or raises."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sampled import examples
from tests.syntax.test_printer import commented
from tests.syntax.test_properties import mutations
from witkit.syntax import parse
from witkit.syntax.formatter.formatting import format_text
from witkit.syntax.formatter.options import FormatOptions
from witkit.text import Source, WitkitError


@given(commented(), st.sampled_from([FormatOptions(), FormatOptions(2, 40), FormatOptions(4, 1)]))
@settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_that_parses_can_be_formatted(text: str, options: FormatOptions) -> None:
    if parse(source := Source("test.wit", text)).diagnostics:
        return
    format_text(source, options)


@given(mutations())
@settings(max_examples=examples(200), deadline=None)
def test_a_text_with_errors_is_refused_with_its_errors(text: str) -> None:
    found = parse(source := Source("test.wit", text)).diagnostics
    if not found:
        format_text(source)
        return
    with pytest.raises(WitkitError) as refused:
        format_text(source)
    assert [d.code for d in refused.value.diagnostics] == [d.code for d in found]
