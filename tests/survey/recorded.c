/* recorded: a server of recordings. */
#include "survey/recorded.h"

#include "domicile/base/str.h"
#include "survey/answer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct talk {
    int fd;
    const char *version;
    const struct recorded_row *rows;
    const struct recorded *server;
    struct str out;
    char *sql;
};

/* -- messages -- */

static void add_int(struct str *s, uint32_t v, int bytes) {
    for (int i = bytes - 1; i >= 0; i--)
        str_add_char(s, (char)(v >> (8 * i) & 0xff));
}

static void add_text(struct str *s, const char *text) {
    str_add_n(s, text, strlen(text) + 1);
}

static void add_message(struct talk *t, char type, const struct str *body) {
    str_add_char(&t->out, type);
    add_int(&t->out, (uint32_t)body->len + 4, 4);
    str_add_n(&t->out, str_get(body), body->len);
}

static void add_empty(struct talk *t, char type) {
    struct str none = {0};
    add_message(t, type, &none);
}

static void add_parameter(struct talk *t, const char *name, const char *value) {
    struct str body = {0};
    add_text(&body, name);
    add_text(&body, value);
    add_message(t, 'S', &body);
    str_free(&body);
}

static void add_ready(struct talk *t) {
    struct str body = {0};
    str_add_char(&body, 'I');
    add_message(t, 'Z', &body);
    str_free(&body);
}

static void add_error(struct talk *t, const char *sqlstate, const char *message) {
    struct str body = {0};
    const char fields[] = {'S', 'C', 'M'};
    const char *values[] = {"ERROR", sqlstate, message};
    for (int i = 0; i < 3; i++) {
        str_add_char(&body, fields[i]);
        add_text(&body, values[i]);
    }
    str_add_char(&body, '\0');
    add_message(t, 'E', &body);
    str_free(&body);
}

static void add_columns(struct talk *t, const struct pg_result *r) {
    struct str body = {0};
    add_int(&body, (uint32_t)pg_result_columns(r), 2);
    for (size_t i = 0; i < pg_result_columns(r); i++) {
        add_text(&body, pg_result_column_name(r, i));
        add_int(&body, 0, 4);
        add_int(&body, 0, 2);
        add_int(&body, 25, 4);
        add_int(&body, 0xffff, 2);
        add_int(&body, 0xffffffff, 4);
        add_int(&body, 0, 2);
    }
    add_message(t, 'T', &body);
    str_free(&body);
}

static void add_row(struct talk *t, const struct pg_result *r, size_t row) {
    struct str body = {0};
    add_int(&body, (uint32_t)pg_result_columns(r), 2);
    for (size_t i = 0; i < pg_result_columns(r); i++) {
        const char *text = pg_result_text(r, row, i);
        add_int(&body, text != NULL ? (uint32_t)strlen(text) : 0xffffffff, 4);
        if (text != NULL)
            str_add(&body, text);
    }
    add_message(t, 'D', &body);
    str_free(&body);
}

static void add_result(struct talk *t, struct pg_result *r) {
    struct str body = {0};
    add_columns(t, r);
    for (size_t i = 0; i < pg_result_rows(r); i++)
        add_row(t, r, i);
    add_text(&body, "SELECT");
    add_message(t, 'C', &body);
    str_free(&body);
    pg_result_free(r);
}

/* -- answering -- */

static const struct recorded_row *find(const struct talk *t) {
    for (const struct recorded_row *row = t->rows; row->needle != NULL; row++)
        if (strstr(t->sql, row->needle) != NULL)
            return row;
    return NULL;
}

static void answer(struct talk *t) {
    const struct recorded_row *row = find(t);
    struct str tag = {0};
    if (row != NULL)
        __atomic_add_fetch(&t->server->asked[row - t->rows], 1, __ATOMIC_SEQ_CST);
    if (t->server->slow != NULL && strstr(t->sql, t->server->slow) != NULL)
        poll(NULL, 0, t->server->delay);
    add_empty(t, '1');
    add_empty(t, '2');
    bool empty = row != NULL && row->text != NULL && row->text[0] == '\0';
    if (empty || (row == NULL && strncmp(t->sql, "SET ", 4) == 0)) {
        add_empty(t, 'n');
        add_text(&tag, "SET");
        add_message(t, 'C', &tag);
        str_free(&tag);
    } else if (row == NULL) {
        add_error(t, "42601", "not recorded");
    } else if (row->hangs) {
        pause();
    } else if (row->drops) {
        _exit(0);
    } else if (row->sqlstate != NULL) {
        add_error(t, row->sqlstate, row->message);
    } else {
        struct pg_result *r = row->text != NULL ? answer_of(row->text)
            : answer_recorded(row->file, row->column, row->value);
        if (r == NULL)
            abort();
        add_result(t, r);
    }
    add_ready(t);
}

static bool read_all(int fd, void *to, size_t n) {
    char *p = to;
    while (n > 0) {
        ssize_t got = read(fd, p, n);
        if (got <= 0)
            return false;
        p += got;
        n -= (size_t)got;
    }
    return true;
}

static uint32_t int_at(const unsigned char *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* A message's type and body (NUL-terminated, to be freed); false at the end. */
static bool read_message(struct talk *t, char *type, char **body) {
    unsigned char length[4];
    if ((type != NULL && !read_all(t->fd, type, 1)) || !read_all(t->fd, length, 4))
        return false;
    size_t n = int_at(length) - 4;
    *body = mem_calloc(n + 1, 1);
    return read_all(t->fd, *body, n);
}

static void send_out(struct talk *t) {
    if (write(t->fd, str_get(&t->out), t->out.len) != (ssize_t)t->out.len)
        _exit(1);
    str_clear(&t->out);
}

static bool greet(struct talk *t) {
    char *body = NULL;
    struct str zero = {0};
    for (;;) {
        free(body);
        if (!read_message(t, NULL, &body))
            return false;
        uint32_t code = int_at((unsigned char *)body);
        if (code != 80877103 && code != 80877104)
            break;
        if (write(t->fd, "N", 1) != 1)
            return false;
    }
    free(body);
    add_int(&zero, 0, 4);
    add_message(t, 'R', &zero);
    str_free(&zero);
    add_parameter(t, "server_version", "13.0.0");
    add_parameter(t, "client_encoding", "UTF8");
    add_parameter(t, "standard_conforming_strings", "on");
    if (t->version != NULL)
        add_parameter(t, "crdb_version", t->version);
    add_ready(t);
    send_out(t);
    return true;
}

static void talk(struct talk *t) {
    char type;
    char *body = NULL;
    if (!greet(t))
        return;
    while (read_message(t, &type, &body) && type != 'X') {
        if (type == 'P') {
            free(t->sql);
            t->sql = mem_strdup(body + strlen(body) + 1);
        } else if (type == 'S' && t->sql != NULL) {
            answer(t);
            send_out(t);
        }
        free(body);
        body = NULL;
    }
}

static void serve(int listener, const char *version, const struct recorded_row *rows, const struct recorded *server) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGCHLD, SIG_IGN);
    signal(SIGSEGV, SIG_DFL);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0 || fork() != 0) {
            close(fd);
            continue;
        }
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        struct talk t = {.fd = fd, .version = version, .rows = rows, .server = server};
        talk(&t);
        _exit(0);
    }
}

void recorded_start(struct recorded *r, const char *version, const struct recorded_row *rows) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, n) != 0 || listen(listener, 16) != 0
        || getsockname(listener, (struct sockaddr *)&address, &n) != 0)
        abort();
    r->port = ntohs(address.sin_port);
    (void)snprintf(r->conninfo, sizeof r->conninfo, "host=127.0.0.1 port=%d user=root dbname=django sslmode=disable",
        r->port);
    r->asked = mmap(NULL, RECORDED_MOST * sizeof *r->asked, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (r->asked == MAP_FAILED)
        abort();
    r->pid = fork();
    if (r->pid == 0)
        serve(listener, version, rows, r);
    close(listener);
}

void recorded_stop(struct recorded *r) {
    kill(r->pid, SIGKILL);
    waitpid(r->pid, NULL, 0);
    munmap(r->asked, RECORDED_MOST * sizeof *r->asked);
}

int recorded_asked(const struct recorded *r, const struct recorded_row *rows, const char *needle) {
    int n = 0;
    for (size_t i = 0; rows[i].needle != NULL; i++)
        if (strcmp(rows[i].needle, needle) == 0)
            n += __atomic_load_n(&r->asked[i], __ATOMIC_SEQ_CST);
    return n;
}
