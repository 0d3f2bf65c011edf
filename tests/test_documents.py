"""The documents: their code runs and prints what they say, and what they link to is there."""
import contextlib
import io
import re
from pathlib import Path

import pytest

import minitf as tf
from minitf.core.op import REGISTRY

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"```python\n(.*?)```(?:\n```\n(.*?)```)?", re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)\)")


@pytest.fixture
def own_ops():
    """What a document declares is forgotten afterwards."""
    known = set(REGISTRY)
    tf.reset_default_graph()
    yield
    for name in set(REGISTRY) - known:
        del REGISTRY[name]


@pytest.mark.usefixtures("cpu")
def test_the_code_of_the_reading_tour_prints_what_it_says(own_ops, monkeypatch):
    monkeypatch.delenv("MINITF_JIT", raising=False)  # what is shown is NumPy
    names = {}
    blocks = BLOCK.findall((ROOT / "docs/reading.md").read_text())
    assert len(blocks) > 5
    for code, said in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "docs/reading.md", "exec"), names)
        assert printed.getvalue().strip() == said.strip(), code


@pytest.mark.parametrize(
    "path", [*ROOT.glob("*.md"), *ROOT.glob("*/*.md")], ids=lambda path: path.name
)
def test_links_lead_somewhere(path):
    for link in LINK.findall(path.read_text()):
        assert (path.parent / link).exists(), f"{path.name} links to {link}"
