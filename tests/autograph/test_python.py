"""Converted functions of Python values do what Python does."""
import contextlib
import functools

import pytest

import minitf as tf

OUTSIDE = 10


def jumps(n):
    found = []
    for i in range(n):
        if i == 2:
            continue
        for j in range(i):
            if j == 3:
                break
            if i * j == 8:
                return found, "eight"
            found.append(i * j)
        else:
            found.append("else")
            continue
        found.append("broken")
    return found


def early(n):
    if n < 0:
        return "negative"
    elif n == 0:
        return "zero"
    while True:
        n -= 1
        if n < 3:
            break
        if n % 7 == 0:
            return n
    return "small", n


def nothing_returned(n):
    if n > 2:
        return n


def returns_in_with(n):
    with contextlib.suppress(KeyError):
        if n > 2:
            raise KeyError(n)
        return n
    return "suppressed"


def returns_in_try(n):
    log = []
    try:
        if n == 0:
            return log
        if n == 1:
            raise ValueError("one")
        log.append("end")
    except ValueError as error:
        log.append(str(error))
        return "caught", log
    else:
        log.append("else")
    finally:
        log.append("finally")
    return log


def loops_in_try(n):
    total = 0
    for i in range(n):
        try:
            if i == 1:
                continue
            if i == 4:
                break
            total += 10 // (i - 2)
        except ZeroDivisionError:
            total += 100
            continue
        finally:
            total += 1
        total += 1000
    return total


def closures(n):
    count = 0

    def add(k):
        nonlocal count
        if k > 1:
            count += k
        return count

    later = lambda: count  # noqa: E731
    for i in range(n):
        if i % 2:
            add(i)
        else:
            count = count + 1
    return count, later(), add(5), count


def seen_by_closures(n):
    x = 1
    read = lambda: x  # noqa: E731
    if n > 1:
        x = 2
    found = read()
    for i in range(n):
        x = i
    return found, read()


def globals_set(n):
    global OUTSIDE
    if n > 1:
        OUTSIDE = n
    for i in range(n):
        OUTSIDE += i
    return OUTSIDE


def walrus(n):
    found = []
    while (m := n * 2) > 3:
        n -= 1
        found.append(m)
    if (k := n) and n > 0:
        found.append(k)
    return found, m, [y := 3, y**2] if n else (k := 5), k, [last := i for i in range(3)], last


def matched(n):
    for i in range(n):
        match (i, n):
            case (1, _):
                continue
            case (x, 3) if x == 2:
                return "two of three"
            case (_, 5):
                break
            case [a, *rest]:
                total = a + sum(rest)
    else:
        return total if n else "none"
    return "broken"


def unbound(n):
    if n > 1:
        value = n
    return value + 1


def deleted(n):
    if n > 1:
        x = n
        del x
    else:
        x = 1
    return x


def comprehensions(n):
    x = 7
    squares = [x * x for x in range(n) if x % 2]
    pairs = {k: [k + j for j in range(2)] for k in range(n)}
    return squares, x, pairs, sum(i for i in range(n)), {i % 2 for i in range(n)}


def chained(n):
    return 0 < n < 5, not n, (n and 3) or "or", "a" if n else "b", n == 3 != 4, n is None


def starred(n, *args, key=3, **kwargs):
    def inner(*a, **k):
        return a, sorted(k.items())

    return inner(n, *args, *range(n), key=key, **kwargs), max(*range(n + 2))


def generators(n):
    def numbers():
        for i in range(n):
            if i == 2:
                continue
            yield i

    total = 0
    for i in numbers():
        total += i
    return total, list(numbers())


def attributes(n):
    class Box:
        size = 1

    box = Box()
    items = {"a": [1, 2, 3]}
    for i in range(n):
        box.size += i
        items["a"][1] = i
        if i > 2:
            box.late = i
            items["b"] = i
    return box.size, items, getattr(box, "late", None)


def annotated(n):
    found: int
    if n > 2:
        found: int = n
        other: str = "a"
    else:
        found, other = -n, "b"
    return found, other


def while_else(n):
    while n > 0:
        n -= 2
        if n == 1:
            break
    else:
        return "even", n
    return "odd", n


def unpacked(n):
    a = b = 0
    for a, (b, *c) in [(i, (i, i, i)) for i in range(n)]:
        if a > 2 and c:
            a, b = b + 1, a
    return (a, b, c) if n else (a, b)


def exceptions_kept(n):
    for i in range(n):
        try:
            1 / (2 - i)
        except ZeroDivisionError as error:  # noqa: PERF203  that is what is tested
            message = str(error)
            break
    else:
        message = "none"
    return message


def local_functions(n):
    @functools.lru_cache
    def fib(k):
        if k < 2:
            return k
        return fib(k - 1) + fib(k - 2)

    def helper(k, f=fib):
        while k > 5:
            k -= 1
        return f(k)

    return [helper(i) for i in range(n)]


def builtins_used(n):
    return (len([n] * n), list(range(n)), abs(-n), int("3"), int("11", 2), float(n), min(n, 2),
            list(enumerate("ab", n)), list(zip(range(n), "xyz")), "n" in locals(), eval("n + 1"))


FUNCTIONS = [
    jumps, early, nothing_returned, returns_in_with, returns_in_try, loops_in_try, closures,
    seen_by_closures, walrus, matched, comprehensions, chained, starred, generators, attributes,
    annotated, while_else, unpacked, exceptions_kept, local_functions, builtins_used,
]  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_same_as_python(function):
    converted = tf.autograph.to_graph(function)
    for n in range(9):
        assert converted(n) == function(n)


@pytest.mark.parametrize("function", [unbound, deleted], ids=lambda f: f.__name__)
def test_a_name_that_is_not_set(function):
    converted = tf.autograph.to_graph(function)
    for n in range(4):
        try:
            expected = function(n)
        except UnboundLocalError:  # noqa: PERF203  each number is a test
            with pytest.raises(UnboundLocalError):
                converted(n)
        else:
            assert converted(n) == expected


def test_globals_are_set():
    global OUTSIDE
    converted = tf.autograph.to_graph(globals_set)
    for n in range(4):
        OUTSIDE = 10
        expected = globals_set(n)
        OUTSIDE = 10
        assert converted(n) == expected == OUTSIDE
