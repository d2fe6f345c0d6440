#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A file of the repository inside the binary, so that one executable is all there is to install.
typedef struct martlet_asset {
    /// Its path in the repository: `schemas/ocsf/1.9.0/schema.ocsf`.
    const char *name;
    const uint8_t *bytes;
    size_t length;
} martlet_asset;

/// The assets in name order; `index` below `martlet_asset_count()`.
size_t martlet_asset_count(void);
martlet_asset martlet_asset_at(size_t index);

#ifdef __cplusplus
}
#endif
