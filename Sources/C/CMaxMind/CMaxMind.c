#define _GNU_SOURCE
#include "CMaxMind.h"

#include <arpa/inet.h>
#include <errno.h>
#include <maxminddb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct martlet_mmdb {
    MMDB_s database;
};

static bool write_all(int file, const uint8_t *bytes, size_t count) {
    while (count > 0) {
        const ssize_t written = write(file, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes += written;
        count -= (size_t)written;
    }
    return true;
}

/// The library opens paths only: a file without one, in memory, has a path by its number.
martlet_mmdb *martlet_mmdb_open(
    const uint8_t *bytes, size_t count, char *error, size_t error_capacity) {
    const int file = memfd_create("martlet-geo", MFD_CLOEXEC);
    if (file < 0) {
        snprintf(error, error_capacity, "no memory for it: %s", strerror(errno));
        return NULL;
    }
    martlet_mmdb *opened = calloc(1, sizeof *opened);
    if (opened == NULL || !write_all(file, bytes, count)) {
        snprintf(error, error_capacity, "no memory for it");
        close(file);
        free(opened);
        return NULL;
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    const int status = MMDB_open(path, MMDB_MODE_MMAP, &opened->database);
    // The mapping holds the memory from here on.
    close(file);
    if (status != MMDB_SUCCESS) {
        snprintf(error, error_capacity, "%s", MMDB_strerror(status));
        free(opened);
        return NULL;
    }
    return opened;
}

void martlet_mmdb_close(martlet_mmdb *opened) {
    if (opened == NULL) return;
    MMDB_close(&opened->database);
    free(opened);
}

const char *martlet_mmdb_type(const martlet_mmdb *opened) {
    const char *type = opened->database.metadata.database_type;
    return type == NULL ? "" : type;
}

uint64_t martlet_mmdb_built(const martlet_mmdb *opened) {
    return opened->database.metadata.build_epoch;
}

/// False only where the database is damaged; what is not there leaves `value.has_data` unset.
static bool value_at(MMDB_entry_s *entry, MMDB_entry_data_s *value, const char *const *path) {
    const int status = MMDB_aget_value(entry, value, path);
    if (status == MMDB_SUCCESS) return true;
    memset(value, 0, sizeof *value);
    return status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR;
}

static bool text_at(MMDB_entry_s *entry, martlet_mmdb_text *text, const char *const *path) {
    MMDB_entry_data_s value;
    if (!value_at(entry, &value, path)) return false;
    if (value.has_data && value.type == MMDB_DATA_TYPE_UTF8_STRING) {
        text->start = (const uint8_t *)value.utf8_string;
        text->count = value.data_size;
    }
    return true;
}

static bool number_of(const MMDB_entry_data_s *value, double *number) {
    if (!value->has_data) return false;
    switch (value->type) {
        case MMDB_DATA_TYPE_DOUBLE: *number = value->double_value; return true;
        case MMDB_DATA_TYPE_FLOAT: *number = value->float_value; return true;
        case MMDB_DATA_TYPE_UINT16: *number = value->uint16; return true;
        case MMDB_DATA_TYPE_UINT32: *number = value->uint32; return true;
        case MMDB_DATA_TYPE_INT32: *number = value->int32; return true;
        case MMDB_DATA_TYPE_UINT64: *number = (double)value->uint64; return true;
        default: return false;
    }
}

#define PATH(...) ((const char *const[]){__VA_ARGS__, NULL})

static bool flag_at(MMDB_entry_s *entry, martlet_mmdb_place *place, const char *const *path) {
    MMDB_entry_data_s value;
    if (!value_at(entry, &value, path)) return false;
    if (value.has_data && value.type == MMDB_DATA_TYPE_BOOLEAN && value.boolean) {
        place->is_anywhere = true;
    }
    return true;
}

/// What a database of anonymous addresses says.
static bool read_flags(MMDB_entry_s *entry, martlet_mmdb_place *place) {
    return flag_at(entry, place, PATH("is_anonymous")) &&
           flag_at(entry, place, PATH("is_anonymous_vpn")) &&
           flag_at(entry, place, PATH("is_hosting_provider")) &&
           flag_at(entry, place, PATH("is_public_proxy")) &&
           flag_at(entry, place, PATH("is_residential_proxy")) &&
           flag_at(entry, place, PATH("is_tor_exit_node"));
}

static bool read_place(MMDB_entry_s *entry, martlet_mmdb_place *place) {
    if (!text_at(entry, &place->country, PATH("country", "iso_code"))) return false;
    if (!text_at(entry, &place->city, PATH("city", "names", "en"))) return false;
    if (!text_at(entry, &place->region, PATH("subdivisions", "0", "iso_code"))) return false;
    if (!text_at(entry, &place->continent, PATH("continent", "names", "en"))) return false;
    if (!text_at(entry, &place->organization, PATH("autonomous_system_organization"))) return false;
    MMDB_entry_data_s value;
    double number = 0;
    if (!value_at(entry, &value, PATH("autonomous_system_number"))) return false;
    if (number_of(&value, &number) && number >= 0 && number <= UINT32_MAX) {
        place->number = (uint32_t)number;
    }
    if (!value_at(entry, &value, PATH("location", "accuracy_radius"))) return false;
    if (number_of(&value, &number) && number >= 0 && number <= 65535) {
        place->accuracy_km = (uint32_t)number;
    }
    double latitude = 0, longitude = 0;
    if (!value_at(entry, &value, PATH("location", "latitude"))) return false;
    const bool has_latitude = number_of(&value, &latitude);
    if (!value_at(entry, &value, PATH("location", "longitude"))) return false;
    const bool has_longitude = number_of(&value, &longitude);
    if (has_latitude && has_longitude && latitude >= -90 && latitude <= 90 && longitude >= -180 &&
        longitude <= 180) {
        place->has_coordinates = true;
        place->latitude = latitude;
        place->longitude = longitude;
    }
    if (!flag_at(entry, place, PATH("traits", "is_anycast"))) return false;
    return read_flags(entry, place);
}

int martlet_mmdb_look_up(
    const martlet_mmdb *opened, const char *address, martlet_mmdb_place *place) {
    memset(place, 0, sizeof *place);
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    const struct sockaddr *wanted;
    if (inet_pton(AF_INET, address, &v4.sin_addr) == 1) {
        wanted = (const struct sockaddr *)&v4;
    } else if (inet_pton(AF_INET6, address, &v6.sin6_addr) == 1) {
        if (opened->database.metadata.ip_version == 4) return MARTLET_MMDB_NOTHING;
        wanted = (const struct sockaddr *)&v6;
    } else {
        return MARTLET_MMDB_NOTHING;
    }
    int status = MMDB_SUCCESS;
    MMDB_lookup_result_s result = MMDB_lookup_sockaddr(&opened->database, wanted, &status);
    if (status != MMDB_SUCCESS) return MARTLET_MMDB_DAMAGED;
    if (!result.found_entry) return MARTLET_MMDB_NOTHING;
    return read_place(&result.entry, place) ? MARTLET_MMDB_FOUND : MARTLET_MMDB_DAMAGED;
}

bool martlet_mmdb_is_sound(const martlet_mmdb *opened, uint32_t stride) {
    const MMDB_s *database = &opened->database;
    uint32_t entries = 0;
    for (uint32_t node = 0; node < database->metadata.node_count; node++) {
        MMDB_search_node_s found;
        if (MMDB_read_node(database, node, &found) != MMDB_SUCCESS) return false;
        const uint8_t types[2] = {found.left_record_type, found.right_record_type};
        MMDB_entry_s entries_of[2] = {found.left_record_entry, found.right_record_entry};
        for (int side = 0; side < 2; side++) {
            if (types[side] == MMDB_RECORD_TYPE_INVALID) return false;
            if (types[side] != MMDB_RECORD_TYPE_DATA || entries++ % stride != 0) continue;
            martlet_mmdb_place place;
            memset(&place, 0, sizeof place);
            if (!read_place(&entries_of[side], &place)) return false;
        }
    }
    return true;
}
