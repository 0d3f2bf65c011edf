"""Chains of changes to variables, in branches and loops, give what Python gives: whichever of them
is fetched, in a first run and in later ones, which know the predicates that were fed."""
import random

import pytest

import minitf as tf

MODULUS = 97
NAMES = ["count", "flag", "other"]  # what is fed


class Program:
    """Statements on variables, of which each waits for the one before."""

    def __init__(self, seed):
        self.draw = random.Random(seed)
        self.start = [self.draw.randrange(9) for _ in range(self.draw.randrange(1, 4))]
        self.statements = [self.statement() for _ in range(self.draw.randrange(2, 7))]

    def statement(self, depth=0):
        draw, kind = self.draw, self.draw.random()
        if depth > 2 or kind < 0.4:
            factor = draw.randrange(1, 6)
            return (draw.choice(["assign", "add"]), self.variable(), self.variable(), factor)
        if kind < 0.5:
            return ("nothing",)
        if kind < 0.8:
            return ("branch", draw.choice(NAMES), *(self.block(depth) for _ in range(2)))
        if kind < 0.9:
            return ("case", *(self.block(depth) for _ in range(3)))
        return ("loop", self.block(depth))

    def block(self, depth):
        return [self.statement(depth + 1) for _ in range(self.draw.randrange(1, 3))]

    def variable(self):
        return self.draw.randrange(len(self.start))


def in_python(block, state, fed):
    for kind, *parts in block:
        if kind in ("assign", "add"):
            changed, read, factor = parts
            before = state[changed] if kind == "add" else 0
            state[changed] = before + state[read] * factor % MODULUS
        elif kind == "branch":
            in_python(parts[1 if fed[parts[0]] > 0 else 2], state, fed)
        elif kind == "case":
            chosen = [fed["flag"] > 0, fed["other"] > 0, True].index(True)
            in_python(parts[chosen], state, fed)
        elif kind == "loop":
            for _ in range(fed["count"]):
                in_python(parts[0], state, fed)


def in_graph(block, variables, fed, reads=None):
    """The number 1, of an operation that comes after all of the block."""
    last = tf.constant(1)
    for kind, *parts in block:
        ways = [lambda part=part: in_graph(part, variables, fed) for part in parts]
        with tf.control_dependencies([last.op]):
            if kind in ("assign", "add"):
                changed, read, factor = parts
                value = variables[read].read_value() * factor % MODULUS
                done = getattr(variables[changed], {"add": "assign_add"}.get(kind, kind))(value).op
            elif kind == "branch":
                done = tf.cond(fed[parts[0]] > 0, *ways[1:])
            elif kind == "case":
                pairs = zip((fed["flag"] > 0, fed["other"] > 0), ways)
                done = tf.case(list(pairs), default=ways[-1])
            elif kind == "loop":
                done = repeated(fed["count"], ways[0])
            else:
                done = tf.no_op()
        with tf.control_dependencies([done]):
            last = tf.identity(1)
            if reads is not None:
                reads.append([variable.read_value() + 0 for variable in variables])
    return last


def repeated(count, body):
    return tf.while_loop(lambda i: i < count, lambda i: i + body(), [0])


def check(seed):
    program, draw = Program(seed), random.Random(seed)
    tf.reset_default_graph()
    fed = {name: tf.placeholder(tf.int32, []) for name in NAMES}
    resources = draw.random() < 0.5
    variables = [tf.Variable(value, use_resource=resources) for value in program.start]
    reads = []
    in_graph(program.statements, variables, fed, reads)
    state = list(program.start)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            values = {name: draw.randrange(2) + (name == "count") for name in NAMES}
            until = draw.randrange(1, len(reads) + 1)
            for _ in range(4):
                in_python(program.statements[:until], state, values)
                got = sess.run(reads[until - 1], {fed[name]: values[name] for name in NAMES})
                assert [int(each) for each in got] == state, seed
                assert sess.run(variables) == state, seed


@pytest.mark.parametrize("first", range(0, 100, 25))
def test_changes_are_those_of_python(first, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "0")
    for seed in range(first, first + 25):
        check(seed)


def test_so_they_are_where_all_is_compiled(lowering):
    for seed in range(200, 205):
        check(seed)
