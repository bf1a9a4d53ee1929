/* input: bytes of a terminal made into keys, pastes and mouse events. */
#include "domicile/ui/input.h"

#include "domicile/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_SEQUENCE = 64, LONGEST_PASTE = 16 << 20 };

void input_free(struct input *in) {
    str_free(&in->pending);
    str_free(&in->paste);
}

void input_feed(struct input *in, const char *bytes, size_t n) { str_add_n(&in->pending, bytes, n); }

bool input_waiting(const struct input *in) { return (in->pending.len > 0 || in->dropping) && !in->pasting; }

static void drop(struct input *in, size_t n) {
    memmove(in->pending.data, in->pending.data + n, in->pending.len - n);
    str_truncate(&in->pending, in->pending.len - n);
}

struct sequence {
    const char *bytes;
    keycode key;
};

static const struct sequence sequences[] = {
    {"[A", KEYCODE_UP},
    {"[B", KEYCODE_DOWN},
    {"[C", KEYCODE_RIGHT},
    {"[D", KEYCODE_LEFT},
    {"OA", KEYCODE_UP},
    {"OB", KEYCODE_DOWN},
    {"OC", KEYCODE_RIGHT},
    {"OD", KEYCODE_LEFT},
    {"[H", KEYCODE_HOME},
    {"[F", KEYCODE_END},
    {"OH", KEYCODE_HOME},
    {"OF", KEYCODE_END},
    {"[1~", KEYCODE_HOME},
    {"[4~", KEYCODE_END},
    {"[7~", KEYCODE_HOME},
    {"[8~", KEYCODE_END},
    {"[2~", KEYCODE_INSERT},
    {"[3~", KEYCODE_DELETE},
    {"[5~", KEYCODE_PAGE_UP},
    {"[6~", KEYCODE_PAGE_DOWN},
    {"[Z", KEYCODE_BACK_TAB},
    {"OP", KEYCODE_F1},
    {"OQ", KEYCODE_F1 + 1},
    {"OR", KEYCODE_F1 + 2},
    {"OS", KEYCODE_F1 + 3},
    {"[15~", KEYCODE_F1 + 4},
    {"OM", KEYCODE_ENTER},
    {"[11~", KEYCODE_F1},
    {"[12~", KEYCODE_F1 + 1},
    {"[13~", KEYCODE_F1 + 2},
    {"[14~", KEYCODE_F1 + 3},
    {"[17~", KEYCODE_F1 + 5},
    {"[18~", KEYCODE_F1 + 6},
    {"[19~", KEYCODE_F1 + 7},
    {"[20~", KEYCODE_F1 + 8},
    {"[21~", KEYCODE_F1 + 9},
    {"[23~", KEYCODE_F1 + 10},
    {"[24~", KEYCODE_F12},
};

static bool key_event(struct input *in, size_t n, keycode key, struct input_event *e) {
    *e = (struct input_event){.kind = INPUT_KEY, .key = key};
    drop(in, n);
    return true;
}

/* "\033[<0;10;5M": button, column, row from 1. n is the whole length. */
static bool mouse_event(struct input *in, size_t n, struct input_event *e) {
    int button;
    int x;
    int y;
    char end;
    if (sscanf(in->pending.data + 3, "%d;%d;%d%c", &button, &x, &y, &end) != 4) {
        drop(in, n);
        return false;
    }
    drop(in, n);
    *e = (struct input_event){.kind = INPUT_MOUSE, .x = x - 1, .y = y - 1};
    if (button == 64)
        e->mouse = MOUSE_WHEEL_UP;
    else if (button == 65)
        e->mouse = MOUSE_WHEEL_DOWN;
    else if (button == 0 && end == 'M')
        e->mouse = MOUSE_PRESS;
    else
        return false;
    return true;
}

/* The length of the control sequence at the start; 0: not whole yet. */
static size_t sequence_length(const struct input *in) {
    const char *p = in->pending.data;
    size_t n = in->pending.len;
    if (n < 2)
        return 0;
    if (p[1] == 'O')
        return n >= 3 ? 3 : 0;
    if (p[1] != '[')
        return 2; /* Alt and a character: its further bytes come as they are */
    for (size_t i = 2; i < n; i++)
        if (p[i] >= 0x40 && p[i] <= 0x7e)
            return i + 1;
    return 0;
}

/* A sequence longer than any: it is dropped up to its end as it comes. True: its end was there. */
static bool drop_overlong(struct input *in) {
    size_t n = 0;
    bool ended = false;
    while (n < in->pending.len && !ended) {
        unsigned char c = (unsigned char)in->pending.data[n];
        if (c == 27)
            break; /* another begins */
        ended = c >= 0x40 && c <= 0x7e;
        n++;
    }
    bool over = ended || n < in->pending.len;
    drop(in, n);
    in->dropping = !over;
    return over;
}

static bool escape_event(struct input *in, bool timed_out, struct input_event *e, bool *again) {
    size_t n = sequence_length(in);
    *again = false;
    if (n > LONGEST_SEQUENCE || (n == 0 && in->pending.len > LONGEST_SEQUENCE)) {
        drop(in, 2); /* Esc and the bracket: from here on it is like any other */
        in->dropping = true;
        *again = true;
        return false;
    }
    if (n == 0)
        return timed_out && key_event(in, 1, KEYCODE_ESC, e);
    const char *p = in->pending.data;
    if (n == 2 && p[1] == 27) /* two Escs: the first stands alone */
        return key_event(in, 1, KEYCODE_ESC, e);
    if (n == 2 && p[1] != '[' && p[1] != 'O')
        return key_event(in, 2, KEYCODE_ALT | (unsigned char)p[1], e);
    if (n == 6 && strncmp(p, "\033[200~", 6) == 0) {
        drop(in, n);
        in->pasting = true;
        str_clear(&in->paste);
        *again = true;
        return false;
    }
    if (n > 3 && strncmp(p, "\033[<", 3) == 0) {
        bool is_event = mouse_event(in, n, e);
        *again = !is_event;
        return is_event;
    }
    for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++)
        if (strlen(sequences[i].bytes) == n - 1 && strncmp(p + 1, sequences[i].bytes, n - 1) == 0)
            return key_event(in, n, sequences[i].key, e);
    drop(in, n); /* unknown: nobody may take its rest for text */
    *again = true;
    return false;
}

static bool paste_event(struct input *in, struct input_event *e) {
    static const char end[] = "\033[201~";
    const char *hit = memmem(in->pending.data ? in->pending.data : "", in->pending.len, end, sizeof end - 1);
    size_t n = hit ? (size_t)(hit - in->pending.data) : in->pending.len > 8 ? in->pending.len - 8 : 0;
    if (in->paste.len + n <= LONGEST_PASTE)
        str_add_n(&in->paste, in->pending.data ? in->pending.data : "", n);
    if (in->pending.data)
        drop(in, n + (hit ? sizeof end - 1 : 0));
    if (!hit)
        return false;
    in->pasting = false;
    *e = (struct input_event){.kind = INPUT_PASTE, .paste = str_get(&in->paste)};
    return true;
}

bool input_next(struct input *in, bool timed_out, struct input_event *e) {
    if (timed_out)
        in->dropping = false;
    for (;;) {
        if (in->pasting)
            return paste_event(in, e);
        if (in->pending.len == 0)
            return false;
        if (in->dropping) {
            if (!drop_overlong(in))
                return false;
            continue;
        }
        unsigned char first = (unsigned char)in->pending.data[0];
        if (first == 27) {
            bool again;
            if (escape_event(in, timed_out, e, &again))
                return true;
            if (again)
                continue;
            return false;
        }
        uint32_t cp;
        size_t n = text_decode(in->pending.data, in->pending.len, &cp);
        size_t need = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
        if (n < need && in->pending.len < need && !timed_out)
            return false; /* the rest of the character is on its way */
        if (cp == 8)
            cp = KEYCODE_BACKSPACE;
        else if (cp == '\n')
            cp = KEYCODE_ENTER;
        if (cp == 0xfffd && n == 1) {
            drop(in, 1);
            continue;
        }
        return key_event(in, n, cp, e);
    }
}
