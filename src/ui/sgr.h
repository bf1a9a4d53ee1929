/* sgr: a frame as curses wrote it, with its changes of colours and attributes made as short as they can be: none
 * before cursor movements, none that a blank does not show, and only what differs. Pure. */
#ifndef UI_SGR_H
#define UI_SGR_H

#include "domicile/base/str.h"

#include <stdbool.h>

struct sgr_state {
    bool bold, dim, underline, reverse;
    short fg, bg; /* of the palette of 256; -1 the terminal's own */
};

struct sgr {
    struct sgr_state have; /* what the terminal draws with */
    struct sgr_state want; /* what curses last asked for */
    bool unknown;          /* have is not to be relied on */
};

/* As after "ESC [ m". */
void sgr_reset(struct sgr *s);
/* Appends the bytes of whole sequences to out. */
void sgr_squeeze(struct sgr *s, struct str *out, const char *bytes, size_t n);

#endif
