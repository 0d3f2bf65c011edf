"""`if`, `while` and `for` of tensors, by tf.autograph.to_graph in a graph: values, errors."""

from goldens.kit import attempt, error, run, said


def _values(tf, function, *lists):
    """What the converted function gives for each number of the first list, with the others."""
    converted = tf.autograph.to_graph(function)
    found = [converted(tf.constant(x), *lists) for x in range(-1, 5)]
    return run(tf, tf.nest.map_structure(tf.convert_to_tensor, found))


def branches(tf, np):
    def chosen(x):
        y = x * 2
        if x > 2:
            y = y + 100
            z = x
        else:
            z = -x
        if x > 3:
            y = y * 10
        return y + z

    def nested(x):
        if x > 0:
            if x > 2:
                r = 1
            else:
                r = 2
        else:
            if x < 0:
                r = 3
            else:
                r = 4
        return r

    def returned(x):
        if x > 1:
            return x
        y = x * 3
        if y < 0:
            return y - 1
        return y + 50

    def picked(x):
        y = 2 if x > 1 else 3
        return 1 if x > 2 else y

    return [_values(tf, each) for each in (chosen, nested, returned, picked)]


def loops(tf, np):
    def doubled(x):
        n = 0
        while x < 40:
            x = x * 2 + 3
            n += 1
        return x, n

    def summed(x):
        s, last = 0, -1
        for i in tf.range(x + 1):
            s += i * i
            last = i
        return s, last

    def backwards(x):
        found = 0
        for i in range(x, -3, -1):
            found = found * 10 + i
        return found

    def rows(x):
        total, product = 0.0, tf.ones([2])
        for row in tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]):
            product *= row
            for item in row:
                total += item
        return total, product, x

    return [_values(tf, each) for each in (doubled, summed, backwards, rows)]


def ways_out(tf, np):
    def broken(x):
        s = 0
        for i in tf.range(10):
            if i > x:
                break
            s += i + 1
        return s

    def continued(x):
        s = 0
        for i in tf.range(6):
            if i < x:
                continue
            if i == -7:
                s = 1000
            s += i
        return s

    def both(x):
        n, s = tf.constant(0), 0
        while n < 20:
            n += 1
            if n % 3 > 1:
                continue
            if n > x * 3:
                break
            s += n
        return s, n

    def twice(x):
        s = 0
        for i in tf.range(4):
            j = i * 0
            while j < 4:
                j += 1
                if j > i:
                    break
                if i + j > x + 3:
                    continue
                s += 10 * i + j
            if s > 60:
                break
        return s

    return [_values(tf, each) for each in (broken, continued, both, twice)]


def logic(tf, np):
    def together(x):
        return x > 0 and x < 3, x < 0 or x > 2, not x > 1, not (x > 0 and x > 2) or x > 3

    def lazily(x):
        return x > 0 and 6 // x > 2

    def in_tests(x):
        n = 0
        while n < 5 and not (n > x or n > 3):
            n += 1
        return n

    return [_values(tf, each) for each in (together, lazily, in_tests)]


def python_decides_the_rest(tf, np):
    def mixed(x, names, flag):
        total = 0
        for i, name in enumerate(names):
            if flag and name != "skip":
                total = total + x * i
            elif x > 2:
                total = total + 100
        if total is not None and len(names) > 2:
            total = total * 2
        return total

    return [_values(tf, mixed, ["a", "skip", "b"], True), _values(tf, mixed, ["a", "b"], False)]


def structures_in_loops(tf, np):
    def swapped(x):
        pair = (x, {"a": x * 2})
        for _ in tf.range(3):
            pair = (pair[1]["a"] + 1, {"a": pair[0]})
        return pair

    def arrays(x):
        found = tf.TensorArray(tf.int32, size=0, dynamic_size=True)
        for i in tf.range(4):
            if i != 9:
                found = found.write(i, i * x)
        return found.stack()

    return [_values(tf, each) for each in (swapped, arrays)]


def attributes_and_items(tf, np):
    class Counter:
        def __init__(self):
            self.count = tf.constant(0)

        def step(self, x):
            if x > 1:
                self.count = self.count + 10
            else:
                self.count = self.count - 10
            for i in range(x):
                self.count = self.count + i
            return self.count

    def items(x):
        found = {"a": tf.constant(1)}
        if x > 1:
            found["a"] = found["a"] * 3
        return found["a"]

    def step(x):
        return Counter().step(x)

    return [_values(tf, items), _values(tf, step)]


def builtins(tf, np):
    def all_of_them(x):
        y = tf.cast(x, tf.float32) * 1.5
        rows = tf.stack([y, -y])
        return (abs(y), int(y), float(x), len(rows), int(tf.constant("7")), abs(-3), int("4"),
                float(tf.constant("1.5")), len([1, 2]))  # fmt: skip

    sized = tf.autograph.to_graph(lambda t: len(t) + 0)
    with tf.Session() as sess:
        fed = tf.placeholder(tf.float32, [None, 2])
        open_size = sess.run(sized(fed), {fed: np.ones([3, 2])})
    return [_values(tf, all_of_them), open_size, error(lambda: sized(tf.constant(1)))]


def gradients(tf, np):
    def powered(x):
        y = x
        while y < 100.0:
            y = y * x
        if y > 200.0:
            y = y * 2.0
        for i in tf.range(3):
            if i == 5:
                break
            y = y + x * tf.cast(i, tf.float32)
        return y

    found = []
    for start in (3.0, 7.0, 150.0):
        x = tf.constant(start)
        y = tf.autograph.to_graph(powered)(x)
        found.append([y, tf.gradients(y, x)[0]])
    return run(tf, found)


def what_is_refused(tf, np):
    def undefined(x):
        if x > 0:
            y = 1
        return y

    def not_returned(x):
        if x > 0:
            return x

    def returned_in_loop(x):
        for i in tf.range(3):
            if i > x:
                return i
        return x

    def other_types(x):
        if x > 0:
            y = "a"
        else:
            y = 2
        return y

    def other_structures(x):
        if x > 0:
            y = [1, 2]
        else:
            y = [1, 2, 3]
        return y

    def undefined_in_loop(x):
        for i in tf.range(x):
            y = i
        return y

    def other_type_in_loop(x):
        y = 0.0
        for i in tf.range(x):
            y = i
        return y

    def other_shape_in_loop(x):
        y = tf.zeros([1])
        while tf.shape(y)[0] < x:
            y = tf.concat([y, y], 0)
        return y

    def other_structure_in_loop(x):
        y = (x, x)
        while x < 10:
            x += 1
            y = (x, x, x)
        return y

    def python_list(x):
        found = []
        for i in tf.range(x):
            found.append(i * 2)
        return tf.stack(found)

    def chained(x):
        return 1 if 0 < x < 3 else 2

    def asserted(x):
        assert x > 0
        return x

    def comprehended(x):
        return [i for i in tf.range(x)]

    def raised(x):
        if x > 0:
            raise KeyError("mine")
        return x

    words = "'y'", "else branch", "before the loop", "dtype float32", "shape (1,)", "nested"
    each = (undefined, not_returned, returned_in_loop, other_types, other_structures,
            undefined_in_loop, other_type_in_loop, other_shape_in_loop, other_structure_in_loop,
            python_list, chained, asserted, comprehended, raised)  # fmt: skip
    return [said(lambda f=f: tf.autograph.to_graph(f)(tf.constant(2)), *words) for f in each]


def equality_is_identity(tf, np):
    def same(x, y):
        return (x == y, x != y, x == x)

    return attempt(lambda: tf.autograph.to_graph(same)(tf.constant(1), tf.constant(1)))


def names_that_stay_local(tf, np):
    def locally(x):
        total = 0
        for i in tf.range(4):
            square = i * i
            if square > x:
                part = square - x
                total += part
        return total

    return _values(tf, locally)


def inner_functions(tf, np):
    def outer(x):
        base = x * 2

        def inner(y, k=3):
            if y > base:
                return y - k
            return y + k

        later = lambda y: y * 2 if y > 2 else base  # noqa: E731
        return inner(x), inner(x + 10, k=5), later(x), _collatz(x)

    return _values(tf, outer)


def _collatz(x):
    steps = 0
    while x > 1:
        if x % 2 < 1:
            x = x // 2
        else:
            x = 3 * x + 1
        steps += 1
    return steps


def loop_over_a_size_not_known(tf, np):
    def ended(x):
        best, at = x[0], 0
        for i, item in zip(tf.unstack(tf.range(3)), [x[0], x[1], x[2]]):
            if item > best:
                best, at = item, i
        for row in x:
            if row > 2.5:
                break
            best -= row
        return best, at

    with tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        result = tf.autograph.to_graph(ended)(x)
        return [sess.run(result, {x: given}) for given in ([1.0, 2.0, 3.0], [2.0, 1.0, 0.0, 5.0])]
