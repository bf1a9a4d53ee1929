/* editor: GNU readline through its callback interface, fed by the one loop: it reads no descriptor, writes no byte and
 * changes no mode. Readline has one state, so there is one editor a program. */
#ifndef UI_EDITOR_H
#define UI_EDITOR_H

#include "domicile/base/vec.h"
#include "domicile/command/key.h"

#include <stdbool.h>

struct words {
    VEC(char *);
};
void words_add(struct words *w, char *word); /* takes it over */
void words_free(struct words *w);

struct editor_options {
    /* Whether Enter hands the text over; otherwise it begins a new line. */
    bool (*is_complete)(void *arg, const char *text);
    /* The text that Enter handed over. */
    void (*accept)(void *arg, const char *text);
    /* Adds what may stand in place of text[begin..end). */
    void (*complete)(void *arg, const char *text, size_t begin, size_t end, struct words *out);
    /* Ctrl-D on an empty text. */
    void (*end)(void *arg);
    void *arg;
};

/* Takes readline, reads the user's inputrc (the first time) and the history. The text left from last time is there. */
void editor_open(const struct editor_options *o);
void editor_close(void);
/* Forgets everything, at the end of the program. */
void editor_free(void);

void editor_key(keycode key);
/* Inserts as one event; nothing in it is a key. */
void editor_paste(const char *text);
void editor_set_text(const char *text);

/* What stands there; valid until the next key. */
const char *editor_text(void);
size_t editor_point(void); /* in bytes */
/* "(reverse-i-search)`sel': " while readline asks for something; "" otherwise. */
const char *editor_message(void);
/* The words that fitted at the last Tab; empty after any other key. */
const struct words *editor_matches(void);
bool editor_is_vi(void);
bool editor_is_vi_command(void);
/* No search, argument or half a key sequence is under way. */
bool editor_is_idle(void);

#endif
