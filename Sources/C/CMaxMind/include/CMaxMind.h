#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A MaxMind database in memory of its own. Only read once it is open, so threads may share it.
typedef struct martlet_mmdb martlet_mmdb;

/// A text in the database, in UTF-8, without an end mark; of no length where there is none.
typedef struct {
    const uint8_t *start;
    uint32_t count;
} martlet_mmdb_text;

/// What a database says of an address.
typedef struct {
    martlet_mmdb_text country, city, region, continent, organization;
    double latitude, longitude;
    uint32_t accuracy_km;
    /// The autonomous system; 0 where none is known.
    uint32_t number;
    bool has_coordinates;
    /// One address in many places, or one that people from anywhere come out of: a proxy, a private network, hosting.
    bool is_anywhere;
} martlet_mmdb_place;

enum {
    MARTLET_MMDB_NOTHING = 0,
    MARTLET_MMDB_FOUND = 1,
    /// The database contradicts itself here.
    MARTLET_MMDB_DAMAGED = 2,
};

/// Copies the bytes. NULL where they are no database that can be read; `error` then says why, NUL-terminated.
martlet_mmdb *martlet_mmdb_open(
    const uint8_t *bytes, size_t count, char *error, size_t error_capacity);
void martlet_mmdb_close(martlet_mmdb *database);

/// As the database calls itself: GeoLite2-City. NUL-terminated, and alive as long as the database.
const char *martlet_mmdb_type(const martlet_mmdb *database);
/// When it was built: seconds since 1970.
uint64_t martlet_mmdb_built(const martlet_mmdb *database);

/// Looks an address up by its text; what is no address is not found. Texts live as long as the database.
int martlet_mmdb_look_up(
    const martlet_mmdb *database, const char *address, martlet_mmdb_place *place);

/// Whether every node of the search tree leads to a node or into the data, and one entry in `stride` can be read.
bool martlet_mmdb_is_sound(const martlet_mmdb *database, uint32_t stride);
