// clock_gettime is POSIX.
#define _POSIX_C_SOURCE 200809L
#include "CKafka.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct martlet_kafka_producer {
    rd_kafka_t *client;
    rd_kafka_topic_t *topic;
    /// The rows under way, of which so many have no report yet.
    struct martlet_kafka_row *rows;
    size_t open;
    /// Which call the reports are for: those of an earlier one come too late.
    uintptr_t round;
    char fatal[512];
};

/// A row's place and its call's number, in one pointer.
static void *tag(uintptr_t round, size_t index) { return (void *)(round << 32 | (uintptr_t)index); }

static void report(rd_kafka_t *client, const rd_kafka_message_t *message, void *context) {
    (void)client;
    struct martlet_kafka_producer *producer = context;
    uintptr_t tagged = (uintptr_t)message->_private;
    if (producer->rows == NULL || tagged >> 32 != (producer->round & 0xFFFFFFFF)) return;
    struct martlet_kafka_row *row = &producer->rows[tagged & 0xFFFFFFFF];
    row->code = (int)message->err;
    producer->open--;
}

struct martlet_kafka_producer *martlet_kafka_producer_open(const char *const *settings, size_t settings_count,
                                                           const char *topic, char *problem, size_t problem_size) {
    struct martlet_kafka_producer *producer = calloc(1, sizeof *producer);
    if (producer == NULL) return NULL;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    for (size_t i = 0; i < settings_count; i++) {
        if (rd_kafka_conf_set(conf, settings[2 * i], settings[2 * i + 1], problem, problem_size) != RD_KAFKA_CONF_OK) {
            rd_kafka_conf_destroy(conf);
            free(producer);
            return NULL;
        }
    }
    rd_kafka_conf_set_log_cb(conf, NULL);
    rd_kafka_conf_set_dr_msg_cb(conf, report);
    rd_kafka_conf_set_opaque(conf, producer);
    producer->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, problem, problem_size);
    if (producer->client == NULL) {
        rd_kafka_conf_destroy(conf);
        free(producer);
        return NULL;
    }
    producer->topic = rd_kafka_topic_new(producer->client, topic, NULL);
    if (producer->topic == NULL) {
        snprintf(problem, problem_size, "%s", rd_kafka_err2str(rd_kafka_last_error()));
        rd_kafka_destroy(producer->client);
        free(producer);
        return NULL;
    }
    return producer;
}

static long long now_milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

void martlet_kafka_append(struct martlet_kafka_producer *producer, struct martlet_kafka_row *rows, size_t count,
                          int timeout_milliseconds) {
    producer->round++;
    producer->rows = rows;
    producer->open = 0;
    for (size_t i = 0; i < count; i++) {
        rows[i].code = RD_KAFKA_RESP_ERR__MSG_TIMED_OUT;
        for (;;) {
            int failed = rd_kafka_produce(producer->topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, (void *)rows[i].bytes,
                                          rows[i].count, rows[i].key, rows[i].key_count,
                                          tag(producer->round & 0xFFFFFFFF, i));
            if (failed == 0) {
                producer->open++;
                break;
            }
            rd_kafka_resp_err_t error = rd_kafka_last_error();
            if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
                rows[i].code = (int)error;
                break;
            }
            rd_kafka_poll(producer->client, 50);
        }
    }
    long long end = now_milliseconds() + timeout_milliseconds;
    while (producer->open > 0 && now_milliseconds() < end) rd_kafka_poll(producer->client, 50);
    producer->rows = NULL;
}

const char *martlet_kafka_producer_fatal(struct martlet_kafka_producer *producer) {
    rd_kafka_resp_err_t error = rd_kafka_fatal_error(producer->client, producer->fatal, sizeof producer->fatal);
    return error == RD_KAFKA_RESP_ERR_NO_ERROR ? NULL : producer->fatal;
}

void martlet_kafka_producer_close(struct martlet_kafka_producer *producer) {
    producer->rows = NULL;
    rd_kafka_purge(producer->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(producer->client, 1000);
    rd_kafka_topic_destroy(producer->topic);
    rd_kafka_destroy(producer->client);
    free(producer);
}
