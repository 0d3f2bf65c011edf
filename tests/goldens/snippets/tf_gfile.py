"""tf.gfile: files and folders."""

import os
import tempfile

from goldens.kit import error


def _folder(test):
    with tempfile.TemporaryDirectory() as folder:
        return test(folder)


def reading_and_writing(tf, np):
    def test(folder):
        path = os.path.join(folder, "a.txt")
        with tf.gfile.GFile(path, "w") as file:
            file.write("one\ntwo\r\n")
            file.write(b"three")
            file.flush()
            told = file.tell()
        found = [told, tf.gfile.Open(path).read(), tf.gfile.FastGFile(path, "rb").read()]
        with tf.gfile.GFile(path) as file:
            found += [file.readline(), file.tell(), file.read(2), file.readlines(), file.read()]
            file.seek(1)
            found += [file.read(3), file.size(), file.mode, file.name == path, file.seekable()]
            file.seek(-2, 2)
            found += [file.read()]
            file.seek(0)
            found += [list(file)]
        with tf.gfile.GFile(path, "a") as file:
            file.write("\nfour")
        return found + [list(tf.gfile.GFile(path, "rb"))]

    return _folder(test)


def text_is_utf8(tf, np):
    def test(folder):
        path = os.path.join(folder, "a.txt")
        with tf.gfile.GFile(path, "w") as file:
            file.write("\u00e9t\u00e9 \u4e2d")
        return [tf.gfile.GFile(path).read(), tf.gfile.GFile(path, "rb").read()]

    return _folder(test)


def modes(tf, np):
    def test(folder):
        path, missing = os.path.join(folder, "a"), os.path.join(folder, "none")
        with tf.gfile.GFile(path, "w") as file:
            file.write("x")
        opened = tf.gfile.GFile(missing)
        written = tf.gfile.GFile(missing, "w")
        written.close()
        return [
            error(lambda: opened.read()),
            tf.gfile.Exists(missing),
            error(lambda: tf.gfile.GFile(path, "q")),
            error(lambda: tf.gfile.GFile(path, "w").read()),
            error(lambda: tf.gfile.GFile(path).write("x")),
            error(lambda: tf.gfile.GFile(path).seek()),
            error(lambda: tf.gfile.GFile(path).seek(0, 7)),
            error(lambda: tf.gfile.GFile(os.path.join(missing, "a"), "w").write("x")),
        ]

    return _folder(test)


def folders(tf, np):
    g = tf.gfile

    def test(folder):
        inside = os.path.join(folder, "a", "b")
        g.MakeDirs(inside)
        g.MakeDirs(inside)
        g.MkDir(os.path.join(folder, "c"))
        for path in ("a/x.txt", "a/b/y.txt", "z.bin"):
            with g.GFile(os.path.join(folder, path), "w") as file:
                file.write("12345")
        size = len(folder) + 1
        walked = [[top[size:], sorted(d), sorted(f)] for top, d, f in g.Walk(folder)]
        back = [top[size:] for top, _, _ in g.Walk(os.path.join(folder, "a"), in_order=False)]
        return [
            sorted(g.ListDirectory(folder)),
            sorted(walked),
            back,
            [path[size:] for path in g.Glob(os.path.join(folder, "*", "*.txt"))],
            [p[size:] for p in g.Glob([os.path.join(folder, "z*"), os.path.join(folder, "c")])],
            g.Glob(os.path.join(folder, "none*")),
            [g.Exists(inside), g.IsDirectory(inside), g.IsDirectory(os.path.join(folder, "none"))],
            [g.Stat(os.path.join(folder, "z.bin")).length, g.Stat(folder).is_directory],
            g.Stat(folder).mtime_nsec > 10**18,
            list(g.Walk(os.path.join(folder, "none"))),
        ]

    return _folder(test)


def moved_and_deleted(tf, np):
    g = tf.gfile

    def test(folder):
        a, b, c = (os.path.join(folder, name) for name in "abc")
        for path, text in ((a, "aa"), (b, "bbb")):
            with g.GFile(path, "w") as file:
                file.write(text)
        found = [error(lambda: g.Copy(a, b)), error(lambda: g.Rename(a, b))]
        g.Copy(a, b, overwrite=True)
        found += [g.GFile(b).read()]
        g.Rename(a, c)
        found += [g.Exists(a), g.GFile(c).read()]
        g.Rename(c, b, overwrite=True)
        g.Remove(b)
        g.MakeDirs(os.path.join(a, "deep"))
        found += [error(lambda: g.Remove(a)) != "no error"]
        g.DeleteRecursively(a)
        return found + [g.ListDirectory(folder)]

    return _folder(test)


def refused(tf, np):
    g = tf.gfile

    def test(folder):
        missing = os.path.join(folder, "none")
        return [
            error(lambda: g.Remove(missing)),
            error(lambda: g.DeleteRecursively(missing)),
            error(lambda: g.ListDirectory(missing)),
            error(lambda: g.Stat(missing)),
            error(lambda: g.Copy(missing, missing + "2")),
            error(lambda: g.Rename(missing, missing + "2")),
            error(lambda: g.MkDir(folder)),
            error(lambda: g.MkDir(os.path.join(missing, "deep"))),
        ]

    return _folder(test)


def folder_of_a_plain_name(tf, np):
    """The folder of "a.txt" is "", which is there."""
    return [tf.gfile.MakeDirs(os.path.dirname("a.txt")), tf.gfile.MkDir("")]
