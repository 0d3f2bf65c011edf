"""Hashes of bytes, the same numbers as TensorFlow's: FarmHash, SipHash, and its own older one."""

MASK = (1 << 64) - 1
K0, K1, K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F


def _word(data, at):
    return int.from_bytes(data[at : at + 8], "little")


def _half(data, at):
    return int.from_bytes(data[at : at + 4], "little")


def _rotated(value, count):
    """To the right, in 64 bits."""
    value &= MASK
    return (value >> count | value << (64 - count)) & MASK


def _mixed(value):
    value &= MASK
    return value ^ value >> 47


# -- FarmHash's Fingerprint64 ---------------------------------------------------------------------


def fingerprint64(data):
    """Google's FarmHash `Fingerprint64`."""
    size = len(data)
    if size <= 16:
        return _up_to_16(data, size)
    if size <= 32:
        return _up_to_32(data, size)
    return _up_to_64(data, size) if size <= 64 else _longer(data, size)


def _joined(u, v, factor):
    a = _mixed((u ^ v) * factor)
    return _mixed(((v & MASK) ^ a) * factor) * factor & MASK


def _up_to_16(data, size):
    factor = K2 + size * 2
    if size >= 8:
        a, b = _word(data, 0) + K2, _word(data, size - 8)
        c = _rotated(b, 37) * factor + a
        d = (_rotated(a, 25) + b) * factor
        return _joined(c & MASK, d & MASK, factor)
    if size >= 4:
        return _joined(size + (_half(data, 0) << 3), _half(data, size - 4), factor)
    if not size:
        return K2
    y, z = data[0] + (data[size >> 1] << 8), size + (data[-1] << 2)
    return _mixed(y * K2 & MASK ^ z * K0 & MASK) * K2 & MASK


def _up_to_32(data, size):
    factor = K2 + size * 2
    a, b = _word(data, 0) * K1, _word(data, 8)
    c, d = _word(data, size - 8) * factor, _word(data, size - 16) * K2
    left = _rotated(a + b, 43) + _rotated(c, 30) + d
    return _joined(left & MASK, (a + _rotated(b + K2, 18) + c) & MASK, factor)


def _up_to_64(data, size):
    factor = K2 + size * 2
    a, b = _word(data, 0) * K2, _word(data, 8)
    c, d = _word(data, size - 8) * factor, _word(data, size - 16) * K2
    y = _rotated(a + b, 43) + _rotated(c, 30) + d
    z = _joined(y & MASK, (a + _rotated(b + K2, 18) + c) & MASK, factor)
    e, f = _word(data, 16) * factor, _word(data, 24)
    g, h = (y + _word(data, size - 32)) * factor, (z + _word(data, size - 24)) * factor
    left = _rotated(e + f, 43) + _rotated(g, 30) + h
    return _joined(left & MASK, (e + _rotated(f + a, 18) + g) & MASK, factor)


def _weak(data, at, a, b):
    w, x, y, z = (_word(data, at + 8 * i) for i in range(4))
    a += w
    b = _rotated(b + a + z, 21)
    c = a
    a += x + y
    b += _rotated(a, 44)
    return (a + z) & MASK, (b + c) & MASK


def _longer(data, size):
    x, y = 81, (81 * K1 + 113) & MASK
    z = _mixed(y * K2 + 113) * K2 & MASK
    v = w = (0, 0)
    x = (x * K2 + _word(data, 0)) & MASK
    for at in range(0, (size - 1) // 64 * 64, 64):
        x, y, z, v, w = _block(data, at, x, y, z, v, w, K1, 1)
    factor = K1 + ((z & 0xFF) << 1)
    first = w[0] + ((size - 1) & 63)
    second = v[0] + first
    v, w = (second & MASK, v[1]), ((first + second) & MASK, w[1])
    x, y, z, v, w = _block(data, size - 64, x, y, z, v, w, factor, 9)
    left = _joined(v[0], w[0], factor) + _mixed(y) * K0 + z
    return _joined(left & MASK, (_joined(v[1], w[1], factor) + x) & MASK, factor)


def _block(data, at, x, y, z, v, w, factor, times):
    x = _rotated(x + y + v[0] + _word(data, at + 8), 37) * factor & MASK
    y = _rotated(y + v[1] + _word(data, at + 48), 42) * factor & MASK
    x ^= w[1] * times & MASK
    y = (y + v[0] * times + _word(data, at + 40)) & MASK
    z = _rotated(z + w[0], 33) * factor & MASK
    v = _weak(data, at, v[1] * factor, x + w[0])
    w = _weak(data, at + 32, z + w[1], y + _word(data, at + 16))
    return z, y, x, v, w


# -- FarmHash's Fingerprint128 --------------------------------------------------------------------

FACTOR = 0x9DDFEA08EB382D69


def fingerprint128(data):
    """Google's FarmHash `Fingerprint128`: its lower and its upper half."""
    if len(data) < 16:
        return _seeded(data, K0, K1)
    return _seeded(data[16:], _word(data, 0), (_word(data, 8) + K0) & MASK)


def _seeded(data, low, high):
    return (_seeded_below_128 if len(data) < 128 else _seeded_longer)(data, low, high)


def _seeded_below_128(data, a, b):
    size = len(data)
    if size <= 16:
        a = _mixed(a * K1) * K1 & MASK
        c = (b * K1 + _up_to_16(data, size)) & MASK
        d = _mixed(a + (_word(data, 0) if size >= 8 else c))
    else:
        c = _joined(_word(data, size - 8) + K1 & MASK, a, FACTOR)
        d = _joined(b + size & MASK, c + _word(data, size - 16) & MASK, FACTOR)
        a += d
        for at in range(0, size - 16, 16):
            a = (a ^ _mixed(_word(data, at) * K1) * K1) * K1 & MASK
            b ^= a
            c = (c ^ _mixed(_word(data, at + 8) * K1) * K1) * K1 & MASK
            d ^= c
    a, b = _joined(a & MASK, c, FACTOR), _joined(d, b & MASK, FACTOR)
    return a ^ b, _joined(b, a, FACTOR)


def _seeded_longer(data, x, y):
    size, at = len(data), 0
    z = size * K1 & MASK
    first = _rotated(y ^ K1, 49) * K1 + _word(data, 0)
    v = first & MASK, (_rotated(first, 42) * K1 + _word(data, 8)) & MASK
    w = (_rotated(y + z, 35) * K1 + x) & MASK, _rotated(x + _word(data, 88), 53) * K1 & MASK
    for at in range(0, size // 128 * 128, 64):
        x, y, z, v, w = _block(data, at, x, y, z, v, w, K1, 1)
    x += _rotated(v[0] + z, 49) * K0
    y = y * K0 + _rotated(w[1], 37)
    z = z * K0 + _rotated(w[0], 27)
    v, w = (v[0] * K0, v[1]), (w[0] * 9, w[1])
    for at in range(size - 32, size // 128 * 128 - 32, -32):
        y = _rotated(x + y, 42) * K0 + v[1]
        w = w[0] + _word(data, at + 16), w[1]
        x = x * K0 + w[0]
        z += w[1] + _word(data, at)
        w = w[0], w[1] + v[0]
        v = _weak(data, at, v[0] + z, v[1])
        v = v[0] * K0, v[1]
    x = _joined(x & MASK, v[0] & MASK, FACTOR)
    y = _joined(y + z & MASK, w[0] & MASK, FACTOR)
    low = _joined(x + v[1] & MASK, w[1] & MASK, FACTOR) + y
    return low & MASK, _joined(x + w[1] & MASK, y + v[1] & MASK, FACTOR)


# -- the older hash -------------------------------------------------------------------------------


def hash64(data, seed=0xDECAFCAFFE):
    """What `tf.string_to_hash_bucket` uses: MurmurHash64A with this seed."""
    factor = 0xC6A4A7935BD1E995
    found = seed ^ len(data) * factor & MASK
    whole = len(data) // 8 * 8
    for at in range(0, whole, 8):
        word = _word(data, at) * factor & MASK
        found = (found ^ (word ^ word >> 47) * factor & MASK) * factor & MASK
    if whole < len(data):
        found = (found ^ _word(data, whole)) * factor & MASK
    found = _mixed(found) * factor & MASK
    return _mixed(found)


# -- SipHash --------------------------------------------------------------------------------------


def siphash(data, key):
    """SipHash-2-4 with a key of two 64-bit numbers."""
    k0, k1 = (number & MASK for number in key)
    v = [k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D,
         k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573]  # fmt: skip
    tail = data[len(data) // 8 * 8 :]
    words = [_word(data, at) for at in range(0, len(data) - len(tail), 8)]
    words.append(int.from_bytes(tail, "little") | (len(data) & 0xFF) << 56)
    for word in words:
        v[3] ^= word
        _round(v)
        _round(v)
        v[0] ^= word
    v[2] ^= 0xFF
    for _ in range(4):
        _round(v)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def _round(v):
    v[0], v[1] = _turn(v[0], v[1], 13)
    v[0] = _rotated(v[0], 32)
    v[2], v[3] = _turn(v[2], v[3], 16)
    v[0], v[3] = _turn(v[0], v[3], 21)
    v[2], v[1] = _turn(v[2], v[1], 17)
    v[2] = _rotated(v[2], 32)


def _turn(a, b, count):
    a = (a + b) & MASK
    return a, _rotated(b, 64 - count) ^ a
