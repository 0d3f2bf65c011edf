"""Training steps of models of those years, as people wrote them: for `benchmarks.programs`."""
import numpy as np

from benchmarks.program_rows import program

RANDOM = np.random.RandomState(0)


def numbers(*shape):
    return RANDOM.standard_normal(shape).astype(np.float32)


def integers(below, *shape):
    return RANDOM.randint(0, below, shape).astype(np.int32)


def one_hot(classes, rows):
    return np.eye(classes, dtype=np.float32)[integers(classes, rows)]


def step(tf, fetches, feed):
    """A call that runs the fetches of an initialised session."""
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return lambda: session.run(fetches, feed)


def trained(tf, loss, feed, optimizer=None):
    optimizer = optimizer or tf.train.AdamOptimizer()
    return step(tf, [optimizer.minimize(loss), loss], feed)


def clipped(tf, loss, feed, optimizer, norm=5.0):
    variables = tf.trainable_variables()
    slopes, _ = tf.clip_by_global_norm(tf.gradients(loss, variables), norm)
    return step(tf, [optimizer.apply_gradients(zip(slopes, variables)), loss], feed)


# -- dense ----------------------------------------------------------------------------------------


@program("models: variational autoencoder 784-500-500-20, batch 100")
def autoencoder(tf, folder):
    x = tf.placeholder(tf.float32, [None, 784])
    hidden = tf.layers.dense(tf.layers.dense(x, 500, tf.nn.relu), 500, tf.nn.relu)
    mean, spread = tf.layers.dense(hidden, 20), tf.layers.dense(hidden, 20)
    code = mean + tf.exp(spread / 2) * tf.random_normal(tf.shape(mean))
    logits = tf.layers.dense(tf.layers.dense(code, 500, tf.nn.relu), 784)
    wrong = tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits)
    apart = -0.5 * tf.reduce_sum(1 + spread - mean**2 - tf.exp(spread), 1)
    loss = tf.reduce_mean(tf.reduce_sum(wrong, 1) + apart)
    return trained(tf, loss, {x: RANDOM.rand(100, 784)})


@program("models: actor and critic of 2 x 64 units, batch 128")
def actor_critic(tf, folder):
    state, action = tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.int32, [None])
    reward = tf.placeholder(tf.float32, [None])
    hidden = tf.layers.dense(tf.layers.dense(state, 64, tf.tanh), 64, tf.tanh)
    likely = tf.nn.log_softmax(tf.layers.dense(hidden, 2))
    better = reward - tf.layers.dense(hidden, 1)[:, 0]
    chosen = tf.reduce_sum(likely * tf.one_hot(action, 2), 1)
    loss = -tf.reduce_mean(chosen * tf.stop_gradient(better)) + tf.reduce_mean(better**2) / 2
    feed = {state: numbers(128, 4), action: integers(2, 128), reward: numbers(128)}
    return clipped(tf, loss, feed, tf.train.AdamOptimizer(), 0.5)


@program("models: factorisation machine, 39 fields, batch 256")
def factorisation_machine(tf, folder):
    places, x = tf.placeholder(tf.int32, [None, 39]), tf.placeholder(tf.float32, [None, 39])
    y = tf.placeholder(tf.float32, [None, 1])
    table, weights = tf.get_variable("table", [20000, 8]), tf.get_variable("weights", [20000, 1])
    fields = tf.nn.embedding_lookup(table, places) * x[:, :, None]
    first = tf.reduce_sum(tf.nn.embedding_lookup(weights, places) * x[:, :, None], 2)
    second = (tf.reduce_sum(fields, 1) ** 2 - tf.reduce_sum(fields**2, 1)) / 2
    deep = tf.reshape(fields, [-1, 39 * 8])
    for _ in range(2):
        deep = tf.nn.relu(tf.layers.batch_normalization(tf.layers.dense(deep, 64), training=True))
    logits = tf.layers.dense(tf.concat([first, second, deep], 1), 1)
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits))
    feed = {places: integers(20000, 256, 39), x: numbers(256, 39), y: integers(2, 256, 1)}
    return trained(tf, loss, feed, tf.train.AdagradOptimizer(0.01))


@program("models: Burgers' equation, 6 x 20 units, 2,000 points")
def physics(tf, folder):
    t, x = tf.placeholder(tf.float32, [None, 1]), tf.placeholder(tf.float32, [None, 1])
    hidden = tf.concat([x, t], 1)
    for _ in range(6):
        hidden = tf.layers.dense(hidden, 20, tf.tanh)
    u = tf.layers.dense(hidden, 1)
    u_t, u_x = tf.gradients(u, [t, x])
    (u_xx,) = tf.gradients(u_x, x)
    loss = tf.reduce_mean((u_t + u * u_x - 0.01 / np.pi * u_xx) ** 2)
    return trained(tf, loss, {t: RANDOM.rand(2000, 1), x: numbers(2000, 1)})


@program("models: graph convolutions, 2,708 nodes")
def graph_convolutions(tf, folder):
    count = 2708
    edges, x = tf.sparse_placeholder(tf.float32), tf.placeholder(tf.float32, [count, 500])
    y = tf.placeholder(tf.float32, [count, 7])
    hidden = tf.nn.relu(_over_edges(tf, edges, x, 16))
    logits = _over_edges(tf, edges, hidden, 7)
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=logits))
    flat = np.unique(RANDOM.randint(0, count**2, 13000))
    places = np.stack([flat // count, flat % count], 1)
    given = tf.SparseTensorValue(places, numbers(len(flat)), (count, count))
    return trained(tf, loss, {edges: given, x: numbers(count, 500), y: one_hot(7, count)})


def _over_edges(tf, edges, x, units):
    weights = tf.get_variable(f"weights{units}", [x.shape[1], units])
    return tf.sparse_tensor_dense_matmul(edges, tf.matmul(tf.nn.dropout(x, 0.5), weights))


# -- words ----------------------------------------------------------------------------------------


@program("models: word2vec, 50,000 words of 128, 64 sampled, batch 128")
def word2vec(tf, folder):
    words, contexts = tf.placeholder(tf.int32, [128]), tf.placeholder(tf.int32, [128, 1])
    table = tf.Variable(tf.random_uniform([50000, 128], -1, 1))
    weights, biases = tf.Variable(tf.zeros([50000, 128])), tf.Variable(tf.zeros([50000]))
    found = tf.nn.embedding_lookup(table, words)
    loss = tf.reduce_mean(tf.nn.nce_loss(weights, biases, contexts, found, 64, 50000))
    feed = {words: integers(50000, 128), contexts: integers(50000, 128, 1)}
    return trained(tf, loss, feed, tf.train.GradientDescentOptimizer(1.0))


@program("models: sentences by convolutions of 3, 4 and 5 words, batch 64")
def sentences(tf, folder):
    words, y = tf.placeholder(tf.int32, [None, 56]), tf.placeholder(tf.float32, [None, 2])
    table = tf.Variable(tf.random_uniform([18000, 128], -1, 1))
    found, pooled = tf.nn.embedding_lookup(table, words)[..., None], []
    for size in (3, 4, 5):
        heard = tf.layers.conv2d(found, 128, [size, 128], activation=tf.nn.relu)
        pooled.append(tf.reduce_max(heard, [1, 2]))
    logits = tf.layers.dense(tf.nn.dropout(tf.concat(pooled, 1), 0.5), 2)
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=logits))
    return trained(tf, loss, {words: integers(18000, 64, 56), y: one_hot(2, 64)})


@program("models: characters by 2 LSTMs of 128, 50 x 50, unrolled")
def characters(tf, folder):
    x, y = tf.placeholder(tf.int32, [50, 50]), tf.placeholder(tf.int32, [50, 50])
    cell = tf.contrib.rnn.MultiRNNCell([tf.contrib.rnn.BasicLSTMCell(128) for _ in range(2)])
    found = tf.nn.embedding_lookup(tf.get_variable("table", [65, 128]), x)
    outputs, _ = tf.nn.static_rnn(cell, tf.unstack(found, axis=1), dtype=tf.float32)
    logits = tf.layers.dense(tf.stack(outputs, 1), 65)
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    feed = {x: integers(65, 50, 50), y: integers(65, 50, 50)}
    return clipped(tf, loss, feed, tf.train.AdamOptimizer(0.002))


@program("models: sentiment by two LSTMs and attention, 100 words, batch 64")
def sentiment(tf, folder):
    words, lengths = tf.placeholder(tf.int32, [None, 100]), tf.placeholder(tf.int32, [None])
    y = tf.placeholder(tf.int32, [None])
    found = tf.nn.embedding_lookup(tf.get_variable("table", [20000, 100]), words)
    hidden = tf.concat(_both_ways(tf, found, lengths, 64), 2)
    weights = tf.nn.softmax(tf.layers.dense(tf.layers.dense(hidden, 64, tf.tanh), 1), 1)
    logits = tf.layers.dense(tf.reduce_sum(weights * hidden, 1), 5)
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    given = {words: integers(20000, 64, 100), lengths: integers(90, 64) + 10, y: integers(5, 64)}
    return trained(tf, loss, given)


def _both_ways(tf, x, lengths, units):
    cells = [tf.nn.rnn_cell.LSTMCell(units) for _ in range(2)]
    return tf.nn.bidirectional_dynamic_rnn(*cells, x, lengths, dtype=tf.float32)[0]


@program("models: names by two LSTMs and a random field, batch 20")
def names(tf, folder):
    words, tags = tf.placeholder(tf.int32, [None, None]), tf.placeholder(tf.int32, [None, None])
    lengths = tf.placeholder(tf.int32, [None])
    found = tf.nn.embedding_lookup(tf.get_variable("table", [5000, 100]), words)
    scores = tf.layers.dense(tf.concat(_both_ways(tf, found, lengths, 100), 2), 9)
    likely, _ = tf.contrib.crf.crf_log_likelihood(scores, tags, lengths)
    feed = {words: integers(5000, 20, 30), tags: integers(9, 20, 30),
            lengths: np.r_[30, integers(20, 19) + 10]}  # fmt: skip
    return trained(tf, -tf.reduce_mean(likely), feed)


@program("models: translation by GRUs with attention, 15 and 12 words, batch 32")
def translation(tf, folder):
    seq2seq, cell = tf.contrib.seq2seq, tf.contrib.rnn.GRUCell
    words, lengths = tf.placeholder(tf.int32, [None, None]), tf.placeholder(tf.int32, [None])
    target, ends = tf.placeholder(tf.int32, [None, None]), tf.placeholder(tf.int32, [None])
    table = tf.get_variable("table", [2000, 64])
    memory, state = tf.nn.dynamic_rnn(
        cell(128), tf.nn.embedding_lookup(table, words), lengths, dtype=tf.float32
    )
    attending = seq2seq.AttentionWrapper(
        cell(128), seq2seq.LuongAttention(128, memory, lengths), 64
    )
    first = attending.zero_state(tf.shape(words)[0], tf.float32).clone(cell_state=state)
    helper = seq2seq.TrainingHelper(tf.nn.embedding_lookup(table, target), ends)
    decoder = seq2seq.BasicDecoder(attending, helper, first, tf.layers.Dense(2000))
    outputs, _, _ = seq2seq.dynamic_decode(decoder)
    mask = tf.sequence_mask(ends, tf.shape(target)[1], tf.float32)
    loss = seq2seq.sequence_loss(outputs.rnn_output, target, mask)
    feed = {words: integers(2000, 32, 15), lengths: integers(8, 32) + 8,
            target: integers(2000, 32, 12), ends: np.r_[12, integers(6, 31) + 6]}  # fmt: skip
    return trained(tf, loss, feed)


@program("models: transformer, 2 layers of 128, 4 heads, 32 x 32 words")
def transformer(tf, folder):
    words, y = tf.placeholder(tf.int32, [None, 32]), tf.placeholder(tf.int32, [None, 32])
    x = tf.nn.embedding_lookup(tf.get_variable("table", [1000, 128]), words)
    x += tf.get_variable("places", [32, 128])
    for _ in range(2):
        x = _normalized(tf, x + _attention(tf, x, 128, 4))
        inner = tf.layers.dense(x, 512)
        inner = 0.5 * inner * (1 + tf.tanh(0.8 * (inner + 0.0447 * tf.pow(inner, 3))))
        x = _normalized(tf, x + tf.layers.dense(inner, 128))
    loss = tf.losses.sparse_softmax_cross_entropy(y, tf.layers.dense(x, 1000))
    return trained(tf, loss, {words: integers(1000, 32, 32), y: integers(1000, 32, 32)})


def _normalized(tf, x):
    return tf.contrib.layers.layer_norm(x, begin_norm_axis=-1)


def _attention(tf, x, units, heads):
    parts = [tf.split(tf.layers.dense(x, units), heads, 2) for _ in range(3)]
    query, key, value = (tf.stack(part, 1) for part in parts)
    scores = tf.matmul(query, key, transpose_b=True) / (units // heads) ** 0.5
    found = tf.matmul(tf.nn.dropout(tf.nn.softmax(scores), 0.9), value)
    return tf.concat(tf.unstack(found, axis=1), 2)


# -- images and sounds ----------------------------------------------------------------------------


@program("models: generator and discriminator of 28 x 28 pixels, batch 32")
def adversaries(tf, folder):
    code, x = tf.placeholder(tf.float32, [None, 100]), tf.placeholder(tf.float32, [None, 28, 28, 1])
    with tf.variable_scope("generator"):
        made = tf.reshape(tf.layers.dense(code, 7 * 7 * 128), [-1, 7, 7, 128])
        made = tf.nn.relu(tf.layers.batch_normalization(made, training=True))
        made = tf.layers.conv2d_transpose(made, 64, 5, 2, "same", activation=tf.nn.relu)
        made = tf.layers.conv2d_transpose(made, 1, 5, 2, "same", activation=tf.tanh)
    real, fake = _judged(tf, x), _judged(tf, made)
    entropy = tf.losses.sigmoid_cross_entropy
    told = entropy(tf.ones_like(real), real) + entropy(tf.zeros_like(fake), fake)
    fooled = entropy(tf.ones_like(fake), fake)
    steps = [
        tf.train.AdamOptimizer(2e-4, 0.5).minimize(loss, var_list=tf.trainable_variables(scope))
        for loss, scope in ((told, "judge"), (fooled, "generator"))
    ]
    return step(tf, [*steps, told, fooled], {code: numbers(32, 100), x: numbers(32, 28, 28, 1)})


def _judged(tf, x):
    with tf.variable_scope("judge", reuse=tf.AUTO_REUSE):
        x = tf.nn.leaky_relu(tf.layers.conv2d(x, 64, 5, 2, "same", name="first"))
        x = tf.layers.conv2d(x, 128, 5, 2, "same", name="second")
        x = tf.layers.batch_normalization(x, training=True, name="normalized")
        return tf.layers.dense(tf.layers.flatten(tf.nn.leaky_relu(x)), 1, name="logits")


@program("models: deep Q network of 84 x 84 x 4 pixels, batch 32")
def q_network(tf, folder):
    state, action = tf.placeholder(tf.float32, [None, 84, 84, 4]), tf.placeholder(tf.int32, [None])
    target, layers = tf.placeholder(tf.float32, [None]), tf.contrib.layers
    x = layers.conv2d(state, 32, 8, 4, "VALID")
    x = layers.conv2d(layers.conv2d(x, 64, 4, 2, "VALID"), 64, 3, 1, "VALID")
    x = layers.fully_connected(layers.flatten(x), 512)
    values = layers.fully_connected(x, 6, activation_fn=None)
    loss = tf.losses.huber_loss(target, tf.reduce_sum(values * tf.one_hot(action, 6), 1))
    feed = {state: numbers(32, 84, 84, 4), action: integers(6, 32), target: numbers(32)}
    return trained(tf, loss, feed, tf.train.RMSPropOptimizer(2.5e-4, 0.99, 0.0, 1e-6))


@program("models: separable convolutions of 64 x 64 pixels, batch 16")
def separable(tf, folder):
    slim = tf.contrib.slim
    x, y = tf.placeholder(tf.float32, [None, 64, 64, 3]), tf.placeholder(tf.int32, [None])
    with slim.arg_scope([slim.conv2d, slim.separable_conv2d], normalizer_fn=slim.batch_norm):
        hidden = slim.conv2d(x, 16, 3, 2)
        for units, stride in (32, 1), (64, 2), (64, 1), (128, 2), (128, 1):
            hidden = slim.separable_conv2d(hidden, None, 3, 1, stride=stride)
            hidden = slim.conv2d(hidden, units, 1)
    logits = slim.fully_connected(tf.reduce_mean(hidden, [1, 2]), 10, activation_fn=None)
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    return trained(tf, loss, {x: numbers(16, 64, 64, 3), y: integers(10, 16)})


@program("models: U-Net of 64 x 64 pixels, batch 8")
def u_net(tf, folder):
    x, y = tf.placeholder(tf.float32, [None, 64, 64, 1]), tf.placeholder(tf.float32)
    hidden, kept = x, []
    for units in (16, 32, 64):
        hidden = _convolved(tf, _convolved(tf, hidden, units), units)
        kept.append(hidden)
        hidden = tf.layers.max_pooling2d(hidden, 2, 2)
    hidden = _convolved(tf, hidden, 128)
    for units in (64, 32, 16):
        hidden = tf.image.resize_bilinear(hidden, tf.shape(hidden)[1:3] * 2)
        hidden = _convolved(tf, tf.concat([hidden, kept.pop()], 3), units)
    found = tf.sigmoid(tf.layers.conv2d(hidden, 1, 1))
    loss = 1 - 2 * tf.reduce_sum(found * y) / (tf.reduce_sum(found) + tf.reduce_sum(y) + 1)
    return trained(tf, loss, {x: numbers(8, 64, 64, 1), y: integers(2, 8, 64, 64, 1)})


def _convolved(tf, x, units):
    return tf.layers.conv2d(x, units, 3, padding="same", activation=tf.nn.relu)


@program("models: capsules with 3 routings, batch 16")
def capsules(tf, folder):
    x, y = tf.placeholder(tf.float32, [16, 28, 28, 1]), tf.placeholder(tf.float32, [16, 10])
    hidden = tf.layers.conv2d(x, 64, 9, activation=tf.nn.relu)
    hidden = tf.layers.conv2d(hidden, 64, 9, 2, activation=tf.nn.relu)
    parts = tf.reshape(hidden, [16, 288, 1, 1, 8])
    votes = tf.reduce_sum(tf.get_variable("weights", [1, 288, 10, 16, 8]) * parts, -1)
    routes = tf.zeros([16, 288, 10])
    for _ in range(3):
        made = tf.reduce_sum(tf.nn.softmax(routes)[..., None] * votes, 1, keepdims=True)
        square = tf.reduce_sum(made**2, -1, keepdims=True)
        made *= tf.sqrt(square + 1e-9) / (1 + square)
        routes += tf.reduce_sum(votes * made, -1)
    sizes = tf.sqrt(tf.reduce_sum(made[:, 0] ** 2, -1) + 1e-9)
    missed, seen = tf.nn.relu(0.9 - sizes) ** 2, tf.nn.relu(sizes - 0.1) ** 2
    loss = tf.reduce_mean(tf.reduce_sum(y * missed + (1 - y) * seen / 2, 1))
    return trained(tf, loss, {x: numbers(16, 28, 28, 1), y: one_hot(10, 16)})


@program("models: dilated convolutions of sound, 4 x 512 samples")
def wavenet(tf, folder):
    x = tf.placeholder(tf.float32, [None, 512, 1])
    hidden, heard = tf.layers.conv1d(x, 32, 1), 0.0
    for level in range(8):
        before = tf.pad(hidden, [[0, 0], [2**level, 0], [0, 0]])
        gate, found = (tf.layers.conv1d(before, 32, 2, dilation_rate=2**level) for _ in range(2))
        found = tf.tanh(found) * tf.sigmoid(gate)
        heard, hidden = heard + tf.layers.conv1d(found, 32, 1), hidden + found
    logits = tf.layers.conv1d(tf.nn.relu(heard), 256, 1)
    next_ones = tf.cast(tf.clip_by_value(x[..., 0] * 40 + 128, 0.0, 255.0), tf.int32)
    loss = tf.losses.sparse_softmax_cross_entropy(next_ones[:, 1:], logits[:, :-1])
    return trained(tf, loss, {x: numbers(4, 512, 1)})


@program("models: video by convolutions of 8 x 32 x 32 pixels, batch 4")
def video(tf, folder):
    x, y = tf.placeholder(tf.float32, [None, 8, 32, 32, 3]), tf.placeholder(tf.int32, [None])
    hidden = x
    for units in (16, 32):
        hidden = tf.layers.conv3d(hidden, units, 3, padding="same", activation=tf.nn.relu)
        hidden = tf.layers.max_pooling3d(hidden, 2, 2)
    logits = tf.layers.dense(tf.layers.flatten(hidden), 10)
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    return trained(tf, loss, {x: numbers(4, 8, 32, 32, 3), y: integers(10, 4)})
