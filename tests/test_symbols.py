"""docs/SYMBOLS.md: what it says of minitf is so, and it can be written anew."""
import re

import pytest

from docs import symbols


@pytest.fixture(scope="module")
def rows():
    return symbols.rows()


def test_nothing_that_the_page_says_is_there_is_missing(rows):
    state = {row.path: row.state for row in rows}
    namespace, wrong = "", []
    for line in symbols.PAGE.read_text().splitlines():
        title = re.fullmatch(r"## tf\.?(.*)", line)
        namespace = title[1] if title else namespace
        entry = re.match(r"\| `(\w+)` \| \d* \| (there|partly)", line)
        path = entry and f"{namespace}.{entry[1]}".lstrip(".")
        if entry and state[path] == "absent":
            wrong.append(path)
    assert not wrong


def test_it_can_be_written_anew(rows):
    page = symbols.page(rows)
    assert page.startswith("# The names of TensorFlow 1.15")
    assert re.search(r"\| `Session` \| \d+ \| (there|partly)", page)
    assert re.search(r"\n\| tf\.nn \| \d+ \| \d+ \| \d+ \| \d+ \|\n", page)


def test_parameters_are_those_of_tensorflow(rows):
    """Where a name is there its parameters are: names, order, defaults."""
    differing = {row.path: row.remark for row in rows
                 if row.uses and re.search("parameters|order|` here", row.remark)}
    assert differing == {"Operation": differing.get("Operation")}


@pytest.mark.parametrize(("theirs", "ours", "differences"), [
    ("(x, name=None)", "(x, name=None)", []),
    ("(x, axis=0, name=None)", "(x, name=None, axis=0)", ["`axis` by keyword or in another order"]),
    ("(x, y, name=None)", "(x, name=None)", ["without the parameters `y`",
                                             "`name` by keyword or in another order"]),
    ("(x, axis=0)", "(x, axis=1)", ["`axis=0` there, `axis=1` here"]),
    ("(x, axis=0)", "(x, axis)", ["`axis=0` there, `axis` here"]),
    ("(x, a=[1, 1], d=tf.float32)", "(x, a=(1, 1), d='float32', e=3)", []),
    ("(x, **kwargs)", "(x, **kwargs)", []),
    ("(x, sep=', ')", "(x, sep=', ')", []),
])
def test_how_signatures_are_compared(theirs, ours, differences):
    assert symbols.compared(theirs, ours) == differences
