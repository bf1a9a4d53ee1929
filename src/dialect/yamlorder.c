/* yamlorder: the order in which the server's YAML writes the keys of a map. */
#include "yamlorder.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Beyond ASCII nearly all that a name holds is one. */
static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* Whether the number that goes on at i has begun before it: then zeros count. */
static bool begun(const char *text, size_t i) {
    while (i > 0 && is_digit(text[i - 1]))
        if (text[--i] != '0')
            return true;
    return false;
}

/* Two numbers that differ from here on. 0: neither is one. */
static int compare_numbers(const char *a, const char *b, bool within) {
    size_t zeros_a = within ? 0 : strspn(a, "0"), zeros_b = within ? 0 : strspn(b, "0");
    size_t n = strspn(a + zeros_a, "0123456789"), m = strspn(b + zeros_b, "0123456789");
    if (n != m)
        return n < m ? -1 : 1;
    int order = strncmp(a + zeros_a, b + zeros_b, n);
    if (order != 0 || zeros_a == zeros_b)
        return order;
    return zeros_a < zeros_b ? -1 : 1;
}

int yamlorder_compare(const char *a, const char *b) {
    size_t i = 0;
    while (a[i] && a[i] == b[i])
        i++;
    if (!a[i] || !b[i])
        return (a[i] != '\0') - (b[i] != '\0');
    if (is_letter(a[i]) || is_letter(b[i])) {
        if (is_letter(a[i]) && is_letter(b[i]))
            return (unsigned char)a[i] < (unsigned char)b[i] ? -1 : 1;
        return is_letter(b[i]) ? -1 : 1;
    }
    int order = compare_numbers(a + i, b + i, begun(a, i));
    return order != 0 ? order : a[i] < b[i] ? -1 : 1;
}
