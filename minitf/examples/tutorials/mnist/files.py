"""Where the four files of MNIST are: folders to look in, mirrors to download from."""
from __future__ import annotations

import gzip
import hashlib
import http.client
import os
import sys
import urllib.request
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

TRAIN_IMAGES = "train-images-idx3-ubyte.gz"
TRAIN_LABELS = "train-labels-idx1-ubyte.gz"
TEST_IMAGES = "t10k-images-idx3-ubyte.gz"
TEST_LABELS = "t10k-labels-idx1-ubyte.gz"

# Of the unpacked contents: the same whichever gzip a mirror packed them with.
SHA256 = {
    TRAIN_IMAGES: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    TRAIN_LABELS: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    TEST_IMAGES: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    TEST_LABELS: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
NAMES = tuple(SHA256)

DEFAULT_SOURCE_URL = "https://storage.googleapis.com/cvdf-datasets/mnist/"
MIRRORS = (DEFAULT_SOURCE_URL, "https://ossci-datasets.s3.amazonaws.com/mnist/")

TIMEOUT = 30.0  # seconds without an answer
CHUNK = 1 << 16
UNREADABLE = (EOFError, OSError, zlib.error)  # what gzip raises on a file that is not whole


def locate(train_dir: Any, source_url: str | None = None) -> dict[str, Path]:
    """The paths of the four files by name; what no folder holds is downloaded into `train_dir`.

    A folder serves when it holds all four, so that two data sets are never mixed. With a
    `source_url` of one's own (Fashion-MNIST, say) only `train_dir` and that address are asked, and
    there is no checksum to hold the files to. Raises FileNotFoundError, listing every folder and
    every mirror with its failure, when the files are nowhere.
    """
    own = source_url not in (None, "", DEFAULT_SOURCE_URL)
    folders = [Path(train_dir)] if own else list(places(train_dir))
    for folder in folders:
        if not _missing(folder):
            return {name: folder / name for name in NAMES}
    mirrors = (str(source_url),) if own else MIRRORS
    for name in _missing(folders[0]):
        failures = _download(name, folders[0], mirrors, None if own else SHA256[name])
        if failures:
            raise FileNotFoundError(_nowhere(name, folders, failures))
    return {name: folders[0] / name for name in NAMES}


def places(train_dir: Any) -> Iterable[Path]:
    """The folders to look in, the first first."""
    yield Path(train_dir)
    if os.environ.get("MINITF_DATA_DIR"):
        yield Path(os.environ["MINITF_DATA_DIR"], "mnist")
    yield _user_cache() / "minitf" / "mnist"
    package = Path(__file__).resolve().parents[3]
    yield package.parent / "examples" / "data" / "mnist"
    # An installed package lies elsewhere; people run the examples from the checkout's root.
    yield Path.cwd() / "examples" / "data" / "mnist"


def _user_cache() -> Path:
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"])
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")


def _missing(folder: Path) -> list[str]:
    return [name for name in NAMES if not (folder / name).is_file()]


def _nowhere(name: str, folders: list[Path], failures: list[str]) -> str:
    looked = [f"  {folder}  (lacks {_listed(_missing(folder))})" for folder in folders]
    return "\n".join([
        f"MNIST is not here: {name} was found in no folder and could not be downloaded.",
        "Looked in:",
        *looked,
        "Tried to download:",
        *(f"  {failure}" for failure in failures),
        f"Put the four files ({', '.join(NAMES)}) into one of these folders, or set "
        "MINITF_DATA_DIR to a folder whose subfolder mnist holds them.",
    ])


def _listed(missing: list[str]) -> str:
    return "all four files" if len(missing) == len(NAMES) else ", ".join(missing)


def _download(name: str, folder: Path, mirrors: Iterable[str], digest: str | None) -> list[str]:
    """Fetch one file from the first mirror that has it; the failures when none has."""
    failures = []
    for mirror in mirrors:
        failure = _attempt(mirror + name, folder / name, digest)
        if failure is None:
            return []
        failures.append(f"{mirror + name}: {failure}")
    return failures


def _attempt(url: str, path: Path, digest: str | None) -> str | None:
    """Download `url` to `path`, whole or not at all; why not, when it fails."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        _transfer(url, part)
        _verify(part, digest)
        os.replace(part, path)
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        part.unlink(missing_ok=True)
    print("Successfully downloaded", path.name, path.stat().st_size, "bytes.")
    return None


def _transfer(url: str, part: Path) -> None:
    with urllib.request.urlopen(url, timeout=TIMEOUT) as response:
        size = response.headers.get("Content-Length")
        part.parent.mkdir(parents=True, exist_ok=True)
        received = _copy(response, part, url, None if size is None else int(size))
    if size is not None and received != int(size):
        raise ValueError(f"the connection broke off after {received} of {size} bytes")


def _copy(response: Any, part: Path, url: str, size: int | None) -> int:
    received = 0
    with part.open("wb") as out, _progress(url, size) as progress:
        while chunk := response.read(CHUNK):
            received += out.write(chunk)
            progress.update(len(chunk))
    return received


def _verify(part: Path, digest: str | None) -> None:
    got = hashlib.sha256()
    try:
        with gzip.open(part) as stream:
            while chunk := stream.read(CHUNK):
                got.update(chunk)
    except UNREADABLE as error:
        raise ValueError(f"what came is no whole gzip file ({error})") from error
    if digest is not None and got.hexdigest() != digest:
        raise ValueError(
            f"wrong contents: SHA-256 of the unpacked file is {got.hexdigest()}, expected {digest}"
        )


def _progress(url: str, size: int | None) -> Any:
    """A bar when tqdm (extra `plot`) is there, plain lines otherwise."""
    try:
        from tqdm import tqdm
    except ImportError:
        return _Lines(url, size)
    print("Downloading", url)
    return tqdm(total=size, unit="B", unit_scale=True, desc=url.rsplit("/", 1)[-1])


class _Lines:
    """A line at the start and at every quarter."""

    def __init__(self, url: str, size: int | None) -> None:
        self._size, self._received, self._quarter = size, 0, 0
        print("Downloading", url, "" if size is None else f"({size} bytes)")

    def update(self, count: int) -> None:
        self._received += count
        quarter = 4 * self._received // self._size if self._size else 0
        if quarter > self._quarter:
            self._quarter = quarter
            print(f"  {25 * quarter} %")

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *_: object) -> None:
        pass
