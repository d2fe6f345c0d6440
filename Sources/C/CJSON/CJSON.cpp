#include "CJSON.h"

#include <memory>
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
        size_t capacity = length < 65536 ? 65536 : length;
        // A depth of 1 keeps stage 2's stacks small: stage 2 never runs.
        auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
            capacity, 1, indexer->parser);
        if (error) { indexer->capacity = 0; return static_cast<int>(error); }
        indexer->capacity = capacity;
    }
    auto error = indexer->parser->stage1(bytes, length, simdjson::stage1_mode::regular);
    if (error) return static_cast<int>(error);
    *positions = indexer->parser->structural_indexes.get();
    *count = indexer->parser->n_structural_indexes;
    return 0;
}
