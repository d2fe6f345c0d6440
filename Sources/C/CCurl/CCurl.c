#define _GNU_SOURCE
#include "CCurl.h"
#include <linux/sockios.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

CURLcode martlet_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

CURLcode martlet_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

CURLcode martlet_curl_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}

CURLcode martlet_curl_set_sink(CURL *easy, CURLoption option, martlet_curl_sink sink) {
    return curl_easy_setopt(easy, option, sink);
}

CURLcode martlet_curl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

CURLcode martlet_curl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}

CURLcode martlet_curl_get_pointer(CURL *easy, CURLINFO info, void **value) {
    return curl_easy_getinfo(easy, info, value);
}

CURLMcode martlet_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

CURL *martlet_curl_multi_finished(CURLM *multi, CURLcode *result) {
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}

// Looked at four times a second: what is free beyond this is given back to the system.
static const size_t free_bytes_max = 16 << 20;

// Larger pieces are given back when they are let go of. Left to itself the library takes this for too little as soon as one
// was freed, and what grows by doubling leaves holes of several mebibytes behind.
static const int own_piece_bytes = 1 << 20;

static void *give_back(void *nothing) {
    (void)nothing;
    for (;;) {
        usleep(250000);
        struct mallinfo2 info = mallinfo2();
        if (info.fordblks > free_bytes_max) malloc_trim(0);
    }
    return NULL;
}

void martlet_keep_heap_small(void) {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, own_piece_bytes);
    // The end of the heap is given back by the thread below, not at every free to be taken anew at the next malloc.
    mallopt(M_TRIM_THRESHOLD, (int)free_bytes_max);
    mallopt(M_TOP_PAD, own_piece_bytes);
    // The thread is nobody's to interrupt: signals go to who waits for them.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    if (pthread_create(&thread, NULL, give_back, NULL) == 0) pthread_detach(thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

CURLcode martlet_curl_get_socket(CURL *easy, int *socket) {
    curl_socket_t active = CURL_SOCKET_BAD;
    CURLcode result = curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &active);
    *socket = (int)active;
    return result;
}

int martlet_unacknowledged(int socket) {
    int count = 0;
    return ioctl(socket, SIOCOUTQ, &count) == 0 ? count : -1;
}

// Called in place of the verification by authorities, with the certificate that the server has proved to hold the key of.
static int is_trusted(X509_STORE_CTX *store, void *context) {
    const martlet_thumbprint *wanted = context;
    const EVP_MD *kind = wanted->count == 20 ? EVP_sha1() : EVP_sha256();
    X509 *shown = X509_STORE_CTX_get0_cert(store);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int count = 0;
    if (shown != NULL && X509_digest(shown, kind, digest, &count) && count == wanted->count &&
        CRYPTO_memcmp(digest, wanted->digest, count) == 0) {
        X509_STORE_CTX_set_error(store, X509_V_OK);
        return 1;
    }
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
    return 0;
}

static pthread_once_t place_once = PTHREAD_ONCE_INIT;
static int place = -1;

static void free_thumbprint(void *parent, void *copy, CRYPTO_EX_DATA *data, int index, long argl, void *argp) {
    OPENSSL_free(copy);
}

static void make_place(void) { place = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, free_thumbprint); }

// The context gets a copy of its own: libcurl may keep it longer than the transfer.
static CURLcode use_thumbprint(CURL *easy, void *context, void *thumbprint) {
    (void)easy;
    pthread_once(&place_once, make_place);
    martlet_thumbprint *copy = OPENSSL_memdup(thumbprint, sizeof *copy);
    if (place < 0 || copy == NULL) return CURLE_OUT_OF_MEMORY;
    if (!SSL_CTX_set_ex_data(context, place, copy)) {
        OPENSSL_free(copy);
        return CURLE_OUT_OF_MEMORY;
    }
    SSL_CTX_set_cert_verify_callback(context, is_trusted, copy);
    return CURLE_OK;
}

CURLcode martlet_curl_trust_only(CURL *easy, const martlet_thumbprint *thumbprint) {
    const curl_version_info_data *about = curl_version_info(CURLVERSION_NOW);
    if (about->ssl_version == NULL || strncmp(about->ssl_version, "OpenSSL/", 8) != 0) return CURLE_NOT_BUILT_IN;
    CURLcode result = curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, thumbprint);
    if (result == CURLE_OK) result = curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, use_thumbprint);
    // Neither a connection nor a session may serve those who trust another certificate, or who ask for an authority.
    if (result == CURLE_OK) result = curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    if (result == CURLE_OK) result = curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    if (result == CURLE_OK) result = curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    // What vouches for the certificate is its digest; a name in it would vouch for nothing.
    if (result == CURLE_OK) result = curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    return result;
}
