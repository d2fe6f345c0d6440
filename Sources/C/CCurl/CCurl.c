#define _GNU_SOURCE
#include "CCurl.h"
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
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
static const size_t free_bytes_max = 24 << 20;

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
