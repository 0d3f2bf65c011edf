"""Parameters drawn at random, for searches."""
import math
import random


def Uf(lo=0.0, hi=1.0):
    """A number between two, evenly."""
    return random.uniform(lo, hi)


def Ui(lo, hi):
    """A whole number between two, which are possible, evenly."""
    return random.randint(lo, hi)


def Lf(lo, hi):
    """A number between two, whose logarithm is drawn evenly."""
    return math.exp(random.uniform(math.log(lo), math.log(hi)))


def Li(lo, hi):
    """A whole number between two, which are possible, whose logarithm is drawn evenly."""
    return int(Lf(lo, hi + 1 - 1e-5))


def Nt(mu, sigma, limit=3.0):
    """A number of a normal distribution, at most `limit` times sigma from its mean."""
    return min(max(random.gauss(mu, sigma), mu - limit * sigma), mu + limit * sigma)
