"""`tf.keras.utils.get_file`: files from the network, kept."""
import hashlib
import os
import tarfile
import urllib.error
import urllib.request
import zipfile

from minitf.keras.utils.progbar import Progbar


def get_file(
    fname, origin, untar=False, md5_hash=None, file_hash=None, cache_subdir="datasets",
    hash_algorithm="auto", extract=False, archive_format="auto", cache_dir=None,
):  # fmt: skip
    """The path of a file, downloaded from `origin` unless it is there, below ~/.keras.

    A file whose hash is another than `file_hash` (or `md5_hash`) is downloaded again. `untar` and
    `extract` unpack it. Raises an Exception naming the address when it cannot be had, and for a
    download of another hash.
    """
    if md5_hash is not None and file_hash is None:
        file_hash, hash_algorithm = md5_hash, "md5"
    folder = os.path.join(_base(cache_dir), cache_subdir)
    os.makedirs(folder, exist_ok=True)
    unpacked = os.path.join(folder, fname)
    path = f"{unpacked}.tar.gz" if untar else unpacked
    if not _is_there(path, file_hash, hash_algorithm):
        _download(origin, path)
        if file_hash is not None and not validate_file(path, file_hash, hash_algorithm):
            os.remove(path)
            raise Exception(
                f"What {origin} gave has another hash than the file that is expected ({file_hash})"
            )
    if untar:
        if not os.path.exists(unpacked):
            _extract(path, folder, ["tar"])
        return unpacked
    if extract and archive_format is not None:
        formats = ["tar", "zip"] if archive_format == "auto" else archive_format
        _extract(path, folder, [formats] if isinstance(formats, str) else formats)
    return path


def _base(cache_dir):
    base = os.path.expanduser(cache_dir or os.path.join("~", ".keras"))
    parent = base if os.path.isdir(base) else os.path.dirname(base)
    return base if os.access(parent, os.W_OK) else os.path.join("/tmp", ".keras")


def _is_there(path, file_hash, algorithm):
    if not os.path.exists(path):
        return False
    if file_hash is None or validate_file(path, file_hash, algorithm):
        return True
    print(
        f"A local file was found, but it seems to be incomplete or outdated because the {algorithm}"
        f" file hash does not match the original value of {file_hash} so we will re-download the "
        "data."
    )
    return False


def _download(origin, path):
    print("Downloading data from", origin)
    bars = []

    def progress(count, size, total):
        if not bars:
            bars.append(Progbar(None if total == -1 else total))
        else:
            bars[0].update(count * size)

    try:
        urllib.request.urlretrieve(origin, path, progress)
    except BaseException as error:
        if os.path.exists(path):
            os.remove(path)
        if isinstance(error, urllib.error.HTTPError):
            raise Exception(
                f"URL fetch failure on {origin}: {error.code} -- {error.msg}"
            ) from error
        if isinstance(error, urllib.error.URLError):
            raise Exception(
                f"URL fetch failure on {origin}: {error.errno} -- {error.reason}. Without a "
                f"network, put the file at {path} yourself."
            ) from error
        raise


def _extract(path, folder, formats):
    """Unpack an archive of one of these formats; whether it was one."""
    known = {"tar": (tarfile.is_tarfile, tarfile.open), "zip": (zipfile.is_zipfile,
                                                                zipfile.ZipFile)}  # fmt: skip
    for name in formats:
        is_one, opened = known[name]
        if is_one(path):
            with opened(path) as archive:
                archive.extractall(folder, **({"filter": "data"} if _filters(name) else {}))
            return True
    return False


def _filters(name):
    """Whether tar archives can be kept from writing elsewhere: since Python 3.10.12."""
    return name == "tar" and hasattr(tarfile, "data_filter")


def validate_file(fpath, file_hash, algorithm="auto", chunk_size=65535):
    """Whether the file has this hash: of SHA-256 (64 digits) or MD5."""
    sha256 = algorithm == "sha256" or (algorithm == "auto" and len(file_hash) == 64)
    hasher = hashlib.sha256() if sha256 else hashlib.md5(usedforsecurity=False)
    with open(fpath, "rb") as file:
        while chunk := file.read(chunk_size):
            hasher.update(chunk)
    return hasher.hexdigest() == str(file_hash)
