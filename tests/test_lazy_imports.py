"""`import minitf` loads NumPy and nothing else; everything more is imported when it is used."""
import json
import subprocess
import sys

import pytest

LOADED = """
import json, sys
import numpy
before = set(sys.modules)
import minitf
print(json.dumps(sorted({name.split(".")[0] for name in set(sys.modules) - before})))
"""


@pytest.fixture(scope="module")
def loaded():
    result = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return set(json.loads(result.stdout))


def test_no_other_package_is_loaded(loaded):
    own = {name for name in loaded if name.startswith("_")}  # of the system's Python, perhaps
    assert loaded - {"minitf"} - own <= sys.stdlib_module_names


def test_heavy_parts_of_the_library_stay_unloaded(loaded):
    heavy = {"unittest", "multiprocessing", "asyncio", "http", "urllib", "tkinter", "decimal"}
    assert not loaded & heavy
