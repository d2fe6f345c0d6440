#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled regular expression: RE2 where RE2 takes the pattern, else PCRE2 with match and depth limits.
/// Immutable once compiled, so threads may share it.
typedef struct martlet_regex martlet_regex;

enum {
    MARTLET_REGEX_IGNORE_CASE = 1,
    MARTLET_REGEX_MULTILINE = 2,
    MARTLET_REGEX_DOT_ALL = 4,
};

enum {
    MARTLET_REGEX_MISS = 0,
    MARTLET_REGEX_HIT = 1,
    /// PCRE2 gave up at its match, depth or heap limit: nothing is known about this text.
    MARTLET_REGEX_LIMIT = 2,
};

/// NULL where neither engine takes the pattern; `error` then holds PCRE2's reason, NUL-terminated.
martlet_regex *martlet_regex_compile(
    const uint8_t *pattern, size_t count, uint32_t flags, char *error, size_t error_capacity);
void martlet_regex_free(martlet_regex *regex);
/// Whether RE2 runs it, that is, whether its time is linear in the text.
bool martlet_regex_is_linear(const martlet_regex *regex);
/// Searches (not anchored) in valid UTF-8.
int martlet_regex_search(const martlet_regex *regex, const uint8_t *text, size_t count);

/// Whether `needle` occurs in `text`; an empty needle always does.
bool martlet_bytes_contain(
    const uint8_t *text, size_t count, const uint8_t *needle, size_t needle_count);

/// Where the needle first stands in the text; `count` where it does not.
size_t martlet_bytes_find(const uint8_t *text, size_t count, const uint8_t *needle, size_t needle_count);

/// Whether any of up to 64 needles occurs in `text`, in one pass. Bit k of `first[b]` says that needle k begins with
/// byte b, of `second[b]` that b is its second byte or that it has none. Needle k stands in `needles` from `starts[k]`
/// on, `counts[k]` bytes, at least one.
bool martlet_bytes_contain_any(
    const uint8_t *text, size_t count, const uint64_t *first, const uint64_t *second, const uint8_t *needles,
    const uint32_t *starts, const uint32_t *counts);

bool martlet_bytes_equal(const uint8_t *a, const uint8_t *b, size_t count);

enum {
    MARTLET_FOLD_BACKSLASH = 1,
    MARTLET_FOLD_NON_ASCII = 2,
};

/// Copies with A-Z lower-cased, and says which bytes of interest it met.
uint32_t martlet_fold_ascii(uint8_t *out, const uint8_t *text, size_t count);

/// A 64-bit hash of bytes that already are in the form to compare. Not for hostile tables: look-ups compare bytes.
uint64_t martlet_hash(const uint8_t *text, size_t count);

#ifdef __cplusplus
}
#endif
