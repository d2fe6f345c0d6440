#include "CKafka.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct martlet_kafka {
    rd_kafka_t *client;
    rd_kafka_queue_t *queue;
    /// What the last poll gave, and the rebalance that waits for its release.
    rd_kafka_event_t *event;
    rd_kafka_event_t *revocation;
    /// What partition the last poll's event is about, where that is the end of one.
    rd_kafka_topic_partition_t *place;
};

struct martlet_kafka *martlet_kafka_open(const char *const *settings, size_t settings_count,
                                         const char *const *topics, size_t topics_count, char *problem,
                                         size_t problem_size) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    for (size_t i = 0; i < settings_count; i++) {
        if (rd_kafka_conf_set(conf, settings[2 * i], settings[2 * i + 1], problem, problem_size) != RD_KAFKA_CONF_OK) {
            rd_kafka_conf_destroy(conf);
            return NULL;
        }
    }
    // Logs would go to standard error; what matters comes as an event.
    rd_kafka_conf_set_log_cb(conf, NULL);
    rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_FETCH | RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR |
                                       RD_KAFKA_EVENT_OAUTHBEARER_TOKEN_REFRESH);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, problem, problem_size);
    if (client == NULL) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    rd_kafka_poll_set_consumer(client);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)topics_count);
    for (size_t i = 0; i < topics_count; i++) rd_kafka_topic_partition_list_add(list, topics[i], RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t error = rd_kafka_subscribe(client, list);
    rd_kafka_topic_partition_list_destroy(list);
    struct martlet_kafka *consumer = error == 0 ? calloc(1, sizeof *consumer) : NULL;
    if (consumer == NULL) {
        snprintf(problem, problem_size, "%s", rd_kafka_err2str(error));
        rd_kafka_destroy(client);
        return NULL;
    }
    consumer->client = client;
    consumer->queue = rd_kafka_queue_get_consumer(client);
    return consumer;
}

static struct martlet_kafka_event failed(rd_kafka_resp_err_t code, const char *text) {
    struct martlet_kafka_event event = {.kind = MARTLET_KAFKA_ERROR, .code = code};
    event.text = text != NULL ? text : rd_kafka_err2str(code);
    return event;
}

/// The end of a partition comes as an error without a message.
static struct martlet_kafka_event ended(struct martlet_kafka *consumer) {
    struct martlet_kafka_event event = {.kind = MARTLET_KAFKA_NOTHING};
    consumer->place = rd_kafka_event_topic_partition(consumer->event);
    if (consumer->place == NULL) return event;
    event.kind = MARTLET_KAFKA_END;
    event.topic = consumer->place->topic;
    event.partition = consumer->place->partition;
    return event;
}

static struct martlet_kafka_event rebalanced(struct martlet_kafka *consumer) {
    struct martlet_kafka_event event = {.kind = MARTLET_KAFKA_ASSIGNED};
    rd_kafka_topic_partition_list_t *list = rd_kafka_event_topic_partition_list(consumer->event);
    if (rd_kafka_event_error(consumer->event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        rd_kafka_assign(consumer->client, list);
        event.count = list != NULL ? (size_t)list->cnt : 0;
        return event;
    }
    event.kind = MARTLET_KAFKA_REVOKED;
    consumer->revocation = consumer->event;
    consumer->event = NULL;
    return event;
}

struct martlet_kafka_event martlet_kafka_poll(struct martlet_kafka *consumer, int timeout_milliseconds) {
    struct martlet_kafka_event nothing = {.kind = MARTLET_KAFKA_NOTHING};
    if (consumer->place != NULL) rd_kafka_topic_partition_destroy(consumer->place);
    consumer->place = NULL;
    if (consumer->event != NULL) rd_kafka_event_destroy(consumer->event);
    consumer->event = rd_kafka_queue_poll(consumer->queue, timeout_milliseconds);
    if (consumer->event == NULL) return nothing;
    switch (rd_kafka_event_type(consumer->event)) {
    case RD_KAFKA_EVENT_FETCH: {
        const rd_kafka_message_t *message = rd_kafka_event_message_next(consumer->event);
        if (message == NULL) return nothing;
        struct martlet_kafka_event event = {.kind = MARTLET_KAFKA_MESSAGE,
                                            .topic = message->rkt ? rd_kafka_topic_name(message->rkt) : "",
                                            .partition = message->partition,
                                            .offset = message->offset,
                                            .bytes = message->payload,
                                            .count = message->payload ? message->len : 0};
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            event.kind = MARTLET_KAFKA_END;
        } else if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return failed(message->err, rd_kafka_message_errstr(message));
        }
        return event;
    }
    case RD_KAFKA_EVENT_REBALANCE: return rebalanced(consumer);
    case RD_KAFKA_EVENT_OAUTHBEARER_TOKEN_REFRESH: {
        struct martlet_kafka_event event = {.kind = MARTLET_KAFKA_TOKEN};
        return event;
    }
    case RD_KAFKA_EVENT_ERROR:
        if (rd_kafka_event_error(consumer->event) == RD_KAFKA_RESP_ERR__PARTITION_EOF) return ended(consumer);
        return failed(rd_kafka_event_error(consumer->event), rd_kafka_event_error_string(consumer->event));
    default: return nothing;
    }
}

void martlet_kafka_release(struct martlet_kafka *consumer) {
    if (consumer->revocation == NULL) return;
    rd_kafka_assign(consumer->client, NULL);
    rd_kafka_event_destroy(consumer->revocation);
    consumer->revocation = NULL;
}

int martlet_kafka_commit(struct martlet_kafka *consumer, const char *const *topics, const int32_t *partitions,
                         const int64_t *offsets, size_t count) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, topics[i], partitions[i])->offset = offsets[i];
    rd_kafka_resp_err_t error = rd_kafka_commit(consumer->client, list, 0);
    for (int i = 0; i < list->cnt && error == 0; i++) error = list->elems[i].err;
    rd_kafka_topic_partition_list_destroy(list);
    return error;
}

int martlet_kafka_set_token(struct martlet_kafka *consumer, const char *token, int64_t expiry_milliseconds,
                            char *problem, size_t problem_size) {
    return rd_kafka_oauthbearer_set_token(consumer->client, token, expiry_milliseconds, "martlet", NULL, 0, problem,
                                          problem_size);
}

void martlet_kafka_refuse_token(struct martlet_kafka *consumer, const char *reason) {
    rd_kafka_oauthbearer_set_token_failure(consumer->client, reason);
}

const char *martlet_kafka_words(int code) { return rd_kafka_err2str((rd_kafka_resp_err_t)code); }
const char *martlet_kafka_name(int code) { return rd_kafka_err2name((rd_kafka_resp_err_t)code); }

void martlet_kafka_close(struct martlet_kafka *consumer) {
    if (consumer->place != NULL) rd_kafka_topic_partition_destroy(consumer->place);
    if (consumer->event != NULL) rd_kafka_event_destroy(consumer->event);
    if (consumer->revocation != NULL) rd_kafka_event_destroy(consumer->revocation);
    // Leaves the group, so that others get the partitions at once; the queue must still be there for what that brings.
    rd_kafka_consumer_close(consumer->client);
    rd_kafka_queue_destroy(consumer->queue);
    rd_kafka_destroy(consumer->client);
    free(consumer);
}
