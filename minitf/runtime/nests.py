"""The C text of a loop nest, as its sizes want it."""
from minitf.runtime import narrow_rows, short_rows
from minitf.runtime.loops import Nest


def text_of(nest: Nest) -> str:
    """The functions NAME_part and NAME."""
    loop, _, _ = nest
    return short_rows.source(nest) or narrow_rows.source(nest) or loop.source()
