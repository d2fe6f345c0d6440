#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A reusable simdjson stage-1 indexer. One per thread; grows to the largest window it has seen.
typedef struct martlet_json_indexer martlet_json_indexer;

martlet_json_indexer *martlet_json_indexer_create(void);
void martlet_json_indexer_destroy(martlet_json_indexer *indexer);

/// What `martlet_json_index` answers.
enum {
    martlet_json_indexed = 0,
    /// Not UTF-8.
    martlet_json_bad_utf8 = 1,
    /// A control character inside a string.
    martlet_json_bad_control = 2,
    /// A string without its closing quote at the end.
    martlet_json_unclosed = 3,
    /// Nothing but white space.
    martlet_json_nothing = 4,
    /// Out of memory, or more than simdjson takes.
    martlet_json_failed = 5,
};

/// Finds the structural characters and the starts of strings and scalars in `bytes[0..<length]`.
///
/// `bytes` must be readable for `length + martlet_json_padding` bytes. On success three more positions than `count`
/// can be read: `length` twice, then 0.
int martlet_json_index(
    martlet_json_indexer *indexer, const uint8_t *bytes, size_t length, const uint32_t **positions, size_t *count);

enum { martlet_json_padding = 64 };

/// The offset of the first `byte` in `bytes[0..<length]`, or `length`.
size_t martlet_find_byte(const uint8_t *bytes, size_t length, uint8_t byte);

/// One past the bracket that closes the one at `bytes[0]`, or `length`; in JSON whose grammar is known to be right.
size_t martlet_json_close(const uint8_t *bytes, size_t length);

/// How many times `byte` stands in `bytes[0..<length]`.
size_t martlet_count_byte(const uint8_t *bytes, size_t length, uint8_t byte);

#ifdef __cplusplus
}
#endif
