"""MNIST as TensorFlow 1.15 reads it; where it is looked for; damaged files; downloads."""
import contextlib
import functools
import gzip
import hashlib
import http.server
import json
import threading
from pathlib import Path

import numpy as np
import pytest

from minitf.core.graph import Graph, set_random_seed
from minitf.examples.tutorials.mnist import files, input_data

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT / "examples" / "data" / "mnist"
GOLDEN = json.loads((ROOT / "tests" / "goldens" / "input_data.json").read_text())["cases"]
TRAIN, TEST = 50, 20


def idx(magic, array):
    header = np.array([magic, *array.shape], ">u4").tobytes()
    return gzip.compress(header + array.tobytes())


def digits(count, seed):
    random = np.random.default_rng(seed)
    return random.integers(0, 256, (count, 28, 28), "u1"), random.integers(0, 10, count, "u1")


def write_mnist(folder, seed=0):
    """A small data set in MNIST's format."""
    folder.mkdir(parents=True, exist_ok=True)
    for count, images_name, labels_name in (
        (TRAIN, files.TRAIN_IMAGES, files.TRAIN_LABELS),
        (TEST, files.TEST_IMAGES, files.TEST_LABELS),
    ):
        images, labels = digits(count, seed + count)
        (folder / images_name).write_bytes(idx(2051, images))
        (folder / labels_name).write_bytes(idx(2049, labels))
    return folder


@pytest.fixture
def small(tmp_path):
    return write_mnist(tmp_path / "small")


@pytest.fixture(autouse=True)
def away(tmp_path, monkeypatch):
    """No data set of this computer is found, and no mirror is asked, but by a test's own doing."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("MINITF_DATA_DIR", raising=False)
    # A package that lies where there is no checkout around it.
    monkeypatch.setattr(files, "__file__", str(tmp_path / "site/minitf/examples/t/m/files.py"))
    monkeypatch.setattr(files, "MIRRORS", ())


# ---- semantics


@pytest.mark.parametrize("name", GOLDEN)
def test_batches_are_those_of_tensorflow(name):
    case = GOLDEN[name]
    with Graph().as_default():
        if "graph_seed" in case:
            set_random_seed(case["graph_seed"])
        data = input_data.read_data_sets(REAL, seed=case.get("seed"), **case.get("options", {}))
    expected = iter(case["batches"])
    for part, sizes in sorted(case["sizes"].items()):
        for size in sizes:
            images, labels = getattr(data, part).next_batch(size, shuffle=case.get("shuffle", True))
            got, total = next(expected), images.sum(dtype="f8")
            assert [str(images.dtype), list(images.shape)] == got["images"][:2]
            assert total == pytest.approx(got["images"][2], rel=1e-12)
            assert [str(labels.dtype), list(labels.shape)] == got["labels"]
            assert labels[:20].ravel().tolist() == got["first"]
            assert labels[-20:].ravel().tolist() == got["last"]
            assert getattr(data, part).epochs_completed == got["epochs"]


def test_the_three_parts(small):
    data = input_data.read_data_sets(small, validation_size=10)
    assert [part.num_examples for part in data] == [TRAIN - 10, 10, TEST]
    assert data._fields == ("train", "validation", "test")
    images, labels = digits(TRAIN, TRAIN)
    np.testing.assert_array_equal(data.validation.labels, labels[:10])
    np.testing.assert_array_equal(data.train.labels, labels[10:])
    expected = images[10:].reshape(-1, 784).astype("f4") * np.float32(1 / 255)
    np.testing.assert_array_equal(data.train.images, expected)


def test_uint8_images_stay_as_stored(small):
    data = input_data.read_data_sets(small, dtype=np.uint8, reshape=False, validation_size=0)
    np.testing.assert_array_equal(data.train.images[..., 0], digits(TRAIN, TRAIN)[0])


def test_one_hot_labels(small):
    data = input_data.read_data_sets(small, one_hot=True, validation_size=0)
    np.testing.assert_array_equal(data.train.labels, np.eye(10)[digits(TRAIN, TRAIN)[1]])


def test_another_dtype_is_refused(small):
    with pytest.raises(TypeError, match=r"dtype tf.float64, expected uint8 or float32"):
        input_data.read_data_sets(small, dtype="float64", validation_size=0)


@pytest.mark.parametrize("size", [-1, TRAIN + 1])
def test_an_impossible_validation_size_is_refused(small, size):
    with pytest.raises(ValueError, match=f"between 0 and {TRAIN}. Received: {size}"):
        input_data.read_data_sets(small, validation_size=size)


def test_reshape_needs_depth_1():
    with pytest.raises(AssertionError, match="depth 1"):
        input_data.DataSet(np.zeros((2, 4, 4, 3), "u1"), np.zeros(2, "u1"))


def test_as_many_images_as_labels():
    with pytest.raises(AssertionError, match=r"images.shape: \(2, 4, 4, 1\) labels.shape: \(3,\)"):
        input_data.DataSet(np.zeros((2, 4, 4, 1), "u1"), np.zeros(3, "u1"))


def test_fake_data():
    data = input_data.read_data_sets("nowhere", fake_data=True, one_hot=True)
    images, labels = data.train.next_batch(2, fake_data=True)
    assert data.train.num_examples == 10000
    assert images == [[1] * 784] * 2
    assert labels == [[1] + [0] * 9] * 2


def test_an_epoch_holds_every_example_once(small):
    data = input_data.read_data_sets(small, validation_size=0, seed=5).train
    data._labels = np.arange(TRAIN)
    epoch = np.concatenate([data.next_batch(20)[1] for _ in range(5)])
    assert data.epochs_completed == 1
    np.testing.assert_array_equal(np.sort(epoch[:TRAIN]), np.arange(TRAIN))
    np.testing.assert_array_equal(np.sort(epoch[TRAIN:]), np.arange(TRAIN))
    assert (epoch[:TRAIN] != epoch[TRAIN:]).any()


def test_a_label_beyond_the_classes_is_refused():
    with pytest.raises(ValueError, match="label 26 needs at least 27 classes, got num_classes=10"):
        input_data.dense_to_one_hot(np.array([1, 26], "u1"), 10)


# ---- where files are looked for


def test_places_in_order(small, tmp_path, monkeypatch):
    monkeypatch.setenv("MINITF_DATA_DIR", str(tmp_path / "data"))
    assert list(files.places("given")) == [
        Path("given"),
        tmp_path / "data" / "mnist",
        tmp_path / "cache" / "minitf" / "mnist",
        tmp_path / "site" / "examples" / "data" / "mnist",
        tmp_path / "home" / "examples" / "data" / "mnist",
    ]


@pytest.mark.parametrize("first", range(5))
def test_the_first_folder_that_holds_all_four_serves(first, tmp_path, monkeypatch):
    monkeypatch.setenv("MINITF_DATA_DIR", str(tmp_path / "data"))
    places = list(files.places(tmp_path / "given"))
    for place in places[first:]:
        write_mnist(place)
    for place in places[:first]:
        (write_mnist(place) / files.TEST_LABELS).unlink()
    assert {path.parent for path in files.locate(tmp_path / "given").values()} == {places[first]}


def test_the_checkout_serves(monkeypatch):
    monkeypatch.undo()
    assert ROOT / "examples" / "data" / "mnist" in list(files.places("given"))


@pytest.mark.parametrize(("platform", "folder"), [
    ("linux", ".cache"), ("darwin", "Library/Caches"), ("win32", "AppData/Local"),
])
def test_the_users_cache(platform, folder, tmp_path, monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(files.sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert files._user_cache() == tmp_path / folder


def test_the_files_of_this_checkout_are_the_real_ones():
    for name, digest in files.SHA256.items():
        assert hashlib.sha256(gzip.decompress((REAL / name).read_bytes())).hexdigest() == digest


# ---- damaged files


def cut(data):
    return data[: len(data) // 2]


def wrong_magic(data):
    return gzip.compress(b"\0\0\0\7" + gzip.decompress(data)[4:])


def one_short(data):
    return gzip.compress(gzip.decompress(data)[:-1])


def header_only(data):
    return gzip.compress(gzip.decompress(data)[:6])


def flipped(data):
    return data[:-6] + bytes([data[-6] ^ 1]) + data[-5:]


def no_gzip(data):
    return b"<html>403 Forbidden</html>"


@pytest.mark.parametrize(("damage", "message"), [
    (cut, "is no whole gzip file: Compressed file ended before"),
    (no_gzip, "is no whole gzip file: Not a gzipped file"),
    (flipped, "is no whole gzip file: (CRC check failed|Error)"),
    (lambda data: b"", "is too short: 0 bytes"),
    (header_only, r"is too short: 6 bytes of (8|16) of header"),
    (wrong_magic, "Invalid magic number 7 in MNIST (image|label) file: .*, expected 20(51|49)"),
    (one_short, r"does not hold what its header says: expected \d+ bytes .*, got \d+"),
])
@pytest.mark.parametrize("name", files.NAMES)
def test_a_damaged_file_is_refused_by_name(small, name, damage, message):
    path = small / name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match=message) as caught:
        input_data.read_data_sets(small, validation_size=0)
    assert str(path) in str(caught.value)
    assert "Put a good copy in its place" in str(caught.value)


def test_images_and_labels_of_two_data_sets_are_refused(small):
    (small / files.TRAIN_LABELS).write_bytes(idx(2049, np.zeros(TRAIN - 1, "u1")))
    with pytest.raises(ValueError, match=f"{TRAIN} images but .* {TRAIN - 1} labels"):
        input_data.read_data_sets(small, validation_size=0)


# ---- downloads


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class BreaksOff(Quiet):
    """Promises more bytes than it sends."""

    def send_header(self, keyword, value):
        super().send_header(keyword, str(int(value) + 9) if keyword == "Content-Length" else value)


@contextlib.contextmanager
def served(folder, handler=Quiet):
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=folder)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def known(small, monkeypatch):
    """The small data set takes the place of MNIST: its checksums are the expected ones."""
    sums = {name: hashlib.sha256(gzip.decompress((small / name).read_bytes())).hexdigest()
            for name in files.NAMES}
    monkeypatch.setattr(files, "SHA256", sums)
    return small


def test_downloads_what_is_nowhere(known, tmp_path, monkeypatch, capsys):
    with served(known) as url:
        monkeypatch.setattr(files, "MIRRORS", (url,))
        data = input_data.read_data_sets(tmp_path / "new" / "folder", validation_size=0)
    assert data.train.num_examples == TRAIN
    assert sorted(p.name for p in (tmp_path / "new/folder").iterdir()) == sorted(files.NAMES)
    assert f"Successfully downloaded {files.TEST_LABELS}" in capsys.readouterr().out


def test_downloads_only_what_the_given_folder_lacks(known, tmp_path, monkeypatch, capsys):
    given = tmp_path / "given"
    given.mkdir()
    for name in files.NAMES[:3]:
        (given / name).write_bytes((known / name).read_bytes())
    with served(known) as url:
        monkeypatch.setattr(files, "MIRRORS", (url,))
        files.locate(given)
    assert capsys.readouterr().out.count("Successfully downloaded") == 1


def test_a_mirror_packed_by_another_gzip_serves(known, tmp_path, monkeypatch):
    repacked = tmp_path / "repacked"
    repacked.mkdir()
    for name in files.NAMES:
        data = gzip.compress(gzip.decompress((known / name).read_bytes()), compresslevel=1, mtime=1)
        assert data != (known / name).read_bytes()
        (repacked / name).write_bytes(data)
    with served(repacked) as url:
        monkeypatch.setattr(files, "MIRRORS", (url,))
        files.locate(tmp_path / "new")


def test_the_second_mirror_serves_when_the_first_fails(known, tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    with served(tmp_path / "empty") as first, served(known) as second:
        monkeypatch.setattr(files, "MIRRORS", (first, second))
        files.locate(tmp_path / "new")
    for name in files.NAMES:
        assert (tmp_path / "new" / name).read_bytes() == (known / name).read_bytes()


@pytest.mark.parametrize(("handler", "damage", "failure"), [
    (Quiet, lambda data: idx(2051, np.zeros((1, 28, 28), "u1")), "wrong contents: SHA-256 of the"),
    (Quiet, cut, "no whole gzip file"),
    (Quiet, no_gzip, "no whole gzip file"),
    (BreaksOff, lambda data: data, "broke off after|IncompleteRead"),
])
def test_a_bad_download_is_refused_and_leaves_nothing(
    known, tmp_path, monkeypatch, handler, damage, failure
):
    path = known / files.TRAIN_IMAGES
    path.write_bytes(damage(path.read_bytes()))
    with served(known, handler) as url:
        monkeypatch.setattr(files, "MIRRORS", (url,))
        with pytest.raises(FileNotFoundError, match=failure):
            files.locate(tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_nowhere_names_every_folder_and_every_mirror(tmp_path, monkeypatch):
    monkeypatch.setenv("MINITF_DATA_DIR", str(tmp_path / "data"))
    (write_mnist(tmp_path / "given") / files.TEST_LABELS).unlink()
    (tmp_path / "empty").mkdir()
    with served(tmp_path / "empty") as gone:
        pass
    with served(tmp_path / "empty") as empty:
        monkeypatch.setattr(files, "MIRRORS", (gone, empty))
        with pytest.raises(FileNotFoundError) as caught:
            input_data.read_data_sets(tmp_path / "given")
    message = str(caught.value)
    assert f"{tmp_path / 'given'}  (lacks {files.TEST_LABELS})" in message
    for place in list(files.places("given"))[1:]:
        assert f"{place}  (lacks all four files)" in message
    assert f"{gone}{files.TEST_LABELS}: URLError" in message
    assert f"{empty}{files.TEST_LABELS}: HTTPError: HTTP Error 404" in message


def test_offline_makes_no_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MIRRORS", ("http://127.0.0.1:9/",))
    with pytest.raises(FileNotFoundError):
        files.locate(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_an_address_of_ones_own_is_the_only_one_asked(tmp_path, monkeypatch):
    write_mnist(tmp_path / "cache" / "minitf" / "mnist")
    fashion = write_mnist(tmp_path / "fashion", seed=100)
    with served(fashion) as url:
        data = input_data.read_data_sets(tmp_path / "new", source_url=url, validation_size=0)
    np.testing.assert_array_equal(data.train.labels, digits(TRAIN, 100 + TRAIN)[1])


def test_plain_lines_without_tqdm(known, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(files.sys.modules, "tqdm", None)
    with served(known) as url:
        monkeypatch.setattr(files, "MIRRORS", (url,))
        files.locate(tmp_path / "new")
    out = capsys.readouterr().out
    size = (known / files.TRAIN_IMAGES).stat().st_size
    assert f"Downloading {url}{files.TRAIN_IMAGES} ({size} bytes)" in out
    assert "  100 %" in out
