#include "CRegex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <re2/re2.h>

#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>

namespace {
// Limits of one PCRE2 search. A hostile text costs at most some milliseconds, then the search gives up.
constexpr uint32_t kMatchLimit = 200000;
constexpr uint32_t kDepthLimit = 2000;
constexpr uint32_t kHeapLimitKiB = 4096;
constexpr int64_t kRE2MemoryBytes = 8 << 20;
}  // namespace

struct martlet_regex {
    std::unique_ptr<re2::RE2> linear;
    pcre2_code *code = nullptr;
    pcre2_match_context *context = nullptr;

    ~martlet_regex() {
        if (context != nullptr) pcre2_match_context_free(context);
        if (code != nullptr) pcre2_code_free(code);
    }
};

extern "C" martlet_regex *martlet_regex_compile(
    const uint8_t *pattern, size_t count, uint32_t flags, char *error, size_t error_capacity) {
    auto regex = std::unique_ptr<martlet_regex>(new (std::nothrow) martlet_regex);
    if (!regex) return nullptr;

    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kRE2MemoryBytes);
    options.set_case_sensitive((flags & MARTLET_REGEX_IGNORE_CASE) == 0);
    options.set_dot_nl((flags & MARTLET_REGEX_DOT_ALL) != 0);
    std::string text(reinterpret_cast<const char *>(pattern), count);
    if ((flags & MARTLET_REGEX_MULTILINE) != 0) text = "(?m)" + text;
    regex->linear = std::make_unique<re2::RE2>(text, options);
    if (regex->linear->ok()) return regex.release();
    regex->linear.reset();

    uint32_t pcre = PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_NEVER_BACKSLASH_C;
    if ((flags & MARTLET_REGEX_IGNORE_CASE) != 0) pcre |= PCRE2_CASELESS;
    if ((flags & MARTLET_REGEX_MULTILINE) != 0) pcre |= PCRE2_MULTILINE;
    if ((flags & MARTLET_REGEX_DOT_ALL) != 0) pcre |= PCRE2_DOTALL;
    int code = 0;
    PCRE2_SIZE offset = 0;
    regex->code = pcre2_compile(pattern, count, pcre, &code, &offset, nullptr);
    if (regex->code == nullptr) {
        if (error_capacity > 0) {
            char reason[160] = {0};
            pcre2_get_error_message(code, reinterpret_cast<PCRE2_UCHAR *>(reason), sizeof(reason));
            std::snprintf(error, error_capacity, "%s at character %zu", reason, static_cast<size_t>(offset) + 1);
        }
        return nullptr;
    }
    regex->context = pcre2_match_context_create(nullptr);
    if (regex->context == nullptr) return nullptr;
    pcre2_set_match_limit(regex->context, kMatchLimit);
    pcre2_set_depth_limit(regex->context, kDepthLimit);
    pcre2_set_heap_limit(regex->context, kHeapLimitKiB);
    return regex.release();
}

extern "C" void martlet_regex_free(martlet_regex *regex) { delete regex; }

extern "C" bool martlet_regex_is_linear(const martlet_regex *regex) { return regex->linear != nullptr; }

extern "C" int martlet_regex_search(const martlet_regex *regex, const uint8_t *text, size_t count) {
    static const uint8_t nothing = 0;
    if (text == nullptr) text = &nothing;
    if (regex->linear) {
        re2::StringPiece piece(reinterpret_cast<const char *>(text), count);
        bool hit = regex->linear->Match(piece, 0, count, re2::RE2::UNANCHORED, nullptr, 0);
        return hit ? MARTLET_REGEX_HIT : MARTLET_REGEX_MISS;
    }
    pcre2_match_data *data = pcre2_match_data_create(1, nullptr);
    if (data == nullptr) return MARTLET_REGEX_LIMIT;
    int found = pcre2_match(regex->code, text, count, 0, PCRE2_NO_UTF_CHECK, data, regex->context);
    pcre2_match_data_free(data);
    if (found >= 0) return MARTLET_REGEX_HIT;
    return found == PCRE2_ERROR_NOMATCH ? MARTLET_REGEX_MISS : MARTLET_REGEX_LIMIT;
}

extern "C" bool martlet_bytes_contain(
    const uint8_t *text, size_t count, const uint8_t *needle, size_t needle_count) {
    if (needle_count == 0) return true;
    if (needle_count > count) return false;
    return memmem(text, count, needle, needle_count) != nullptr;
}

extern "C" size_t martlet_bytes_find(
    const uint8_t *text, size_t count, const uint8_t *needle, size_t needle_count) {
    const void *found = memmem(text, count, needle, needle_count);
    return found ? static_cast<size_t>(static_cast<const uint8_t *>(found) - text) : count;
}

extern "C" bool martlet_bytes_contain_any(
    const uint8_t *text, size_t count, const uint64_t *first, const uint64_t *second, const uint8_t *needles,
    const uint32_t *starts, const uint32_t *counts) {
    for (size_t i = 0; i < count; i++) {
        uint64_t candidates = first[text[i]];
        if (candidates == 0) continue;
        if (i + 1 < count) candidates &= second[text[i + 1]];
        while (candidates != 0) {
            int k = __builtin_ctzll(candidates);
            candidates &= candidates - 1;
            if (counts[k] <= count - i && std::memcmp(text + i, needles + starts[k], counts[k]) == 0) return true;
        }
    }
    return false;
}

extern "C" bool martlet_bytes_equal(const uint8_t *a, const uint8_t *b, size_t count) {
    return count == 0 || std::memcmp(a, b, count) == 0;
}

extern "C" uint32_t martlet_fold_ascii(uint8_t *out, const uint8_t *text, size_t count) {
    uint8_t high = 0;
    uint8_t backslash = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t c = text[i];
        high |= c;
        backslash |= static_cast<uint8_t>(c == '\\');
        out[i] = static_cast<uint8_t>(c | (static_cast<uint8_t>(static_cast<uint8_t>(c - 'A') < 26) << 5));
    }
    return (backslash ? MARTLET_FOLD_BACKSLASH : 0u) | ((high & 0x80) ? MARTLET_FOLD_NON_ASCII : 0u);
}

extern "C" uint64_t martlet_hash(const uint8_t *text, size_t count) {
    uint64_t hash = 0x9E3779B97F4A7C15ull ^ (count * 0xFF51AFD7ED558CCDull);
    while (count >= 8) {
        uint64_t word;
        std::memcpy(&word, text, 8);
        hash = (hash ^ word) * 0xD6E8FEB86659FD93ull;
        hash ^= hash >> 32;
        text += 8;
        count -= 8;
    }
    uint64_t tail = 0;
    for (size_t i = 0; i < count; i++) tail |= static_cast<uint64_t>(text[i]) << (8 * i);
    hash = (hash ^ tail) * 0xD6E8FEB86659FD93ull;
    return hash ^ (hash >> 29);
}
