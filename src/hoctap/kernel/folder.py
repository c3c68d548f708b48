"""The data folder (thư mục dữ liệu): one running Hoctap at a time, its secrets and its files."""

import fcntl
import hashlib
import json
import os
import secrets
import tempfile
from pathlib import Path

from hoctap.kernel.errors import Refusal
from hoctap.kernel.processes import Account, account_for

SHARED = Path(
    "/var/lib/hoctap"
)  # for root only: outside root's home, which is closed to the database account


class Busy(Refusal):
    """Another Hoctap command holds the folder; ``holder`` is what it wrote about itself."""

    def __init__(self, path: Path, holder: dict):
        self.holder = holder
        super().__init__(
            f"Thư mục dữ liệu {path} đang được một lệnh Hoctap khác dùng"
            f" (lệnh {holder.get('command', '?')}, tiến trình {holder.get('pid', '?')})."
            " Hãy chờ lệnh đó xong, hoặc dừng nó, rồi chạy lại."
        )


class DataFolder:
    """Thư mục dữ liệu: database, uploaded files, passwords (0600) and the lock."""

    def __init__(self, path: Path | str):
        self.path = Path(path).resolve()
        self._lock: int | None = None

    @property
    def cluster(self) -> Path:
        return self.path / "pg"

    @property
    def sockets(self) -> Path:
        return self.path / "run"

    @property
    def files(self) -> Path:
        return self.path / "files"

    @property
    def account(self) -> Account | None:
        return account_for(self.cluster)

    def create(self) -> None:
        """Make what is missing. Folders that are already there keep the permissions they have."""
        missing = [self.path, *self.path.parents]
        missing = [folder for folder in missing if not folder.exists()]
        for folder in reversed(missing):
            folder.mkdir()
            folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        if not self.files.exists():
            self.files.mkdir(mode=0o700)  # root's data folder lets the database account through: not to these

    def lock(self, command: str) -> None:
        """Take the folder for this process, or raise ``Busy``. The lock falls with the process."""
        try:
            self.create()
            handle = os.open(self.path / "hoctap.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError:
            raise Refusal(
                f"Không ghi được vào thư mục dữ liệu {self.path}: thư mục này thuộc tài khoản khác."
                " Hãy chạy bằng đúng tài khoản đó, hoặc chọn thư mục khác bằng --data."
            ) from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise Busy(self.path, self.holder()) from None
        self._lock = handle
        self.tell(command=command)

    def tell(self, **about: str) -> None:
        """Write into the lock what others may want to know about us (command, address)."""
        assert self._lock is not None
        text = json.dumps({"pid": os.getpid(), **about}).encode()
        os.pwrite(self._lock, text, 0)
        os.ftruncate(self._lock, len(text))

    def holder(self) -> dict:
        try:
            return json.loads((self.path / "hoctap.lock").read_text())
        except (OSError, ValueError):
            return {}

    def unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def saved(self, name: str) -> dict:
        path = self.path / name
        return json.loads(path.read_text()) if path.exists() else {}

    def save(self, name: str, content: dict) -> None:
        """Replace a small file as a whole; readable by us only."""
        write_private(self.path / name, json.dumps(content, ensure_ascii=False))

    def secret_key(self) -> str:
        """The signing key of sessions, made at the first start."""
        path = self.path / "secret_key"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(50))
        return path.read_text()

    def credential_keys(self, *, make: bool = False) -> str:
        """The keys that sign learners' credentials (kernel.signing); "" where there are none and none is to be made."""
        path = self.path / "credential_keys.json"
        if make and not path.exists():
            from hoctap.kernel.signing import new_keys

            write_private(path, new_keys())
        return path.read_text() if path.exists() else ""


def write_private(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mkstemp gives 0600
    with open(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)


def choose_folder(given: str | None = None) -> DataFolder:
    """The folder asked for (option, then HOCTAP_DATA_DIR), else ./var.

    Root's default moves to /var/lib/hoctap/<project> when the database account cannot reach ./var.
    """
    asked = given or os.environ.get("HOCTAP_DATA_DIR")
    if asked:
        return DataFolder(asked)
    default = DataFolder("var")
    account = default.account
    nearest = next(folder for folder in [default.path, *default.path.parents] if folder.exists())
    if account and not account.can_enter(nearest):
        return DataFolder(shared() / hashlib.sha256(str(default.path).encode()).hexdigest()[:12])
    return default


def shared() -> Path:
    """A place of ours that every account can pass through (root only)."""
    if not SHARED.exists():
        SHARED.mkdir(parents=True)
        SHARED.chmod(0o755)
    return SHARED
