"""Loops of random programs give what Python gives: variables that begin alike, that stay what they
are, that change places; branches and loops inside."""
import random

import pytest

import minitf as tf

MODULUS = 97


class Program:
    """Numbers in a loop: how they begin, what each becomes, and how often."""

    def __init__(self, seed):
        self.draw = random.Random(seed)
        count = self.draw.randrange(2, 5)
        self.start = [self.draw.choice([0, 1, 1, 2]) for _ in range(count)]
        self.fed = [self.draw.random() < 0.25 for _ in range(count)]
        self.bodies = [self.expression(count) for _ in range(count)]
        self.times = self.draw.randrange(1, 6)

    def expression(self, count, depth=0):
        draw, kind = self.draw, self.draw.random()

        def part(more=0):
            return self.expression(count + more, depth + 1 + bool(more))

        if depth > 2 or kind < 0.35:
            return ("variable", draw.randrange(count))
        if kind < 0.5:
            return ("constant", draw.choice([0, 1, 2]))
        if kind < 0.8:
            return (draw.choice("+-*"), part(), part())
        if kind < 0.86:
            return ("either", draw.randrange(2), part(), part())
        if kind < 0.93:
            return ("branch", part(), part(), part())
        start = [part() if draw.random() < 0.4 else ("constant", 1) for _ in range(2)]
        return ("loop", start, [part(2), part(2)], draw.randrange(4), draw.randrange(2))


def in_python(expression, values):
    kind, *parts = expression
    if kind == "variable":
        return values[parts[0]]
    if kind == "constant":
        return parts[0]
    if kind == "either":
        return in_python(parts[1 + parts[0]], values)
    if kind == "branch":
        return in_python(parts[1 if in_python(parts[0], values) > 20 else 2], values)
    if kind == "loop":
        start, bodies, times, chosen = parts
        state = [in_python(each, values) for each in start]
        for _ in range(times):
            state = [in_python(body, [*values, *state]) for body in bodies]
        return state[chosen]
    a, b = (in_python(part, values) for part in parts)
    return {"+": a + b, "-": a - b, "*": a * b}[kind] % MODULUS


def in_graph(expression, values):
    kind, *parts = expression
    if kind == "variable":
        return values[parts[0]]
    if kind == "constant":
        return tf.constant(parts[0])
    if kind == "either":
        return tf.unstack(tf.stack([in_graph(part, values) for part in parts[1:]]))[parts[0]]
    if kind == "branch":
        ways = [lambda part=part: in_graph(part, values) + 0 for part in parts[1:]]
        return tf.cond(in_graph(parts[0], values) > 20, *ways)
    if kind == "loop":
        start, bodies, times, chosen = parts
        return looped([in_graph(each, values) for each in start], bodies, times, values)[chosen]
    a, b = (in_graph(part, values) for part in parts)
    return {"+": a + b, "-": a - b, "*": a * b}[kind] % MODULUS


def looped(start, bodies, times, outer=()):
    def body(i, *state):
        return [i + 1, *(in_graph(each, [*outer, *state]) for each in bodies)]

    return tf.while_loop(lambda i, *_: i < times, body, [0, *start])[1:]


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_a_loop_gives_what_python_gives(first, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "0")
    for seed in range(first, first + 20):
        program = Program(seed)
        want = program.start
        for _ in range(program.times):
            want = [in_python(each, want) for each in program.bodies]
        tf.reset_default_graph()
        start = [tf.placeholder_with_default(value, []) if fed else tf.constant(value)
                 for value, fed in zip(program.start, program.fed)]  # fmt: skip
        ends = looped(start, program.bodies, tf.placeholder_with_default(program.times, []))
        with tf.Session() as sess:
            assert sess.run(list(ends)) == want, seed
            assert [sess.run(end) for end in ends] == want, seed
