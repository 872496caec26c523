"""Elementary functions in single precision, written out so that loops vectorise and no machine's libm enters."""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import fma, rule


@rule
def exp(x):
    """e to the x, relative error below 3e-7; the argument is held within +-87."""
    x = min(max(x, -87.0), 87.0)
    n = np.floor(fma(x, 1.44269504, 0.5))
    r = fma(n, 2.12194440e-4, fma(n, -0.693359375, x))
    p = fma(r, 0.0013930436, 0.0083333600)
    p = fma(r, p, 0.041666646)
    p = fma(r, p, 0.16666667)
    p = fma(r, p, 0.5)
    p = fma(r, p, 1.0)
    p = fma(r, p, 1.0)
    return p * np.int32((np.int32(n) + 127) << 23).view(np.float32)


@rule
def log(x):
    """Natural logarithm of a positive normal number, absolute error below 3e-7 near 1, relative elsewhere."""
    bits = np.float32(x).view(np.int32)
    exponent = np.float32(((bits >> 23) & 255) - 126)
    m = np.int32((bits & 0x007FFFFF) | 0x3F000000).view(np.float32)
    low = m < 0.70710678
    exponent = exponent - 1.0 if low else exponent
    m = m + m - 1.0 if low else m - 1.0
    z = m * m
    p = fma(7.0376836e-2, m, -1.1514610e-1)
    p = fma(p, m, 1.1676998e-1)
    p = fma(p, m, -1.2420140e-1)
    p = fma(p, m, 1.4249322e-1)
    p = fma(p, m, -1.6668057e-1)
    p = fma(p, m, 2.0000714e-1)
    p = fma(p, m, -2.4999994e-1)
    p = fma(p, m, 3.3333331e-1)
    y = fma(-0.5, z, fma(exponent, -2.12194440e-4, m * z * p))
    return fma(exponent, 0.693359375, m + y)


@rule
def logistic(x):
    return 1.0 / (1.0 + exp(-x))


@rule
def hill(x, half):
    """Rises from 0 towards 1, steepest near ``half``: x^3 / (x^3 + half^3), zero for x at or below 0."""
    x = max(x, 0.0)
    cubed = x * x * x
    return cubed / (cubed + half * half * half + 1e-12)


@rule
def clip(x, low, high):
    return min(max(x, low), high)


@rule
def faded(x):
    """What is left of something that fades: nothing below a millionth (numbers near 1e-38 would slow the processor)."""
    return x if abs(x) > 1e-6 else np.float32(0.0)


@rule
def normal_quantile(u):
    """Standard normal quantile of u in [0, 1), by the single-precision inverse error function of Giles (2010)."""
    x = clip(fma(2.0, u, -1.0), -0.99999994, 0.99999994)
    w = -log((1.0 - x) * (1.0 + x))
    a = w - 2.5
    p = fma(2.81022636e-08, a, 3.43273939e-07)
    p = fma(p, a, -3.5233877e-06)
    p = fma(p, a, -4.39150654e-06)
    p = fma(p, a, 0.00021858087)
    p = fma(p, a, -0.00125372503)
    p = fma(p, a, -0.00417768164)
    p = fma(p, a, 0.246640727)
    p = fma(p, a, 1.50140941)
    b = math.sqrt(w) - 3.0
    q = fma(-0.000200214257, b, 0.000100950558)
    q = fma(q, b, 0.00134934322)
    q = fma(q, b, -0.00367342844)
    q = fma(q, b, 0.00573950773)
    q = fma(q, b, -0.0076224613)
    q = fma(q, b, 0.00943887047)
    q = fma(q, b, 1.00167406)
    q = fma(q, b, 2.83297682)
    return 1.41421356 * x * (p if w < 5.0 else q)


@rule
def poisson_quantile(u, mean):
    """A Poisson count at probability u, by the Cornish-Fisher expansion, rounded.

    Chance of none within 0.02 of exp(-mean) for means from one half; mean and variance within 2 % from one. The spread
    is narrowed by what the skew term and the rounding add to the variance.
    """
    z = normal_quantile(u)
    root = math.sqrt(max(mean, 0.05))
    return max(np.floor(mean + (root - 0.05 / root) * z + (z * z - 1.0) * 0.16666667 + 0.5), 0.0)


@rule
def happens(u, utility, ceiling):
    """Whether an event of chance ``ceiling * logistic(utility)`` happens at draw ``u``, without a division."""
    return u * (1.0 + exp(-utility)) < ceiling
