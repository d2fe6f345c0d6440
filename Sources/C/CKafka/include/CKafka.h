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

struct martlet_kafka_producer;

/// One message to append; without a key any partition will do.
struct martlet_kafka_row {
    const void *key;
    size_t key_count;
    const void *bytes;
    size_t count;
    /// 0 once it is there, else librdkafka's number of the error.
    int code;
};

/// A producer with `settings` as pairs of name and value; nothing is connected yet.
struct martlet_kafka_producer *martlet_kafka_producer_open(const char *const *settings, size_t settings_count,
                                                           const char *topic, char *problem, size_t problem_size);
/// Appends all rows and waits until each is there or has failed, at most `timeout_milliseconds` after the last has been
/// handed over. What is then still on its way has failed with a number that says so.
void martlet_kafka_append(struct martlet_kafka_producer *producer, struct martlet_kafka_row *rows, size_t count,
                          int timeout_milliseconds);
/// Whether an error has made the producer of no use any more; its words.
const char *martlet_kafka_producer_fatal(struct martlet_kafka_producer *producer);
/// Whatever has not been appended by now is given up.
void martlet_kafka_producer_close(struct martlet_kafka_producer *producer);
