"""tf.function where operations run at once: its effects, gradients, loops over data."""

from goldens.kit import eagerly, error


def _numbers(tf, structure):
    return tf.nest.map_structure(lambda x: x.numpy() if hasattr(x, "numpy") else x, structure)


def effects_in_branches_and_loops(tf, np):
    with eagerly(tf):
        v = tf.contrib.eager.Variable(0.0)

        @tf.function
        def in_branch(x):
            if x > 0:
                v.assign_add(1.0)
            return x

        @tf.function
        def by_cond(x):
            tf.cond(x > 0, lambda: v.assign_add(1.0), lambda: v.read_value())
            return x

        @tf.function
        def in_loop(n):
            for _ in tf.range(n):
                v.assign_add(1.0)

        @tf.function
        def read_after(x):
            v.assign(0.0)
            if x > 0:
                v.assign_add(1.0)
                w = v * 3.0
            else:
                w = v * 5.0
            return v * 2.0, w

        @tf.function
        def until(n):
            while v < n:
                v.assign_add(1.0)
            return v.read_value()

        @tf.function
        def counted(n):
            i = 0
            while v < n:
                if i > 1:
                    v.assign_add(2.0)
                v.assign_add(1.0)
                i += 1
            return v.read_value(), i

        one, less = tf.constant(1.0), tf.constant(-1.0)
        found = []
        for build in (lambda: in_branch(one), lambda: in_branch(less), lambda: by_cond(one),
                      lambda: by_cond(less), lambda: in_loop(tf.constant(3)),
                      lambda: read_after(one), lambda: read_after(less), lambda: until(3.0),
                      lambda: counted(9.0)):  # fmt: skip
            found.append([_numbers(tf, build()), v.numpy()])
        return found


def python_in_branches(tf, np):
    with eagerly(tf):
        log = []

        @tf.function
        def called(x):
            if x > 0:
                tf.py_function(lambda z: log.append(z.numpy()), [x], [])
            for i in tf.range(2):
                tf.py_function(lambda z: log.append(z.numpy()), [i], [])
            return x

        @tf.function
        def checked(x):
            if x > 3:
                tf.debugging.assert_less(x, 10)
            return x

        called(tf.constant(1.5))
        called(tf.constant(-1.5))
        return [log, checked(tf.constant(2)).numpy(), error(lambda: checked(tf.constant(20)))]


def gradients(tf, np):
    with eagerly(tf):
        w = tf.contrib.eager.Variable(2.0)

        @tf.function
        def grown(x):
            y = x
            while y < 100.0:
                y = y * w
            if y > 150.0:
                y = y * x
            return y

        @tf.function
        def inside(x):
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = grown(x)
            return tape.gradient(y, [x, w])

        found = []
        for start in (3.0, 5.0):
            x = tf.constant(start)
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = grown(x)
            found.append([y.numpy(), _numbers(tf, tape.gradient(y, [x, w])),
                          _numbers(tf, inside(x))])  # fmt: skip
        return found


def training_in_loops(tf, np):
    with eagerly(tf):
        w = tf.contrib.eager.Variable(2.0)
        optimizer = tf.train.GradientDescentOptimizer(0.1)

        @tf.function
        def over_rows(xs):
            loss = 0.0
            for x in xs:
                with tf.GradientTape() as tape:
                    loss = (w * x - 1.0) ** 2
                w.assign_sub(0.1 * tape.gradient(loss, w))
            return loss

        @tf.function
        def over_data(data):
            n = 0
            for x in data:
                with tf.GradientTape() as tape:
                    loss = (w * x - 1.0) ** 2
                optimizer.apply_gradients([(tape.gradient(loss, w), w)])
                n += 1
            return n

        @tf.function
        def sometimes(x):
            with tf.GradientTape() as tape:
                loss = (w - x) ** 2
                if loss > 1.0:
                    loss = tf.sqrt(loss)
            slope = tape.gradient(loss, w)
            if slope > 0.0:
                optimizer.apply_gradients([(slope, w)])
            return loss

        xs = tf.constant([1.0, 2.0, 3.0])
        data = tf.data.Dataset.from_tensor_slices([1.0, 2.0, 3.0])
        found = []
        for build in (lambda: over_rows(xs), lambda: over_data(data), lambda: sometimes(0.0),
                      lambda: sometimes(-3.0)):  # fmt: skip
            found.append([build().numpy(), w.numpy()])
        return found


def loops_over_data(tf, np):
    with eagerly(tf):
        @tf.function
        def summed(data):
            total = tf.constant(0, tf.int64)
            for x in data:
                if x > 4:
                    break
                if x % 2 > 0:
                    continue
                total += x
            return total

        @tf.function
        def taken(iterator):
            return next(iterator) * 10 + next(iterator)

        data = tf.data.Dataset.range(8)
        iterator = iter(data)
        return [summed(data).numpy(), summed(data.take(3)).numpy(), taken(iterator).numpy(),
                taken(iterator).numpy(), next(iterator).numpy()]  # fmt: skip


def converted_where_operations_run(tf, np):
    with eagerly(tf):
        def halves(x):
            steps = 0
            while x > 1:
                if x % 2 < 1:
                    x = x // 2
                else:
                    x = 3 * x + 1
                steps += 1
            return steps, not x > 3

        made = tf.autograph.to_graph(halves)
        return [_numbers(tf, made(tf.constant(n))) for n in (1, 6, 7)]


def traced_once(tf, np):
    with eagerly(tf):
        log = []

        @tf.function
        def seen(x, flag):
            if flag:
                log.append("python")
            if x > 0:
                log.append("positive")
                y = x
            else:
                log.append("negative")
                y = -x
            return y

        values = [seen(tf.constant(n), True).numpy() for n in (1, -2, 3)]
        return [values, log]
