#include "CJSON.h"

#include <cstring>
#include <memory>
#include <new>
#include <simdjson.h>

// Only the first stage of simdjson is used: the grammar is checked, and values are read, by the caller.
struct martlet_json_indexer {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
    size_t capacity = 0;
};

extern "C" martlet_json_indexer *martlet_json_indexer_create(void) { return new (std::nothrow) martlet_json_indexer; }

extern "C" void martlet_json_indexer_destroy(martlet_json_indexer *indexer) { delete indexer; }

extern "C" int martlet_json_index(
    martlet_json_indexer *indexer, const uint8_t *bytes, size_t length, const uint32_t **positions, size_t *count) {
    if (length > indexer->capacity || !indexer->parser) {
        size_t capacity = length < 65536 ? 65536 : length + length / 8;
        // A depth of 1 keeps stage 2's stacks small: stage 2 never runs.
        indexer->parser.reset();
        auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
            capacity, 1, indexer->parser);
        if (error) { indexer->capacity = 0; return martlet_json_failed; }
        indexer->capacity = capacity;
    }
    switch (indexer->parser->stage1(bytes, length, simdjson::stage1_mode::regular)) {
    case simdjson::SUCCESS: break;
    case simdjson::UTF8_ERROR: return martlet_json_bad_utf8;
    case simdjson::UNESCAPED_CHARS: return martlet_json_bad_control;
    case simdjson::UNCLOSED_STRING: return martlet_json_unclosed;
    case simdjson::EMPTY: return martlet_json_nothing;
    default: return martlet_json_failed;
    }
    *positions = indexer->parser->structural_indexes.get();
    *count = indexer->parser->n_structural_indexes;
    return martlet_json_indexed;
}

extern "C" size_t martlet_find_byte(const uint8_t *bytes, size_t length, uint8_t byte) {
    const void *found = length ? std::memchr(bytes, byte, length) : nullptr;
    return found ? static_cast<size_t>(static_cast<const uint8_t *>(found) - bytes) : length;
}

extern "C" size_t martlet_count_byte(const uint8_t *bytes, size_t length, uint8_t byte) {
    // Newlines are rare in what is counted: the library's search passes over the rest fastest.
    size_t count = 0;
    const uint8_t *end = bytes + length;
    while (bytes < end) {
        const void *found = std::memchr(bytes, byte, static_cast<size_t>(end - bytes));
        if (!found) break;
        bytes = static_cast<const uint8_t *>(found) + 1;
        ++count;
    }
    return count;
}
