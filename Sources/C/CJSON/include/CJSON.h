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

/// Finds the structural characters and the starts of strings and scalars in `bytes[0..<length]`.
///
/// `bytes` must be readable for `length + martlet_json_padding` bytes. Returns 0 and stores the number of
/// positions, or simdjson's error code (10 UTF-8, 12 empty, 15 unclosed string, 3 capacity).
int martlet_json_index(
    martlet_json_indexer *indexer, const uint8_t *bytes, size_t length, const uint32_t **positions, size_t *count);

enum { martlet_json_padding = 64 };

#ifdef __cplusplus
}
#endif
