/* What makes CUDA C++ compile as C++17: stands before every module that is run without a GPU.

   No header of the system is included: hundreds of small modules are compiled, and CUDA's own names
   for types (int64_t is long long) would clash with them. Barriers and shuffles are calls into
   runtime.cpp, which runs the threads of a block in turn. */

typedef decltype(sizeof 0) size_t;

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __constant__
#define __restrict__ __restrict
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
#define __shared__ static
#define __CUDA_ARCH__ 900
#define __CUDACC_RTC__ 1

/* -- vectors ----------------------------------------------------------------------------------- */

#define STANDIN_VECTOR(T, name, pair, quad)                                                     \
    struct name##1 { T x; };                                                                    \
    struct __align__(pair) name##2 { T x, y; };                                                 \
    struct name##3 { T x, y, z; };                                                              \
    struct __align__(quad) name##4 { T x, y, z, w; };                                           \
    static inline name##1 make_##name##1(T x) { return {x}; }                                   \
    static inline name##2 make_##name##2(T x, T y) { return {x, y}; }                           \
    static inline name##3 make_##name##3(T x, T y, T z) { return {x, y, z}; }                   \
    static inline name##4 make_##name##4(T x, T y, T z, T w) { return {x, y, z, w}; }

STANDIN_VECTOR(signed char, char, 2, 4)
STANDIN_VECTOR(unsigned char, uchar, 2, 4)
STANDIN_VECTOR(short, short, 4, 8)
STANDIN_VECTOR(unsigned short, ushort, 4, 8)
STANDIN_VECTOR(int, int, 8, 16)
STANDIN_VECTOR(unsigned, uint, 8, 16)
STANDIN_VECTOR(long, long, 16, 16)
STANDIN_VECTOR(unsigned long, ulong, 16, 16)
STANDIN_VECTOR(long long, longlong, 16, 16)
STANDIN_VECTOR(unsigned long long, ulonglong, 16, 16)
STANDIN_VECTOR(float, float, 8, 16)
STANDIN_VECTOR(double, double, 16, 16)

struct dim3 {
    unsigned x, y, z;
    dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

/* -- threads ----------------------------------------------------------------------------------- */

namespace standin {

/* The same in runtime.cpp. */
struct Machine {
    unsigned thread[3], block[3], block_dim[3], grid_dim[3];
    unsigned lane;
    void *dynamic;
    void (*barrier)(int line);
    const unsigned long long *(*exchange)(unsigned mask, int line, unsigned long long value);
    void (*fail)(const char *why, int line);
};

static Machine *machine __attribute__((section(".data"))) = 0;

struct Index {
    unsigned x, y, z;
    Index(const unsigned *at) : x(at[0]), y(at[1]), z(at[2]) {}
    operator uint3() const { return {x, y, z}; }
    operator dim3() const { return {x, y, z}; }
};

template <class T> struct Kind { static const char value = __is_enum(T) ? 'i' : 's'; };
#define STANDIN_KIND(T, kind) template <> struct Kind<T> { static const char value = kind; };
STANDIN_KIND(bool, 'i')
STANDIN_KIND(char, 'i')
STANDIN_KIND(signed char, 'i')
STANDIN_KIND(unsigned char, 'i')
STANDIN_KIND(short, 'i')
STANDIN_KIND(unsigned short, 'i')
STANDIN_KIND(int, 'i')
STANDIN_KIND(unsigned, 'i')
STANDIN_KIND(long, 'i')
STANDIN_KIND(unsigned long, 'i')
STANDIN_KIND(long long, 'i')
STANDIN_KIND(unsigned long long, 'i')
STANDIN_KIND(float, 'f')
STANDIN_KIND(double, 'f')

template <class T> static inline unsigned long long packed(T value) {
    static_assert(Kind<T>::value != 's' && sizeof(T) <= 8, "a shuffle moves a number");
    unsigned long long bits = 0;
    __builtin_memcpy(&bits, &value, sizeof(T));
    return bits;
}

template <class T> static inline T unpacked(unsigned long long bits) {
    T value;
    __builtin_memcpy(&value, &bits, sizeof(T));
    return value;
}

template <class T> static inline T shuffle(unsigned mask, T value, int from, int line) {
    return unpacked<T>(machine->exchange(mask, line, packed(value))[from & 31]);
}

static inline int of_segment(int lane, int width) { return lane & ~(width - 1); }

template <class T> static inline T at(int line, unsigned mask, T value, int from, int width = 32) {
    int lane = machine->lane;
    return shuffle(mask, value, of_segment(lane, width) | (from & (width - 1)), line);
}

template <class T>
static inline T down(int line, unsigned mask, T value, unsigned by, int width = 32) {
    int lane = machine->lane, place = lane & (width - 1);
    return shuffle(mask, value, place + (int)by < width ? lane + (int)by : lane, line);
}

template <class T> static inline T up(int line, unsigned mask, T value, unsigned by, int width = 32) {
    int lane = machine->lane, place = lane & (width - 1);
    return shuffle(mask, value, place >= (int)by ? lane - (int)by : lane, line);
}

template <class T> static inline T exclusive(int line, unsigned mask, T value, int with, int width = 32) {
    int lane = machine->lane, from = lane ^ with;
    return shuffle(mask, value, from < of_segment(lane, width) + width ? from : lane, line);
}

static inline unsigned ballot(int line, unsigned mask, int yes) {
    const unsigned long long *values = machine->exchange(mask, line, yes != 0);
    unsigned bits = 0;
    for (int lane = 0; lane < 32; lane++)
        if (mask >> lane & 1 && values[lane] == 1) bits |= 1u << lane;
    return bits;
}

template <class T> static inline T sum(int line, unsigned mask, T value) {
    const unsigned long long *values = machine->exchange(mask, line, packed(value));
    T total = 0;
    for (int lane = 0; lane < 32; lane++)
        if (mask >> lane & 1) total += unpacked<T>(values[lane]);
    return total;
}

static inline void warp(int line, unsigned mask = 0xffffffffu) { machine->exchange(mask, line, 0); }

}  // namespace standin

#define threadIdx (standin::Index(standin::machine->thread))
#define blockIdx (standin::Index(standin::machine->block))
#define blockDim (standin::Index(standin::machine->block_dim))
#define gridDim (standin::Index(standin::machine->grid_dim))
static const int warpSize = 32;

#define __syncthreads() standin::machine->barrier(__LINE__)
#define __syncwarp(...) standin::warp(__LINE__ __VA_OPT__(, ) __VA_ARGS__)
#define __shfl_sync(...) standin::at(__LINE__, __VA_ARGS__)
#define __shfl_down_sync(...) standin::down(__LINE__, __VA_ARGS__)
#define __shfl_up_sync(...) standin::up(__LINE__, __VA_ARGS__)
#define __shfl_xor_sync(...) standin::exclusive(__LINE__, __VA_ARGS__)
#define __ballot_sync(mask, yes) standin::ballot(__LINE__, mask, yes)
#define __any_sync(mask, yes) (standin::ballot(__LINE__, mask, yes) != 0)
#define __all_sync(mask, yes) (standin::ballot(__LINE__, mask, !(yes)) == 0)
#define __reduce_add_sync(mask, value) standin::sum(__LINE__, mask, value)
#define __threadfence() ((void)0)
#define __threadfence_block() ((void)0)
#define __threadfence_system() ((void)0)
#define __nanosleep(n) ((void)0)
#define __trap() standin::machine->fail("__trap() is called", __LINE__)
#define assert(yes) ((yes) ? (void)0 : standin::machine->fail("assert(" #yes ") fails", __LINE__))
#define __builtin_assume(yes) assert(yes)
#define __builtin_assume_aligned(at, ...) (at)
extern "C" int printf(const char *, ...);

/* -- memory ------------------------------------------------------------------------------------ */

template <class T> static inline T __ldg(const T *at) { return *at; }
template <class T> static inline T __ldcs(const T *at) { return *at; }
template <class T> static inline T __ldcg(const T *at) { return *at; }
template <class T> static inline T __ldca(const T *at) { return *at; }
template <class T> static inline void __stcs(T *at, T value) { *at = value; }
template <class T> static inline void __stcg(T *at, T value) { *at = value; }

/* The types for which the device has each. */
#define STANDIN_ATOMIC(T, name, expression)                                                     \
    static inline T name(T *at, T value) {                                                      \
        T old = *(volatile T *)at;                                                              \
        *(volatile T *)at = (expression);                                                       \
        return old;                                                                             \
    }
#define STANDIN_ATOMICS(T)                                                                      \
    STANDIN_ATOMIC(T, atomicMax, old > value ? old : value)                                     \
    STANDIN_ATOMIC(T, atomicMin, old < value ? old : value)                                     \
    STANDIN_ATOMIC(T, atomicAnd, old & value)                                                   \
    STANDIN_ATOMIC(T, atomicOr, old | value)                                                    \
    STANDIN_ATOMIC(T, atomicXor, old ^ value)
#define STANDIN_SWAPS(T)                                                                        \
    STANDIN_ATOMIC(T, atomicExch, value)                                                        \
    static inline T atomicCAS(T *at, T expected, T value) {                                     \
        T old = *(volatile T *)at;                                                              \
        if (old == expected) *(volatile T *)at = value;                                         \
        return old;                                                                             \
    }

STANDIN_ATOMIC(int, atomicAdd, (int)((unsigned)old + (unsigned)value))
STANDIN_ATOMIC(unsigned, atomicAdd, old + value)
STANDIN_ATOMIC(unsigned long long, atomicAdd, old + value)
STANDIN_ATOMIC(float, atomicAdd, old + value)
STANDIN_ATOMIC(double, atomicAdd, old + value)
STANDIN_ATOMIC(int, atomicSub, (int)((unsigned)old - (unsigned)value))
STANDIN_ATOMIC(unsigned, atomicSub, old - value)
STANDIN_ATOMIC(unsigned, atomicInc, old >= value ? 0 : old + 1)
STANDIN_ATOMIC(unsigned, atomicDec, old == 0 || old > value ? value : old - 1)
STANDIN_ATOMICS(int)
STANDIN_ATOMICS(unsigned)
STANDIN_ATOMICS(long long)
STANDIN_ATOMICS(unsigned long long)
STANDIN_SWAPS(int)
STANDIN_SWAPS(unsigned)
STANDIN_SWAPS(unsigned long long)
STANDIN_ATOMIC(float, atomicExch, value)

/* -- mathematics ------------------------------------------------------------------------------- */

/* CUDA has every function under its C names and, for float, overloaded. NVRTC finds a float and a
   double together unclear, about which GCC would only warn. */
namespace standin {
template <class A, class B> struct Mixed {};
template <> struct Mixed<float, double> { typedef double type; };
template <> struct Mixed<double, float> { typedef double type; };
}  // namespace standin
#define STANDIN_UNCLEAR(name)                                                                   \
    template <class A, class B> typename standin::Mixed<A, B>::type name(A, B) = delete;
#define STANDIN_MATH1(name)                                                                     \
    extern "C" double name(double) noexcept;                                                    \
    extern "C" float name##f(float) noexcept;                                                   \
    static inline float name(float x) { return name##f(x); }
#define STANDIN_MATH2(name)                                                                     \
    extern "C" double name(double, double) noexcept;                                            \
    extern "C" float name##f(float, float) noexcept;                                            \
    static inline float name(float x, float y) { return name##f(x, y); }                        \
    STANDIN_UNCLEAR(name)
/* Those that the C library lacks. */
#define STANDIN_MADE(name, expression)                                                          \
    static inline double name(double x) { return expression; }                                  \
    static inline float name##f(float x) { return (float)name((double)x); }                     \
    static inline float name(float x) { return name##f(x); }

STANDIN_MATH1(acos)
STANDIN_MATH1(acosh)
STANDIN_MATH1(asin)
STANDIN_MATH1(asinh)
STANDIN_MATH1(atan)
STANDIN_MATH1(atanh)
STANDIN_MATH1(cbrt)
STANDIN_MATH1(ceil)
STANDIN_MATH1(cos)
STANDIN_MATH1(cosh)
STANDIN_MATH1(erf)
STANDIN_MATH1(erfc)
STANDIN_MATH1(exp)
STANDIN_MATH1(exp2)
STANDIN_MATH1(exp10)
STANDIN_MATH1(expm1)
STANDIN_MATH1(fabs)
STANDIN_MATH1(floor)
STANDIN_MATH1(lgamma)
STANDIN_MATH1(log)
STANDIN_MATH1(log10)
STANDIN_MATH1(log1p)
STANDIN_MATH1(log2)
STANDIN_MATH1(logb)
STANDIN_MATH1(nearbyint)
STANDIN_MATH1(rint)
STANDIN_MATH1(round)
STANDIN_MATH1(sin)
STANDIN_MATH1(sinh)
STANDIN_MATH1(sqrt)
STANDIN_MATH1(tan)
STANDIN_MATH1(tanh)
STANDIN_MATH1(tgamma)
STANDIN_MATH1(trunc)
STANDIN_MATH2(atan2)
STANDIN_MATH2(copysign)
STANDIN_MATH2(fdim)
STANDIN_MATH2(fmax)
STANDIN_MATH2(fmin)
STANDIN_MATH2(fmod)
STANDIN_MATH2(hypot)
STANDIN_MATH2(nextafter)
STANDIN_MATH2(pow)
STANDIN_MATH2(remainder)

extern "C" double fma(double, double, double) noexcept;
extern "C" float fmaf(float, float, float) noexcept;
static inline float fma(float x, float y, float z) { return fmaf(x, y, z); }
template <class A, class B, class C> double fma(A, B, C) = delete;  // of several types
extern "C" double ldexp(double, int) noexcept;
extern "C" float ldexpf(float, int) noexcept;
static inline float ldexp(float x, int n) { return ldexpf(x, n); }
extern "C" double frexp(double, int *) noexcept;
extern "C" float frexpf(float, int *) noexcept;
static inline float frexp(float x, int *n) { return frexpf(x, n); }
extern "C" double modf(double, double *) noexcept;
extern "C" float modff(float, float *) noexcept;
static inline float modf(float x, float *whole) { return modff(x, whole); }
static inline double scalbn(double x, int n) { return ldexp(x, n); }
static inline float scalbnf(float x, int n) { return ldexpf(x, n); }
extern "C" int ilogb(double) noexcept;
extern "C" int ilogbf(float) noexcept;
extern "C" long lrint(double) noexcept;
extern "C" long lrintf(float) noexcept;
extern "C" long long llrint(double) noexcept;
extern "C" long long llrintf(float) noexcept;
extern "C" long long llround(double) noexcept;
extern "C" long long llroundf(float) noexcept;
static inline double pow(double x, int n) { return pow(x, (double)n); }
static inline float pow(float x, int n) { return powf(x, (float)n); }

extern "C" int abs(int) noexcept;
extern "C" long labs(long) noexcept;
extern "C" long long llabs(long long) noexcept;
static inline long abs(long x) { return labs(x); }
static inline long long abs(long long x) { return llabs(x); }
static inline float abs(float x) { return fabsf(x); }
static inline double abs(double x) { return fabs(x); }

STANDIN_MADE(rsqrt, 1 / sqrt(x))
STANDIN_MADE(rcbrt, 1 / cbrt(x))
STANDIN_MADE(cospi, cos(3.14159265358979323846 * remainder(x, 2.0)))
STANDIN_MADE(sinpi, sin(3.14159265358979323846 * remainder(x, 2.0)))
STANDIN_MADE(normcdf, erfc(-x * 0.70710678118654752440) / 2)

namespace standin {

/* By Newton's method, from a first value good to two digits. */
static inline double inverse_erf(double y) {
    if (!(y > -1 && y < 1)) return y == 1 ? __builtin_inf() : y == -1 ? -__builtin_inf() : __builtin_nan("");
    double l = log((1 - y) * (1 + y)), a = 4.3307467508 + l / 2;
    double x = copysign(sqrt(sqrt(a * a - l * 6.8027210884) - a), y);
    for (int i = 0; i < 6 && y != 0; i++) {
        double off = y > 0.5 ? (1 - y) - erfc(x) : y < -0.5 ? erfc(-x) - (1 + y) : erf(x) - y;
        if (y > 0.5) off = -off * -1;
        double slope = 1.12837916709551257390 * exp(-x * x);
        x -= off / slope / (1 + x * off / slope);
    }
    return x;
}

}  // namespace standin

STANDIN_MADE(erfinv, standin::inverse_erf(x))
STANDIN_MADE(erfcinv, standin::inverse_erf(1 - x))
STANDIN_MADE(normcdfinv, 1.41421356237309504880 * standin::inverse_erf(2 * x - 1))

static inline void sincos(double x, double *s, double *c) { *s = sin(x), *c = cos(x); }
static inline void sincosf(float x, float *s, float *c) { *s = sinf(x), *c = cosf(x); }
static inline void sincos(float x, float *s, float *c) { sincosf(x, s, c); }
static inline void sincospi(double x, double *s, double *c) { *s = sinpi(x), *c = cospi(x); }
static inline void sincospif(float x, float *s, float *c) { *s = sinpif(x), *c = cospif(x); }

static inline bool isnan(float x) { return __builtin_isnan(x); }
static inline bool isnan(double x) { return __builtin_isnan(x); }
static inline bool isinf(float x) { return __builtin_isinf(x); }
static inline bool isinf(double x) { return __builtin_isinf(x); }
static inline bool isfinite(float x) { return __builtin_isfinite(x); }
static inline bool isfinite(double x) { return __builtin_isfinite(x); }
static inline bool signbit(float x) { return __builtin_signbit(x); }
static inline bool signbit(double x) { return __builtin_signbit(x); }

#define STANDIN_MINMAX(R, A, B)                                                                 \
    static inline R min(A a, B b) { return (R)a < (R)b ? (R)a : (R)b; }                         \
    static inline R max(A a, B b) { return (R)a > (R)b ? (R)a : (R)b; }
STANDIN_MINMAX(int, int, int)
STANDIN_MINMAX(unsigned, unsigned, unsigned)
STANDIN_MINMAX(unsigned, unsigned, int)
STANDIN_MINMAX(unsigned, int, unsigned)
STANDIN_MINMAX(long, long, long)
STANDIN_MINMAX(unsigned long, unsigned long, unsigned long)
STANDIN_MINMAX(unsigned long, unsigned long, long)
STANDIN_MINMAX(unsigned long, long, unsigned long)
STANDIN_MINMAX(long long, long long, long long)
STANDIN_MINMAX(unsigned long long, unsigned long long, unsigned long long)
STANDIN_MINMAX(unsigned long long, unsigned long long, long long)
STANDIN_MINMAX(unsigned long long, long long, unsigned long long)
#define STANDIN_FMINMAX(R, A, B)                                                                \
    static inline R min(A a, B b) { return fmin((R)a, (R)b); }                                  \
    static inline R max(A a, B b) { return fmax((R)a, (R)b); }
STANDIN_FMINMAX(float, float, float)
STANDIN_FMINMAX(double, double, double)
STANDIN_FMINMAX(double, double, float)
STANDIN_FMINMAX(double, float, double)

/* -- intrinsics -------------------------------------------------------------------------------- */

#define STANDIN_AS(R, name, A)                                                                  \
    static inline R name(A x) { return standin::unpacked<R>(standin::packed(x)); }
STANDIN_AS(int, __float_as_int, float)
STANDIN_AS(unsigned, __float_as_uint, float)
STANDIN_AS(float, __int_as_float, int)
STANDIN_AS(float, __uint_as_float, unsigned)
STANDIN_AS(long long, __double_as_longlong, double)
STANDIN_AS(double, __longlong_as_double, long long)
static inline int __double2hiint(double x) { return (int)(__double_as_longlong(x) >> 32); }
static inline int __double2loint(double x) { return (int)__double_as_longlong(x); }
static inline double __hiloint2double(int hi, int lo) {
    return __longlong_as_double((long long)((unsigned long long)(unsigned)hi << 32 | (unsigned)lo));
}

static inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned long long)a * b >> 32; }
static inline int __mulhi(int a, int b) { return (int)((long long)a * b >> 32); }
static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return (unsigned long long)((unsigned __int128)a * b >> 64);
}
static inline long long __mul64hi(long long a, long long b) {
    return (long long)((__int128)a * b >> 64);
}
static inline int __mul24(int a, int b) { return (a << 8 >> 8) * (b << 8 >> 8); }
static inline int __clz(int x) { return x ? __builtin_clz((unsigned)x) : 32; }
static inline int __clzll(long long x) { return x ? __builtin_clzll((unsigned long long)x) : 64; }
static inline int __ffs(int x) { return __builtin_ffs(x); }
static inline int __ffsll(long long x) { return __builtin_ffsll(x); }
static inline int __popc(unsigned x) { return __builtin_popcount(x); }
static inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
static inline unsigned __brev(unsigned x) {
    unsigned reversed = 0;
    for (int i = 0; i < 32; i++) reversed |= (x >> i & 1) << (31 - i);
    return reversed;
}
static inline unsigned __funnelshift_l(unsigned lo, unsigned hi, unsigned by) {
    return (unsigned)((((unsigned long long)hi << 32 | lo) << (by & 31)) >> 32);
}
static inline unsigned __funnelshift_r(unsigned lo, unsigned hi, unsigned by) {
    return (unsigned)(((unsigned long long)hi << 32 | lo) >> (by & 31));
}

static inline float __expf(float x) { return expf(x); }
static inline float __exp10f(float x) { return exp10f(x); }
static inline float __logf(float x) { return logf(x); }
static inline float __log2f(float x) { return log2f(x); }
static inline float __log10f(float x) { return log10f(x); }
static inline float __powf(float x, float y) { return powf(x, y); }
static inline float __sinf(float x) { return sinf(x); }
static inline float __cosf(float x) { return cosf(x); }
static inline float __tanf(float x) { return tanf(x); }
static inline void __sincosf(float x, float *s, float *c) { sincosf(x, s, c); }
static inline float __fdividef(float x, float y) { return x / y; }
static inline float fdividef(float x, float y) { return x / y; }
static inline float nanf(const char *) { return __builtin_nanf(""); }
static inline double nan(const char *) { return __builtin_nan(""); }
static inline float __saturatef(float x) { return x > 0 ? (x < 1 ? x : 1) : 0; }
static inline float __frsqrt_rn(float x) { return (float)(1 / sqrt((double)x)); }
static inline float __frcp_rn(float x) { return 1 / x; }
static inline float __fsqrt_rn(float x) { return sqrtf(x); }
static inline float __fadd_rn(float x, float y) { return x + y; }
static inline float __fsub_rn(float x, float y) { return x - y; }
static inline float __fmul_rn(float x, float y) { return x * y; }
static inline float __fdiv_rn(float x, float y) { return x / y; }
static inline float __fmaf_rn(float x, float y, float z) { return fmaf(x, y, z); }
static inline double __drcp_rn(double x) { return 1 / x; }
static inline double __dsqrt_rn(double x) { return sqrt(x); }
static inline double __dadd_rn(double x, double y) { return x + y; }
static inline double __dsub_rn(double x, double y) { return x - y; }
static inline double __dmul_rn(double x, double y) { return x * y; }
static inline double __ddiv_rn(double x, double y) { return x / y; }
static inline double __fma_rn(double x, double y, double z) { return fma(x, y, z); }

namespace standin {

/* The device's conversions end at the limits, and NaN becomes 0. */
template <class R, class A> static inline R limited(A x) {
    const bool is_signed = (R)-1 < (R)0;
    const R low = is_signed ? (R)((unsigned long long)1 << (8 * sizeof(R) - 1)) : 0, high = (R)~low;
    if (x != x) return 0;
    return x <= (A)low ? low : x >= (A)high ? high : (R)x;
}

}  // namespace standin

#define STANDIN_CONVERT(R, r, A, a)                                                             \
    static inline R __##a##2##r##_rn(A x) { return standin::limited<R>(rint(x)); }              \
    static inline R __##a##2##r##_rz(A x) { return standin::limited<R>(trunc(x)); }             \
    static inline R __##a##2##r##_rd(A x) { return standin::limited<R>(floor(x)); }             \
    static inline R __##a##2##r##_ru(A x) { return standin::limited<R>(ceil(x)); }              \
    static inline A __##r##2##a##_rn(R x) { return (A)x; }
STANDIN_CONVERT(int, int, float, float)
STANDIN_CONVERT(unsigned, uint, float, float)
STANDIN_CONVERT(long long, ll, float, float)
STANDIN_CONVERT(unsigned long long, ull, float, float)
STANDIN_CONVERT(int, int, double, double)
STANDIN_CONVERT(unsigned, uint, double, double)
STANDIN_CONVERT(long long, ll, double, double)
STANDIN_CONVERT(unsigned long long, ull, double, double)
static inline float __double2float_rn(double x) { return (float)x; }

/* -- how a kernel is called -------------------------------------------------------------------- */

namespace standin {

/* kind: p(ointer), f(loat), i(nteger) or s(truct); of a pointer also what it points to. */
struct Parameter {
    char kind, to;
    int size, to_size;
};

template <class T> struct Plain { typedef T type; };
template <class T> struct Plain<const T> { typedef T type; };
template <class T> struct Plain<volatile T> { typedef T type; };
template <class T> struct Plain<const volatile T> { typedef T type; };
template <class T> struct Of {
    static constexpr Parameter made() { return {Kind<T>::value, 0, sizeof(T), 0}; }
};
template <class T> struct Of<T *> {
    typedef typename Plain<T>::type To;
    static constexpr Parameter made() { return {'p', Kind<To>::value, sizeof(T *), sizeof(To)}; }
};
template <> struct Of<void *> {
    static constexpr Parameter made() { return {'p', 0, sizeof(void *), 0}; }
};
template <> struct Of<const void *> : Of<void *> {};

template <int... I> struct Range {};
template <int N, int... I> struct Count : Count<N - 1, N - 1, I...> {};
template <int... I> struct Count<0, I...> { typedef Range<I...> type; };

template <class... A, int... I>
static inline void call(void (*kernel)(A...), void **p, Range<I...>) {
    kernel(*(typename Plain<A>::type *)p[I]...);
}
template <class... A> static inline void call(void (*kernel)(A...), void **p) {
    call(kernel, p, typename Count<sizeof...(A)>::type());
}
template <class... A> static const Parameter *parameters(void (*)(A...), int *count) {
    static const Parameter found[] = {Of<typename Plain<A>::type>::made()..., Parameter{}};
    *count = sizeof...(A);
    return found;
}

}  // namespace standin

#define STANDIN_PUBLIC extern "C" __attribute__((visibility("default")))
#define STANDIN_KERNEL(name)                                                                    \
    STANDIN_PUBLIC void standin_run_##name(void **p) { standin::call(name, p); }                    \
    STANDIN_PUBLIC const standin::Parameter *standin_parameters_##name(int *count) {                \
        return standin::parameters(name, count);                                                \
    }

/* Shared variables are all that lies in .bss (GCC ignores a section's name within a template). */
extern "C" char __bss_start[] __attribute__((visibility("hidden")));
extern "C" char _end[] __attribute__((visibility("hidden")));
STANDIN_PUBLIC char *standin_open(standin::Machine *made, long *shared) {
    standin::machine = made;
    *shared = _end - __bss_start;
    return __bss_start;
}
