/* -- special functions of one element, in C and in CUDA ------------------------------------------

   By the algorithms of Moshier's Cephes library, which TensorFlow's are, too. What is summed up
   until it is exact is computed as double for floats as well: their rounding errors would grow.
   See special.py. */

ELEMENT double digamma_from_10(double x);

ELEMENT double digamma_above_0(double x) {
    double sum = 0;
    for (; x < 10; x += 1) sum += 1 / x;
    return digamma_from_10(x) - sum;
}

/* x**a exp(-x) / gamma(a + 1) */
ELEMENT double gamma_term(double a, double x) {
    return exp(a * log(x) - x - log_gamma(a + 1));
}

/* P(a, x), or its slope by a, for x up to 1 or up to a: the sum of x**n / (a + 1) ... (a + n). */
ELEMENT double gamma_series(double a, double x, double rounding) {
    double part = a, term = 1, sum = 1;
    for (int i = 0; i < 2000; i++) {
        part += 1, term *= x / part, sum += term;
        if (term <= rounding * sum) break;
    }
    return sum * gamma_term(a, x);
}

ELEMENT double gamma_series_slope(double a, double x, double rounding) {
    double part = a, term = 1, sum = 1, slope = 0, slopes = 0;
    for (int i = 0; i < 2000; i++) {
        part += 1;
        double over = 1 / part, times = x * over;
        slope = (slope - term * over) * times, slopes += slope;
        term *= times, sum += term;
        if (fabs(slope) <= rounding * fabs(slopes)) break;
    }
    return (sum * (log(x) - digamma_above_0(a + 1)) + slopes) * gamma_term(a, x);
}

/* 1 - P(a, x), or its slope by a, for x above 1 and a: a continued fraction. */
ELEMENT double gamma_fraction(double a, double x, double rounding) {
    double y = 1 - a, z = x + y + 1, p0 = 1, q0 = x, p = x + 1, q = z * x, sum = p / q;
    if (isinf(x)) return 0;
    for (int i = 1; i < 2000; i++) {
        y += 1, z += 2;
        double p1 = p * z - p0 * y * i, q1 = q * z - q0 * y * i, last = sum;
        p0 = p, q0 = q, p = p1, q = q1, sum = p / q;
        if (fabs(last - sum) <= rounding * fabs(sum)) break;
        if (fabs(p) > 1e16) p0 *= 1e-16, q0 *= 1e-16, p *= 1e-16, q *= 1e-16;
    }
    return sum * a * gamma_term(a, x);
}

ELEMENT double gamma_fraction_slope(double a, double x, double rounding) {
    double y = 1 - a, z = x + y + 1, p0 = 1, q0 = x, p = x + 1, q = z * x, sum = p / q;
    double dp0 = 0, dq0 = 0, dp = 0, dq = -x, slope = sum * x / q;
    if (isinf(x)) return 0;
    for (int i = 1; i < 2000; i++) {
        y += 1, z += 2;
        double step = y * i, p1 = p * z - p0 * step, q1 = q * z - q0 * step, last = slope;
        double dp1 = dp * z - p - dp0 * step + p0 * i, dq1 = dq * z - q - dq0 * step + q0 * i;
        p0 = p, q0 = q, p = p1, q = q1, sum = p / q;
        dp0 = dp, dq0 = dq, dp = dp1, dq = dq1, slope = (dp - sum * dq) / q;
        if (fabs(last - slope) <= 4 * rounding * (fabs(slope) + fabs(sum))) break;
        if (fabs(p) > 1e16) {
            p0 *= 1e-16, q0 *= 1e-16, p *= 1e-16, q *= 1e-16;
            dp0 *= 1e-16, dq0 *= 1e-16, dp *= 1e-16, dq *= 1e-16;
        }
    }
    return (sum * (log(x) - digamma_above_0(a)) + slope) * a * gamma_term(a, x);
}

/* P(a, x), or 1 - P(a, x), for large a and any x: Temme's expansion in 1 / a. */
ELEMENT double gamma_uniform(double a, double x, double sign) {
    double m = x / a - 1, half = m - log1p(m), eta = copysign(sqrt(2 * half), m), first, second;
    if (fabs(m) < 0.05) {
        first = -1 / 3.0
                + eta * (1 / 12.0 - eta * (2 / 135.0 - eta * (1 / 864.0 + eta / 2835.0)));
        second = -1 / 540.0 - eta * (1 / 288.0 - eta / 378.0);
    } else {
        first = 1 / m - 1 / eta;
        second = 1 / (eta * eta * eta) - 1 / (m * m * m) - 1 / (m * m) - 1 / (12 * m);
    }
    double rest = exp(-a * half) / sqrt(6.283185307179586 * a) * (first + second / a);
    return erfc(sign * eta * sqrt(a / 2)) / 2 + sign * rest;
}

#define LARGE 2e4

ELEMENT double lower_gamma(double a, double x, double rounding) {
    if (x == 0) return 0;
    if (!(x > 0 && a > 0) || (isinf(a) && isinf(x))) return NAN;
    if (isinf(x)) return 1;
    if (a >= LARGE) return gamma_uniform(a, x, -1);
    if (x > 1 && x > a) return 1 - fmin(gamma_fraction(a, x, rounding), 1);
    return fmin(gamma_series(a, x, rounding), 1);
}

ELEMENT double upper_gamma(double a, double x, double rounding) {
    if (!(x >= 0 && a > 0) || (isinf(a) && isinf(x))) return NAN;
    if (isinf(x)) return 0;
    if (a >= LARGE) return gamma_uniform(a, x, 1);
    if (x < 1 || x < a) return 1 - fmin(gamma_series(a, x, 1.11e-16), 1); /* it may be next to 1 */
    return gamma_fraction(a, x, rounding);
}

ELEMENT double lower_gamma_slope(double a, double x, double rounding) {
    if (x == 0) return 0;
    if (!(x > 0 && a > 0)) return NAN;
    if (x > 1 && x > a) return -gamma_fraction_slope(a, x, rounding);
    return gamma_series_slope(a, x, rounding);
}

/* gamma(a + b) / (gamma(a) gamma(b)) x**a (1 - x)**b, the last as `beside`**b: of a + 1 and b + 1,
   for both may be next to nothing. */
ELEMENT double beta_term(double a, double b, double x, double beside) {
    double powers = a * log(x) + b * log(beside);
    double above = exp(powers + log_gamma(a + b + 1) - log_gamma(a + 1) - log_gamma(b + 1));
    return above * a / (a + b) * b;
}

/* I_x(a, b) for b x up to 1: a power series. */
ELEMENT double beta_series(double a, double b, double x, double rounding) {
    double term = 1, part = 1, sum = 1 / a;
    for (int n = 1; n < 5000 && fabs(part) > rounding / a; n++) {
        term *= (n - b) * x / n, part = term / (a + n), sum += part;
    }
    return sum * beta_term(a, b, x, 1);
}

/* The continued fraction of I_x(a, b), in x, or in x / (1 - x) where that converges faster. */
ELEMENT double beta_fraction(double a, double b, double x, double sign, double rounding) {
    double p0 = 0, q0 = 1, p = 1, q = 1, sum = 1, last;
    double up = sign > 0 ? a + b : b - 1, down = sign > 0 ? b - 1 : a + b;
    for (int n = 0; n < 2000; n++) {
        double even = a + 2 * n, p1, q1;
        double step = -x * (a + n) * (up + sign * n) / (even * (even + 1));
        p1 = p + p0 * step, q1 = q + q0 * step, p0 = p, q0 = q, p = p1, q = q1;
        step = x * (1 + n) * (down - sign * n) / ((even + 1) * (even + 2));
        p1 = p + p0 * step, q1 = q + q0 * step, p0 = p, q0 = q, p = p1, q = q1;
        last = sum, sum = q != 0 ? p / q : sum;
        if (fabs(last - sum) <= 3 * rounding * fabs(sum)) break;
        double scale = fabs(p) + fabs(q);
        scale = scale > 1e16 ? 1e-16 : fabs(p) < 1e-16 || fabs(q) < 1e-16 ? 1e16 : 1;
        p0 *= scale, q0 *= scale, p *= scale, q *= scale;
    }
    return sum;
}

ELEMENT double beta_share(double a, double b, double x, double rounding) {
    if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) return NAN;
    if (x == 0 || x == 1) return x;
    if (b * x <= 1 && x <= 0.95) return beta_series(a, b, x, rounding);
    double beside = 1 - x;
    int above = x > a / (a + b); /* the mean: the other tail is the smaller one */
    if (above) {
        double held = a;
        a = b, b = held, held = x, x = beside, beside = held;
    }
    double tail;
    if (above && b * x <= 1 && x <= 0.95) {
        tail = beta_series(a, b, x, rounding);
    } else if (x * (a + b - 2) < a - 1) {
        tail = beta_term(a, b, x, beside) / a * beta_fraction(a, b, x, 1, rounding);
    } else {
        tail = beta_fraction(a, b, x / beside, -1, rounding);
        tail *= beta_term(a, b, x, beside) / (a * beside);
    }
    tail = fmin(tail, 1);
    return above ? 1 - tail : tail;
}

/* -- for float and for double: REAL, and functions whose names end in _ -------------------------- */

#undef IN_DOUBLE
#undef ROUNDING
#define IN_DOUBLE (sizeof(REAL) == 8)
#define ROUNDING (IN_DOUBLE ? 1.11e-16 : 5.96e-8)

/* The asymptotic series. */
ELEMENT REAL digamma_from_10_(REAL x) {
    REAL z = 1.0 / (x * x), p = 0.0;
    if (IN_DOUBLE) p = (z / 12.0 - 2.10927960927960928e-2) * z + 7.57575757575757576e-3;
    p = ((p * z - 4.16666666666666667e-3) * z + 3.96825396825396825e-3) * z;
    p = ((p - 8.33333333333333333e-3) * z + 8.33333333333333333e-2) * z;
    return logarithm_(x) - 0.5 / x - p;
}

/* By recurrence up to 10; infinity at the poles. */
ELEMENT REAL digamma_(REAL x) {
    int low = x <= 0;
    REAL at = choose_(low, 1.0 - x, x), sum = 0.0;
    UNROLL
    for (int i = 0; i < 10; i++) {
        int more = at < 10.0;
        sum += choose_(more, 1.0 / at, 0.0), at += choose_(more, 1.0, 0.0);
    }
    REAL y = digamma_from_10_(at) - sum;
    REAL whole = rint_(x), off = x - whole, turn = 3.14159265358979323846 * off;
    REAL slope = 3.14159265358979323846 * cosine_(turn) / sin_(turn);
    y -= choose_(low & (fabs_(off) != 0.5), slope, 0.0);
    return choose_(low & (x == whole), INFINITY, y);
}

/* The sum of (q + n)**-x for q above 0: some terms, then Euler's and Maclaurin's formula. */
ELEMENT REAL zeta_above_0_(REAL x, REAL q) {
    static const REAL factors[] = { /* (2 k)! / B(2 k) */
        12.0, -720.0, 30240.0, -1209600.0, 47900160.0, -1.8924375803183791606e9, 7.47242496e10,
        -2.950130727918164224e12, 1.1646782814350067249e14, -4.5979787224074726105e15,
        1.8152105401943546773e17, -7.1661652561756670113e18};
    REAL sum = pow_(q, -x), last = sum;
    for (int i = 0; i < 9; i++) {
        q += 1.0, last = pow_(q, -x), sum += last;
        if (last <= ROUNDING * sum) return sum;
    }
    sum += last * q / (x - 1.0) - 0.5 * last;
    REAL rising = 1.0;
    for (int k = 0; k < 12; k++) {
        rising *= x + 2.0 * k, last /= q;
        REAL term = rising * last / factors[k];
        sum += term;
        if (fabs_(term) <= ROUNDING * sum) break;
        rising *= x + (2.0 * k + 1.0), last /= q;
    }
    return sum;
}

/* Below 0 the terms go up and down from the two next to 0, which may cancel each other. */
ELEMENT REAL zeta_below_0_(REAL x, REAL q) {
    REAL part = q - floor_(q), other = 1.0 - part, sign = fmod_(x, 2.0) == 0 ? 1.0 : -1.0;
    REAL down = zeta_above_0_(x, other + 1.0) - zeta_above_0_(x, 1.0 - q);
    return pow_(part, -x) + sign * pow_(other, -x) + (zeta_above_0_(x, part + 1.0) + sign * down);
}

ELEMENT REAL zeta_(REAL x, REAL q) {
    if (x == 1) return INFINITY;
    if (!(x > 1)) return NAN;
    if (q <= 0 && q == floor_(q)) return INFINITY;
    if (q <= 0 && x != floor_(x)) return NAN;
    if (isinf(x) || isinf(q)) return NAN;
    return q <= 0 ? zeta_below_0_(x, q) : zeta_above_0_(x, q);
}

/* The slope of digamma, likewise. */
ELEMENT REAL trigamma_(REAL x) {
    if (x <= 0 && x == rint_(x)) return INFINITY;
    REAL at = x <= 0 ? 1.0 - x : x, sum = 0.0;
    for (; at < 10; at += 1.0) sum += 1.0 / (at * at);
    REAL over = 1.0 / at, z = over * over, p = 0.0;
    if (IN_DOUBLE) p = (1.16666666666666667 * z - 0.253113553113553114) * z;
    p = ((p + 7.57575757575757576e-2) * z - 3.33333333333333333e-2) * z;
    p = ((p + 2.38095238095238095e-2) * z - 3.33333333333333333e-2) * z;
    sum += over + 0.5 * z + (p + 0.166666666666666667) * z * over;
    REAL reflected = 3.14159265358979323846 / sin_(3.14159265358979323846 * (x - rint_(x)));
    return x <= 0 ? reflected * reflected - sum : sum;
}

ELEMENT REAL polygamma_(REAL n, REAL x) {
    if (n == 0) return digamma_(x);
    if (n == 1 && !isinf(x)) return trigamma_(x);
    if (!(n > 0 && n == floor_(n))) return NAN;
    REAL sign = fmod_(n, 2.0) == 0 ? -1.0 : 1.0;
    return sign * tgamma_(n + 1.0) * zeta_(n + 1.0, x);
}

ELEMENT REAL igamma_(REAL a, REAL x) { return lower_gamma(a, x, ROUNDING); }
ELEMENT REAL igammac_(REAL a, REAL x) { return upper_gamma(a, x, ROUNDING); }
ELEMENT REAL igamma_grad_a_(REAL a, REAL x) { return lower_gamma_slope(a, x, ROUNDING); }
ELEMENT REAL betainc_(REAL a, REAL b, REAL x) { return beta_share(a, b, x, ROUNDING); }

/* A series of Chebyshev polynomials, from the least term on. */
ELEMENT REAL chebyshev_(REAL x, const REAL *factors, int begin, int end) {
    REAL now = factors[begin], before = 0.0, last = 0.0;
    UNROLL
    for (int i = begin + 1; i < end; i++)
        last = before, before = now, now = x * before - last + factors[i];
    return 0.5 * (now - last);
}

/* exp(-|x|) I(0, x) */
ELEMENT REAL bessel_i0e_(REAL x) {
    static const REAL near[] = {
        -4.4153416464793395e-18, 3.3307945188222384e-17, -2.431279846547955e-16,
        1.715391285555133e-15, -1.1685332877993451e-14, 7.676185498604936e-14,
        -4.856446783111929e-13, 2.95505266312964e-12, -1.726826291441556e-11,
        9.675809035373237e-11, -5.189795601635263e-10, 2.6598237246823866e-09,
        -1.300025009986248e-08, 6.046995022541919e-08, -2.670793853940612e-07,
        1.1173875391201037e-06, -4.4167383584587505e-06, 1.6448448070728896e-05,
        -5.754195010082104e-05, 0.00018850288509584165, -0.0005763755745385824,
        0.0016394756169413357, -0.004324309995050576, 0.010546460394594998, -0.02373741480589947,
        0.04930528423967071, -0.09490109704804764, 0.17162090152220877, -0.3046826723431984,
        0.6767952744094761};
    static const REAL far[] = {
        -7.233180487874754e-18, -4.830504485944182e-18, 4.46562142029676e-17,
        3.461222867697461e-17, -2.8276239805165836e-16, -3.425485619677219e-16,
        1.7725601330565263e-15, 3.8116806693526224e-15, -9.554846698828307e-15,
        -4.150569347287222e-14, 1.54008621752141e-14, 3.8527783827421426e-13,
        7.180124451383666e-13, -1.7941785315068062e-12, -1.3215811840447713e-11,
        -3.1499165279632416e-11, 1.1889147107846439e-11, 4.94060238822497e-10,
        3.3962320257083865e-09, 2.266668990498178e-08, 2.0489185894690638e-07,
        2.8913705208347567e-06, 6.889758346916825e-05, 0.0033691164782556943, 0.8044904110141088};
    REAL size = fabs_(x);
    REAL below_8 = chebyshev_(0.5 * size - 2.0, near, IN_DOUBLE ? 0 : 12, 30);
    REAL above_8 = chebyshev_(32.0 / size - 2.0, far, IN_DOUBLE ? 0 : 18, 25) / sqrt_(size);
    return choose_(size <= 8, below_8, above_8);
}

/* exp(-|x|) I(1, x) */
ELEMENT REAL bessel_i1e_(REAL x) {
    static const REAL near[] = {
        2.7779141127610464e-18, -2.111421214358166e-17, 1.5536319577362005e-16,
        -1.1055969477353862e-15, 7.600684294735408e-15, -5.042185504727912e-14,
        3.223793365945575e-13, -1.9839743977649436e-12, 1.1736186298890901e-11,
        -6.663489723502027e-11, 3.625590281552117e-10, -1.8872497517228294e-09,
        9.381537386495773e-09, -4.445059128796328e-08, 2.0032947535521353e-07,
        -8.568720264695455e-07, 3.4702513081376785e-06, -1.3273163656039436e-05,
        4.781565107550054e-05, -0.00016176081582589674, 0.0005122859561685758,
        -0.0015135724506312532, 0.004156422944312888, -0.010564084894626197, 0.024726449030626516,
        -0.05294598120809499, 0.1026436586898471, -0.17641651835783406, 0.25258718644363365};
    static const REAL far[] = {
        7.517296310842105e-18, 4.414348323071708e-18, -4.6503053684893586e-17,
        -3.209525921993424e-17, 2.96262899764595e-16, 3.3082023109209285e-16,
        -1.8803547755107825e-15, -3.8144030724370075e-15, 1.0420276984128802e-14,
        4.272440016711951e-14, -2.1015418427726643e-14, -4.0835511110921974e-13,
        -7.198551776245908e-13, 2.0356285441470896e-12, 1.4125807436613782e-11,
        3.2526035830154884e-11, -1.8974958123505413e-11, -5.589743462196584e-10,
        -3.835380385964237e-09, -2.6314688468895196e-08, -2.512236237870209e-07,
        -3.882564808877691e-06, -0.00011058893876262371, -0.009761097491361469, 0.7785762350182801};
    REAL size = fabs_(x);
    REAL below_8 = chebyshev_(0.5 * size - 2.0, near, IN_DOUBLE ? 0 : 12, 29) * size;
    REAL above_8 = chebyshev_(32.0 / size - 2.0, far, IN_DOUBLE ? 0 : 18, 25) / sqrt_(size);
    REAL y = choose_(size <= 8, below_8, above_8);
    return choose_(x < 0, -y, y);
}
