/* settings: the cluster settings and what was made of them. */
#include "domicile/sandbox/settings.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "domicile/base/vec.h"

#include "settable.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct settings_listener {
    void (*changed)(void *arg, const char *name);
    void *arg;
};

struct settings {
    int compat;
    VEC_STRUCT(int) rows; /* of settable, those that this version has */
    char **values;        /* one a row; NULL: the default */
    VEC_STRUCT(struct settings_listener) listeners;
};

static const char *default_of(const struct settings *s, int row) {
    return s->compat >= 2601 ? settable[row].default_26 : settable[row].default_22;
}

struct settings *settings_new(int compat) {
    struct settings *s = mem_calloc(1, sizeof *s);
    s->compat = compat;
    for (int i = 0; settable[i].name; i++)
        if (default_of(s, i))
            vec_push(&s->rows, i);
    s->values = mem_calloc(s->rows.len, sizeof *s->values);
    return s;
}

void settings_free(struct settings *s) {
    if (!s)
        return;
    for (size_t i = 0; i < s->rows.len; i++)
        free(s->values[i]);
    free(s->values);
    vec_free(&s->rows);
    vec_free(&s->listeners);
    free(s);
}

static long find(const struct settings *s, const char *name) {
    for (size_t i = 0; i < s->rows.len; i++)
        if (str_eq_nocase(settable[s->rows.items[i]].name, name))
            return (long)i;
    return -1;
}

size_t settings_count(const struct settings *s) {
    return s->rows.len;
}

struct setting settings_at(const struct settings *s, size_t i) {
    static const char types[][2] = {"b", "d", "e", "f", "i", "m", "p", "s", "z"};
    const int index = s->rows.items[i];
    const struct settable_row *row = &settable[index];
    struct setting out = {
        .name = row->name,
        .value = s->values[i] ? s->values[i] : default_of(s, index),
        .default_value = default_of(s, index),
        .origin = s->values[i] ? "override" : "default",
        .type = "s",
        .is_public = row->is_public,
        .reportable = row->type != 's',
        .description = s->compat >= 2601 && row->description_26 ? row->description_26 : row->description,
    };
    for (size_t k = 0; k < sizeof types / sizeof *types; k++)
        if (types[k][0] == row->type)
            out.type = types[k];
    return out;
}

const char *settings_get(const struct settings *s, const char *name) {
    const long i = find(s, name);
    return i < 0 ? NULL : settings_at(s, (size_t)i).value;
}

bool settings_on(const struct settings *s, const char *name) {
    const char *value = settings_get(s, name);
    return value && str_eq(value, "true");
}

usec settings_duration(const struct settings *s, const char *name) {
    const char *value = settings_get(s, name);
    usec d;
    return value && settings_parse_duration(value, &d) ? d : 0;
}

/* Units of a duration, longer names first. */
static const struct {
    const char *name;
    double scale;
} units[] = {
    {"microseconds", 1}, {"milliseconds", 1e3}, {"seconds", 1e6}, {"second", 1e6}, {"minutes", 60e6},
    {"minute", 60e6}, {"hours", 3600e6}, {"hour", 3600e6}, {"days", 86400e6}, {"day", 86400e6},
    {"mins", 60e6}, {"min", 60e6}, {"secs", 1e6}, {"sec", 1e6}, {"ms", 1e3}, {"us", 1}, {"µs", 1},
    {"s", 1e6}, {"m", 60e6}, {"h", 3600e6}, {"d", 86400e6},
};

static bool take_unit(const char **at, double *scale) {
    while (**at == ' ')
        ++*at;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        const size_t n = strlen(units[i].name);
        if (strncasecmp(*at, units[i].name, n) == 0) {
            *at += n;
            *scale = units[i].scale;
            return true;
        }
    }
    return false;
}

/* HH:MM:SS[.f], the interval's own form. */
static bool parse_clock(const char *text, double *out) {
    char *end;
    double parts[3] = {0};
    int n = 0;
    for (; n < 3; n++) {
        parts[n] = strtod(text, &end);
        if (end == text || parts[n] < 0)
            return false;
        text = end;
        if (*text != ':')
            break;
        text++;
    }
    *out = ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1e6;
    return n >= 1 && *text == '\0';
}

bool settings_parse_duration(const char *text, usec *out) {
    double total = 0;
    if (strchr(text, ':') ? !parse_clock(text, &total) : *text == '\0')
        return false;
    while (!strchr(text, ':') && *text) {
        char *end;
        double scale = 1e6;
        const double v = strtod(text, &end);
        if (end == text)
            return false;
        text = end;
        if (!take_unit(&text, &scale) && *text)
            return false;
        total += v * scale;
        text += strspn(text, " ");
    }
    if (total > 9e18 || total < -9e18)
        return false;
    *out = (usec)(total + (total < 0 ? -0.5 : 0.5));
    return true;
}

/* A fraction without its zeros at the end: "1.5s", "200ms". */
static void add_fraction(struct str *s, int64_t whole, int64_t fraction, int digits, const char *unit) {
    str_add_f(s, "%" PRId64, whole);
    if (fraction) {
        str_add_f(s, ".%0*" PRId64, digits, fraction);
        while (s->data[s->len - 1] == '0')
            str_truncate(s, s->len - 1);
    }
    str_add(s, unit);
}

char *settings_print_duration(usec d) {
    struct str s = {0};
    if (d < 0)
        str_add_char(&s, '-');
    d = d < 0 ? -d : d;
    if (d > 0 && d < USEC_PER_MS) {
        str_add_f(&s, "%" PRId64 "µs", d);
    } else if (d > 0 && d < USEC_PER_SEC) {
        add_fraction(&s, d / USEC_PER_MS, d % USEC_PER_MS, 3, "ms");
    } else {
        const int64_t seconds = d / USEC_PER_SEC;
        if (seconds >= 3600)
            str_add_f(&s, "%" PRId64 "h", seconds / 3600);
        if (seconds >= 60)
            str_add_f(&s, "%" PRId64 "m", seconds / 60 % 60);
        add_fraction(&s, seconds % 60, d % USEC_PER_SEC, 6, "s");
    }
    return str_take(&s);
}

static char *parse_bool(const char *name, const char *given, struct result *r) {
    static const char *const yes[] = {"true", "on", "yes", "1", "t"}, 
        *const no[] = {"false", "off", "no", "0", "f"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (str_eq_nocase(yes[i], given))
            return mem_strdup("true");
        if (str_eq_nocase(no[i], given))
            return mem_strdup("false");
    }
    result_fail(r, "22023", "parameter \"%s\" requires a Boolean value", name);
    return NULL;
}

static char *parse_duration(const char *name, const char *given, struct result *r) {
    usec d;
    if (!settings_parse_duration(given, &d)) {
        result_fail(r, "22007", 
            "could not parse \"%s\" as type interval: could not parse \"%s\" as an interval", given, given);
        return NULL;
    }
    if (d >= 0)
        return settings_print_duration(d);
    char *shown = settings_print_duration(d);
    result_fail(r, "22023", "cannot set %s to a negative duration: %s", name, shown);
    free(shown);
    return NULL;
}

/* "16MB", "32 MiB" or bytes, shown in the binary unit that fits. */
static char *parse_size(const char *name, const char *given, struct result *r) {
    static const char *const binary[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    static const char *const decimal[] = {"B", "kB", "MB", "GB", "TB"};
    char *end;
    double v = strtod(given, &end);
    bool good = end != given && v >= 0;
    end += strspn(end, " ");
    double b = 1, d = 1;
    bool found = *end == '\0';
    for (int i = 0; i < 5 && !found; i++, b *= 1024, d *= 1000) {
        if (str_eq_nocase(end, binary[i]) || str_eq_nocase(end, decimal[i])) {
            v *= str_eq_nocase(end, binary[i]) ? b : d;
            found = true;
        }
    }
    if (!good || !found) {
        result_fail(r, "22023", "could not parse \"%s\" as a size for cluster setting '%s'", given, name);
        return NULL;
    }
    int unit = 0;
    while (v >= 1024 && unit < 4) {
        v /= 1024;
        unit++;
    }
    return v < 10 && unit && v != (double)(int64_t)v ? mem_printf("%.1f %s", v, binary[unit])
        : mem_printf("%.0f %s", v, binary[unit]);
}

static char *parse_number(const char *name, bool integer, const char *given, struct result *r) {
    char *end;
    const double v = strtod(given, &end);
    if (end == given || *end || (integer && v != (double)(int64_t)v)) {
        result_fail(r, "22P02", "could not parse \"%s\" as type %s for cluster setting '%s'", given,
            integer ? "int" : "float", name);
        return NULL;
    }
    return integer ? mem_printf("%.0f", v) : mem_printf("%g", v);
}

static char *parse(const struct settable_row *row, const char *given, struct result *r) {
    switch (row->type) {
    case 'b': return parse_bool(row->name, given, r);
    case 'd': return parse_duration(row->name, given, r);
    case 'f': return parse_number(row->name, false, given, r);
    case 'i': return parse_number(row->name, true, given, r);
    case 'z': return parse_size(row->name, given, r);
    case 'm':
        result_unsupported(r, "changing the cluster's version");
        return NULL;
    default: return mem_strdup(given);
    }
}

bool settings_set(struct settings *s, const char *name, const char *given, struct result *r) {
    const long i = find(s, name);
    if (i < 0)
        return result_fail(r, "XXUUU", "unknown cluster setting '%s'", name);
    const struct settable_row *row = &settable[s->rows.items[i]];
    char *value = given ? parse(row, given, r) : NULL;
    if (given && !value)
        return false;
    free(s->values[i]);
    s->values[i] = value;
    for (size_t k = 0; k < s->listeners.len; k++)
        s->listeners.items[k].changed(s->listeners.items[k].arg, row->name);
    return true;
}

void settings_on_change(struct settings *s, void (*changed)(void *arg, const char *name), void *arg) {
    const struct settings_listener l = {changed, arg};
    vec_push(&s->listeners, l);
}
