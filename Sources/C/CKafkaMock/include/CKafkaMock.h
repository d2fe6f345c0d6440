// librdkafka's mock cluster with a producer, for tests.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct martlet_kafka_mock;

/// Brokers of this process on loopback, with one topic.
struct martlet_kafka_mock *martlet_kafka_mock_start(int brokers, const char *topic, int partitions);
const char *martlet_kafka_mock_addresses(const struct martlet_kafka_mock *mock);
/// Appends to a partition; 0 once it is there.
int martlet_kafka_mock_produce(struct martlet_kafka_mock *mock, int32_t partition, const void *bytes, size_t count);
/// Waits until all that was appended is there; how many are not.
int martlet_kafka_mock_flush(struct martlet_kafka_mock *mock);
/// The next so many requests to produce are answered with this error of Kafka's, and nothing of them is kept.
void martlet_kafka_mock_refuse(struct martlet_kafka_mock *mock, int error, size_t count);
void martlet_kafka_mock_stop(struct martlet_kafka_mock *mock);
