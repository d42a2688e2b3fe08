"""Secrets that `witkit secret` stores: a file that only its owner can read, encrypted if the user gives a key.

The file is JSON: `{"salt": …, "secrets": {name: value}}`. Without a key the values are plain and the salt is null. The
key is a passphrase in `WITKIT_SECRETS_KEY`; the encryption key is derived from it and the salt with scrypt, and each
value is a Fernet token, which also shows if somebody has changed it.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, Final

from witkit.text import WitkitError, error
from witkit.text.projects import upward
from witkit.text.secrets import learn
from witkit.text.writing import NewFolders, not_writable

from .drafts import UncommittedFile, replace

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

BAD_SECRETS: Final = "WIT0913"

FOLDER: Final = ".witkit"
FILE: Final = Path(FOLDER) / "secrets.json"
FILE_VARIABLE: Final = "WITKIT_SECRETS_FILE"
KEY_VARIABLE: Final = "WITKIT_SECRETS_KEY"


@dataclass(frozen=True, slots=True)
class SecretStore:
    """The secrets of a project, in one file, which does not exist before there is one."""

    file: Path

    @classmethod
    def nearest(cls, folder: Path) -> SecretStore:
        """The store for a folder: the one that `WITKIT_SECRETS_FILE` names, or the nearest `.witkit/secrets.json`.

        If there is none in the folder or above, the one that would be in it.
        """
        named = os.environ.get(FILE_VARIABLE)
        if named:
            return cls(Path(named))
        found = (each / FILE for each in upward(folder))
        return cls(next(filter(_may_be_there, found), folder / FILE))

    def names(self) -> list[str]:
        """The names of the secrets, in order. Raises WitkitError (WIT0913)."""
        return sorted(self._content()["secrets"])

    def check(self) -> None:
        """Raise WitkitError (WIT0913) if the secrets cannot be read, also for a wrong or missing key."""
        content = self._content()
        for value in [*content["secrets"].values()][:1]:
            self._decrypted(value, content["salt"])

    def get(self, name: str) -> str | None:
        """A secret, or None. Raises WitkitError (WIT0913), also for a wrong or missing key."""
        content = self._content()
        if name not in content["secrets"]:
            return None
        value = self._decrypted(content["secrets"][name], content["salt"])
        learn({"secret": value})
        return value

    def set(self, name: str, value: str) -> None:
        """Store a secret. Raises WitkitError (WIT0913) if the key is not the one of the other secrets."""
        content = self._content()
        key = os.environ.get(KEY_VARIABLE)
        if not content["secrets"]:
            content["salt"] = base64.b64encode(os.urandom(16)).decode() if key else None
        elif (content["salt"] is None) != (key is None):
            raise self._mixed(encrypted=content["salt"] is not None)
        elif key:
            self._decrypted(next(iter(content["secrets"].values())), content["salt"])
        salt = content["salt"]
        content["secrets"][name] = _cipher(key, salt).encrypt(value.encode()).decode() if key and salt else value
        self._write(content)

    def remove(self, name: str) -> bool:
        """Remove a secret. False if there is none. Raises WitkitError (WIT0913)."""
        content = self._content()
        if content["secrets"].pop(name, None) is None:
            return False
        self._write(content)
        return True

    def _content(self) -> dict[str, Any]:
        try:
            text = self.file.read_text(encoding="utf-8")
            if os.name != "nt" and self.file.stat().st_mode & 0o077:
                raise self._bad("others can read it", f"make it private: chmod 600 {self.file}")
            found = json.loads(text)
        except FileNotFoundError:
            return {"salt": None, "secrets": {}}
        except OSError as failure:
            reason = (failure.strerror or "it cannot be read").lower()
            raise self._bad(reason, "check its permissions, or name another file in WITKIT_SECRETS_FILE") from None
        except ValueError:
            raise self._bad("it is not a file of `witkit secret`") from None
        if not _is_store(found):
            raise self._bad("it is not a file of `witkit secret`")
        content: dict[str, Any] = found
        return content

    def _decrypted(self, value: str, salt: str | None) -> str:
        key = os.environ.get(KEY_VARIABLE)
        if salt is None:
            return value
        if not key:
            raise self._mixed(encrypted=True)
        from cryptography.fernet import InvalidToken

        try:
            return _cipher(key, salt).decrypt(value.encode()).decode()
        except InvalidToken:
            raise self._bad(f"its secrets were not encrypted with the key in {KEY_VARIABLE}") from None

    def _write(self, content: dict[str, Any]) -> None:
        with NewFolders() as folders:
            try:
                folders.make_for(self.file)
                self._keep_out_of_git()
                draft = UncommittedFile(self.file.parent, private=True)
                draft.write(json.dumps(content, indent=1, sort_keys=True).encode() + b"\n")
                draft.commit(self.file)
            except OSError as failure:
                raise not_writable(self.file, failure) from None

    def _keep_out_of_git(self) -> None:
        """Nobody wants to commit `.witkit/` with its secrets and data by mistake. Raises OSError."""
        ignored = self.file.parent / ".gitignore"
        if self.file.parent.name == FOLDER and not ignored.exists():
            replace(self.file.parent, ignored, b"*\n")

    def _mixed(self, *, encrypted: bool) -> WitkitError:
        if encrypted:
            return self._bad("it is encrypted", f"give its key in {KEY_VARIABLE}")
        return self._bad("it is not encrypted", f"store it without {KEY_VARIABLE}, or remove its secrets first")

    def _bad(self, reason: str, help: str = "") -> WitkitError:
        message = f"the file with secrets cannot be used: {reason}"
        return WitkitError([error(BAD_SECRETS, message, help=help, file=str(self.file))])


def _may_be_there(file: Path) -> bool:
    """Whether there is a file: also one below a folder that may not be searched, so that reading it says why."""
    try:
        return S_ISREG(file.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True


def _is_store(found: Any) -> bool:
    if not isinstance(found, dict) or not isinstance(found.get("salt", 0), str | None):
        return False
    secrets = found.get("secrets")
    return isinstance(secrets, dict) and all(isinstance(value, str) for value in secrets.values())


@cache
def _cipher(key: str, salt: str) -> Fernet:
    """The cipher for a passphrase. Deriving its key takes a tenth of a second, which is the point."""
    try:
        from cryptography.fernet import Fernet
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
    except ImportError:
        message = "encrypted secrets need the Python package `cryptography`, which is not installed"
        help = "install it: pip install 'witkit[secrets]'"
        raise WitkitError([error(BAD_SECRETS, message, help=help)]) from None

    derived = Scrypt(salt=base64.b64decode(salt), length=32, n=2**15, r=8, p=1).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
