// libmicrohttpd without its variadic start and closed enumerations.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct martlet_httpd;
struct MHD_Connection;

/// What a server calls, on its own thread. `exchange` is what `begin` returned.
struct martlet_httpd_callbacks {
    /// The request line is there; `uri` is raw: path and query as they were sent.
    void *(*begin)(void *context, const char *uri);
    /// Called once when the headers are there, then with each piece of the body, then with `count` 0 when all of
    /// it is there, and again after each resume. Returns 0 to drop the connection.
    int (*proceed)(void *context, void *exchange, struct MHD_Connection *connection, const char *method,
                   const char *bytes, size_t count);
    /// The exchange is over, whichever way.
    void (*end)(void *exchange);
};

/// Listens on an IPv4 or IPv6 address; NULL where that cannot be, with `errno` set. `certificate` and `key` are
/// PEM texts, or NULL for plain HTTP; with `client_authorities`, another, clients are asked for a certificate.
/// `*port` is 0 for any and then holds the one given.
struct martlet_httpd *martlet_httpd_start(const char *address, uint16_t *port, unsigned int connections_max,
                                       unsigned int idle_seconds, size_t header_bytes_max,
                                       const char *certificate, const char *key, const char *client_authorities,
                                       struct martlet_httpd_callbacks callbacks, void *context);
// Closes connections that have waited so many seconds for a request's headers to be whole.
void martlet_httpd_sweep(struct martlet_httpd *server, unsigned int seconds);

void martlet_httpd_stop(struct martlet_httpd *server);
void martlet_httpd_suspend(struct MHD_Connection *connection);
void martlet_httpd_resume(struct MHD_Connection *connection);
/// Calls `each` for every header field received.
void martlet_httpd_headers(struct MHD_Connection *connection,
                           void (*each)(void *context, const char *name, const char *value), void *context);
/// The common name in the certificate that the client proved to have, where one of the authorities vouches for it and it may
/// be used so. Returns 0 where there is no such certificate.
int martlet_httpd_client(struct MHD_Connection *connection, char *name, size_t size);
/// Queues an answer; `headers` is `count` pairs of name and value. Returns 0 on failure.
int martlet_httpd_answer(struct MHD_Connection *connection, unsigned int status, const char *const *headers,
                         size_t count, const void *body, size_t length);
