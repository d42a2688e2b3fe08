"""Find the folder of the guest for a command."""

from __future__ import annotations

from pathlib import Path

from witkit.componentize.config import BuildConfig
from witkit.componentize.sdks import find_sdks
from witkit.text import WitkitError
from witkit.text.projects import find_project, settings_in


def project_of(folder: Path) -> Path:
    """The folder of the project that `folder` belongs to, or `folder` itself.

    A folder with a guest that uses an SDK is a project even without settings, and even inside of another project.
    """
    if _has_settings(folder) or _uses_sdk(folder):
        return folder
    return find_project(folder) or folder


def _has_settings(folder: Path) -> bool:
    return (folder / "wit").is_dir() or settings_in(folder) is not None


def _uses_sdk(folder: Path) -> bool:
    config = BuildConfig(root=folder)
    if not (folder / f"{config.app}.py").is_file():
        return False
    try:
        return bool(find_sdks(config))
    except WitkitError:
        return True  # the build reports what is wrong with the SDK
