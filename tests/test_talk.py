"""The talk: the figure's numbers, every code slide as typed, and slips that teach."""

import numpy as np
import pytest
from goldens.talk_curves import first_images

import minitf as tf

X_train = np.array([[1250, 350, 3], [1700, 900, 6], [1400, 600, 3]])
Y_train = np.array([345000, 580000, 360000])
weights, intercept = np.array([300, -10, -1]), -26497
learning_rate = 0.05
BATCH_SIZE = 20


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()
    tf.set_random_seed(2017)


@pytest.fixture(scope="module")
def digits():
    """500 real digits to train on and 200 to test on, labels one-hot."""
    images, labels = first_images(count=700)
    one_hot = np.eye(10, dtype=np.float32)[labels]
    return images[:500], one_hot[:500], images[500:], one_hot[500:]


def get_minibatches(X, Y, batch_size):
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], Y[start : start + batch_size]


def run_epochs(sess, optimizer, X, Y, data, num_epochs):
    X_train, Y_train = data[:2]
    for _ in range(num_epochs):
        for X_batch, Y_batch in get_minibatches(X_train, Y_train, BATCH_SIZE):
            sess.run(optimizer, feed_dict={X: X_batch, Y: Y_batch})


# The figure: linear regression with one example, forward in green, backward in red.


def test_figure_numbers_come_out_of_gradients():
    w, x = tf.Variable([4.0, 5.0, -2.0]), tf.placeholder(tf.float32, [3])
    b, y = tf.Variable(8.0), tf.placeholder(tf.float32, [])
    products = w * x
    total = tf.reduce_sum(products)
    y_hat = total + b
    delta = y - y_hat
    error = tf.square(delta)
    edges = {"w": w, "x": x, "products": products, "sum": total, "b": b, "y_hat": y_hat, "y": y}
    edges.update(delta=delta, error=error)
    backward = dict(zip(edges, tf.gradients(error, list(edges.values()))))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        forward, red = sess.run([edges, backward], {x: [-2, 1, -3], y: 9})
    np.testing.assert_array_equal(forward["products"], [-8, 5, 6])
    assert [forward[key] for key in ("sum", "y_hat", "delta", "error")] == [3, 11, -2, 4]
    assert red["error"] == 1
    assert red["delta"] == -4
    assert red["y_hat"] == red["b"] == red["sum"] == 4
    np.testing.assert_array_equal(red["products"], [4, 4, 4])
    np.testing.assert_array_equal(red["w"], [-8, 4, -12])
    np.testing.assert_array_equal(red["x"], [16, 20, -8])
    assert red["y"] == -4


def test_figure_ends_with_the_update_of_w_and_b():
    w, b = tf.Variable([4.0, 5.0, -2.0]), tf.Variable(8.0)
    error = tf.square(9.0 - (tf.reduce_sum(w * [-2.0, 1.0, -3.0]) + b))
    update = tf.train.GradientDescentOptimizer(learning_rate).minimize(error)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(update)
        np.testing.assert_allclose(sess.run(w), [4 + 0.4, 5 - 0.2, -2 + 0.6], rtol=1e-6)
        np.testing.assert_allclose(sess.run(b), 8 - 0.2, rtol=1e-6)


# Linear regression from scratch, and once more with the graph.


def model(X, weights, intercept):
    return X.dot(weights) + intercept


def training_round(x, y, weights, intercept, alpha=learning_rate):
    y_hat = model(x, weights, intercept)
    delta_y = y - y_hat
    gradient_weights = -2 * delta_y * x  # The slide multiplies by the weights: a slip.
    gradient_intercept = -2 * delta_y
    return weights - alpha * gradient_weights, intercept - alpha * gradient_intercept


def test_slide_parameters_estimate_the_slide_prices():
    Y_hat = model(X_train, weights, intercept)
    np.testing.assert_allclose(Y_hat, Y_train, rtol=0.22)


def test_round_by_hand_equals_a_step_of_the_optimizer():
    x, y, start = np.array([-2.0, 1.0, -3.0]), 9.0, np.array([4.0, 5.0, -2.0])
    w, b = tf.Variable(start), tf.Variable(8.0, dtype=tf.float64)
    cost = tf.square(tf.reduce_sum(w * x) + b - y)
    optimizer = tf.train.GradientDescentOptimizer(learning_rate).minimize(cost)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(optimizer)
        by_hand = training_round(x, y, start, 8.0)
        np.testing.assert_allclose(sess.run(w), by_hand[0])
        np.testing.assert_allclose(sess.run(b), by_hand[1])


def houses():
    """Scaled features and prices that are linear in them."""
    X = np.random.RandomState(0).randn(60, 3)
    return X, X.dot([[3.0], [-1.0], [0.5]]) - 2.0


def linear_regression():
    X = tf.placeholder(tf.float32, [None, 3])
    Y = tf.placeholder(tf.float32, [None, 1])

    # create tf.Variable(s)
    W = tf.get_variable("weights", [3, 1], initializer=tf.random_normal_initializer())
    b = tf.get_variable("intercept", [1], initializer=tf.constant_initializer(0))

    Y_hat = tf.matmul(X, W) + b

    cost = tf.reduce_mean(tf.square(Y_hat - Y))

    optimizer = tf.train.GradientDescentOptimizer(learning_rate).minimize(cost)
    return X, Y, Y_hat, cost, optimizer


def test_linear_regression_slides():
    X, Y, Y_hat, cost, optimizer = linear_regression()
    X_train, Y_train = houses()
    NUM_EPOCHS = 40
    with tf.Session() as sess:
        # initialize variables
        sess.run(tf.global_variables_initializer())

        # train
        for _ in range(NUM_EPOCHS):
            for X_batch, Y_batch in get_minibatches(X_train, Y_train, BATCH_SIZE):
                assert sess.run(optimizer, feed_dict={X: X_batch, Y: Y_batch}) is None

        # test
        Y_predicted = sess.run(Y_hat, feed_dict={X: X_train})
        squared_error = sess.run(tf.reduce_mean(tf.squared_difference(Y_train, Y_predicted)))
        final_cost = sess.run(cost, feed_dict={X: X_train, Y: Y_train})
    np.testing.assert_allclose(final_cost, squared_error, rtol=1e-4, atol=1e-9)
    assert np.sqrt(squared_error) < 0.01


# MNIST, from softmax regression to dropout.


def placeholders():
    # X = vector length 784 (= 28 x 28 pixels)
    # Y = one-hot vectors
    X = tf.placeholder(tf.float32, [None, 28 * 28])
    Y = tf.placeholder(tf.float32, [None, 10])
    return X, Y


def softmax_regression(X):
    # Parameters/Variables
    W = tf.get_variable("weights", [784, 10], initializer=tf.random_normal_initializer())
    b = tf.get_variable("bias", [10], initializer=tf.constant_initializer(0))
    Y_logits = tf.matmul(X, W) + b
    return Y_logits


def layer_variables(name, inputs, outputs):
    W = tf.get_variable(
        "weights" + name, [inputs, outputs], initializer=tf.random_normal_initializer()
    )
    b = tf.get_variable("bias" + name, [outputs], initializer=tf.constant_initializer(0))
    return W, b


def one_hidden_layer(X, activation):
    HIDDEN_NODES = 128
    W1, b1 = layer_variables("1", 784, HIDDEN_NODES)
    W2, b2 = layer_variables("2", HIDDEN_NODES, 10)
    hidden = activation(tf.matmul(X, W1) + b1)
    y_logits = tf.matmul(hidden, W2) + b2
    return y_logits


def two_hidden_layers(X, keep_prob=1.0):
    (W1, b1), (W2, b2) = layer_variables("1", 784, 256), layer_variables("2", 256, 128)
    W3, b3 = layer_variables("3", 128, 10)
    hidden_1 = tf.nn.dropout(tf.nn.relu(tf.matmul(X, W1) + b1), keep_prob)
    hidden_2 = tf.nn.dropout(tf.nn.relu(tf.matmul(hidden_1, W2) + b2), keep_prob)
    y_logits = tf.matmul(hidden_2, W3) + b3
    return y_logits


def cross_entropy(Y_logits, Y):
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=Y_logits, labels=Y))


MODELS = {
    "softmax": softmax_regression,
    "linear": lambda X: one_hidden_layer(X, tf.identity),
    "relu": lambda X: one_hidden_layer(X, tf.nn.relu),
    "sigmoid": lambda X: one_hidden_layer(X, tf.sigmoid),
    "tanh": lambda X: one_hidden_layer(X, tf.tanh),
    "deep": two_hidden_layers,
}


@pytest.mark.parametrize("name", MODELS)
def test_mnist_slides(name, digits):
    X, Y = placeholders()
    Y_logits = MODELS[name](X)
    cost = cross_entropy(Y_logits, Y)
    optimizer = tf.train.GradientDescentOptimizer(learning_rate).minimize(cost)
    predict = tf.argmax(Y_logits, 1)
    X_train, Y_train, X_test, Y_test = digits

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        before = sess.run(cost, {X: X_train, Y: Y_train})
        run_epochs(sess, optimizer, X, Y, digits, num_epochs=3)
        after = sess.run(cost, {X: X_train, Y: Y_train})

        predictions = sess.run(predict, feed_dict={X: X_test})
        accuracy = tf.reduce_mean(np.mean(np.argmax(Y_test, axis=1) == predictions))
        assert sess.run(accuracy) > 0.2  # A guess is right once in ten.
    assert predictions.dtype == np.int64
    assert predictions.shape == (200,)
    assert after < 0.8 * before


def test_l2_slides_agree(digits):
    """The penalty written out, and the same from get_variable's regularizer."""
    X, Y = placeholders()
    regularizer = tf.contrib.layers.l2_regularizer(scale=0.01)
    W = tf.get_variable(
        "weights",
        [784, 10],
        initializer=tf.random_normal_initializer(),
        regularizer=regularizer,
    )
    b = tf.get_variable("bias", [10], initializer=tf.constant_initializer(0))
    cost = cross_entropy(tf.matmul(X, W) + b, Y)
    written_out = cost + 0.01 * tf.nn.l2_loss(W)
    reg_losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    collected = cost + tf.add_n(reg_losses)
    optimizer = tf.train.GradientDescentOptimizer(learning_rate).minimize(collected)
    feed = {X: digits[0], Y: digits[1]}
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        norm = np.square(sess.run(W)).sum()
        one, other, plain = sess.run([written_out, collected, cost], feed)
        run_epochs(sess, optimizer, X, Y, digits, num_epochs=2)
        assert np.square(sess.run(W)).sum() < norm
    assert one == pytest.approx(other)
    assert one == pytest.approx(plain + 0.01 * norm / 2, rel=1e-4)


def test_dropout_slides(digits):
    X, Y = placeholders()
    keep_prob = tf.placeholder(tf.float32)
    logits = two_hidden_layers(X, keep_prob)
    cost = cross_entropy(logits, Y)
    optimizer = tf.train.GradientDescentOptimizer(learning_rate).minimize(cost)
    X_train, Y_train, X_test, Y_test = digits
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for X_batch, Y_batch in get_minibatches(X_train, Y_train, BATCH_SIZE):
            sess.run(optimizer, feed_dict={X: X_batch, Y: Y_batch, keep_prob: 0.5})
        test = {X: X_test, Y: Y_test, keep_prob: 1.0}
        np.testing.assert_array_equal(sess.run(logits, test), sess.run(logits, test))
        half = {**test, keep_prob: 0.5}
        assert (sess.run(logits, half) != sess.run(logits, half)).any()


# Slips on the slides, which readers type in.


def test_square_of_two_arguments_suggests_squared_difference():
    Y_test, Y_predicted = np.ones([3, 1]), np.zeros([3, 1])
    with pytest.raises((TypeError, ValueError)) as caught:
        tf.reduce_mean(tf.square(Y_test, Y_predicted))
    assert "squared_difference" in str(caught.value)
    assert "square" in str(caught.value).lower()


def test_fetching_a_python_function_says_what_can_be_fetched():
    X, *_ = linear_regression()
    with tf.Session() as sess, pytest.raises(TypeError) as caught:
        sess.run(model, feed_dict={X: np.ones([1, 3])})
    message = str(caught.value)
    assert "can be fetched" in message
    assert "model is a Python function" in message


def test_fetching_the_optimizer_that_was_never_called():
    """`optimizer = tf.train.GradientDescentOptimizer`, `(learning_rate)` on a line of its own."""
    X, Y, *_ = linear_regression()
    optimizer = tf.train.GradientDescentOptimizer
    with tf.Session() as sess, pytest.raises(TypeError) as caught:
        sess.run(optimizer, feed_dict={X: np.ones([1, 3]), Y: np.ones([1, 1])})
    message = str(caught.value)
    assert "can be fetched" in message
    assert "minimize" in message


def test_fetching_an_optimizer_instead_of_its_step():
    linear_regression()
    with tf.Session() as sess, pytest.raises(TypeError) as caught:
        sess.run(tf.train.GradientDescentOptimizer(learning_rate))
    assert "minimize" in str(caught.value)


def test_numpy_root_of_a_tensor_asks_for_a_run():
    """`np.sqrt(squared_error)`, where squared_error is still a tensor."""
    squared_error = tf.reduce_mean(tf.square(tf.constant([3.0])))
    with pytest.raises(NotImplementedError) as caught:
        np.sqrt(squared_error)
    assert "sess.run" in str(caught.value)
