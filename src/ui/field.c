/* field: a line of text being edited. */
#include "field.h"

#include "domicile/base/text.h"

#include <string.h>

enum { LONGEST = 65536 };

void field_free(struct field *f) {
    if (f->text.data)
        explicit_bzero(f->text.data, f->text.len); /* it may have been a password */
    str_free(&f->text);
}

void field_set(struct field *f, const char *text) {
    str_clear(&f->text);
    str_add(&f->text, text ? text : "");
    f->cursor = f->text.len;
}

static size_t before(const struct field *f) {
    size_t at = f->cursor;
    while (at > 0 && ((unsigned char)f->text.data[--at] & 0xc0) == 0x80) {
    }
    return at;
}

static size_t behind(const struct field *f) {
    size_t at = f->cursor;
    if (at < f->text.len)
        at++;
    while (at < f->text.len && ((unsigned char)f->text.data[at] & 0xc0) == 0x80)
        at++;
    return at;
}

static void insert(struct field *f, const char *bytes, size_t n) {
    if (f->text.len + n > LONGEST)
        return;
    struct str tail = {0};
    str_add(&tail, str_get(&f->text) + f->cursor);
    if (f->text.data)
        str_truncate(&f->text, f->cursor);
    str_add_n(&f->text, bytes, n);
    str_add(&f->text, str_get(&tail));
    f->cursor += n;
    str_free(&tail);
}

static void erase(struct field *f, size_t from, size_t to) {
    if (from >= to)
        return;
    memmove(f->text.data + from, f->text.data + to, f->text.len - to);
    str_truncate(&f->text, f->text.len - (to - from));
    f->cursor = from;
}

bool field_input(struct field *f, const struct input_event *e) {
    if (e->kind == INPUT_PASTE) {
        insert(f, e->paste, strcspn(e->paste, "\r\n"));
        return true;
    }
    if (e->kind != INPUT_KEY)
        return false;
    if (key_is_text(e->key)) {
        struct str one = {0};
        text_encode(&one, e->key);
        insert(f, one.data, one.len);
        str_free(&one);
        return true;
    }
    switch (e->key) {
    case KEYCODE_BACKSPACE: erase(f, before(f), f->cursor); return true;
    case KEYCODE_DELETE: {
        size_t at = f->cursor;
        erase(f, at, behind(f));
        return true;
    }
    case KEYCODE_LEFT: f->cursor = before(f); return true;
    case KEYCODE_RIGHT: f->cursor = behind(f); return true;
    case KEYCODE_HOME:
    case 1: f->cursor = 0; return true;
    case KEYCODE_END:
    case 5: f->cursor = f->text.len; return true;
    case 21: erase(f, 0, f->cursor); return true;
    }
    return false;
}

void field_draw(const struct field *f, struct area a, int x, int y, int width, bool focused, bool masked) {
    struct str shown = {0};
    struct str left = {0};
    struct area box = area_part(a, x, y, width, 1);
    area_fill(box, STYLE_INPUT, ' ');
    if (masked)
        for (size_t i = 0; i < f->text.len; i++)
            str_add(&shown, ((unsigned char)f->text.data[i] & 0xc0) != 0x80 ? "•" : "");
    else
        text_clean(&shown, str_get(&f->text), f->text.len);
    text_clean(&left, str_get(&f->text), f->cursor);
    int cursor = masked ? text_width(str_get(&shown)) : text_width(str_get(&left));
    const char *from = str_get(&shown);
    while (cursor >= width && *from) { /* the cursor stays in sight */
        uint32_t cp;
        from += text_decode(from, strlen(from), &cp);
        cursor -= text_char_width(cp);
    }
    area_text(box, 0, 0, width, STYLE_INPUT, from);
    if (focused)
        area_cursor(box, cursor, 0);
    str_free(&shown);
    str_free(&left);
}
