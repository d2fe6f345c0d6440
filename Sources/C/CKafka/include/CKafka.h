// librdkafka's consumer as a queue of events, without its variadic functions and pointers to pointers.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct martlet_kafka;

enum martlet_kafka_kind {
    MARTLET_KAFKA_NOTHING = 0,
    MARTLET_KAFKA_MESSAGE = 1,
    /// A partition is read to its end.
    MARTLET_KAFKA_END = 2,
    /// Partitions were given to us; `count` says how many there now are.
    MARTLET_KAFKA_ASSIGNED = 3,
    /// Partitions are to be given back: by `martlet_kafka_release`, once what was read of them is committed.
    MARTLET_KAFKA_REVOKED = 4,
    /// A token is wanted: `martlet_kafka_set_token`.
    MARTLET_KAFKA_TOKEN = 5,
    MARTLET_KAFKA_ERROR = 6,
};

/// What `martlet_kafka_poll` found; texts and bytes are good until the next poll.
struct martlet_kafka_event {
    enum martlet_kafka_kind kind;
    const char *topic;
    int32_t partition;
    int64_t offset;
    const void *bytes;
    size_t count;
    /// librdkafka's number of an error, and its words.
    int code;
    const char *text;
};

/// A consumer of `topics`, with `settings` as pairs of name and value. NULL with words in `problem` where a setting
/// is not known or the consumer cannot be made. Nothing is connected before the first poll.
struct martlet_kafka *martlet_kafka_open(const char *const *settings, size_t settings_count,
                                         const char *const *topics, size_t topics_count, char *problem,
                                         size_t problem_size);
struct martlet_kafka_event martlet_kafka_poll(struct martlet_kafka *consumer, int timeout_milliseconds);
/// Gives back what is to be given back.
void martlet_kafka_release(struct martlet_kafka *consumer);
/// Commits the next offset to read of each partition; 0 or librdkafka's number of the error.
int martlet_kafka_commit(struct martlet_kafka *consumer, const char *const *topics, const int32_t *partitions,
                         const int64_t *offsets, size_t count);
int martlet_kafka_set_token(struct martlet_kafka *consumer, const char *token, int64_t expiry_milliseconds,
                            char *problem, size_t problem_size);
void martlet_kafka_refuse_token(struct martlet_kafka *consumer, const char *reason);
/// The words for a number, and its name as librdkafka writes it.
const char *martlet_kafka_words(int code);
const char *martlet_kafka_name(int code);
/// Leaves the group and frees everything; blocks for as long as that takes.
void martlet_kafka_close(struct martlet_kafka *consumer);
