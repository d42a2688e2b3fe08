"""The parts of the format SARIF 2.1.0 that witkit writes, as a JSON schema: what is not listed is an error.

Names in parentheses are the objects of the specification.
"""

from __future__ import annotations

from typing import Any


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "additionalProperties": False,
    }


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
_POSITIVE: dict[str, Any] = {"type": "integer", "minimum": 1}
_MESSAGE = _object("text", text=_TEXT)
_MULTIFORMAT = _object("text", text=_TEXT, markdown=_TEXT)
_ARTIFACT = _object("uri", uri={"type": "string", "pattern": r"^[A-Za-z0-9/._~%-]+$"})
_REGION = _object(
    "startLine startColumn endLine endColumn",
    startLine=_POSITIVE,
    startColumn=_POSITIVE,
    endLine=_POSITIVE,
    endColumn=_POSITIVE,
)
_PLACE = _object("artifactLocation", artifactLocation=_ARTIFACT, region=_REGION)
_LOCATION = _object(
    "physicalLocation",
    physicalLocation=_PLACE,
    logicalLocations=_list(_object("fullyQualifiedName", fullyQualifiedName=_TEXT)),
    message=_MESSAGE,
)
_REPLACEMENT = _object("deletedRegion", deletedRegion=_REGION, insertedContent=_object("text", text={"type": "string"}))
_CHANGE = _object(
    "artifactLocation replacements",
    artifactLocation=_ARTIFACT,
    replacements={**_list(_REPLACEMENT), "minItems": 1},
)
_FIX = _object("artifactChanges", description=_MESSAGE, artifactChanges={**_list(_CHANGE), "minItems": 1})
_RESULT = _object(
    "message ruleId ruleIndex level partialFingerprints",
    ruleId=_TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level={"enum": ["none", "note", "warning", "error"]},
    message=_MESSAGE,
    locations=_list(_LOCATION),
    relatedLocations=_list(_LOCATION),
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
    fixes=_list(_FIX),
    properties={"type": "object"},
)
_RULE = _object("id", id=_TEXT, name=_TEXT, shortDescription=_MULTIFORMAT, help=_MULTIFORMAT)
_DRIVER = _object("name", name=_TEXT, version=_TEXT, rules={**_list(_RULE), "uniqueItems": True})
_RUN = _object(
    "tool",
    tool=_object("driver", driver=_DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results=_list(_RESULT),
)
SARIF = _object("version runs", version={"const": "2.1.0"}, runs=_list(_RUN))
"""A log (sarifLog)."""
