"""Which folder the guest is in that a command means."""

from __future__ import annotations

from pathlib import Path

from witkit.componentize.config import BuildConfig
from witkit.componentize.sdks import find_sdks
from witkit.text import WitkitError
from witkit.text.projects import find_project, settings_in


def project_of(folder: Path) -> Path:
    """The folder of the project that `folder` is in; the folder itself if there is none.

    A folder with a guest that uses an SDK is a project without any settings, also inside of another one.
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
        return True  # whoever builds it will tell what is wrong with the SDK
