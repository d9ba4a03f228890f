// Sorting and searching call the program back, and a C++ comparison may throw: these loops are C so that the exception passes.
// C23 7.24.6; the comparison with a context is POSIX.1-2024 qsort_r.
#include <stddef.h>
#include <stdint.h>

typedef int compare_with(const void *, const void *, void *);
typedef int compare(const void *, const void *);

struct sort {
    unsigned char *data;
    size_t size;
    compare_with *order;
    void *context;
};

static void swap(unsigned char *a, unsigned char *b, size_t n)
{
    for (; n >= 8; n -= 8, a += 8, b += 8) {
        uint64_t x, y;
        __builtin_memcpy(&x, a, 8);
        __builtin_memcpy(&y, b, 8);
        __builtin_memcpy(a, &y, 8);
        __builtin_memcpy(b, &x, 8);
    }
    for (; n; n--, a++, b++) {
        unsigned char x = *a;
        *a = *b;
        *b = x;
    }
}

static unsigned char *at(const struct sort *s, size_t i)
{
    return s->data + i * s->size;
}

static int less(const struct sort *s, size_t i, size_t j)
{
    return s->order(at(s, i), at(s, j), s->context) < 0;
}

static void exchange(const struct sort *s, size_t i, size_t j)
{
    swap(at(s, i), at(s, j), s->size);
}

// Williams 1964: keeps the bound n log n when partitions are bad.
static void heap_sort(const struct sort *s, size_t low, size_t n)
{
    for (size_t start = n / 2, end = n; end > 1;) {
        if (start)
            start--;
        else
            exchange(s, low, low + --end);
        for (size_t root = start, child; (child = 2 * root + 1) < end; root = child) {
            if (child + 1 < end && less(s, low + child, low + child + 1))
                child++;
            if (!less(s, low + root, low + child))
                break;
            exchange(s, low + root, low + child);
        }
    }
}

static void insertion_sort(const struct sort *s, size_t low, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && less(s, low + j, low + j - 1); j--)
            exchange(s, low + j, low + j - 1);
}

// Puts the median of three elements at the front.
static void median_first(const struct sort *s, size_t low, size_t a, size_t b, size_t c)
{
    size_t median = less(s, a, b) ? (less(s, b, c) ? b : less(s, a, c) ? c : a)
                                  : (less(s, a, c) ? a : less(s, b, c) ? c : b);
    if (median != low)
        exchange(s, low, median);
}

// Introsort (Musser 1997): quicksort that falls back to heapsort. The larger part is left to the loop, so the recursion stays
// below log2 of the count; an inconsistent comparison never leads out of the array.
static void intro_sort(const struct sort *s, size_t low, size_t n, unsigned depth)
{
    while (n > 12) {
        if (depth-- == 0) {
            heap_sort(s, low, n);
            return;
        }
        median_first(s, low, low + n / 4, low + n / 2, low + n - 1 - n / 4);
        size_t left = low + 1, right = low + n - 1;
        for (;;) {
            while (left <= right && less(s, left, low))
                left++;
            while (left <= right && less(s, low, right))
                right--;
            if (left >= right)
                break;
            exchange(s, left++, right--);
        }
        exchange(s, low, left - 1);
        size_t first = left - 1 - low, second = low + n - left;
        if (first < second) {
            intro_sort(s, low, first, depth);
            low = left;
            n = second;
        } else {
            intro_sort(s, left, second, depth);
            n = first;
        }
    }
    insertion_sort(s, low, n);
}

void xlibc_qsort_r(void *data, size_t count, size_t size, compare_with *order, void *context)
{
    if (count < 2 || size == 0)
        return;
    struct sort s = {data, size, order, context};
    intro_sort(&s, 0, count, 2 * (63 - (unsigned)__builtin_clzll(count)));
}

static int plain(const void *a, const void *b, void *order)
{
    return (*(compare **)order)(a, b);
}

void xlibc_qsort(void *data, size_t count, size_t size, compare *order)
{
    xlibc_qsort_r(data, count, size, plain, &order);
}

void *xlibc_bsearch(const void *key, const void *data, size_t count, size_t size, compare *order)
{
    const unsigned char *low = data;
    while (count) {
        const unsigned char *middle = low + count / 2 * size;
        int sign = order(key, middle);
        if (sign == 0)
            return (void *)middle;
        if (sign > 0) {
            low = middle + size;
            count--;
        }
        count /= 2;
    }
    return NULL;
}
