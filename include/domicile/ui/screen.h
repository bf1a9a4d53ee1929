/* screen: curses as the painter of a surface. Curses writes its frames into memory; the loop sends
 * them without blocking, and no new frame is made before the last one has left. */
#ifndef DOMICILE_UI_SCREEN_H
#define DOMICILE_UI_SCREEN_H

#include "domicile/base/err.h"
#include "domicile/loop/loop.h"
#include "domicile/ui/input.h"
#include "domicile/ui/surface.h"

struct screen;

struct screen_options {
    const struct theme *theme;
    bool colour;
    bool ascii;
    bool mouse;
    usec escape_delay; /* a lone Esc is a key after this long */
    void (*event)(void *arg, const struct input_event *e);
    /* Draws the picture; called at the end of a turn when dirty and the last frame has left. */
    void (*paint)(void *arg, struct surface *s);
    void (*resized)(void *arg, int width, int height);
    void (*hangup)(void *arg); /* the terminal is gone */
    void *arg;
};

/* Takes the terminal (terminal_open comes first). */
struct screen *screen_new(struct loop *loop, const struct screen_options *o, struct err *err);
void screen_free(struct screen *s);
/* Paint at the end of this turn: what a key did at once, what else happened at most 33 times a second. */
void screen_dirty(struct screen *s);
void screen_set_theme(struct screen *s, const struct theme *theme);
/* Paint everything anew: Ctrl-L, and after a suspension. */
void screen_repaint(struct screen *s);
/* The window changed its size (SIGWINCH). */
void screen_resize(struct screen *s);
/* Sends an escape sequence of ours (OSC 52, title) behind what is pending. */
void screen_send(struct screen *s, const char *bytes, size_t n);
/* OSC 52: puts text on the terminal's clipboard. */
void screen_copy(struct screen *s, const char *text);
void screen_suspend(struct screen *s);
/* Takes the terminal again after a stop that could not be caught, and paints everything. */
void screen_resume(struct screen *s);
void screen_size(const struct screen *s, int *width, int *height);

struct screen_stats {
    uint64_t frames, bytes, skipped;
};
/* Since the screen was opened: frames written, their bytes, and frames left out because the terminal did not read. */
struct screen_stats screen_stats(const struct screen *s);

#endif
