
/* -- functions of one element, to be called in loops that become vectors ------------------------

   Without calls, which cost the registers of the loop around them, and without short circuits,
   which would keep it from being a vector one. The C library's own vector versions are as fast in
   the middle of their range, but look at numbers near its end one by one: the logarithm of 0, or
   a softmax of masked logits, would take ten times as long. Polynomials for float are those of
   Moshier's Cephes library; errors are at most 2 units in the last place. */

#define ELEMENT static inline
#define UNROLL _Pragma("GCC unroll 32")

#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <string.h>

static inline int32_t bits_of(float x) {
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float float_of(int32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline int64_t long_bits_of(double x) {
    int64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double double_of(int64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* yes ? a : b, which the compiler would make a branch of, and put the work for a and b into it. */
static inline float choosef(int yes, float a, float b) {
    int32_t mask = -(yes != 0);
    return float_of((bits_of(a) & mask) | (bits_of(b) & ~mask));
}

static inline double choose(int yes, double a, double b) {
    int64_t mask = -(int64_t)(yes != 0);
    return double_of((long_bits_of(a) & mask) | (long_bits_of(b) & ~mask));
}

/* Of two: NaN wins. */
static inline float largerf(float a, float b) { return choosef(!(a < b) & !(b != b), a, b); }
static inline float smallerf(float a, float b) { return choosef(!(a > b) & !(b != b), a, b); }
static inline double larger(double a, double b) { return choose(!(a < b) & !(b != b), a, b); }
static inline double smaller(double a, double b) { return choose(!(a > b) & !(b != b), a, b); }

/* The nearest number whose last 16 bits are 0, of two the one with an even last bit. */
static inline float bfloat16f(float x) {
    uint32_t bits = (uint32_t)bits_of(x), odd = bits >> 16 & 1;
    uint32_t nan = -(uint32_t)((bits & 0x7fffffffu) > 0x7f800000u);
    bits = ((bits + 0x7fffu + odd) & 0xffff0000u & ~nan) | (0x7fc00000u & nan);
    return float_of((int32_t)bits);
}

/* The remainder of division rounded down: it has the sign of y, or is 0. */
static inline float modulof(float x, float y) {
    float rest = fmodf(x, y);
    return choosef((rest != 0) & ((y < 0) != (rest < 0)), rest + y, rest);
}
static inline double modulo(double x, double y) {
    double rest = fmod(x, y);
    return choose((rest != 0) & ((y < 0) != (rest < 0)), rest + y, rest);
}

#pragma omp declare reduction(larger : float : omp_out = largerf(omp_out, omp_in)) \
    initializer(omp_priv = -INFINITY)
#pragma omp declare reduction(larger : double : omp_out = larger(omp_out, omp_in)) \
    initializer(omp_priv = -INFINITY)
#pragma omp declare reduction(smaller : float : omp_out = smallerf(omp_out, omp_in)) \
    initializer(omp_priv = INFINITY)
#pragma omp declare reduction(smaller : double : omp_out = smaller(omp_out, omp_in)) \
    initializer(omp_priv = INFINITY)

/* a * b + c, rounded once where the processor can. */
static inline float fused(float a, float b, float c) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    return __builtin_fmaf(a, b, c);
#else
    return a * b + c;
#endif
}

static inline float power_of_2(int32_t n) { return float_of((n + 127) << 23); }

/* x as n * log(2) + rest, and exp(rest) - 1 */
static inline float rest_of(float x, float n) {
    return fused(n, 2.12194440e-4f, fused(n, -0.693359375f, x));
}

static inline float rest_exponential_less_1(float r) {
    float p = 1.9875691500e-4f;
    p = fused(p, r, 1.3981999507e-3f);
    p = fused(p, r, 8.3334519073e-3f);
    p = fused(p, r, 4.1665795894e-2f);
    p = fused(p, r, 1.6666665459e-1f);
    p = fused(p, r, 5.0000001201e-1f);
    return fused(p, r * r, r);
}

static inline float exponentialf(float x) {
    x = smallerf(largerf(x, -104.0f), 89.0f);
    float n = rintf(x * 1.44269504088896341f);
    float y = rest_exponential_less_1(rest_of(x, n)) + 1.0f;
    int32_t whole = (int32_t)n, half = whole >> 1; /* in two steps, for infinity and denormals */
    return y * power_of_2(half) * power_of_2(whole - half);
}

static inline float exponential_less_1f(float x) {
    x = smallerf(largerf(x, -40.0f), 89.0f);
    float n = rintf(x * 1.44269504088896341f);
    float y = rest_exponential_less_1(rest_of(x, n)), power = power_of_2((int32_t)n - 1);
    float far = fused(y, power, power - 0.5f) * 2.0f;
    return choosef(x == 0, x, choosef(n == 0, y, far)); /* -0 stays */
}

static inline float logarithmf(float x) {
    int denormal = x < 1.17549435e-38f;
    int32_t bits = bits_of(choosef(denormal, x * 16777216.0f, x));
    int32_t n = (bits - 0x3f3504f3) >> 23; /* the exponent of x / sqrt(1/2) */
    float f = float_of(bits - (n << 23)) - 1.0f, z = f * f, e = (float)(n - 24 * denormal);
    float p = 7.0376836292e-2f;
    p = fused(p, f, -1.1514610310e-1f);
    p = fused(p, f, 1.1676998740e-1f);
    p = fused(p, f, -1.2420140846e-1f);
    p = fused(p, f, 1.4249322787e-1f);
    p = fused(p, f, -1.6668057665e-1f);
    p = fused(p, f, 2.0000714765e-1f);
    p = fused(p, f, -2.4999993993e-1f);
    p = fused(p, f, 3.3333331174e-1f);
    float y = fused(p * f, z, fused(e, -2.12194440e-4f, -0.5f * z));
    float result = fused(e, 0.693359375f, f + y);
    result = choosef(x == 0, -INFINITY, result);
    result = choosef(x > 3.40282347e+38f, x, result);
    return choosef(x >= 0, result, NAN);
}

static inline float logarithm_of_1_plusf(float x) {
    float u = 1.0f + x, result = logarithmf(u) + (x - (u - 1.0f)) / u;
    result = choosef(u == 0, -INFINITY, result);
    return choosef((x == 0) | (x > 3.40282347e+38f), x, result); /* -0 stays */
}

/* Of the absolute value, the same: of the value itself, beside its sine, the compiler would make one
   function of both, which has no vector version. */
static inline float cosinef(float x) { return cosf(float_of(bits_of(x) & INT32_MAX)); }
static inline double cosine(double x) { return cos(double_of(long_bits_of(x) & INT64_MAX)); }

/* Known to be 3 or 4, as gelu has it, a few products: the C library's vector version looks at each
   negative number by itself. */
#define POWER(TYPE, NAME, OTHERWISE) \
    static inline TYPE NAME(TYPE x, TYPE y) { \
        if (__builtin_constant_p(y) && y == 3) return x * x * x; \
        if (__builtin_constant_p(y) && y == 4) return (x * x) * (x * x); \
        return OTHERWISE(x, y); \
    }
POWER(float, powerf, powf)
POWER(double, power, pow)

/* Without a word of the sign to all threads, which would wait for each other. */
static inline float log_gammaf(float x) { int sign; return lgammaf_r(x, &sign); }
static inline double log_gamma(double x) { int sign; return lgamma_r(x, &sign); }

/* For double the C library's vector versions serve. */
static inline double exponential(double x) { return exp(x); }
static inline double exponential_less_1(double x) { return expm1(x); }
static inline double logarithm(double x) { return log(x); }
static inline double logarithm_of_1_plus(double x) { return log1p(x); }

/* -- of the base library: set when the plan is loaded, see pool.c and native.c ------------------- */

typedef void work_on(void *context, int64_t part);
static void (*parallel)(work_on *work, void *context, int64_t parts);
static int64_t (*thread_count)(void);

/* A kernel's work, for so many threads: each part has memory of its own to work in. */
typedef struct {
    const int64_t *n;
    void *const *p;
    int64_t parts, next;
} task;

static inline void divide(work_on *work, task *t, int many) {
    t->parts = many ? thread_count() : 1, t->next = 0;
    parallel(work, t, t->parts);
}

/* The next item that nobody has taken, where all threads take items as they get on. */
static inline int64_t take(task *t) { return __atomic_fetch_add(&t->next, 1, __ATOMIC_RELAXED); }

/* The first item of a part, where each has its own: the same for the same number of threads. */
static inline int64_t first_of(const task *t, int64_t part, int64_t items) {
    return part * items / t->parts;
}

/* To be called, before anything is written, of what cannot be: the run ends with an IndexError, whose
   text has as many of the numbers as its format has `%lld`. */
static void (*refuse)(const char *format, int64_t first, int64_t second, int64_t third);

/* The same of an index that is not in [0, size). */
static inline void outside(int64_t place, int64_t index, int64_t size) {
    refuse("indices[%lld] = %lld is not in [0, %lld)", place, index, size);
}

void minitf_base_has(void *share, void *count, void *complain) {
    parallel = share, thread_count = count, refuse = complain;
}
