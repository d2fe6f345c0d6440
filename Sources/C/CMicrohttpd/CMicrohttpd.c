#define _GNU_SOURCE  // clock_gettime

#include "CMicrohttpd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

// A connection, and since when it waits for headers; 0 while it does not.
struct guest {
    int socket;
    time_t since;
    struct guest *next, *previous;
};

struct martlet_httpd {
    struct martlet_httpd_callbacks callbacks;
    void *context;
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock;
    struct guest *guests;
};

static time_t seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + 1;
}

static void come_or_go(void *cls, struct MHD_Connection *connection, void **guest_place,
                       enum MHD_ConnectionNotificationCode code) {
    struct martlet_httpd *server = cls;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        struct guest *guest = info != NULL ? calloc(1, sizeof *guest) : NULL;
        *guest_place = guest;
        if (guest == NULL) return;
        guest->socket = info->connect_fd;
        guest->since = seconds_now();
        pthread_mutex_lock(&server->lock);
        guest->next = server->guests;
        if (guest->next != NULL) guest->next->previous = guest;
        server->guests = guest;
        pthread_mutex_unlock(&server->lock);
    } else if (*guest_place != NULL) {
        struct guest *guest = *guest_place;
        pthread_mutex_lock(&server->lock);
        if (guest->next != NULL) guest->next->previous = guest->previous;
        if (guest->previous != NULL) guest->previous->next = guest->next;
        else server->guests = guest->next;
        pthread_mutex_unlock(&server->lock);
        free(guest);
        *guest_place = NULL;
    }
}

static void wait_for_headers(struct martlet_httpd *server, struct MHD_Connection *connection, int is_waiting) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (info == NULL || info->socket_context == NULL) return;
    pthread_mutex_lock(&server->lock);
    ((struct guest *)info->socket_context)->since = is_waiting ? seconds_now() : 0;
    pthread_mutex_unlock(&server->lock);
}

void martlet_httpd_sweep(struct martlet_httpd *server, unsigned int seconds) {
    time_t now = seconds_now();
    pthread_mutex_lock(&server->lock);
    for (struct guest *guest = server->guests; guest != NULL; guest = guest->next)
        if (guest->since != 0 && now - guest->since >= (time_t)seconds) shutdown(guest->socket, SHUT_RDWR);
    pthread_mutex_unlock(&server->lock);
}

static void *begin(void *cls, const char *uri, struct MHD_Connection *connection) {
    (void)connection;
    struct martlet_httpd *server = cls;
    return server->callbacks.begin(server->context, uri);
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *bytes, size_t *count, void **exchange) {
    (void)url;
    (void)version;
    struct martlet_httpd *server = cls;
    if (*exchange == NULL) return MHD_NO;
    wait_for_headers(server, connection, 0);
    int go_on = server->callbacks.proceed(server->context, *exchange, connection, method, bytes, *count);
    *count = 0;
    return go_on ? MHD_YES : MHD_NO;
}

static void completed(void *cls, struct MHD_Connection *connection, void **exchange,
                      enum MHD_RequestTerminationCode code) {
    (void)code;
    struct martlet_httpd *server = cls;
    wait_for_headers(server, connection, 1);
    if (*exchange != NULL) server->callbacks.end(*exchange);
    *exchange = NULL;
}

static void ignore_log(void *cls, const char *format, va_list arguments) {
    (void)cls;
    (void)format;
    (void)arguments;
}

struct martlet_httpd *martlet_httpd_start(const char *address, uint16_t *port, unsigned int connections_max,
                                       unsigned int idle_seconds, size_t header_bytes_max,
                                       const char *certificate, const char *key, const char *client_authorities,
                                       struct martlet_httpd_callbacks callbacks, void *context) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(*port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(*port)};
    struct sockaddr *bound;
    unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    if (inet_pton(AF_INET, address, &v4.sin_addr) == 1) {
        bound = (struct sockaddr *)&v4;
    } else if (inet_pton(AF_INET6, address, &v6.sin6_addr) == 1) {
        bound = (struct sockaddr *)&v6;
        flags |= MHD_USE_IPv6;
    } else {
        errno = EADDRNOTAVAIL;
        return NULL;
    }
    struct martlet_httpd *server = malloc(sizeof *server);
    if (server == NULL) return NULL;
    server->callbacks = callbacks;
    server->context = context;
    server->guests = NULL;
    pthread_mutex_init(&server->lock, NULL);
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)key},
        {client_authorities != NULL ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END, 0, (void *)client_authorities},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    if (certificate != NULL) flags |= MHD_USE_TLS;
    struct MHD_Daemon *daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, handle, server, MHD_OPTION_EXTERNAL_LOGGER, ignore_log, NULL, MHD_OPTION_SOCK_ADDR,
        bound, MHD_OPTION_NOTIFY_CONNECTION, come_or_go, server, MHD_OPTION_URI_LOG_CALLBACK, begin, server, MHD_OPTION_NOTIFY_COMPLETED, completed, server,
        MHD_OPTION_CONNECTION_LIMIT, connections_max, MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, header_bytes_max, MHD_OPTION_ARRAY, certificate != NULL ? tls : none,
        MHD_OPTION_END);
    if (daemon == NULL) {
        pthread_mutex_destroy(&server->lock);
        free(server);
        return NULL;
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    if (info != NULL) *port = info->port;
    server->daemon = daemon;
    return server;
}

void martlet_httpd_stop(struct martlet_httpd *server) {
    MHD_stop_daemon(server->daemon);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

void martlet_httpd_suspend(struct MHD_Connection *connection) { MHD_suspend_connection(connection); }

void martlet_httpd_resume(struct MHD_Connection *connection) { MHD_resume_connection(connection); }

struct visit {
    void (*each)(void *, const char *, const char *);
    void *context;
};

static enum MHD_Result visit_header(void *cls, enum MHD_ValueKind kind, const char *name, const char *value) {
    (void)kind;
    struct visit *visit = cls;
    visit->each(visit->context, name, value != NULL ? value : "");
    return MHD_YES;
}

void martlet_httpd_headers(struct MHD_Connection *connection,
                           void (*each)(void *context, const char *name, const char *value), void *context) {
    struct visit visit = {each, context};
    MHD_get_connection_values(connection, MHD_HEADER_KIND, visit_header, &visit);
}

int martlet_httpd_client(struct MHD_Connection *connection, char *name, size_t size) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (info == NULL || info->tls_session == NULL) return 0;
    gnutls_session_t session = (gnutls_session_t)info->tls_session;
    gnutls_typed_vdata_st purpose = {.type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (void *)GNUTLS_KP_TLS_WWW_CLIENT};
    unsigned int status = 0, count = 0;
    // The handshake only asks; whether an authority vouches for what came is for us to see.
    if (gnutls_certificate_verify_peers(session, &purpose, 1, &status) < 0 || status != 0) return 0;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &count);
    gnutls_x509_crt_t certificate;
    if (chain == NULL || count == 0 || gnutls_x509_crt_init(&certificate) < 0) return 0;
    int is_read = gnutls_x509_crt_import(certificate, &chain[0], GNUTLS_X509_FMT_DER) >= 0;
    size_t length = size;
    // One without a common name is still one of the authority's.
    if (is_read && gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &length) < 0)
        name[0] = 0;
    gnutls_x509_crt_deinit(certificate);
    return is_read;
}

int martlet_httpd_answer(struct MHD_Connection *connection, unsigned int status, const char *const *headers,
                         size_t count, const void *body, size_t length) {
    struct MHD_Response *response =
        MHD_create_response_from_buffer(length, (void *)body, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) return 0;
    for (size_t i = 0; i < count; i++) MHD_add_response_header(response, headers[2 * i], headers[2 * i + 1]);
    int queued = MHD_queue_response(connection, status, response) == MHD_YES;
    MHD_destroy_response(response);
    return queued;
}
