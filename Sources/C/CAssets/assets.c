// Written by scripts/assets; a file ends with a zero byte that is not counted.
#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t pipelines_cloudtrail_api_to_webhook_yaml[] = {
#embed "../../../pipelines/cloudtrail-api-to-webhook.yaml" suffix(,)
    0};
static const uint8_t pipelines_cloudtrail_files_yaml[] = {
#embed "../../../pipelines/cloudtrail-files.yaml" suffix(,)
    0};
static const uint8_t pipelines_cloudtrail_to_splunk_yaml[] = {
#embed "../../../pipelines/cloudtrail-to-splunk.yaml" suffix(,)
    0};
static const uint8_t schemas_ocsf_1_1_0_schema_ocsf[] = {
#embed "../../../schemas/ocsf/1.1.0/schema.ocsf" suffix(,)
    0};
static const uint8_t schemas_ocsf_1_5_0_schema_ocsf[] = {
#embed "../../../schemas/ocsf/1.5.0/schema.ocsf" suffix(,)
    0};
static const uint8_t schemas_ocsf_1_8_0_schema_ocsf[] = {
#embed "../../../schemas/ocsf/1.8.0/schema.ocsf" suffix(,)
    0};
static const uint8_t schemas_ocsf_1_9_0_schema_ocsf[] = {
#embed "../../../schemas/ocsf/1.9.0/schema.ocsf" suffix(,)
    0};
static const uint8_t schemas_ocsf_maps_1_1_0_yaml[] = {
#embed "../../../schemas/ocsf/maps/1.1.0.yaml" suffix(,)
    0};
static const uint8_t schemas_ocsf_maps_1_5_0_yaml[] = {
#embed "../../../schemas/ocsf/maps/1.5.0.yaml" suffix(,)
    0};
static const uint8_t schemas_ocsf_maps_1_8_0_yaml[] = {
#embed "../../../schemas/ocsf/maps/1.8.0.yaml" suffix(,)
    0};
static const uint8_t schemas_pipeline_schema_json[] = {
#embed "../../../schemas/pipeline.schema.json" suffix(,)
    0};

static const martlet_asset assets[] = {
    {"pipelines/cloudtrail-api-to-webhook.yaml", pipelines_cloudtrail_api_to_webhook_yaml, sizeof(pipelines_cloudtrail_api_to_webhook_yaml) - 1},
    {"pipelines/cloudtrail-files.yaml", pipelines_cloudtrail_files_yaml, sizeof(pipelines_cloudtrail_files_yaml) - 1},
    {"pipelines/cloudtrail-to-splunk.yaml", pipelines_cloudtrail_to_splunk_yaml, sizeof(pipelines_cloudtrail_to_splunk_yaml) - 1},
    {"schemas/ocsf/1.1.0/schema.ocsf", schemas_ocsf_1_1_0_schema_ocsf, sizeof(schemas_ocsf_1_1_0_schema_ocsf) - 1},
    {"schemas/ocsf/1.5.0/schema.ocsf", schemas_ocsf_1_5_0_schema_ocsf, sizeof(schemas_ocsf_1_5_0_schema_ocsf) - 1},
    {"schemas/ocsf/1.8.0/schema.ocsf", schemas_ocsf_1_8_0_schema_ocsf, sizeof(schemas_ocsf_1_8_0_schema_ocsf) - 1},
    {"schemas/ocsf/1.9.0/schema.ocsf", schemas_ocsf_1_9_0_schema_ocsf, sizeof(schemas_ocsf_1_9_0_schema_ocsf) - 1},
    {"schemas/ocsf/maps/1.1.0.yaml", schemas_ocsf_maps_1_1_0_yaml, sizeof(schemas_ocsf_maps_1_1_0_yaml) - 1},
    {"schemas/ocsf/maps/1.5.0.yaml", schemas_ocsf_maps_1_5_0_yaml, sizeof(schemas_ocsf_maps_1_5_0_yaml) - 1},
    {"schemas/ocsf/maps/1.8.0.yaml", schemas_ocsf_maps_1_8_0_yaml, sizeof(schemas_ocsf_maps_1_8_0_yaml) - 1},
    {"schemas/pipeline.schema.json", schemas_pipeline_schema_json, sizeof(schemas_pipeline_schema_json) - 1},
};

size_t martlet_asset_count(void) { return sizeof(assets) / sizeof(assets[0]); }

martlet_asset martlet_asset_at(size_t index) { return assets[index]; }
