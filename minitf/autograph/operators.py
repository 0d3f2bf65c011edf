"""The operators of converted code, by name."""
from __future__ import annotations

from minitf.autograph.list_operators import (
    get_item,
    list_append,
    list_pop,
    set_item,
    typed_list,
)
from minitf.autograph.logic import and_, assert_stmt, eq, not_, not_eq, or_
from minitf.autograph.statements import for_stmt, if_exp, if_stmt, while_stmt
from minitf.autograph.values import (
    Undefined,
    UndefinedReturnValue,
    is_defined,
    retval,
    value_of,
)


class Operators:
    """What converted code knows as `ag__`."""

    if_stmt, if_exp = staticmethod(if_stmt), staticmethod(if_exp)
    while_stmt, for_stmt = staticmethod(while_stmt), staticmethod(for_stmt)
    and_, or_, not_ = staticmethod(and_), staticmethod(or_), staticmethod(not_)
    eq, not_eq, assert_stmt = staticmethod(eq), staticmethod(not_eq), staticmethod(assert_stmt)
    typed_list, list_append = staticmethod(typed_list), staticmethod(list_append)
    list_pop, get_item = staticmethod(list_pop), staticmethod(get_item)
    set_item, is_defined = staticmethod(set_item), staticmethod(is_defined)
    retval, value_of = staticmethod(retval), staticmethod(value_of)
    Undefined, UndefinedReturnValue = Undefined, UndefinedReturnValue
