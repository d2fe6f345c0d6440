#include "CKafkaMock.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>

struct martlet_kafka_mock {
    rd_kafka_t *producer;
    rd_kafka_mock_cluster_t *cluster;
    rd_kafka_topic_t *topic;
};

struct martlet_kafka_mock *martlet_kafka_mock_start(int brokers, const char *topic, int partitions) {
    char problem[256], count[16];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    snprintf(count, sizeof count, "%d", brokers);
    rd_kafka_conf_set(conf, "test.mock.num.brokers", count, problem, sizeof problem);
    rd_kafka_conf_set_log_cb(conf, NULL);
    rd_kafka_t *producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, problem, sizeof problem);
    if (producer == NULL) return NULL;
    struct martlet_kafka_mock *mock = calloc(1, sizeof *mock);
    mock->producer = producer;
    mock->cluster = rd_kafka_handle_mock_cluster(producer);
    rd_kafka_mock_topic_create(mock->cluster, topic, partitions, 1);
    mock->topic = rd_kafka_topic_new(producer, topic, NULL);
    return mock;
}

const char *martlet_kafka_mock_addresses(const struct martlet_kafka_mock *mock) {
    return rd_kafka_mock_cluster_bootstraps(mock->cluster);
}

int martlet_kafka_mock_produce(struct martlet_kafka_mock *mock, int32_t partition, const void *bytes, size_t count) {
    return rd_kafka_produce(mock->topic, partition, RD_KAFKA_MSG_F_COPY, (void *)bytes, count, NULL, 0, NULL);
}

int martlet_kafka_mock_flush(struct martlet_kafka_mock *mock) {
    rd_kafka_flush(mock->producer, 30000);
    return rd_kafka_outq_len(mock->producer);
}

void martlet_kafka_mock_stop(struct martlet_kafka_mock *mock) {
    rd_kafka_topic_destroy(mock->topic);
    rd_kafka_destroy(mock->producer);
    free(mock);
}

void martlet_kafka_mock_refuse(struct martlet_kafka_mock *mock, int error, size_t count) {
    // 0 is Kafka's number for requests to produce.
    for (size_t index = 0; index < count; index++)
        rd_kafka_mock_push_request_errors(mock->cluster, 0, 1, (rd_kafka_resp_err_t)error);
}
