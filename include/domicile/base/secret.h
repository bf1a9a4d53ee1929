/* secret: what keeps passwords in memory from being left elsewhere. */
#ifndef DOMICILE_BASE_SECRET_H
#define DOMICILE_BASE_SECRET_H

/* No core dump from now on, neither into a file nor into a handler's pipe, of this process and those that it starts.
 * (A build with a leak checker stays readable to itself.) */
void secret_forbid_core_dumps(void);

#endif
