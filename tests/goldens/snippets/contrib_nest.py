"""tf.contrib.framework.nest beyond tf.nest; what tf.test has beside its test case."""

import collections

from goldens.kit import error, said

Point = collections.namedtuple("Point", "x y")


def paths(tf, np):
    nest = tf.contrib.framework.nest
    given = {"b": [1, Point(2, (3,))], "a": 4}
    return [
        list(nest.yield_flat_paths(given)), nest.flatten_with_joined_string_paths(given),
        nest.flatten_with_joined_string_paths(given, "."), nest.flatten_with_tuple_paths(given),
        nest.flatten_with_tuple_paths_up_to({"b": 0, "a": 0}, given),
        nest.map_structure_with_paths(lambda path, a, b: f"{path}:{a + b}", given, given),
        nest.map_structure_with_tuple_paths(lambda path, leaf: [len(path), leaf], [1, [2, 3]]),
        nest.map_structure_with_tuple_paths_up_to(
            [0, 0], lambda path, part, more: [path, part, more], [1, [2, 3]], more=5),
        list(nest.yield_flat_paths(3)),
    ]  # fmt: skip


def maps_of_other_types(tf, np):
    up_to = tf.contrib.framework.nest.map_structure_up_to
    return [
        up_to([1], lambda a, b: [a, b], [1], [(2,)]),
        up_to([1], lambda a, b: b, [1], (2,), check_types=False),
        error(lambda: up_to([1], lambda a, b: b, [1], (2,))),
        error(lambda: up_to({"a": 1}, lambda a: a, [2])),
    ]


def depths(tf, np):
    nest = tf.contrib.framework.nest
    return [
        nest.flatten_up_to([0, [0]], [[1, 2], [{"a": 3}]]),
        nest.map_structure_up_to([0, 0], lambda a, b: [a, b], [1, [2]], [[3], 4]),
        nest.get_traverse_shallow_structure(lambda s: not isinstance(s, tuple), [(1, 2), [3]]),
        sorted(nest.flatten_dict_items({1: 2, (3, (4, 5)): (6, (7, 8))}).items()),
        said(lambda: nest.flatten_dict_items([1]), "must be a dictionary"),
        said(lambda: nest.flatten_dict_items({(1, 2): 3}), "Key had 2 elements"),
        said(lambda: nest.flatten_dict_items({1: 2, (1, 3): (4, 5)}), "is not unique"),
        said(lambda: nest.assert_shallow_structure([1, 2], [3]), "sequence length"),
        said(lambda: nest.assert_shallow_structure([1], 3), "must also be a sequence"),
        said(lambda: nest.map_structure_with_tuple_paths_up_to([1], max), "Cannot map over no"),
    ]


def stubs(tf, np):
    class Base:
        value = 3

        @staticmethod
        def say(x):
            return x

    class Sub(Base):
        pass

    made, found = Sub(), []
    with tf.test.StubOutForTesting() as stub:
        stub.Set(Base, "say", lambda x: -x)
        stub.SmartSet(made, "value", 4)
        found += [made.value, Base.value, Sub.value, Base.say(2)]
    found += [made.value, Sub.value, Base.say(2), made.say(5)]
    return [found, said(lambda: stub.SmartSet(made, "none", 1), "Attribute not found")]


def equal_graphs(tf, np):
    def graph(size, *names):
        with tf.Graph().as_default() as made:
            for name in names:
                tf.zeros([size], name=name)
        return made.as_graph_def()

    equal = tf.test.assert_equal_graph_def
    return [
        equal(graph(1, "a", "b"), graph(1, "b", "a")),
        said(lambda: equal(graph(1, "a"), graph(1, "a", "b")), "Did not find expected node"),
        said(lambda: equal(graph(1, "a", "b"), graph(1, "a")), "Found unexpected node"),
        said(lambda: equal(graph(1, "a"), graph(2, "a")), "Node named 'a' has"),
        said(lambda: equal(graph(1, "a"), 3), "Expected tf.GraphDef for expected, got int"),
        tf.test.is_built_with_rocm(), tf.test.benchmark_config().ListFields() != [],
    ]  # fmt: skip
