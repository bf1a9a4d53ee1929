/* descriptor_private: what making and keeping descriptors share. */
#ifndef DOMICILE_SANDBOX_DESCRIPTOR_PRIVATE_H
#define DOMICILE_SANDBOX_DESCRIPTOR_PRIVATE_H

#include "domicile/sandbox/descriptor.h"

void super_region_clear(struct super_region *s);
void column_descriptor_clear(struct column_descriptor *c);

#endif
