/* users: users, roles, their options and memberships, grants on objects and on the system, and the
 * questions that statements ask before they run. Kept by the descriptors (descriptor.h). */
#ifndef DOMICILE_SANDBOX_USERS_H
#define DOMICILE_SANDBOX_USERS_H

#include "domicile/sandbox/result.h"
#include "domicile/sandbox/session.h"

#include <stdbool.h>

/* What can be granted; on the system: the second half. */
enum privilege {
    PRIVILEGE_ALL = 1 << 0,
    PRIVILEGE_CREATE = 1 << 1,
    PRIVILEGE_DROP = 1 << 2,
    PRIVILEGE_GRANT = 1 << 3,
    PRIVILEGE_SELECT = 1 << 4,
    PRIVILEGE_INSERT = 1 << 5,
    PRIVILEGE_DELETE = 1 << 6,
    PRIVILEGE_UPDATE = 1 << 7,
    PRIVILEGE_USAGE = 1 << 8,
    PRIVILEGE_ZONECONFIG = 1 << 9,
    PRIVILEGE_CONNECT = 1 << 10,
    PRIVILEGE_VIEWACTIVITY = 1 << 11,
    PRIVILEGE_VIEWACTIVITYREDACTED = 1 << 12,
    PRIVILEGE_VIEWCLUSTERMETADATA = 1 << 13,
    PRIVILEGE_VIEWCLUSTERSETTING = 1 << 14,
    PRIVILEGE_MODIFYCLUSTERSETTING = 1 << 15,
    PRIVILEGE_CANCELQUERY = 1 << 16,
    PRIVILEGE_BACKUP = 1 << 17,
    PRIVILEGE_RESTORE = 1 << 18,
    PRIVILEGE_EXECUTE = 1 << 19,
    PRIVILEGE_TRIGGER = 1 << 20,
};

/* The word in GRANT ("SELECT"); NULL for none. */
const char *privilege_name(enum privilege p);
/* 0 when there is none of that name. */
enum privilege privilege_by_name(const char *name);

#endif
