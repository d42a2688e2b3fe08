#ifndef X_H
#define X_H
#include <stdint.h>
typedef struct { uint32_t id; } order_t;
int order_get(uint32_t id, order_t *out);
#endif
