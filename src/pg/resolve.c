/* resolve: getaddrinfo in a child process. */
#include "resolve.h"

#include "child.h"
#include "domicile/base/mem.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct resolve {
    struct child *child;
    char *name;
    void (*done)(void *arg, const char *addresses, const char *error);
    void *arg;
};

static void look_up(void *arg, int fd) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *list = NULL;
    struct str out = {0};
    int code = getaddrinfo(arg, NULL, &hints, &list);
    if (code != 0)
        str_add_f(&out, "!%s", gai_strerror(code));
    for (struct addrinfo *a = list; code == 0 && a; a = a->ai_next) {
        char text[INET6_ADDRSTRLEN + 32];
        if (getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0)
            str_add_f(&out, "%s%s", out.len ? "," : "", text);
    }
    if (list)
        freeaddrinfo(list);
    ssize_t written = write(fd, str_get(&out), out.len);
    str_free(&out);
    if (written < 0)
        _exit(1);
}

static void on_answer(void *arg, const char *answer) {
    struct resolve *r = arg;
    if (*answer == '!')
        r->done(r->arg, NULL, answer + 1);
    else if (*answer == '\0')
        r->done(r->arg, NULL, "the name has no address");
    else
        r->done(r->arg, answer, NULL);
}

struct resolve *resolve_start(struct loop *loop, const char *name,
    void (*done)(void *arg, const char *addresses, const char *error), void *arg) {
    struct resolve *r = mem_calloc(1, sizeof *r);
    *r = (struct resolve){.name = mem_strdup(name), .done = done, .arg = arg};
    r->child = child_start(loop, look_up, r->name, on_answer, r);
    if (r->child)
        return r;
    resolve_free(r);
    return NULL;
}

void resolve_free(struct resolve *r) {
    if (!r)
        return;
    child_free(r->child);
    free(r->name);
    free(r);
}
