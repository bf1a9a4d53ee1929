/* key: a key of the keyboard as a number, and its name in tables, help and messages. */
#ifndef DOMICILE_COMMAND_KEY_H
#define DOMICILE_COMMAND_KEY_H

#include "domicile/base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* A character is its code point (Ctrl-A is 1, Enter 13, Tab 9, Esc 27, Space 32); the others follow. */
typedef uint32_t keycode;
enum {
    KEYCODE_NONE = 0,
    KEYCODE_TAB = 9,
    KEYCODE_ENTER = 13,
    KEYCODE_ESC = 27,
    KEYCODE_BACKSPACE = 127,
    KEYCODE_SPECIAL = 0x200000,
    KEYCODE_UP,
    KEYCODE_DOWN,
    KEYCODE_LEFT,
    KEYCODE_RIGHT,
    KEYCODE_HOME,
    KEYCODE_END,
    KEYCODE_PAGE_UP,
    KEYCODE_PAGE_DOWN,
    KEYCODE_INSERT,
    KEYCODE_DELETE,
    KEYCODE_BACK_TAB,
    KEYCODE_F1, /* the others follow up to F12 */
    KEYCODE_F12 = KEYCODE_F1 + 11,
    KEYCODE_ALT = 0x400000, /* a bit: Alt was held */
};

/* "Up", "C-l", "Space", "?", "M-x" to a code; KEYCODE_NONE when it is no name. Reads n bytes. */
keycode key_from_name(const char *name, size_t n);
/* Appends the name. */
void key_add_name(struct str *out, keycode k);
/* Whether the key types a character into a text. */
bool key_is_text(keycode k);

#endif
