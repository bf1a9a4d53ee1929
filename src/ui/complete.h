/* complete: the words that may stand at a place of what is typed into the console. */
#ifndef UI_COMPLETE_H
#define UI_COMPLETE_H

#include "domicile/ui/model.h"
#include "editor.h"

/* Adds what may stand in place of text[begin..end), from the command table, the dialect's keywords and the catalog
 * that the model holds; nothing is asked of a server. */
void complete_words(const struct model *m, const char *text, size_t begin, size_t end, struct words *out);

#endif
