/* input: bytes of a terminal made into keys, pastes and mouse events. Pure: no descriptor, no clock. */
#ifndef DOMICILE_UI_INPUT_H
#define DOMICILE_UI_INPUT_H

#include "domicile/base/str.h"
#include "domicile/command/key.h"

enum input_kind { INPUT_KEY, INPUT_PASTE, INPUT_MOUSE };
enum mouse_what { MOUSE_PRESS, MOUSE_DOUBLE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct input_event {
    enum input_kind kind;
    keycode key;         /* INPUT_KEY */
    const char *paste;   /* INPUT_PASTE: valid until the next call */
    enum mouse_what mouse;
    int x, y;            /* INPUT_MOUSE: cell, from 0 */
};

struct input {
    struct str pending;  /* bytes not yet decoded */
    struct str paste;
    bool pasting;
    bool dropping;       /* inside a sequence too long to be one */
};

/* in is zero-initialised; input_feed adds bytes as the terminal sent them, cut anywhere; input_free drops what is pending. */
void input_free(struct input *in);
void input_feed(struct input *in, const char *bytes, size_t n);
/* The next event; false: none is complete. A lone Esc (or the start of a sequence) stays until more
 * comes or timed_out tells that nothing will: then it is the Esc key. */
bool input_next(struct input *in, bool timed_out, struct input_event *e);
/* Whether bytes wait for the rest of a sequence: start the Esc timer. */
bool input_waiting(const struct input *in);

#endif
