/* decimal: exact arithmetic on DECIMAL values given as text, to 36 digits. */
#ifndef DOMICILE_SANDBOX_DECIMAL_H
#define DOMICILE_SANDBOX_DECIMAL_H

#include <stdbool.h>

/* value = mantissa / 10^scale */
struct decimal {
    __int128 mantissa;
    int scale;
    bool bad; /* not a number, or too long */
};
struct decimal decimal_parse(const char *text);
/* The caller frees. */
char *decimal_print(struct decimal d);
struct decimal decimal_add(struct decimal a, struct decimal b);
struct decimal decimal_subtract(struct decimal a, struct decimal b);
struct decimal decimal_multiply(struct decimal a, struct decimal b);
/* To 20 significant digits, as the server does. bad when b is 0. */
struct decimal decimal_divide(struct decimal a, struct decimal b);
/* To so many digits after the point; mode -1 floor, 0 half away from zero, 1 ceiling. */
struct decimal decimal_round(struct decimal a, int scale, int mode);
int decimal_compare(struct decimal a, struct decimal b);

#endif
