/* theme: what each style looks like. */
#include "domicile/ui/theme.h"

#include <string.h>

#define LOOK(f, b, f8, b8, a) {f, b, f8, b8, a}

/* Region colours keep apart for the colour-blind too (blue, orange, green, pink, sky, yellow, vermilion, grey). */
#define REGION_LOOKS(bold) \
    [STYLE_REGION] = LOOK(75, -1, 4, -1, bold), [STYLE_REGION + 1] = LOOK(214, -1, 3, -1, bold), \
    [STYLE_REGION + 2] = LOOK(79, -1, 2, -1, bold), [STYLE_REGION + 3] = LOOK(176, -1, 5, -1, bold), \
    [STYLE_REGION + 4] = LOOK(117, -1, 6, -1, bold), [STYLE_REGION + 5] = LOOK(228, -1, 3, -1, bold), \
    [STYLE_REGION + 6] = LOOK(209, -1, 1, -1, bold), [STYLE_REGION + 7] = LOOK(250, -1, 7, -1, bold)

static const struct theme
    themes[] =
        {
            {.name = "default",
                .help = "colours that the colour-blind can tell apart",
                .colours = true,
                .looks =
                    {
                        [STYLE_NORMAL] = LOOK(-1, -1, -1, -1, 0),
                        [STYLE_DIM] = LOOK(245, -1, -1, -1, 0),
                        [STYLE_STRONG] = LOOK(-1, -1, -1, -1, LOOK_BOLD),
                        [STYLE_HEADER] = LOOK(245, -1, -1, -1, 0),
                        [STYLE_BORDER] = LOOK(240, -1, -1, -1, 0),
                        [STYLE_BORDER_FOCUS] = LOOK(75, -1, 4, -1, LOOK_BOLD),
                        [STYLE_TITLE] = LOOK(250, -1, 7, -1, 0),
                        [STYLE_TITLE_FOCUS] = LOOK(231, -1, 7, -1, LOOK_BOLD),
                        [STYLE_BAR] = LOOK(252, 236, 7, 4, 0),
                        [STYLE_KEY] = LOOK(228, -1, 3, -1, LOOK_BOLD),
                        [STYLE_GOOD] = LOOK(79, -1, 2, -1, 0),
                        [STYLE_WARN] = LOOK(214, -1, 3, -1, 0),
                        [STYLE_BAD] = LOOK(203, -1, 1, -1, LOOK_BOLD),
                        [STYLE_UNKNOWN] = LOOK(246, -1, -1, -1, 0),
                        [STYLE_ABROAD] = LOOK(209, -1, 1, -1, LOOK_BOLD | LOOK_UNDERLINE),
                        [STYLE_DEAD] = LOOK(203, -1, 1, -1, LOOK_BOLD),
                        [STYLE_INPUT] = LOOK(231, 238, 7, 4, 0),
                        [STYLE_BUTTON] = LOOK(250, 238, 7, -1, 0),
                        [STYLE_BUTTON_FOCUS] = LOOK(16, 228, 0, 3, LOOK_BOLD),
                        [STYLE_SQL] = LOOK(117, -1, 6, -1, 0),
                        REGION_LOOKS(0),
                    },
                .selected = LOOK(-1, 237, -1, -1, LOOK_BOLD),
                .lit = LOOK(16, 228, 0, 3, LOOK_BOLD)},
            {.name = "mono",
                .help = "no colour: bold, underline and reverse alone",
                .colours = false,
                .looks =
                    {
                        [STYLE_STRONG] = LOOK(-1, -1, -1, -1, LOOK_BOLD),
                        [STYLE_BORDER_FOCUS] = LOOK(-1, -1, -1, -1, LOOK_BOLD),
                        [STYLE_TITLE_FOCUS] = LOOK(-1, -1, -1, -1, LOOK_BOLD),
                        [STYLE_BAR] = LOOK(-1, -1, -1, -1, LOOK_REVERSE),
                        [STYLE_KEY] = LOOK(-1, -1, -1, -1, LOOK_BOLD),
                        [STYLE_BAD] = LOOK(-1, -1, -1, -1, LOOK_BOLD),
                        [STYLE_WARN] = LOOK(-1, -1, -1, -1, LOOK_BOLD),
                        [STYLE_ABROAD] = LOOK(-1, -1, -1, -1, LOOK_BOLD | LOOK_UNDERLINE),
                        [STYLE_DEAD] = LOOK(-1, -1, -1, -1, LOOK_BOLD),
                        [STYLE_INPUT] = LOOK(-1, -1, -1, -1, LOOK_UNDERLINE),
                        [STYLE_BUTTON_FOCUS] = LOOK(-1, -1, -1, -1, LOOK_REVERSE),
                    },
                .selected = LOOK(-1, -1, -1, -1, LOOK_REVERSE),
                .lit = LOOK(-1, -1, -1, -1, LOOK_REVERSE | LOOK_BOLD)},
            {.name = "high-contrast",
                .help = "white on black, few colours, for projectors",
                .colours = true,
                .looks =
                    {
                        [STYLE_NORMAL] = LOOK(231, 16, 7, 0, 0),
                        [STYLE_DIM] = LOOK(252, 16, 7, 0, 0),
                        [STYLE_STRONG] = LOOK(231, 16, 7, 0, LOOK_BOLD),
                        [STYLE_HEADER] = LOOK(231, 16, 7, 0, LOOK_UNDERLINE),
                        [STYLE_BORDER] = LOOK(252, 16, 7, 0, 0),
                        [STYLE_BORDER_FOCUS] = LOOK(226, 16, 3, 0, LOOK_BOLD),
                        [STYLE_TITLE] = LOOK(231, 16, 7, 0, 0),
                        [STYLE_TITLE_FOCUS] = LOOK(226, 16, 3, 0, LOOK_BOLD),
                        [STYLE_BAR] = LOOK(16, 231, 0, 7, 0),
                        [STYLE_KEY] = LOOK(226, 16, 3, 0, LOOK_BOLD),
                        [STYLE_GOOD] = LOOK(46, 16, 2, 0, LOOK_BOLD),
                        [STYLE_WARN] = LOOK(226, 16, 3, 0, LOOK_BOLD),
                        [STYLE_BAD] = LOOK(196, 16, 1, 0, LOOK_BOLD),
                        [STYLE_UNKNOWN] = LOOK(252, 16, 7, 0, 0),
                        [STYLE_ABROAD] = LOOK(226, 16, 3, 0, LOOK_BOLD | LOOK_UNDERLINE),
                        [STYLE_DEAD] = LOOK(196, 16, 1, 0, LOOK_BOLD),
                        [STYLE_INPUT] = LOOK(16, 231, 0, 7, 0),
                        [STYLE_BUTTON] = LOOK(231, 16, 7, 0, LOOK_UNDERLINE),
                        [STYLE_BUTTON_FOCUS] = LOOK(16, 226, 0, 3, LOOK_BOLD),
                        [STYLE_SQL] = LOOK(51, 16, 6, 0, 0),
                        REGION_LOOKS(LOOK_BOLD),
                    },
                .selected = LOOK(16, 231, 0, 7, LOOK_BOLD),
                .lit = LOOK(16, 226, 0, 3, LOOK_BOLD)},
};

const struct theme *theme_table(size_t *n) {
    *n = sizeof themes / sizeof *themes;
    return themes;
}

const struct theme *theme_by_name(const char *name) {
    for (size_t i = 0; i < sizeof themes / sizeof *themes; i++)
        if (strcmp(themes[i].name, name) == 0)
            return &themes[i];
    return NULL;
}

enum style theme_region(size_t index) { return (enum style)(STYLE_REGION + index % (STYLE_COUNT - STYLE_REGION)); }
