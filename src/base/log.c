/* log: the debug log, and the removal of secrets from any text that is kept. */
#include "domicile/base/log.h"

#include "domicile/base/mem.h"
#include "domicile/base/text.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int log_fd = -1;
static enum log_level log_max;

bool log_open(const char *path, enum log_level level, struct err *err) {
    /* A pipe that nobody reads holds nothing up. */
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_set(err, ERR_INPUT, "the log %s cannot be opened: %s", path, strerror(errno));
    log_close();
    log_fd = fd;
    log_max = level;
    return true;
}

void log_close(void) {
    if (log_fd >= 0)
        close(log_fd);
    log_fd = -1;
}

bool log_enabled(enum log_level level) { return log_fd >= 0 && level <= log_max; }

static void add_time(struct str *out) {
    struct timespec ts;
    struct tm tm;
    char text[32];
    clock_gettime(CLOCK_REALTIME, &ts);
    gmtime_r(&ts.tv_sec, &tm);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
    str_add_f(out, "%s.%06ldZ", text, ts.tv_nsec / 1000);
}

void log_write(enum log_level level, const char *format, ...) {
    static const char *const names[] = {"ERROR", "INFO", "DEBUG"};
    if (!log_enabled(level))
        return;
    struct str text = {0};
    struct str safe = {0};
    struct str line = {0};
    va_list ap;
    va_start(ap, format);
    str_add_vf(&text, format, ap);
    va_end(ap);
    log_redact(&safe, str_get(&text));
    add_time(&line);
    str_add_f(&line, " %s ", names[level]);
    text_clean(&line, str_get(&safe), safe.len);
    str_add_char(&line, '\n');
    /* A full disk must not stop the program: the line is lost, nothing else. */
    if (write(log_fd, line.data, line.len) < 0)
        errno = 0;
    str_free(&text);
    str_free(&safe);
    str_free(&line);
}

/* The words after which a secret follows. */
static const char *const secret_words[] = {
    "sslpassword", "pgpassword", "password", "passphrase", "passfile_content", "token", "secret"};

static size_t secret_word(const char *s) {
    for (size_t i = 0; i < sizeof secret_words / sizeof *secret_words; i++) {
        size_t n = strlen(secret_words[i]);
        if (strncasecmp(s, secret_words[i], n) == 0 && !isalnum((unsigned char)s[n]) && s[n] != '_')
            return s[n] == '"' ? n + 1 : n; /* a JSON key ends with its quote */
    }
    return 0;
}

/* The length of the E of E'...'. */
static size_t string_prefix(const char *s) { return *s && strchr("eEbBxX", *s) && s[1] == '\'' ? 1 : 0; }

/* $tag$...$tag$: its length, to the end of the text when it is not closed; 0: it is none. */
static size_t dollar_length(const char *s) {
    size_t tag = *s == '$' ? strcspn(s + 1, "$ \t\n") + 2 : 0;
    if (tag == 0 || s[tag - 1] != '$')
        return 0;
    char *quote = mem_strndup(s, tag);
    const char *end = strstr(s + tag, quote);
    free(quote);
    return end ? (size_t)(end - s) + tag : strlen(s);
}

/* The length of the value at s: quoted ('' and \' stay inside), or up to a blank or a separator. */
static size_t value_length(const char *s) {
    size_t i = string_prefix(s);
    char quote = s[i] == '\'' || s[i] == '"' ? s[i] : '\0';
    if (!quote)
        return *s == '$' && dollar_length(s) ? dollar_length(s) : strcspn(s, " \t\n&;,)");
    i++;
    while (s[i]) {
        if (s[i] == '\\' && s[i + 1])
            i += 2;
        else if (s[i] == quote && s[i + 1] == quote)
            i += 2;
        else if (s[i++] == quote)
            return i;
    }
    return i;
}

/* Words between PASSWORD and its value that are no secret. */
static size_t skip_to_value(const char *s) {
    size_t i = strspn(s, " \t\n=:");
    static const char *const fillers[] = {"is ", "for "};
    for (size_t f = 0; f < sizeof fillers / sizeof *fillers; f++)
        if (strncasecmp(s + i, fillers[f], strlen(fillers[f])) == 0)
            return 0;
    return i;
}

/* "PASSWORD NULL" and prose ("password authentication failed") hold no value. */
static bool is_value(const char *s, size_t gap, const char *separator) {
    if (gap == 0 || *s == '\0' || strncasecmp(s, "null", 4) == 0)
        return false;
    bool assigned = strcspn(separator, "=:") < gap;
    return assigned || *s == '\'' || *s == '"' || *s == '$' || string_prefix(s) > 0;
}

/* Whether "WITH " stands before p: even without quotes, what comes is meant as a password. */
static bool follows_with(const char *text, const char *p) {
    return p - text >= 5 && strncasecmp(p - 5, "with ", 5) == 0 && strncasecmp(p, "password ", 9) == 0 &&
        strncasecmp(p + 9, "null", 4) != 0;
}

/* postgresql://user:SECRET@host: the length of "://user:" when s begins with it, and of the secret. */
static size_t url_user(const char *s, size_t *secret) {
    if (s[0] != ':' || s[1] != '/' || s[2] != '/')
        return 0;
    size_t end = 3 + strcspn(s + 3, " \t\n/?'\"");
    const char *at = memrchr(s, '@', end);
    const char *colon = memchr(s + 3, ':', end - 3);
    if (!at || !colon || colon > at)
        return 0;
    *secret = (size_t)(at - colon) - 1;
    return (size_t)(colon - s) + 1;
}

void log_redact(struct str *out, const char *text) {
    for (const char *p = text; *p;) {
        size_t secret;
        size_t lead = url_user(p, &secret);
        size_t word = lead || (p > text && isalnum((unsigned char)p[-1])) ? 0 : secret_word(p);
        if (lead) {
            str_add_n(out, p, lead);
            str_add(out, "***");
            p += lead + secret;
            continue;
        }
        if (word) {
            size_t gap = skip_to_value(p + word);
            const char *value = p + word + gap;
            if (is_value(value, gap, p + word) || (gap > 0 && *value && follows_with(text, p))) {
                str_add_n(out, p, word + gap);
                str_add(out, "***");
                p = value + value_length(value);
                continue;
            }
        }
        str_add_char(out, *p++);
    }
}
