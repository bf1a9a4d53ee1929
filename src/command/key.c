/* key: keys and their names. */
#include "domicile/command/key.h"

#include "domicile/base/text.h"

#include <string.h>

static const struct {
    const char *name;
    keycode key;
} names[] = {
    {"Tab", KEYCODE_TAB},
    {"Enter", KEYCODE_ENTER},
    {"Esc", KEYCODE_ESC},
    {"Backspace", KEYCODE_BACKSPACE},
    {"Space", ' '},
    {"Up", KEYCODE_UP},
    {"Down", KEYCODE_DOWN},
    {"Left", KEYCODE_LEFT},
    {"Right", KEYCODE_RIGHT},
    {"Home", KEYCODE_HOME},
    {"End", KEYCODE_END},
    {"PgUp", KEYCODE_PAGE_UP},
    {"PgDn", KEYCODE_PAGE_DOWN},
    {"Insert", KEYCODE_INSERT},
    {"Delete", KEYCODE_DELETE},
    {"S-Tab", KEYCODE_BACK_TAB},
    {"F1", KEYCODE_F1},
    {"F2", KEYCODE_F1 + 1},
    {"F3", KEYCODE_F1 + 2},
    {"F4", KEYCODE_F1 + 3},
    {"F5", KEYCODE_F1 + 4},
    {"F6", KEYCODE_F1 + 5},
    {"F7", KEYCODE_F1 + 6},
    {"F8", KEYCODE_F1 + 7},
    {"F9", KEYCODE_F1 + 8},
    {"F10", KEYCODE_F1 + 9},
    {"F11", KEYCODE_F1 + 10},
    {"F12", KEYCODE_F12},
};

keycode key_from_name(const char *name, size_t n) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i].name) == n && strncmp(names[i].name, name, n) == 0)
            return names[i].key;
    if (n == 3 && strncmp(name, "C-", 2) == 0 && name[2] >= '@' && name[2] <= 'z')
        return (keycode)name[2] & 0x1f;
    if (n == 3 && strncmp(name, "M-", 2) == 0)
        return KEYCODE_ALT | (unsigned char)name[2];
    uint32_t cp;
    return n > 0 && text_decode(name, n, &cp) == n ? cp : KEYCODE_NONE;
}

void key_add_name(struct str *out, keycode k) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].key == k) {
            str_add(out, names[i].name);
            return;
        }
    if (k & KEYCODE_ALT)
        str_add_f(out, "M-%c", (char)(k & 0x7f));
    else if (k < 32)
        str_add_f(out, "C-%c", (char)(k | 0x60));
    else
        text_encode(out, k);
}

bool key_is_text(keycode k) { return k >= 32 && k != KEYCODE_BACKSPACE && k < KEYCODE_SPECIAL; }
