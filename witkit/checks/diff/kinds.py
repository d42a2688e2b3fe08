"""The kinds of changes. `docs/changes.md` has them with their verdicts."""

from __future__ import annotations

from enum import Enum


class Kind(Enum):
    """A kind of change: its code, which never changes, and what it is."""

    def __init__(self, code: str, summary: str) -> None:
        self.code = code
        self.summary = summary

    FUNCTION_ADDED = "WIT2101", "An interface or resource has a new function, method, static function or constructor."
    FUNCTION_REMOVED = "WIT2102", "A function is gone. A renamed one is gone, and another one is new."
    FUNCTION_KIND_CHANGED = "WIT2103", "A method is static now, or the other way round."
    ASYNC_CHANGED = "WIT2104", "A function is `async` now, or no longer."
    PARAMETER_ADDED = (
        "WIT2105",
        "A function has one more parameter. An `option` makes no difference: the number of values counts.",
    )
    PARAMETER_REMOVED = "WIT2106", "A function has lost a parameter."
    PARAMETER_RENAMED = "WIT2107", "A parameter has another name, which is part of the type of its function."
    PARAMETERS_REORDERED = "WIT2108", "The parameters of a function are in another order."
    PARAMETER_TYPE_CHANGED = "WIT2109", "A parameter has another type, even if it is a wider one."
    RESULT_CHANGED = "WIT2110", "A function returns another type, or something instead of nothing."
    TYPE_NAME_CHANGED = (
        "WIT2111",
        "A place refers to another type of the same structure: only source code can see that.",
    )

    TYPE_ADDED = "WIT2201", "An interface or world defines a new type."
    TYPE_REMOVED = (
        "WIT2202",
        "A type is gone. If no function has it, the binaries of guests that import it never had it.",
    )
    RESOURCE_ADDED = "WIT2203", "An interface or world has a new resource."
    RESOURCE_REMOVED = "WIT2204", "A resource is gone, with all of its functions."
    TYPE_CHANGED = "WIT2205", "A type is something else: an enum instead of a variant, a list of other values."
    FIELD_ADDED = "WIT2206", "A record has one more field. An `option` makes no difference: the layout is another."
    FIELD_REMOVED = "WIT2207", "A record has lost a field."
    FIELDS_REORDERED = "WIT2208", "The fields of a record are in another order, which is part of its type."
    FIELD_TYPE_CHANGED = "WIT2209", "A field has another type."
    CASE_ADDED = "WIT2210", "A variant, enum or flags have one more case or flag."
    CASE_REMOVED = "WIT2211", "A variant, enum or flags have lost a case or flag."
    CASES_REORDERED = "WIT2212", "The cases of a variant or enum, or the flags, are in another order."
    PAYLOAD_CHANGED = "WIT2213", "A case has another payload, or one for the first time."
    TYPE_MOVED = "WIT2214", "A type without identity is defined in another interface, and the old one `use`s it."
    RESOURCE_MOVED = (
        "WIT2215",
        "A resource is defined in another interface, and the old one `use`s it. Exported, it is another resource.",
    )
    TYPE_BROUGHT_HOME = (
        "WIT2216",
        "A type that was `use`d is defined in the interface itself. The import of the other interface may vanish.",
    )
    USE_ADDED = "WIT2217", "An interface `use`s one more type."
    USE_REMOVED = "WIT2218", "An interface no longer `use`s a type."
    USE_CHANGED = "WIT2219", "A type is `use`d from another interface, or from a version of it that is not compatible."
    RESOURCE_BROUGHT_HOME = "WIT2220", "A resource that was `use`d is defined in the interface itself."

    INTERFACE_ADDED = "WIT2301", "The package has a new interface."
    INTERFACE_REMOVED = "WIT2302", "An interface is gone."
    WORLD_ADDED = "WIT2303", "The package has a new world."
    WORLD_REMOVED = "WIT2304", "A world is gone, and nothing can be built for it."
    IMPORT_ADDED = "WIT2305", "A world imports something more, by itself or because something in it needs that."
    IMPORT_REMOVED = "WIT2306", "A world no longer imports something, which its guests may still ask for."
    IMPORT_CHANGED = "WIT2307", "An import is something else, such as an interface of a version that is not compatible."
    EXPORT_ADDED = "WIT2308", "A world exports something more, which guests have to provide."
    EXPORT_REMOVED = "WIT2309", "A world no longer exports something, which hosts may still call."
    EXPORT_CHANGED = "WIT2310", "An export is something else, such as an interface of a version that is not compatible."
    PACKAGE_ADDED = "WIT2311", "The folder or file has a new nested package."
    PACKAGE_REMOVED = "WIT2312", "A nested package is gone."

    DOCUMENTATION_CHANGED = "WIT2401", "Documentation has changed."
    ORDER_CHANGED = "WIT2402", "The types or functions of an interface are in another order, which does not matter."
    GATE_CHANGED = (
        "WIT2403",
        "The version or the feature in the gate of an item that both versions have has changed.",
    )
    DEPRECATED = "WIT2404", "An item is deprecated, which asks for a minor version."
    EXTERNAL_ID_CHANGED = "WIT2405", "The external id of an item has changed."
    DEPENDENCY_UPDATED = "WIT2406", "A dependency has another version, which is compatible by its number."

    @property
    def title(self) -> str:
        """The name: `function-added`."""
        return self.name.lower().replace("_", "-")
