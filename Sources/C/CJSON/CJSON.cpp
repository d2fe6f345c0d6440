#include "CJSON.h"

#include <cstring>
#include <memory>
#include <new>
#include <simdjson.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

namespace {

/// A bit for each of 64 bytes.
struct marks {
    uint64_t quotes = 0, backslashes = 0, opening = 0, closing = 0;
};

#if defined(__SSE2__)
marks marks_of(const uint8_t *bytes) {
    marks found;
    for (int part = 0; part < 4; ++part) {
        const __m128i here = _mm_loadu_si128(reinterpret_cast<const __m128i *>(bytes + 16 * part));
        // With the bit of lower case a bracket is a brace.
        const __m128i lower = _mm_or_si128(here, _mm_set1_epi8(0x20));
        const auto equal = [part](__m128i text, char byte) {
            const int bits = _mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8(byte)));
            return static_cast<uint64_t>(static_cast<uint32_t>(bits)) << (16 * part);
        };
        found.quotes |= equal(here, '"');
        found.backslashes |= equal(here, '\\');
        found.opening |= equal(lower, '{');
        found.closing |= equal(lower, '}');
    }
    return found;
}
#else
marks marks_of(const uint8_t *bytes) {
    marks found;
    for (int place = 0; place < 64; ++place) {
        const uint64_t bit = uint64_t{1} << place;
        switch (bytes[place]) {
        case '"': found.quotes |= bit; break;
        case '\\': found.backslashes |= bit; break;
        case '{': case '[': found.opening |= bit; break;
        case '}': case ']': found.closing |= bit; break;
        }
    }
    return found;
}
#endif

/// Each bit with all below it, added without carrying: between an odd and an even quote they are ones.
uint64_t between(uint64_t quotes) {
    for (int shift = 1; shift < 64; shift *= 2) quotes ^= quotes << shift;
    return quotes;
}

}  // namespace

extern "C" size_t martlet_json_close(const uint8_t *bytes, size_t length) {
    size_t depth = 0, at = 0;
    bool is_inside = false;
    while (at < length) {
        if (length - at >= 64) {
            const marks here = marks_of(bytes + at);
            if (here.backslashes == 0) {
                const uint64_t strings = between(here.quotes) ^ (is_inside ? ~uint64_t{0} : 0);
                const uint64_t opening = here.opening & ~strings, closing = here.closing & ~strings;
                for (uint64_t left = opening | closing; left; left &= left - 1) {
                    if (opening & left & -left) ++depth;
                    else if (--depth == 0) return at + static_cast<size_t>(__builtin_ctzll(left)) + 1;
                }
                is_inside = strings >> 63;
                at += 64;
                continue;
            }
        }
        // One by one where there are escapes, and at the end.
        for (const size_t end = length - at > 64 ? at + 64 : length; at < end; ++at) {
            const uint8_t byte = bytes[at];
            if (is_inside) {
                if (byte == '\\') ++at;
                else if (byte == '"') is_inside = false;
            } else if (byte == '"') {
                is_inside = true;
            } else if (byte == '{' || byte == '[') {
                ++depth;
            } else if (byte == '}' || byte == ']') {
                if (--depth == 0) return at + 1;
            }
        }
    }
    return length;
}
