// libcurl without its variadic functions and function-like macros, which Swift cannot call.
#pragma once
#include <curl/curl.h>

typedef size_t (*martlet_curl_sink)(char *bytes, size_t size, size_t count, void *context);

CURLcode martlet_curl_set_long(CURL *easy, CURLoption option, long value);
CURLcode martlet_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value);
CURLcode martlet_curl_set_pointer(CURL *easy, CURLoption option, const void *value);
CURLcode martlet_curl_set_sink(CURL *easy, CURLoption option, martlet_curl_sink sink);
CURLcode martlet_curl_get_long(CURL *easy, CURLINFO info, long *value);
CURLcode martlet_curl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value);
CURLcode martlet_curl_get_pointer(CURL *easy, CURLINFO info, void **value);
/// The socket of a connection that was only made.
CURLcode martlet_curl_get_socket(CURL *easy, int *socket);
/// Bytes written into a socket that the other side's system has not acknowledged yet; -1 where that cannot be told.
int martlet_unacknowledged(int socket);
CURLMcode martlet_curl_multi_set_long(CURLM *multi, CURLMoption option, long value);
/// The next finished transfer, or NULL.
CURL *martlet_curl_multi_finished(CURLM *multi, CURLcode *result);

/// The digest of the only certificate that a server may show: 20 bytes of SHA-1, or 32 of SHA-256.
typedef struct {
    unsigned char digest[32];
    unsigned int count;
} martlet_thumbprint;

/// Lets a server show the certificate with this thumbprint and no other, in place of one that an authority vouches for.
/// The thumbprint must stay where it is until the transfer is over. Fails where libcurl speaks TLS by another library
/// than OpenSSL.
CURLcode martlet_curl_trust_only(CURL *easy, const martlet_thumbprint *thumbprint);

/// One heap for all threads, and a thread that gives back what is free in it: glibc's own functions for that are in no
/// module of Swift's.
void martlet_keep_heap_small(void);

