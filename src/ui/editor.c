/* editor: GNU readline through its callback interface, fed by the one loop. */
#include "editor.h"

#include "domicile/base/str.h"
#include "domicile/base/text.h"
#include "history.h"

#include <stdio.h>
#include <string.h>

#include <readline/readline.h>
#include <readline/history.h>

static struct editor {
    struct editor_options o;
    bool initialised, open;
    FILE *nowhere;
    struct str queue; /* bytes not yet read by readline */
    size_t taken;
    struct words offered; /* while it completes */
    size_t next_offer;
    struct words matches;
    char *left;    /* text left when it was closed */
    char *path;    /* of the history */
} ed;

void words_add(struct words *w, char *word) { vec_push(w, word); }

void words_free(struct words *w) {
    for (size_t i = 0; i < w->len; i++)
        free(w->items[i]);
    vec_free(w);
}

/* ---- what readline calls ---- */

static int on_getc(FILE *stream) {
    (void)stream;
    /* Readline asks for more than there is: it gives up what it was about. */
    return ed.taken < ed.queue.len ? (unsigned char)ed.queue.data[ed.taken++] : 7;
}

static int on_available(void) { return ed.taken < ed.queue.len; }
static void on_prepare(int meta) { (void)meta; }
static void on_deprepare(void) {}
static void on_redisplay(void) {}

static void remember(const char *text) {
    if (!history_may_keep(text))
        return;
    for (int i = history_length - 1; i >= 0; i--) {
        HIST_ENTRY *entry = history_get(history_base + i);
        if (entry && strcmp(entry->line, text) == 0)
            free_history_entry(remove_history(i));
    }
    add_history(text);
    if (ed.path)
        history_save(ed.path, text);
}

static void on_line(char *line) {
    if (!line) {
        ed.o.end(ed.o.arg);
        return;
    }
    remember(line);
    ed.o.accept(ed.o.arg, line);
    free(line);
}

static int on_enter(int count, int key) {
    if (ed.o.is_complete(ed.o.arg, rl_line_buffer)) {
        rl_point = rl_end;
        return rl_newline(count, key);
    }
    rl_insert_text("\n");
    return 0;
}

static int on_new_line(int count, int key) {
    (void)count;
    (void)key;
    rl_insert_text("\n");
    return 0;
}

/* Ctrl-C: the text is given up, as a shell does. */
static int on_abandon(int count, int key) {
    (void)count;
    (void)key;
    rl_free_line_state();
    rl_callback_sigcleanup();
    rl_replace_line("", 1);
    rl_point = rl_mark = 0;
    return 0;
}

static char *next_offer(const char *text, int state) {
    (void)text;
    if (state == 0)
        ed.next_offer = 0;
    return ed.next_offer < ed.offered.len ? strdup(ed.offered.items[ed.next_offer++]) : NULL;
}

static char **on_complete(const char *text, int begin, int end) {
    rl_attempted_completion_over = 1; /* never file names */
    words_free(&ed.offered);
    ed.o.complete(ed.o.arg, rl_line_buffer, (size_t)begin, (size_t)end, &ed.offered);
    char **matches = rl_completion_matches(text, next_offer);
    words_free(&ed.offered);
    return matches;
}

static void on_matches(char **matches, int n, int longest) {
    (void)longest;
    for (int i = 1; i <= n; i++)
        words_add(&ed.matches, mem_strdup(matches[i]));
}

/* ---- beginning and end ---- */

static void bind_keys(void) {
    Keymap maps[] = {emacs_standard_keymap, vi_insertion_keymap, vi_movement_keymap};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        rl_bind_key_in_map('\r', on_enter, maps[i]);
        rl_bind_key_in_map('\n', on_enter, maps[i]);
        /* vi mode would type a Ctrl-C; a binding of the user's stays */
        if (maps[i][3].type == ISFUNC && (!maps[i][3].function || maps[i][3].function == rl_insert))
            rl_bind_key_in_map(3, on_abandon, maps[i]);
    }
    rl_bind_keyseq_in_map("\\e\\C-m", on_new_line, emacs_standard_keymap);
}

/* Everything that would write a byte, change a mode or wait is taken from readline before it begins. */
static void initialise(void) {
    ed.initialised = true;
    ed.nowhere = fopen("/dev/null", "w");
    rl_readline_name = "domicile";
    rl_outstream = ed.nowhere;
    rl_prep_term_function = on_prepare;
    rl_deprep_term_function = on_deprepare;
    rl_redisplay_function = on_redisplay;
    rl_getc_function = on_getc;
    rl_input_available_hook = on_available;
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_attempted_completion_function = on_complete;
    rl_completion_display_matches_hook = on_matches;
    rl_completer_word_break_characters = (char *)(uintptr_t) " \t\n\"\\'`@><=;|&{}()[],+*/%?^";
    rl_completion_query_items = 0;
    rl_variable_bind("show-all-if-ambiguous", "on");
    rl_variable_bind("completion-ignore-case", "on");
    rl_initialize(); /* reads the inputrc */
    rl_variable_bind("bell-style", "none");
    rl_variable_bind("enable-bracketed-paste", "off");
    rl_variable_bind("horizontal-scroll-mode", "on");
    rl_set_keyboard_input_timeout(1);
    bind_keys();
    using_history();
    ed.path = history_path();
    struct history h = {0};
    if (ed.path)
        history_load(&h, ed.path);
    for (size_t i = 0; i < h.texts.len; i++)
        add_history(h.texts.items[i]);
    history_free(&h);
}

void editor_open(const struct editor_options *o) {
    ed.o = *o;
    if (!ed.initialised)
        initialise();
    rl_callback_handler_install("", on_line);
    ed.open = true;
    if (ed.left)
        editor_set_text(ed.left);
    free(ed.left);
    ed.left = NULL;
}

void editor_close(void) {
    if (!ed.open)
        return;
    ed.left = rl_line_buffer && *rl_line_buffer ? mem_strdup(rl_line_buffer) : NULL;
    rl_callback_sigcleanup();
    rl_replace_line("", 1);
    rl_callback_handler_remove();
    words_free(&ed.matches);
    str_clear(&ed.queue);
    ed.taken = 0;
    ed.open = false;
}

void editor_free(void) {
    editor_close();
    if (!ed.initialised)
        return;
    clear_history();
    rl_free_undo_list();
    fclose(ed.nowhere);
    rl_outstream = NULL;
    str_free(&ed.queue);
    free(ed.left);
    free(ed.path);
    ed = (struct editor){0};
}

/* ---- keys ---- */

static const struct {
    keycode key;
    const char *bytes;
} keys[] = {
    {KEYCODE_UP, "\033[A"},
    {KEYCODE_DOWN, "\033[B"},
    {KEYCODE_RIGHT, "\033[C"},
    {KEYCODE_LEFT, "\033[D"},
    {KEYCODE_HOME, "\033[H"},
    {KEYCODE_END, "\033[F"},
    {KEYCODE_DELETE, "\033[3~"},
    {KEYCODE_INSERT, "\033[2~"},
};

static void queue_key(keycode key) {
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].key == key) {
            str_add(&ed.queue, keys[i].bytes);
            return;
        }
    if (key & KEYCODE_ALT) {
        str_add_char(&ed.queue, 27);
        str_add_char(&ed.queue, (char)(key & 0x7f));
    } else if (key < KEYCODE_SPECIAL) {
        text_encode(&ed.queue, key);
    }
}

/* Up and Down move between the lines of a text before they move in the history. */
static bool move_line(keycode key) {
    size_t point = (size_t)rl_point;
    size_t begin = point;
    if (key != KEYCODE_UP && key != KEYCODE_DOWN)
        return false;
    while (begin > 0 && rl_line_buffer[begin - 1] != '\n')
        begin--;
    size_t column = point - begin;
    size_t to;
    if (key == KEYCODE_UP) {
        if (begin == 0)
            return false;
        for (to = begin - 1; to > 0 && rl_line_buffer[to - 1] != '\n';)
            to--;
    } else {
        to = point + strcspn(rl_line_buffer + point, "\n");
        if (rl_line_buffer[to] == '\0')
            return false;
        to++;
    }
    size_t len = strcspn(rl_line_buffer + to, "\n");
    to += column < len ? column : len;
    while (to > 0 && ((unsigned char)rl_line_buffer[to] & 0xc0) == 0x80)
        to--;
    rl_point = (int)to;
    return true;
}

void editor_key(keycode key) {
    words_free(&ed.matches);
    if (!ed.open || (editor_is_idle() && move_line(key)))
        return;
    str_clear(&ed.queue);
    ed.taken = 0;
    queue_key(key);
    while (ed.open && ed.taken < ed.queue.len)
        rl_callback_read_char();
}

void editor_paste(const char *text) {
    struct str clean = {0};
    size_t n = strlen(text);
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
        n--; /* pasting runs nothing: Enter does */
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (c == '\r')
            str_add_char(&clean, text[i + 1] == '\n' ? ' ' : '\n');
        else if (c == '\t' || c == '\n' || (unsigned char)c >= 32)
            str_add_char(&clean, c);
    }
    words_free(&ed.matches);
    rl_insert_text(str_get(&clean));
    str_free(&clean);
}

void editor_set_text(const char *text) {
    rl_replace_line(text, 1);
    rl_point = rl_end;
}

/* ---- what it shows ---- */

const char *editor_text(void) { return ed.open && rl_line_buffer ? rl_line_buffer : ""; }
size_t editor_point(void) { return ed.open ? (size_t)rl_point : 0; }
bool editor_is_vi(void) { return rl_editing_mode == 0; }
bool editor_is_vi_command(void) { return editor_is_vi() && rl_get_keymap() == vi_movement_keymap; }
const struct words *editor_matches(void) { return &ed.matches; }

bool editor_is_idle(void) {
    return !RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG | RL_STATE_MULTIKEY |
        RL_STATE_METANEXT | RL_STATE_CHARSEARCH | RL_STATE_VIMOTION);
}

const char *editor_message(void) {
    bool asks = RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG);
    return asks && rl_display_prompt ? rl_display_prompt : "";
}
