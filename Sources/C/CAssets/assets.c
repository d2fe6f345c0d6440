// Written by scripts/assets; a file ends with a zero byte that is not counted.
#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t pipelines_aws_access_cases_jsonl[] = {
#embed "../../../pipelines/aws-access.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_aws_access_yaml[] = {
#embed "../../../pipelines/aws-access.yaml" suffix(,)
    0};
static const uint8_t pipelines_cloudtrail_api_to_webhook_cases_jsonl[] = {
#embed "../../../pipelines/cloudtrail-api-to-webhook.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_cloudtrail_api_to_webhook_yaml[] = {
#embed "../../../pipelines/cloudtrail-api-to-webhook.yaml" suffix(,)
    0};
static const uint8_t pipelines_cloudtrail_files_cases_jsonl[] = {
#embed "../../../pipelines/cloudtrail-files.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_cloudtrail_files_yaml[] = {
#embed "../../../pipelines/cloudtrail-files.yaml" suffix(,)
    0};
static const uint8_t pipelines_cloudtrail_to_splunk_cases_jsonl[] = {
#embed "../../../pipelines/cloudtrail-to-splunk.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_cloudtrail_to_splunk_yaml[] = {
#embed "../../../pipelines/cloudtrail-to-splunk.yaml" suffix(,)
    0};
static const uint8_t pipelines_entra_to_files_cases_jsonl[] = {
#embed "../../../pipelines/entra-to-files.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_entra_to_files_yaml[] = {
#embed "../../../pipelines/entra-to-files.yaml" suffix(,)
    0};
static const uint8_t pipelines_push_to_files_cases_jsonl[] = {
#embed "../../../pipelines/push-to-files.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_push_to_files_yaml[] = {
#embed "../../../pipelines/push-to-files.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_access_key_for_another_user_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/access_key_for_another_user.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_access_key_for_another_user_yaml[] = {
#embed "../../../pipelines/rules/aws/access_key_for_another_user.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_admin_policy_attached_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/admin_policy_attached.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_admin_policy_attached_yaml[] = {
#embed "../../../pipelines/rules/aws/admin_policy_attached.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_attack_tool_user_agent_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/attack_tool_user_agent.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_attack_tool_user_agent_yaml[] = {
#embed "../../../pipelines/rules/aws/attack_tool_user_agent.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_bucket_made_public_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/bucket_made_public.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_bucket_made_public_yaml[] = {
#embed "../../../pipelines/rules/aws/bucket_made_public.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_bucket_policy_foreign_principal_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/bucket_policy_foreign_principal.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_bucket_policy_foreign_principal_yaml[] = {
#embed "../../../pipelines/rules/aws/bucket_policy_foreign_principal.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_cloudtrail_selectors_narrowed_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/cloudtrail_selectors_narrowed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_cloudtrail_selectors_narrowed_yaml[] = {
#embed "../../../pipelines/rules/aws/cloudtrail_selectors_narrowed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_cloudtrail_stopped_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/cloudtrail_stopped.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_cloudtrail_stopped_yaml[] = {
#embed "../../../pipelines/rules/aws/cloudtrail_stopped.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_config_recorder_stopped_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/config_recorder_stopped.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_config_recorder_stopped_yaml[] = {
#embed "../../../pipelines/rules/aws/config_recorder_stopped.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_console_login_without_mfa_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/console_login_without_mfa.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_console_login_without_mfa_yaml[] = {
#embed "../../../pipelines/rules/aws/console_login_without_mfa.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_console_password_for_another_user_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/console_password_for_another_user.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_console_password_for_another_user_yaml[] = {
#embed "../../../pipelines/rules/aws/console_password_for_another_user.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_federation_token_by_user_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/federation_token_by_user.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_federation_token_by_user_yaml[] = {
#embed "../../../pipelines/rules/aws/federation_token_by_user.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_flow_logs_deleted_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/flow_logs_deleted.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_flow_logs_deleted_yaml[] = {
#embed "../../../pipelines/rules/aws/flow_logs_deleted.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_function_code_changed_by_person_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/function_code_changed_by_person.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_function_code_changed_by_person_yaml[] = {
#embed "../../../pipelines/rules/aws/function_code_changed_by_person.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_function_opened_to_everybody_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/function_opened_to_everybody.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_function_opened_to_everybody_yaml[] = {
#embed "../../../pipelines/rules/aws/function_opened_to_everybody.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_guardduty_disabled_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/guardduty_disabled.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_guardduty_disabled_yaml[] = {
#embed "../../../pipelines/rules/aws/guardduty_disabled.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_identity_center_assignment_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/identity_center_assignment.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_identity_center_assignment_yaml[] = {
#embed "../../../pipelines/rules/aws/identity_center_assignment.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_identity_provider_changed_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/identity_provider_changed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_identity_provider_changed_yaml[] = {
#embed "../../../pipelines/rules/aws/identity_provider_changed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_inline_policy_allows_everything_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/inline_policy_allows_everything.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_inline_policy_allows_everything_yaml[] = {
#embed "../../../pipelines/rules/aws/inline_policy_allows_everything.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_instance_user_data_changed_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/instance_user_data_changed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_instance_user_data_changed_yaml[] = {
#embed "../../../pipelines/rules/aws/instance_user_data_changed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_instance_user_data_read_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/instance_user_data_read.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_instance_user_data_read_yaml[] = {
#embed "../../../pipelines/rules/aws/instance_user_data_read.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_key_quarantined_by_aws_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/key_quarantined_by_aws.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_key_quarantined_by_aws_yaml[] = {
#embed "../../../pipelines/rules/aws/key_quarantined_by_aws.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_kms_grant_foreign_account_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/kms_grant_foreign_account.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_kms_grant_foreign_account_yaml[] = {
#embed "../../../pipelines/rules/aws/kms_grant_foreign_account.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_kms_key_deletion_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/kms_key_deletion.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_kms_key_deletion_yaml[] = {
#embed "../../../pipelines/rules/aws/kms_key_deletion.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_log_bucket_expiry_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/log_bucket_expiry.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_log_bucket_expiry_yaml[] = {
#embed "../../../pipelines/rules/aws/log_bucket_expiry.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_long_term_key_whoami_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/long_term_key_whoami.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_long_term_key_whoami_yaml[] = {
#embed "../../../pipelines/rules/aws/long_term_key_whoami.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_mfa_device_removed_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/mfa_device_removed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_mfa_device_removed_yaml[] = {
#embed "../../../pipelines/rules/aws/mfa_device_removed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_organization_left_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/organization_left.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_organization_left_yaml[] = {
#embed "../../../pipelines/rules/aws/organization_left.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_parameters_decrypted_in_bulk_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/parameters_decrypted_in_bulk.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_parameters_decrypted_in_bulk_yaml[] = {
#embed "../../../pipelines/rules/aws/parameters_decrypted_in_bulk.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_policy_version_reset_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/policy_version_reset.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_policy_version_reset_yaml[] = {
#embed "../../../pipelines/rules/aws/policy_version_reset.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_powerful_role_passed_to_compute_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/powerful_role_passed_to_compute.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_powerful_role_passed_to_compute_yaml[] = {
#embed "../../../pipelines/rules/aws/powerful_role_passed_to_compute.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_remote_command_on_instances_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/remote_command_on_instances.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_remote_command_on_instances_yaml[] = {
#embed "../../../pipelines/rules/aws/remote_command_on_instances.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_role_trust_foreign_account_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/role_trust_foreign_account.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_role_trust_foreign_account_yaml[] = {
#embed "../../../pipelines/rules/aws/role_trust_foreign_account.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_roles_anywhere_trust_anchor_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/roles_anywhere_trust_anchor.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_roles_anywhere_trust_anchor_yaml[] = {
#embed "../../../pipelines/rules/aws/roles_anywhere_trust_anchor.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_root_access_key_created_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/root_access_key_created.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_root_access_key_created_yaml[] = {
#embed "../../../pipelines/rules/aws/root_access_key_created.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_root_use_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/root_use.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_root_use_yaml[] = {
#embed "../../../pipelines/rules/aws/root_use.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_secrets_read_by_person_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/secrets_read_by_person.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_secrets_read_by_person_yaml[] = {
#embed "../../../pipelines/rules/aws/secrets_read_by_person.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_security_group_open_to_world_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/security_group_open_to_world.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_security_group_open_to_world_yaml[] = {
#embed "../../../pipelines/rules/aws/security_group_open_to_world.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_service_control_policy_changed_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/service_control_policy_changed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_service_control_policy_changed_yaml[] = {
#embed "../../../pipelines/rules/aws/service_control_policy_changed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_snapshot_shared_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/snapshot_shared.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_snapshot_shared_yaml[] = {
#embed "../../../pipelines/rules/aws/snapshot_shared.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_windows_password_data_read_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/windows_password_data_read.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_windows_password_data_read_yaml[] = {
#embed "../../../pipelines/rules/aws/windows_password_data_read.yaml" suffix(,)
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
static const uint8_t schemas_store_events_columns[] = {
#embed "../../../schemas/store/events.columns" suffix(,)
    0};
static const uint8_t schemas_store_events_yaml[] = {
#embed "../../../schemas/store/events.yaml" suffix(,)
    0};
static const uint8_t schemas_store_findings_columns[] = {
#embed "../../../schemas/store/findings.columns" suffix(,)
    0};
static const uint8_t schemas_store_findings_yaml[] = {
#embed "../../../schemas/store/findings.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_access_analyzer_feed_yaml[] = {
#embed "../../../schemas/vendors/aws/access_analyzer/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_access_analyzer_golden_jsonl[] = {
#embed "../../../schemas/vendors/aws/access_analyzer/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_access_analyzer_mapping_yaml[] = {
#embed "../../../schemas/vendors/aws/access_analyzer/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_access_analyzer_samples_jsonl[] = {
#embed "../../../schemas/vendors/aws/access_analyzer/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_acm_feed_yaml[] = {
#embed "../../../schemas/vendors/aws/acm/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_acm_golden_jsonl[] = {
#embed "../../../schemas/vendors/aws/acm/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_acm_mapping_yaml[] = {
#embed "../../../schemas/vendors/aws/acm/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_acm_samples_jsonl[] = {
#embed "../../../schemas/vendors/aws/acm/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_cloudtrail_feed_yaml[] = {
#embed "../../../schemas/vendors/aws/cloudtrail/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_cloudtrail_golden_jsonl[] = {
#embed "../../../schemas/vendors/aws/cloudtrail/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_cloudtrail_mapping_yaml[] = {
#embed "../../../schemas/vendors/aws/cloudtrail/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_cloudtrail_samples_jsonl[] = {
#embed "../../../schemas/vendors/aws/cloudtrail/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_directory_service_feed_yaml[] = {
#embed "../../../schemas/vendors/aws/directory_service/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_directory_service_golden_jsonl[] = {
#embed "../../../schemas/vendors/aws/directory_service/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_directory_service_mapping_yaml[] = {
#embed "../../../schemas/vendors/aws/directory_service/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_directory_service_samples_jsonl[] = {
#embed "../../../schemas/vendors/aws/directory_service/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_guardduty_feed_yaml[] = {
#embed "../../../schemas/vendors/aws/guardduty/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_guardduty_golden_jsonl[] = {
#embed "../../../schemas/vendors/aws/guardduty/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_guardduty_mapping_yaml[] = {
#embed "../../../schemas/vendors/aws/guardduty/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_guardduty_samples_jsonl[] = {
#embed "../../../schemas/vendors/aws/guardduty/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_iam_feed_yaml[] = {
#embed "../../../schemas/vendors/aws/iam/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_iam_golden_jsonl[] = {
#embed "../../../schemas/vendors/aws/iam/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_iam_mapping_yaml[] = {
#embed "../../../schemas/vendors/aws/iam/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_iam_samples_jsonl[] = {
#embed "../../../schemas/vendors/aws/iam/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_identity_center_feed_yaml[] = {
#embed "../../../schemas/vendors/aws/identity_center/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_identity_center_golden_jsonl[] = {
#embed "../../../schemas/vendors/aws/identity_center/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_identity_center_mapping_yaml[] = {
#embed "../../../schemas/vendors/aws/identity_center/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_identity_center_samples_jsonl[] = {
#embed "../../../schemas/vendors/aws/identity_center/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_kms_feed_yaml[] = {
#embed "../../../schemas/vendors/aws/kms/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_kms_golden_jsonl[] = {
#embed "../../../schemas/vendors/aws/kms/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_kms_mapping_yaml[] = {
#embed "../../../schemas/vendors/aws/kms/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_kms_samples_jsonl[] = {
#embed "../../../schemas/vendors/aws/kms/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_organizations_feed_yaml[] = {
#embed "../../../schemas/vendors/aws/organizations/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_organizations_golden_jsonl[] = {
#embed "../../../schemas/vendors/aws/organizations/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_organizations_mapping_yaml[] = {
#embed "../../../schemas/vendors/aws/organizations/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_organizations_samples_jsonl[] = {
#embed "../../../schemas/vendors/aws/organizations/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_snapshot_feed_yaml[] = {
#embed "../../../schemas/vendors/aws/snapshot/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_snapshot_golden_jsonl[] = {
#embed "../../../schemas/vendors/aws/snapshot/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_snapshot_mapping_yaml[] = {
#embed "../../../schemas/vendors/aws/snapshot/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_snapshot_samples_jsonl[] = {
#embed "../../../schemas/vendors/aws/snapshot/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_team_feed_yaml[] = {
#embed "../../../schemas/vendors/aws/team/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_team_golden_jsonl[] = {
#embed "../../../schemas/vendors/aws/team/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_team_mapping_yaml[] = {
#embed "../../../schemas/vendors/aws/team/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_aws_team_samples_jsonl[] = {
#embed "../../../schemas/vendors/aws/team/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_azure_activity_feed_yaml[] = {
#embed "../../../schemas/vendors/azure/activity/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_azure_activity_golden_jsonl[] = {
#embed "../../../schemas/vendors/azure/activity/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_azure_activity_mapping_yaml[] = {
#embed "../../../schemas/vendors/azure/activity/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_azure_activity_samples_jsonl[] = {
#embed "../../../schemas/vendors/azure/activity/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_azure_roles_feed_yaml[] = {
#embed "../../../schemas/vendors/azure/roles/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_azure_roles_golden_jsonl[] = {
#embed "../../../schemas/vendors/azure/roles/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_azure_roles_mapping_yaml[] = {
#embed "../../../schemas/vendors/azure/roles/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_azure_roles_samples_jsonl[] = {
#embed "../../../schemas/vendors/azure/roles/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_beyondtrust_audit_feed_yaml[] = {
#embed "../../../schemas/vendors/beyondtrust/audit/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_beyondtrust_audit_golden_jsonl[] = {
#embed "../../../schemas/vendors/beyondtrust/audit/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_beyondtrust_audit_mapping_yaml[] = {
#embed "../../../schemas/vendors/beyondtrust/audit/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_beyondtrust_audit_samples_jsonl[] = {
#embed "../../../schemas/vendors/beyondtrust/audit/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_boundary_audit_feed_yaml[] = {
#embed "../../../schemas/vendors/boundary/audit/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_boundary_audit_golden_jsonl[] = {
#embed "../../../schemas/vendors/boundary/audit/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_boundary_audit_mapping_yaml[] = {
#embed "../../../schemas/vendors/boundary/audit/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_boundary_audit_samples_jsonl[] = {
#embed "../../../schemas/vendors/boundary/audit/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_britive_audit_feed_yaml[] = {
#embed "../../../schemas/vendors/britive/audit/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_britive_audit_golden_jsonl[] = {
#embed "../../../schemas/vendors/britive/audit/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_britive_audit_mapping_yaml[] = {
#embed "../../../schemas/vendors/britive/audit/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_britive_audit_samples_jsonl[] = {
#embed "../../../schemas/vendors/britive/audit/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_conductorone_audit_feed_yaml[] = {
#embed "../../../schemas/vendors/conductorone/audit/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_conductorone_audit_golden_jsonl[] = {
#embed "../../../schemas/vendors/conductorone/audit/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_conductorone_audit_mapping_yaml[] = {
#embed "../../../schemas/vendors/conductorone/audit/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_conductorone_audit_samples_jsonl[] = {
#embed "../../../schemas/vendors/conductorone/audit/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_cyberark_audit_feed_yaml[] = {
#embed "../../../schemas/vendors/cyberark/audit/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_cyberark_audit_golden_jsonl[] = {
#embed "../../../schemas/vendors/cyberark/audit/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_cyberark_audit_mapping_yaml[] = {
#embed "../../../schemas/vendors/cyberark/audit/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_cyberark_audit_samples_jsonl[] = {
#embed "../../../schemas/vendors/cyberark/audit/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_databricks_audit_feed_yaml[] = {
#embed "../../../schemas/vendors/databricks/audit/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_databricks_audit_golden_jsonl[] = {
#embed "../../../schemas/vendors/databricks/audit/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_databricks_audit_mapping_yaml[] = {
#embed "../../../schemas/vendors/databricks/audit/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_databricks_audit_samples_jsonl[] = {
#embed "../../../schemas/vendors/databricks/audit/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_delinea_audit_feed_yaml[] = {
#embed "../../../schemas/vendors/delinea/audit/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_delinea_audit_golden_jsonl[] = {
#embed "../../../schemas/vendors/delinea/audit/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_delinea_audit_mapping_yaml[] = {
#embed "../../../schemas/vendors/delinea/audit/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_delinea_audit_samples_jsonl[] = {
#embed "../../../schemas/vendors/delinea/audit/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_audit_feed_yaml[] = {
#embed "../../../schemas/vendors/entra/audit/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_audit_golden_jsonl[] = {
#embed "../../../schemas/vendors/entra/audit/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_audit_mapping_yaml[] = {
#embed "../../../schemas/vendors/entra/audit/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_audit_samples_jsonl[] = {
#embed "../../../schemas/vendors/entra/audit/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_pim_feed_yaml[] = {
#embed "../../../schemas/vendors/entra/pim/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_pim_golden_jsonl[] = {
#embed "../../../schemas/vendors/entra/pim/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_pim_mapping_yaml[] = {
#embed "../../../schemas/vendors/entra/pim/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_pim_samples_jsonl[] = {
#embed "../../../schemas/vendors/entra/pim/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_risk_feed_yaml[] = {
#embed "../../../schemas/vendors/entra/risk/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_risk_golden_jsonl[] = {
#embed "../../../schemas/vendors/entra/risk/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_risk_mapping_yaml[] = {
#embed "../../../schemas/vendors/entra/risk/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_risk_samples_jsonl[] = {
#embed "../../../schemas/vendors/entra/risk/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_roles_feed_yaml[] = {
#embed "../../../schemas/vendors/entra/roles/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_roles_golden_jsonl[] = {
#embed "../../../schemas/vendors/entra/roles/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_roles_mapping_yaml[] = {
#embed "../../../schemas/vendors/entra/roles/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_roles_samples_jsonl[] = {
#embed "../../../schemas/vendors/entra/roles/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_signin_feed_yaml[] = {
#embed "../../../schemas/vendors/entra/signin/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_signin_golden_jsonl[] = {
#embed "../../../schemas/vendors/entra/signin/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_signin_mapping_yaml[] = {
#embed "../../../schemas/vendors/entra/signin/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_signin_samples_jsonl[] = {
#embed "../../../schemas/vendors/entra/signin/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_gcp_audit_feed_yaml[] = {
#embed "../../../schemas/vendors/gcp/audit/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_gcp_audit_golden_jsonl[] = {
#embed "../../../schemas/vendors/gcp/audit/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_gcp_audit_mapping_yaml[] = {
#embed "../../../schemas/vendors/gcp/audit/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_gcp_audit_samples_jsonl[] = {
#embed "../../../schemas/vendors/gcp/audit/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_gcp_iam_feed_yaml[] = {
#embed "../../../schemas/vendors/gcp/iam/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_gcp_iam_golden_jsonl[] = {
#embed "../../../schemas/vendors/gcp/iam/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_gcp_iam_mapping_yaml[] = {
#embed "../../../schemas/vendors/gcp/iam/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_gcp_iam_samples_jsonl[] = {
#embed "../../../schemas/vendors/gcp/iam/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_gcp_pam_feed_yaml[] = {
#embed "../../../schemas/vendors/gcp/pam/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_gcp_pam_golden_jsonl[] = {
#embed "../../../schemas/vendors/gcp/pam/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_gcp_pam_mapping_yaml[] = {
#embed "../../../schemas/vendors/gcp/pam/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_gcp_pam_samples_jsonl[] = {
#embed "../../../schemas/vendors/gcp/pam/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_generic_grant_feed_yaml[] = {
#embed "../../../schemas/vendors/generic/grant/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_generic_grant_golden_jsonl[] = {
#embed "../../../schemas/vendors/generic/grant/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_generic_grant_mapping_yaml[] = {
#embed "../../../schemas/vendors/generic/grant/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_generic_grant_samples_jsonl[] = {
#embed "../../../schemas/vendors/generic/grant/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_generic_json_feed_yaml[] = {
#embed "../../../schemas/vendors/generic/json/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_generic_json_golden_jsonl[] = {
#embed "../../../schemas/vendors/generic/json/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_generic_json_mapping_yaml[] = {
#embed "../../../schemas/vendors/generic/json/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_generic_json_samples_jsonl[] = {
#embed "../../../schemas/vendors/generic/json/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_github_audit_feed_yaml[] = {
#embed "../../../schemas/vendors/github/audit/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_github_audit_golden_jsonl[] = {
#embed "../../../schemas/vendors/github/audit/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_github_audit_mapping_yaml[] = {
#embed "../../../schemas/vendors/github/audit/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_github_audit_samples_jsonl[] = {
#embed "../../../schemas/vendors/github/audit/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_google_workspace_activity_feed_yaml[] = {
#embed "../../../schemas/vendors/google_workspace/activity/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_google_workspace_activity_golden_jsonl[] = {
#embed "../../../schemas/vendors/google_workspace/activity/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_google_workspace_activity_mapping_yaml[] = {
#embed "../../../schemas/vendors/google_workspace/activity/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_google_workspace_activity_samples_jsonl[] = {
#embed "../../../schemas/vendors/google_workspace/activity/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_kubernetes_audit_feed_yaml[] = {
#embed "../../../schemas/vendors/kubernetes/audit/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_kubernetes_audit_golden_jsonl[] = {
#embed "../../../schemas/vendors/kubernetes/audit/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_kubernetes_audit_mapping_yaml[] = {
#embed "../../../schemas/vendors/kubernetes/audit/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_kubernetes_audit_samples_jsonl[] = {
#embed "../../../schemas/vendors/kubernetes/audit/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_m365_audit_feed_yaml[] = {
#embed "../../../schemas/vendors/m365/audit/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_m365_audit_golden_jsonl[] = {
#embed "../../../schemas/vendors/m365/audit/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_m365_audit_mapping_yaml[] = {
#embed "../../../schemas/vendors/m365/audit/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_m365_audit_samples_jsonl[] = {
#embed "../../../schemas/vendors/m365/audit/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_martlet_snapshot_feed_yaml[] = {
#embed "../../../schemas/vendors/martlet/snapshot/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_martlet_snapshot_golden_jsonl[] = {
#embed "../../../schemas/vendors/martlet/snapshot/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_martlet_snapshot_mapping_yaml[] = {
#embed "../../../schemas/vendors/martlet/snapshot/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_martlet_snapshot_samples_jsonl[] = {
#embed "../../../schemas/vendors/martlet/snapshot/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_okta_groups_feed_yaml[] = {
#embed "../../../schemas/vendors/okta/groups/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_okta_groups_golden_jsonl[] = {
#embed "../../../schemas/vendors/okta/groups/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_okta_groups_mapping_yaml[] = {
#embed "../../../schemas/vendors/okta/groups/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_okta_groups_samples_jsonl[] = {
#embed "../../../schemas/vendors/okta/groups/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_okta_system_log_feed_yaml[] = {
#embed "../../../schemas/vendors/okta/system_log/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_okta_system_log_golden_jsonl[] = {
#embed "../../../schemas/vendors/okta/system_log/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_okta_system_log_mapping_yaml[] = {
#embed "../../../schemas/vendors/okta/system_log/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_okta_system_log_samples_jsonl[] = {
#embed "../../../schemas/vendors/okta/system_log/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_snowflake_access_history_feed_yaml[] = {
#embed "../../../schemas/vendors/snowflake/access_history/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_snowflake_access_history_golden_jsonl[] = {
#embed "../../../schemas/vendors/snowflake/access_history/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_snowflake_access_history_mapping_yaml[] = {
#embed "../../../schemas/vendors/snowflake/access_history/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_snowflake_access_history_samples_jsonl[] = {
#embed "../../../schemas/vendors/snowflake/access_history/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_snowflake_grants_feed_yaml[] = {
#embed "../../../schemas/vendors/snowflake/grants/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_snowflake_grants_golden_jsonl[] = {
#embed "../../../schemas/vendors/snowflake/grants/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_snowflake_grants_mapping_yaml[] = {
#embed "../../../schemas/vendors/snowflake/grants/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_snowflake_grants_samples_jsonl[] = {
#embed "../../../schemas/vendors/snowflake/grants/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_snowflake_login_history_feed_yaml[] = {
#embed "../../../schemas/vendors/snowflake/login_history/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_snowflake_login_history_golden_jsonl[] = {
#embed "../../../schemas/vendors/snowflake/login_history/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_snowflake_login_history_mapping_yaml[] = {
#embed "../../../schemas/vendors/snowflake/login_history/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_snowflake_login_history_samples_jsonl[] = {
#embed "../../../schemas/vendors/snowflake/login_history/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_sym_audit_feed_yaml[] = {
#embed "../../../schemas/vendors/sym/audit/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_sym_audit_golden_jsonl[] = {
#embed "../../../schemas/vendors/sym/audit/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_sym_audit_mapping_yaml[] = {
#embed "../../../schemas/vendors/sym/audit/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_sym_audit_samples_jsonl[] = {
#embed "../../../schemas/vendors/sym/audit/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_teleport_audit_feed_yaml[] = {
#embed "../../../schemas/vendors/teleport/audit/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_teleport_audit_golden_jsonl[] = {
#embed "../../../schemas/vendors/teleport/audit/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_teleport_audit_mapping_yaml[] = {
#embed "../../../schemas/vendors/teleport/audit/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_teleport_audit_samples_jsonl[] = {
#embed "../../../schemas/vendors/teleport/audit/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_vault_audit_feed_yaml[] = {
#embed "../../../schemas/vendors/vault/audit/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_vault_audit_golden_jsonl[] = {
#embed "../../../schemas/vendors/vault/audit/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_vault_audit_mapping_yaml[] = {
#embed "../../../schemas/vendors/vault/audit/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_vault_audit_samples_jsonl[] = {
#embed "../../../schemas/vendors/vault/audit/samples.jsonl" suffix(,)
    0};

static const martlet_asset assets[] = {
    {"pipelines/aws-access.cases.jsonl", pipelines_aws_access_cases_jsonl, sizeof(pipelines_aws_access_cases_jsonl) - 1},
    {"pipelines/aws-access.yaml", pipelines_aws_access_yaml, sizeof(pipelines_aws_access_yaml) - 1},
    {"pipelines/cloudtrail-api-to-webhook.cases.jsonl", pipelines_cloudtrail_api_to_webhook_cases_jsonl, sizeof(pipelines_cloudtrail_api_to_webhook_cases_jsonl) - 1},
    {"pipelines/cloudtrail-api-to-webhook.yaml", pipelines_cloudtrail_api_to_webhook_yaml, sizeof(pipelines_cloudtrail_api_to_webhook_yaml) - 1},
    {"pipelines/cloudtrail-files.cases.jsonl", pipelines_cloudtrail_files_cases_jsonl, sizeof(pipelines_cloudtrail_files_cases_jsonl) - 1},
    {"pipelines/cloudtrail-files.yaml", pipelines_cloudtrail_files_yaml, sizeof(pipelines_cloudtrail_files_yaml) - 1},
    {"pipelines/cloudtrail-to-splunk.cases.jsonl", pipelines_cloudtrail_to_splunk_cases_jsonl, sizeof(pipelines_cloudtrail_to_splunk_cases_jsonl) - 1},
    {"pipelines/cloudtrail-to-splunk.yaml", pipelines_cloudtrail_to_splunk_yaml, sizeof(pipelines_cloudtrail_to_splunk_yaml) - 1},
    {"pipelines/entra-to-files.cases.jsonl", pipelines_entra_to_files_cases_jsonl, sizeof(pipelines_entra_to_files_cases_jsonl) - 1},
    {"pipelines/entra-to-files.yaml", pipelines_entra_to_files_yaml, sizeof(pipelines_entra_to_files_yaml) - 1},
    {"pipelines/push-to-files.cases.jsonl", pipelines_push_to_files_cases_jsonl, sizeof(pipelines_push_to_files_cases_jsonl) - 1},
    {"pipelines/push-to-files.yaml", pipelines_push_to_files_yaml, sizeof(pipelines_push_to_files_yaml) - 1},
    {"pipelines/rules/aws/access_key_for_another_user.cases.jsonl", pipelines_rules_aws_access_key_for_another_user_cases_jsonl, sizeof(pipelines_rules_aws_access_key_for_another_user_cases_jsonl) - 1},
    {"pipelines/rules/aws/access_key_for_another_user.yaml", pipelines_rules_aws_access_key_for_another_user_yaml, sizeof(pipelines_rules_aws_access_key_for_another_user_yaml) - 1},
    {"pipelines/rules/aws/admin_policy_attached.cases.jsonl", pipelines_rules_aws_admin_policy_attached_cases_jsonl, sizeof(pipelines_rules_aws_admin_policy_attached_cases_jsonl) - 1},
    {"pipelines/rules/aws/admin_policy_attached.yaml", pipelines_rules_aws_admin_policy_attached_yaml, sizeof(pipelines_rules_aws_admin_policy_attached_yaml) - 1},
    {"pipelines/rules/aws/attack_tool_user_agent.cases.jsonl", pipelines_rules_aws_attack_tool_user_agent_cases_jsonl, sizeof(pipelines_rules_aws_attack_tool_user_agent_cases_jsonl) - 1},
    {"pipelines/rules/aws/attack_tool_user_agent.yaml", pipelines_rules_aws_attack_tool_user_agent_yaml, sizeof(pipelines_rules_aws_attack_tool_user_agent_yaml) - 1},
    {"pipelines/rules/aws/bucket_made_public.cases.jsonl", pipelines_rules_aws_bucket_made_public_cases_jsonl, sizeof(pipelines_rules_aws_bucket_made_public_cases_jsonl) - 1},
    {"pipelines/rules/aws/bucket_made_public.yaml", pipelines_rules_aws_bucket_made_public_yaml, sizeof(pipelines_rules_aws_bucket_made_public_yaml) - 1},
    {"pipelines/rules/aws/bucket_policy_foreign_principal.cases.jsonl", pipelines_rules_aws_bucket_policy_foreign_principal_cases_jsonl, sizeof(pipelines_rules_aws_bucket_policy_foreign_principal_cases_jsonl) - 1},
    {"pipelines/rules/aws/bucket_policy_foreign_principal.yaml", pipelines_rules_aws_bucket_policy_foreign_principal_yaml, sizeof(pipelines_rules_aws_bucket_policy_foreign_principal_yaml) - 1},
    {"pipelines/rules/aws/cloudtrail_selectors_narrowed.cases.jsonl", pipelines_rules_aws_cloudtrail_selectors_narrowed_cases_jsonl, sizeof(pipelines_rules_aws_cloudtrail_selectors_narrowed_cases_jsonl) - 1},
    {"pipelines/rules/aws/cloudtrail_selectors_narrowed.yaml", pipelines_rules_aws_cloudtrail_selectors_narrowed_yaml, sizeof(pipelines_rules_aws_cloudtrail_selectors_narrowed_yaml) - 1},
    {"pipelines/rules/aws/cloudtrail_stopped.cases.jsonl", pipelines_rules_aws_cloudtrail_stopped_cases_jsonl, sizeof(pipelines_rules_aws_cloudtrail_stopped_cases_jsonl) - 1},
    {"pipelines/rules/aws/cloudtrail_stopped.yaml", pipelines_rules_aws_cloudtrail_stopped_yaml, sizeof(pipelines_rules_aws_cloudtrail_stopped_yaml) - 1},
    {"pipelines/rules/aws/config_recorder_stopped.cases.jsonl", pipelines_rules_aws_config_recorder_stopped_cases_jsonl, sizeof(pipelines_rules_aws_config_recorder_stopped_cases_jsonl) - 1},
    {"pipelines/rules/aws/config_recorder_stopped.yaml", pipelines_rules_aws_config_recorder_stopped_yaml, sizeof(pipelines_rules_aws_config_recorder_stopped_yaml) - 1},
    {"pipelines/rules/aws/console_login_without_mfa.cases.jsonl", pipelines_rules_aws_console_login_without_mfa_cases_jsonl, sizeof(pipelines_rules_aws_console_login_without_mfa_cases_jsonl) - 1},
    {"pipelines/rules/aws/console_login_without_mfa.yaml", pipelines_rules_aws_console_login_without_mfa_yaml, sizeof(pipelines_rules_aws_console_login_without_mfa_yaml) - 1},
    {"pipelines/rules/aws/console_password_for_another_user.cases.jsonl", pipelines_rules_aws_console_password_for_another_user_cases_jsonl, sizeof(pipelines_rules_aws_console_password_for_another_user_cases_jsonl) - 1},
    {"pipelines/rules/aws/console_password_for_another_user.yaml", pipelines_rules_aws_console_password_for_another_user_yaml, sizeof(pipelines_rules_aws_console_password_for_another_user_yaml) - 1},
    {"pipelines/rules/aws/federation_token_by_user.cases.jsonl", pipelines_rules_aws_federation_token_by_user_cases_jsonl, sizeof(pipelines_rules_aws_federation_token_by_user_cases_jsonl) - 1},
    {"pipelines/rules/aws/federation_token_by_user.yaml", pipelines_rules_aws_federation_token_by_user_yaml, sizeof(pipelines_rules_aws_federation_token_by_user_yaml) - 1},
    {"pipelines/rules/aws/flow_logs_deleted.cases.jsonl", pipelines_rules_aws_flow_logs_deleted_cases_jsonl, sizeof(pipelines_rules_aws_flow_logs_deleted_cases_jsonl) - 1},
    {"pipelines/rules/aws/flow_logs_deleted.yaml", pipelines_rules_aws_flow_logs_deleted_yaml, sizeof(pipelines_rules_aws_flow_logs_deleted_yaml) - 1},
    {"pipelines/rules/aws/function_code_changed_by_person.cases.jsonl", pipelines_rules_aws_function_code_changed_by_person_cases_jsonl, sizeof(pipelines_rules_aws_function_code_changed_by_person_cases_jsonl) - 1},
    {"pipelines/rules/aws/function_code_changed_by_person.yaml", pipelines_rules_aws_function_code_changed_by_person_yaml, sizeof(pipelines_rules_aws_function_code_changed_by_person_yaml) - 1},
    {"pipelines/rules/aws/function_opened_to_everybody.cases.jsonl", pipelines_rules_aws_function_opened_to_everybody_cases_jsonl, sizeof(pipelines_rules_aws_function_opened_to_everybody_cases_jsonl) - 1},
    {"pipelines/rules/aws/function_opened_to_everybody.yaml", pipelines_rules_aws_function_opened_to_everybody_yaml, sizeof(pipelines_rules_aws_function_opened_to_everybody_yaml) - 1},
    {"pipelines/rules/aws/guardduty_disabled.cases.jsonl", pipelines_rules_aws_guardduty_disabled_cases_jsonl, sizeof(pipelines_rules_aws_guardduty_disabled_cases_jsonl) - 1},
    {"pipelines/rules/aws/guardduty_disabled.yaml", pipelines_rules_aws_guardduty_disabled_yaml, sizeof(pipelines_rules_aws_guardduty_disabled_yaml) - 1},
    {"pipelines/rules/aws/identity_center_assignment.cases.jsonl", pipelines_rules_aws_identity_center_assignment_cases_jsonl, sizeof(pipelines_rules_aws_identity_center_assignment_cases_jsonl) - 1},
    {"pipelines/rules/aws/identity_center_assignment.yaml", pipelines_rules_aws_identity_center_assignment_yaml, sizeof(pipelines_rules_aws_identity_center_assignment_yaml) - 1},
    {"pipelines/rules/aws/identity_provider_changed.cases.jsonl", pipelines_rules_aws_identity_provider_changed_cases_jsonl, sizeof(pipelines_rules_aws_identity_provider_changed_cases_jsonl) - 1},
    {"pipelines/rules/aws/identity_provider_changed.yaml", pipelines_rules_aws_identity_provider_changed_yaml, sizeof(pipelines_rules_aws_identity_provider_changed_yaml) - 1},
    {"pipelines/rules/aws/inline_policy_allows_everything.cases.jsonl", pipelines_rules_aws_inline_policy_allows_everything_cases_jsonl, sizeof(pipelines_rules_aws_inline_policy_allows_everything_cases_jsonl) - 1},
    {"pipelines/rules/aws/inline_policy_allows_everything.yaml", pipelines_rules_aws_inline_policy_allows_everything_yaml, sizeof(pipelines_rules_aws_inline_policy_allows_everything_yaml) - 1},
    {"pipelines/rules/aws/instance_user_data_changed.cases.jsonl", pipelines_rules_aws_instance_user_data_changed_cases_jsonl, sizeof(pipelines_rules_aws_instance_user_data_changed_cases_jsonl) - 1},
    {"pipelines/rules/aws/instance_user_data_changed.yaml", pipelines_rules_aws_instance_user_data_changed_yaml, sizeof(pipelines_rules_aws_instance_user_data_changed_yaml) - 1},
    {"pipelines/rules/aws/instance_user_data_read.cases.jsonl", pipelines_rules_aws_instance_user_data_read_cases_jsonl, sizeof(pipelines_rules_aws_instance_user_data_read_cases_jsonl) - 1},
    {"pipelines/rules/aws/instance_user_data_read.yaml", pipelines_rules_aws_instance_user_data_read_yaml, sizeof(pipelines_rules_aws_instance_user_data_read_yaml) - 1},
    {"pipelines/rules/aws/key_quarantined_by_aws.cases.jsonl", pipelines_rules_aws_key_quarantined_by_aws_cases_jsonl, sizeof(pipelines_rules_aws_key_quarantined_by_aws_cases_jsonl) - 1},
    {"pipelines/rules/aws/key_quarantined_by_aws.yaml", pipelines_rules_aws_key_quarantined_by_aws_yaml, sizeof(pipelines_rules_aws_key_quarantined_by_aws_yaml) - 1},
    {"pipelines/rules/aws/kms_grant_foreign_account.cases.jsonl", pipelines_rules_aws_kms_grant_foreign_account_cases_jsonl, sizeof(pipelines_rules_aws_kms_grant_foreign_account_cases_jsonl) - 1},
    {"pipelines/rules/aws/kms_grant_foreign_account.yaml", pipelines_rules_aws_kms_grant_foreign_account_yaml, sizeof(pipelines_rules_aws_kms_grant_foreign_account_yaml) - 1},
    {"pipelines/rules/aws/kms_key_deletion.cases.jsonl", pipelines_rules_aws_kms_key_deletion_cases_jsonl, sizeof(pipelines_rules_aws_kms_key_deletion_cases_jsonl) - 1},
    {"pipelines/rules/aws/kms_key_deletion.yaml", pipelines_rules_aws_kms_key_deletion_yaml, sizeof(pipelines_rules_aws_kms_key_deletion_yaml) - 1},
    {"pipelines/rules/aws/log_bucket_expiry.cases.jsonl", pipelines_rules_aws_log_bucket_expiry_cases_jsonl, sizeof(pipelines_rules_aws_log_bucket_expiry_cases_jsonl) - 1},
    {"pipelines/rules/aws/log_bucket_expiry.yaml", pipelines_rules_aws_log_bucket_expiry_yaml, sizeof(pipelines_rules_aws_log_bucket_expiry_yaml) - 1},
    {"pipelines/rules/aws/long_term_key_whoami.cases.jsonl", pipelines_rules_aws_long_term_key_whoami_cases_jsonl, sizeof(pipelines_rules_aws_long_term_key_whoami_cases_jsonl) - 1},
    {"pipelines/rules/aws/long_term_key_whoami.yaml", pipelines_rules_aws_long_term_key_whoami_yaml, sizeof(pipelines_rules_aws_long_term_key_whoami_yaml) - 1},
    {"pipelines/rules/aws/mfa_device_removed.cases.jsonl", pipelines_rules_aws_mfa_device_removed_cases_jsonl, sizeof(pipelines_rules_aws_mfa_device_removed_cases_jsonl) - 1},
    {"pipelines/rules/aws/mfa_device_removed.yaml", pipelines_rules_aws_mfa_device_removed_yaml, sizeof(pipelines_rules_aws_mfa_device_removed_yaml) - 1},
    {"pipelines/rules/aws/organization_left.cases.jsonl", pipelines_rules_aws_organization_left_cases_jsonl, sizeof(pipelines_rules_aws_organization_left_cases_jsonl) - 1},
    {"pipelines/rules/aws/organization_left.yaml", pipelines_rules_aws_organization_left_yaml, sizeof(pipelines_rules_aws_organization_left_yaml) - 1},
    {"pipelines/rules/aws/parameters_decrypted_in_bulk.cases.jsonl", pipelines_rules_aws_parameters_decrypted_in_bulk_cases_jsonl, sizeof(pipelines_rules_aws_parameters_decrypted_in_bulk_cases_jsonl) - 1},
    {"pipelines/rules/aws/parameters_decrypted_in_bulk.yaml", pipelines_rules_aws_parameters_decrypted_in_bulk_yaml, sizeof(pipelines_rules_aws_parameters_decrypted_in_bulk_yaml) - 1},
    {"pipelines/rules/aws/policy_version_reset.cases.jsonl", pipelines_rules_aws_policy_version_reset_cases_jsonl, sizeof(pipelines_rules_aws_policy_version_reset_cases_jsonl) - 1},
    {"pipelines/rules/aws/policy_version_reset.yaml", pipelines_rules_aws_policy_version_reset_yaml, sizeof(pipelines_rules_aws_policy_version_reset_yaml) - 1},
    {"pipelines/rules/aws/powerful_role_passed_to_compute.cases.jsonl", pipelines_rules_aws_powerful_role_passed_to_compute_cases_jsonl, sizeof(pipelines_rules_aws_powerful_role_passed_to_compute_cases_jsonl) - 1},
    {"pipelines/rules/aws/powerful_role_passed_to_compute.yaml", pipelines_rules_aws_powerful_role_passed_to_compute_yaml, sizeof(pipelines_rules_aws_powerful_role_passed_to_compute_yaml) - 1},
    {"pipelines/rules/aws/remote_command_on_instances.cases.jsonl", pipelines_rules_aws_remote_command_on_instances_cases_jsonl, sizeof(pipelines_rules_aws_remote_command_on_instances_cases_jsonl) - 1},
    {"pipelines/rules/aws/remote_command_on_instances.yaml", pipelines_rules_aws_remote_command_on_instances_yaml, sizeof(pipelines_rules_aws_remote_command_on_instances_yaml) - 1},
    {"pipelines/rules/aws/role_trust_foreign_account.cases.jsonl", pipelines_rules_aws_role_trust_foreign_account_cases_jsonl, sizeof(pipelines_rules_aws_role_trust_foreign_account_cases_jsonl) - 1},
    {"pipelines/rules/aws/role_trust_foreign_account.yaml", pipelines_rules_aws_role_trust_foreign_account_yaml, sizeof(pipelines_rules_aws_role_trust_foreign_account_yaml) - 1},
    {"pipelines/rules/aws/roles_anywhere_trust_anchor.cases.jsonl", pipelines_rules_aws_roles_anywhere_trust_anchor_cases_jsonl, sizeof(pipelines_rules_aws_roles_anywhere_trust_anchor_cases_jsonl) - 1},
    {"pipelines/rules/aws/roles_anywhere_trust_anchor.yaml", pipelines_rules_aws_roles_anywhere_trust_anchor_yaml, sizeof(pipelines_rules_aws_roles_anywhere_trust_anchor_yaml) - 1},
    {"pipelines/rules/aws/root_access_key_created.cases.jsonl", pipelines_rules_aws_root_access_key_created_cases_jsonl, sizeof(pipelines_rules_aws_root_access_key_created_cases_jsonl) - 1},
    {"pipelines/rules/aws/root_access_key_created.yaml", pipelines_rules_aws_root_access_key_created_yaml, sizeof(pipelines_rules_aws_root_access_key_created_yaml) - 1},
    {"pipelines/rules/aws/root_use.cases.jsonl", pipelines_rules_aws_root_use_cases_jsonl, sizeof(pipelines_rules_aws_root_use_cases_jsonl) - 1},
    {"pipelines/rules/aws/root_use.yaml", pipelines_rules_aws_root_use_yaml, sizeof(pipelines_rules_aws_root_use_yaml) - 1},
    {"pipelines/rules/aws/secrets_read_by_person.cases.jsonl", pipelines_rules_aws_secrets_read_by_person_cases_jsonl, sizeof(pipelines_rules_aws_secrets_read_by_person_cases_jsonl) - 1},
    {"pipelines/rules/aws/secrets_read_by_person.yaml", pipelines_rules_aws_secrets_read_by_person_yaml, sizeof(pipelines_rules_aws_secrets_read_by_person_yaml) - 1},
    {"pipelines/rules/aws/security_group_open_to_world.cases.jsonl", pipelines_rules_aws_security_group_open_to_world_cases_jsonl, sizeof(pipelines_rules_aws_security_group_open_to_world_cases_jsonl) - 1},
    {"pipelines/rules/aws/security_group_open_to_world.yaml", pipelines_rules_aws_security_group_open_to_world_yaml, sizeof(pipelines_rules_aws_security_group_open_to_world_yaml) - 1},
    {"pipelines/rules/aws/service_control_policy_changed.cases.jsonl", pipelines_rules_aws_service_control_policy_changed_cases_jsonl, sizeof(pipelines_rules_aws_service_control_policy_changed_cases_jsonl) - 1},
    {"pipelines/rules/aws/service_control_policy_changed.yaml", pipelines_rules_aws_service_control_policy_changed_yaml, sizeof(pipelines_rules_aws_service_control_policy_changed_yaml) - 1},
    {"pipelines/rules/aws/snapshot_shared.cases.jsonl", pipelines_rules_aws_snapshot_shared_cases_jsonl, sizeof(pipelines_rules_aws_snapshot_shared_cases_jsonl) - 1},
    {"pipelines/rules/aws/snapshot_shared.yaml", pipelines_rules_aws_snapshot_shared_yaml, sizeof(pipelines_rules_aws_snapshot_shared_yaml) - 1},
    {"pipelines/rules/aws/windows_password_data_read.cases.jsonl", pipelines_rules_aws_windows_password_data_read_cases_jsonl, sizeof(pipelines_rules_aws_windows_password_data_read_cases_jsonl) - 1},
    {"pipelines/rules/aws/windows_password_data_read.yaml", pipelines_rules_aws_windows_password_data_read_yaml, sizeof(pipelines_rules_aws_windows_password_data_read_yaml) - 1},
    {"schemas/ocsf/1.1.0/schema.ocsf", schemas_ocsf_1_1_0_schema_ocsf, sizeof(schemas_ocsf_1_1_0_schema_ocsf) - 1},
    {"schemas/ocsf/1.5.0/schema.ocsf", schemas_ocsf_1_5_0_schema_ocsf, sizeof(schemas_ocsf_1_5_0_schema_ocsf) - 1},
    {"schemas/ocsf/1.8.0/schema.ocsf", schemas_ocsf_1_8_0_schema_ocsf, sizeof(schemas_ocsf_1_8_0_schema_ocsf) - 1},
    {"schemas/ocsf/1.9.0/schema.ocsf", schemas_ocsf_1_9_0_schema_ocsf, sizeof(schemas_ocsf_1_9_0_schema_ocsf) - 1},
    {"schemas/ocsf/maps/1.1.0.yaml", schemas_ocsf_maps_1_1_0_yaml, sizeof(schemas_ocsf_maps_1_1_0_yaml) - 1},
    {"schemas/ocsf/maps/1.5.0.yaml", schemas_ocsf_maps_1_5_0_yaml, sizeof(schemas_ocsf_maps_1_5_0_yaml) - 1},
    {"schemas/ocsf/maps/1.8.0.yaml", schemas_ocsf_maps_1_8_0_yaml, sizeof(schemas_ocsf_maps_1_8_0_yaml) - 1},
    {"schemas/pipeline.schema.json", schemas_pipeline_schema_json, sizeof(schemas_pipeline_schema_json) - 1},
    {"schemas/store/events.columns", schemas_store_events_columns, sizeof(schemas_store_events_columns) - 1},
    {"schemas/store/events.yaml", schemas_store_events_yaml, sizeof(schemas_store_events_yaml) - 1},
    {"schemas/store/findings.columns", schemas_store_findings_columns, sizeof(schemas_store_findings_columns) - 1},
    {"schemas/store/findings.yaml", schemas_store_findings_yaml, sizeof(schemas_store_findings_yaml) - 1},
    {"schemas/vendors/aws/access_analyzer/feed.yaml", schemas_vendors_aws_access_analyzer_feed_yaml, sizeof(schemas_vendors_aws_access_analyzer_feed_yaml) - 1},
    {"schemas/vendors/aws/access_analyzer/golden.jsonl", schemas_vendors_aws_access_analyzer_golden_jsonl, sizeof(schemas_vendors_aws_access_analyzer_golden_jsonl) - 1},
    {"schemas/vendors/aws/access_analyzer/mapping.yaml", schemas_vendors_aws_access_analyzer_mapping_yaml, sizeof(schemas_vendors_aws_access_analyzer_mapping_yaml) - 1},
    {"schemas/vendors/aws/access_analyzer/samples.jsonl", schemas_vendors_aws_access_analyzer_samples_jsonl, sizeof(schemas_vendors_aws_access_analyzer_samples_jsonl) - 1},
    {"schemas/vendors/aws/acm/feed.yaml", schemas_vendors_aws_acm_feed_yaml, sizeof(schemas_vendors_aws_acm_feed_yaml) - 1},
    {"schemas/vendors/aws/acm/golden.jsonl", schemas_vendors_aws_acm_golden_jsonl, sizeof(schemas_vendors_aws_acm_golden_jsonl) - 1},
    {"schemas/vendors/aws/acm/mapping.yaml", schemas_vendors_aws_acm_mapping_yaml, sizeof(schemas_vendors_aws_acm_mapping_yaml) - 1},
    {"schemas/vendors/aws/acm/samples.jsonl", schemas_vendors_aws_acm_samples_jsonl, sizeof(schemas_vendors_aws_acm_samples_jsonl) - 1},
    {"schemas/vendors/aws/cloudtrail/feed.yaml", schemas_vendors_aws_cloudtrail_feed_yaml, sizeof(schemas_vendors_aws_cloudtrail_feed_yaml) - 1},
    {"schemas/vendors/aws/cloudtrail/golden.jsonl", schemas_vendors_aws_cloudtrail_golden_jsonl, sizeof(schemas_vendors_aws_cloudtrail_golden_jsonl) - 1},
    {"schemas/vendors/aws/cloudtrail/mapping.yaml", schemas_vendors_aws_cloudtrail_mapping_yaml, sizeof(schemas_vendors_aws_cloudtrail_mapping_yaml) - 1},
    {"schemas/vendors/aws/cloudtrail/samples.jsonl", schemas_vendors_aws_cloudtrail_samples_jsonl, sizeof(schemas_vendors_aws_cloudtrail_samples_jsonl) - 1},
    {"schemas/vendors/aws/directory_service/feed.yaml", schemas_vendors_aws_directory_service_feed_yaml, sizeof(schemas_vendors_aws_directory_service_feed_yaml) - 1},
    {"schemas/vendors/aws/directory_service/golden.jsonl", schemas_vendors_aws_directory_service_golden_jsonl, sizeof(schemas_vendors_aws_directory_service_golden_jsonl) - 1},
    {"schemas/vendors/aws/directory_service/mapping.yaml", schemas_vendors_aws_directory_service_mapping_yaml, sizeof(schemas_vendors_aws_directory_service_mapping_yaml) - 1},
    {"schemas/vendors/aws/directory_service/samples.jsonl", schemas_vendors_aws_directory_service_samples_jsonl, sizeof(schemas_vendors_aws_directory_service_samples_jsonl) - 1},
    {"schemas/vendors/aws/guardduty/feed.yaml", schemas_vendors_aws_guardduty_feed_yaml, sizeof(schemas_vendors_aws_guardduty_feed_yaml) - 1},
    {"schemas/vendors/aws/guardduty/golden.jsonl", schemas_vendors_aws_guardduty_golden_jsonl, sizeof(schemas_vendors_aws_guardduty_golden_jsonl) - 1},
    {"schemas/vendors/aws/guardduty/mapping.yaml", schemas_vendors_aws_guardduty_mapping_yaml, sizeof(schemas_vendors_aws_guardduty_mapping_yaml) - 1},
    {"schemas/vendors/aws/guardduty/samples.jsonl", schemas_vendors_aws_guardduty_samples_jsonl, sizeof(schemas_vendors_aws_guardduty_samples_jsonl) - 1},
    {"schemas/vendors/aws/iam/feed.yaml", schemas_vendors_aws_iam_feed_yaml, sizeof(schemas_vendors_aws_iam_feed_yaml) - 1},
    {"schemas/vendors/aws/iam/golden.jsonl", schemas_vendors_aws_iam_golden_jsonl, sizeof(schemas_vendors_aws_iam_golden_jsonl) - 1},
    {"schemas/vendors/aws/iam/mapping.yaml", schemas_vendors_aws_iam_mapping_yaml, sizeof(schemas_vendors_aws_iam_mapping_yaml) - 1},
    {"schemas/vendors/aws/iam/samples.jsonl", schemas_vendors_aws_iam_samples_jsonl, sizeof(schemas_vendors_aws_iam_samples_jsonl) - 1},
    {"schemas/vendors/aws/identity_center/feed.yaml", schemas_vendors_aws_identity_center_feed_yaml, sizeof(schemas_vendors_aws_identity_center_feed_yaml) - 1},
    {"schemas/vendors/aws/identity_center/golden.jsonl", schemas_vendors_aws_identity_center_golden_jsonl, sizeof(schemas_vendors_aws_identity_center_golden_jsonl) - 1},
    {"schemas/vendors/aws/identity_center/mapping.yaml", schemas_vendors_aws_identity_center_mapping_yaml, sizeof(schemas_vendors_aws_identity_center_mapping_yaml) - 1},
    {"schemas/vendors/aws/identity_center/samples.jsonl", schemas_vendors_aws_identity_center_samples_jsonl, sizeof(schemas_vendors_aws_identity_center_samples_jsonl) - 1},
    {"schemas/vendors/aws/kms/feed.yaml", schemas_vendors_aws_kms_feed_yaml, sizeof(schemas_vendors_aws_kms_feed_yaml) - 1},
    {"schemas/vendors/aws/kms/golden.jsonl", schemas_vendors_aws_kms_golden_jsonl, sizeof(schemas_vendors_aws_kms_golden_jsonl) - 1},
    {"schemas/vendors/aws/kms/mapping.yaml", schemas_vendors_aws_kms_mapping_yaml, sizeof(schemas_vendors_aws_kms_mapping_yaml) - 1},
    {"schemas/vendors/aws/kms/samples.jsonl", schemas_vendors_aws_kms_samples_jsonl, sizeof(schemas_vendors_aws_kms_samples_jsonl) - 1},
    {"schemas/vendors/aws/organizations/feed.yaml", schemas_vendors_aws_organizations_feed_yaml, sizeof(schemas_vendors_aws_organizations_feed_yaml) - 1},
    {"schemas/vendors/aws/organizations/golden.jsonl", schemas_vendors_aws_organizations_golden_jsonl, sizeof(schemas_vendors_aws_organizations_golden_jsonl) - 1},
    {"schemas/vendors/aws/organizations/mapping.yaml", schemas_vendors_aws_organizations_mapping_yaml, sizeof(schemas_vendors_aws_organizations_mapping_yaml) - 1},
    {"schemas/vendors/aws/organizations/samples.jsonl", schemas_vendors_aws_organizations_samples_jsonl, sizeof(schemas_vendors_aws_organizations_samples_jsonl) - 1},
    {"schemas/vendors/aws/snapshot/feed.yaml", schemas_vendors_aws_snapshot_feed_yaml, sizeof(schemas_vendors_aws_snapshot_feed_yaml) - 1},
    {"schemas/vendors/aws/snapshot/golden.jsonl", schemas_vendors_aws_snapshot_golden_jsonl, sizeof(schemas_vendors_aws_snapshot_golden_jsonl) - 1},
    {"schemas/vendors/aws/snapshot/mapping.yaml", schemas_vendors_aws_snapshot_mapping_yaml, sizeof(schemas_vendors_aws_snapshot_mapping_yaml) - 1},
    {"schemas/vendors/aws/snapshot/samples.jsonl", schemas_vendors_aws_snapshot_samples_jsonl, sizeof(schemas_vendors_aws_snapshot_samples_jsonl) - 1},
    {"schemas/vendors/aws/team/feed.yaml", schemas_vendors_aws_team_feed_yaml, sizeof(schemas_vendors_aws_team_feed_yaml) - 1},
    {"schemas/vendors/aws/team/golden.jsonl", schemas_vendors_aws_team_golden_jsonl, sizeof(schemas_vendors_aws_team_golden_jsonl) - 1},
    {"schemas/vendors/aws/team/mapping.yaml", schemas_vendors_aws_team_mapping_yaml, sizeof(schemas_vendors_aws_team_mapping_yaml) - 1},
    {"schemas/vendors/aws/team/samples.jsonl", schemas_vendors_aws_team_samples_jsonl, sizeof(schemas_vendors_aws_team_samples_jsonl) - 1},
    {"schemas/vendors/azure/activity/feed.yaml", schemas_vendors_azure_activity_feed_yaml, sizeof(schemas_vendors_azure_activity_feed_yaml) - 1},
    {"schemas/vendors/azure/activity/golden.jsonl", schemas_vendors_azure_activity_golden_jsonl, sizeof(schemas_vendors_azure_activity_golden_jsonl) - 1},
    {"schemas/vendors/azure/activity/mapping.yaml", schemas_vendors_azure_activity_mapping_yaml, sizeof(schemas_vendors_azure_activity_mapping_yaml) - 1},
    {"schemas/vendors/azure/activity/samples.jsonl", schemas_vendors_azure_activity_samples_jsonl, sizeof(schemas_vendors_azure_activity_samples_jsonl) - 1},
    {"schemas/vendors/azure/roles/feed.yaml", schemas_vendors_azure_roles_feed_yaml, sizeof(schemas_vendors_azure_roles_feed_yaml) - 1},
    {"schemas/vendors/azure/roles/golden.jsonl", schemas_vendors_azure_roles_golden_jsonl, sizeof(schemas_vendors_azure_roles_golden_jsonl) - 1},
    {"schemas/vendors/azure/roles/mapping.yaml", schemas_vendors_azure_roles_mapping_yaml, sizeof(schemas_vendors_azure_roles_mapping_yaml) - 1},
    {"schemas/vendors/azure/roles/samples.jsonl", schemas_vendors_azure_roles_samples_jsonl, sizeof(schemas_vendors_azure_roles_samples_jsonl) - 1},
    {"schemas/vendors/beyondtrust/audit/feed.yaml", schemas_vendors_beyondtrust_audit_feed_yaml, sizeof(schemas_vendors_beyondtrust_audit_feed_yaml) - 1},
    {"schemas/vendors/beyondtrust/audit/golden.jsonl", schemas_vendors_beyondtrust_audit_golden_jsonl, sizeof(schemas_vendors_beyondtrust_audit_golden_jsonl) - 1},
    {"schemas/vendors/beyondtrust/audit/mapping.yaml", schemas_vendors_beyondtrust_audit_mapping_yaml, sizeof(schemas_vendors_beyondtrust_audit_mapping_yaml) - 1},
    {"schemas/vendors/beyondtrust/audit/samples.jsonl", schemas_vendors_beyondtrust_audit_samples_jsonl, sizeof(schemas_vendors_beyondtrust_audit_samples_jsonl) - 1},
    {"schemas/vendors/boundary/audit/feed.yaml", schemas_vendors_boundary_audit_feed_yaml, sizeof(schemas_vendors_boundary_audit_feed_yaml) - 1},
    {"schemas/vendors/boundary/audit/golden.jsonl", schemas_vendors_boundary_audit_golden_jsonl, sizeof(schemas_vendors_boundary_audit_golden_jsonl) - 1},
    {"schemas/vendors/boundary/audit/mapping.yaml", schemas_vendors_boundary_audit_mapping_yaml, sizeof(schemas_vendors_boundary_audit_mapping_yaml) - 1},
    {"schemas/vendors/boundary/audit/samples.jsonl", schemas_vendors_boundary_audit_samples_jsonl, sizeof(schemas_vendors_boundary_audit_samples_jsonl) - 1},
    {"schemas/vendors/britive/audit/feed.yaml", schemas_vendors_britive_audit_feed_yaml, sizeof(schemas_vendors_britive_audit_feed_yaml) - 1},
    {"schemas/vendors/britive/audit/golden.jsonl", schemas_vendors_britive_audit_golden_jsonl, sizeof(schemas_vendors_britive_audit_golden_jsonl) - 1},
    {"schemas/vendors/britive/audit/mapping.yaml", schemas_vendors_britive_audit_mapping_yaml, sizeof(schemas_vendors_britive_audit_mapping_yaml) - 1},
    {"schemas/vendors/britive/audit/samples.jsonl", schemas_vendors_britive_audit_samples_jsonl, sizeof(schemas_vendors_britive_audit_samples_jsonl) - 1},
    {"schemas/vendors/conductorone/audit/feed.yaml", schemas_vendors_conductorone_audit_feed_yaml, sizeof(schemas_vendors_conductorone_audit_feed_yaml) - 1},
    {"schemas/vendors/conductorone/audit/golden.jsonl", schemas_vendors_conductorone_audit_golden_jsonl, sizeof(schemas_vendors_conductorone_audit_golden_jsonl) - 1},
    {"schemas/vendors/conductorone/audit/mapping.yaml", schemas_vendors_conductorone_audit_mapping_yaml, sizeof(schemas_vendors_conductorone_audit_mapping_yaml) - 1},
    {"schemas/vendors/conductorone/audit/samples.jsonl", schemas_vendors_conductorone_audit_samples_jsonl, sizeof(schemas_vendors_conductorone_audit_samples_jsonl) - 1},
    {"schemas/vendors/cyberark/audit/feed.yaml", schemas_vendors_cyberark_audit_feed_yaml, sizeof(schemas_vendors_cyberark_audit_feed_yaml) - 1},
    {"schemas/vendors/cyberark/audit/golden.jsonl", schemas_vendors_cyberark_audit_golden_jsonl, sizeof(schemas_vendors_cyberark_audit_golden_jsonl) - 1},
    {"schemas/vendors/cyberark/audit/mapping.yaml", schemas_vendors_cyberark_audit_mapping_yaml, sizeof(schemas_vendors_cyberark_audit_mapping_yaml) - 1},
    {"schemas/vendors/cyberark/audit/samples.jsonl", schemas_vendors_cyberark_audit_samples_jsonl, sizeof(schemas_vendors_cyberark_audit_samples_jsonl) - 1},
    {"schemas/vendors/databricks/audit/feed.yaml", schemas_vendors_databricks_audit_feed_yaml, sizeof(schemas_vendors_databricks_audit_feed_yaml) - 1},
    {"schemas/vendors/databricks/audit/golden.jsonl", schemas_vendors_databricks_audit_golden_jsonl, sizeof(schemas_vendors_databricks_audit_golden_jsonl) - 1},
    {"schemas/vendors/databricks/audit/mapping.yaml", schemas_vendors_databricks_audit_mapping_yaml, sizeof(schemas_vendors_databricks_audit_mapping_yaml) - 1},
    {"schemas/vendors/databricks/audit/samples.jsonl", schemas_vendors_databricks_audit_samples_jsonl, sizeof(schemas_vendors_databricks_audit_samples_jsonl) - 1},
    {"schemas/vendors/delinea/audit/feed.yaml", schemas_vendors_delinea_audit_feed_yaml, sizeof(schemas_vendors_delinea_audit_feed_yaml) - 1},
    {"schemas/vendors/delinea/audit/golden.jsonl", schemas_vendors_delinea_audit_golden_jsonl, sizeof(schemas_vendors_delinea_audit_golden_jsonl) - 1},
    {"schemas/vendors/delinea/audit/mapping.yaml", schemas_vendors_delinea_audit_mapping_yaml, sizeof(schemas_vendors_delinea_audit_mapping_yaml) - 1},
    {"schemas/vendors/delinea/audit/samples.jsonl", schemas_vendors_delinea_audit_samples_jsonl, sizeof(schemas_vendors_delinea_audit_samples_jsonl) - 1},
    {"schemas/vendors/entra/audit/feed.yaml", schemas_vendors_entra_audit_feed_yaml, sizeof(schemas_vendors_entra_audit_feed_yaml) - 1},
    {"schemas/vendors/entra/audit/golden.jsonl", schemas_vendors_entra_audit_golden_jsonl, sizeof(schemas_vendors_entra_audit_golden_jsonl) - 1},
    {"schemas/vendors/entra/audit/mapping.yaml", schemas_vendors_entra_audit_mapping_yaml, sizeof(schemas_vendors_entra_audit_mapping_yaml) - 1},
    {"schemas/vendors/entra/audit/samples.jsonl", schemas_vendors_entra_audit_samples_jsonl, sizeof(schemas_vendors_entra_audit_samples_jsonl) - 1},
    {"schemas/vendors/entra/pim/feed.yaml", schemas_vendors_entra_pim_feed_yaml, sizeof(schemas_vendors_entra_pim_feed_yaml) - 1},
    {"schemas/vendors/entra/pim/golden.jsonl", schemas_vendors_entra_pim_golden_jsonl, sizeof(schemas_vendors_entra_pim_golden_jsonl) - 1},
    {"schemas/vendors/entra/pim/mapping.yaml", schemas_vendors_entra_pim_mapping_yaml, sizeof(schemas_vendors_entra_pim_mapping_yaml) - 1},
    {"schemas/vendors/entra/pim/samples.jsonl", schemas_vendors_entra_pim_samples_jsonl, sizeof(schemas_vendors_entra_pim_samples_jsonl) - 1},
    {"schemas/vendors/entra/risk/feed.yaml", schemas_vendors_entra_risk_feed_yaml, sizeof(schemas_vendors_entra_risk_feed_yaml) - 1},
    {"schemas/vendors/entra/risk/golden.jsonl", schemas_vendors_entra_risk_golden_jsonl, sizeof(schemas_vendors_entra_risk_golden_jsonl) - 1},
    {"schemas/vendors/entra/risk/mapping.yaml", schemas_vendors_entra_risk_mapping_yaml, sizeof(schemas_vendors_entra_risk_mapping_yaml) - 1},
    {"schemas/vendors/entra/risk/samples.jsonl", schemas_vendors_entra_risk_samples_jsonl, sizeof(schemas_vendors_entra_risk_samples_jsonl) - 1},
    {"schemas/vendors/entra/roles/feed.yaml", schemas_vendors_entra_roles_feed_yaml, sizeof(schemas_vendors_entra_roles_feed_yaml) - 1},
    {"schemas/vendors/entra/roles/golden.jsonl", schemas_vendors_entra_roles_golden_jsonl, sizeof(schemas_vendors_entra_roles_golden_jsonl) - 1},
    {"schemas/vendors/entra/roles/mapping.yaml", schemas_vendors_entra_roles_mapping_yaml, sizeof(schemas_vendors_entra_roles_mapping_yaml) - 1},
    {"schemas/vendors/entra/roles/samples.jsonl", schemas_vendors_entra_roles_samples_jsonl, sizeof(schemas_vendors_entra_roles_samples_jsonl) - 1},
    {"schemas/vendors/entra/signin/feed.yaml", schemas_vendors_entra_signin_feed_yaml, sizeof(schemas_vendors_entra_signin_feed_yaml) - 1},
    {"schemas/vendors/entra/signin/golden.jsonl", schemas_vendors_entra_signin_golden_jsonl, sizeof(schemas_vendors_entra_signin_golden_jsonl) - 1},
    {"schemas/vendors/entra/signin/mapping.yaml", schemas_vendors_entra_signin_mapping_yaml, sizeof(schemas_vendors_entra_signin_mapping_yaml) - 1},
    {"schemas/vendors/entra/signin/samples.jsonl", schemas_vendors_entra_signin_samples_jsonl, sizeof(schemas_vendors_entra_signin_samples_jsonl) - 1},
    {"schemas/vendors/gcp/audit/feed.yaml", schemas_vendors_gcp_audit_feed_yaml, sizeof(schemas_vendors_gcp_audit_feed_yaml) - 1},
    {"schemas/vendors/gcp/audit/golden.jsonl", schemas_vendors_gcp_audit_golden_jsonl, sizeof(schemas_vendors_gcp_audit_golden_jsonl) - 1},
    {"schemas/vendors/gcp/audit/mapping.yaml", schemas_vendors_gcp_audit_mapping_yaml, sizeof(schemas_vendors_gcp_audit_mapping_yaml) - 1},
    {"schemas/vendors/gcp/audit/samples.jsonl", schemas_vendors_gcp_audit_samples_jsonl, sizeof(schemas_vendors_gcp_audit_samples_jsonl) - 1},
    {"schemas/vendors/gcp/iam/feed.yaml", schemas_vendors_gcp_iam_feed_yaml, sizeof(schemas_vendors_gcp_iam_feed_yaml) - 1},
    {"schemas/vendors/gcp/iam/golden.jsonl", schemas_vendors_gcp_iam_golden_jsonl, sizeof(schemas_vendors_gcp_iam_golden_jsonl) - 1},
    {"schemas/vendors/gcp/iam/mapping.yaml", schemas_vendors_gcp_iam_mapping_yaml, sizeof(schemas_vendors_gcp_iam_mapping_yaml) - 1},
    {"schemas/vendors/gcp/iam/samples.jsonl", schemas_vendors_gcp_iam_samples_jsonl, sizeof(schemas_vendors_gcp_iam_samples_jsonl) - 1},
    {"schemas/vendors/gcp/pam/feed.yaml", schemas_vendors_gcp_pam_feed_yaml, sizeof(schemas_vendors_gcp_pam_feed_yaml) - 1},
    {"schemas/vendors/gcp/pam/golden.jsonl", schemas_vendors_gcp_pam_golden_jsonl, sizeof(schemas_vendors_gcp_pam_golden_jsonl) - 1},
    {"schemas/vendors/gcp/pam/mapping.yaml", schemas_vendors_gcp_pam_mapping_yaml, sizeof(schemas_vendors_gcp_pam_mapping_yaml) - 1},
    {"schemas/vendors/gcp/pam/samples.jsonl", schemas_vendors_gcp_pam_samples_jsonl, sizeof(schemas_vendors_gcp_pam_samples_jsonl) - 1},
    {"schemas/vendors/generic/grant/feed.yaml", schemas_vendors_generic_grant_feed_yaml, sizeof(schemas_vendors_generic_grant_feed_yaml) - 1},
    {"schemas/vendors/generic/grant/golden.jsonl", schemas_vendors_generic_grant_golden_jsonl, sizeof(schemas_vendors_generic_grant_golden_jsonl) - 1},
    {"schemas/vendors/generic/grant/mapping.yaml", schemas_vendors_generic_grant_mapping_yaml, sizeof(schemas_vendors_generic_grant_mapping_yaml) - 1},
    {"schemas/vendors/generic/grant/samples.jsonl", schemas_vendors_generic_grant_samples_jsonl, sizeof(schemas_vendors_generic_grant_samples_jsonl) - 1},
    {"schemas/vendors/generic/json/feed.yaml", schemas_vendors_generic_json_feed_yaml, sizeof(schemas_vendors_generic_json_feed_yaml) - 1},
    {"schemas/vendors/generic/json/golden.jsonl", schemas_vendors_generic_json_golden_jsonl, sizeof(schemas_vendors_generic_json_golden_jsonl) - 1},
    {"schemas/vendors/generic/json/mapping.yaml", schemas_vendors_generic_json_mapping_yaml, sizeof(schemas_vendors_generic_json_mapping_yaml) - 1},
    {"schemas/vendors/generic/json/samples.jsonl", schemas_vendors_generic_json_samples_jsonl, sizeof(schemas_vendors_generic_json_samples_jsonl) - 1},
    {"schemas/vendors/github/audit/feed.yaml", schemas_vendors_github_audit_feed_yaml, sizeof(schemas_vendors_github_audit_feed_yaml) - 1},
    {"schemas/vendors/github/audit/golden.jsonl", schemas_vendors_github_audit_golden_jsonl, sizeof(schemas_vendors_github_audit_golden_jsonl) - 1},
    {"schemas/vendors/github/audit/mapping.yaml", schemas_vendors_github_audit_mapping_yaml, sizeof(schemas_vendors_github_audit_mapping_yaml) - 1},
    {"schemas/vendors/github/audit/samples.jsonl", schemas_vendors_github_audit_samples_jsonl, sizeof(schemas_vendors_github_audit_samples_jsonl) - 1},
    {"schemas/vendors/google_workspace/activity/feed.yaml", schemas_vendors_google_workspace_activity_feed_yaml, sizeof(schemas_vendors_google_workspace_activity_feed_yaml) - 1},
    {"schemas/vendors/google_workspace/activity/golden.jsonl", schemas_vendors_google_workspace_activity_golden_jsonl, sizeof(schemas_vendors_google_workspace_activity_golden_jsonl) - 1},
    {"schemas/vendors/google_workspace/activity/mapping.yaml", schemas_vendors_google_workspace_activity_mapping_yaml, sizeof(schemas_vendors_google_workspace_activity_mapping_yaml) - 1},
    {"schemas/vendors/google_workspace/activity/samples.jsonl", schemas_vendors_google_workspace_activity_samples_jsonl, sizeof(schemas_vendors_google_workspace_activity_samples_jsonl) - 1},
    {"schemas/vendors/kubernetes/audit/feed.yaml", schemas_vendors_kubernetes_audit_feed_yaml, sizeof(schemas_vendors_kubernetes_audit_feed_yaml) - 1},
    {"schemas/vendors/kubernetes/audit/golden.jsonl", schemas_vendors_kubernetes_audit_golden_jsonl, sizeof(schemas_vendors_kubernetes_audit_golden_jsonl) - 1},
    {"schemas/vendors/kubernetes/audit/mapping.yaml", schemas_vendors_kubernetes_audit_mapping_yaml, sizeof(schemas_vendors_kubernetes_audit_mapping_yaml) - 1},
    {"schemas/vendors/kubernetes/audit/samples.jsonl", schemas_vendors_kubernetes_audit_samples_jsonl, sizeof(schemas_vendors_kubernetes_audit_samples_jsonl) - 1},
    {"schemas/vendors/m365/audit/feed.yaml", schemas_vendors_m365_audit_feed_yaml, sizeof(schemas_vendors_m365_audit_feed_yaml) - 1},
    {"schemas/vendors/m365/audit/golden.jsonl", schemas_vendors_m365_audit_golden_jsonl, sizeof(schemas_vendors_m365_audit_golden_jsonl) - 1},
    {"schemas/vendors/m365/audit/mapping.yaml", schemas_vendors_m365_audit_mapping_yaml, sizeof(schemas_vendors_m365_audit_mapping_yaml) - 1},
    {"schemas/vendors/m365/audit/samples.jsonl", schemas_vendors_m365_audit_samples_jsonl, sizeof(schemas_vendors_m365_audit_samples_jsonl) - 1},
    {"schemas/vendors/martlet/snapshot/feed.yaml", schemas_vendors_martlet_snapshot_feed_yaml, sizeof(schemas_vendors_martlet_snapshot_feed_yaml) - 1},
    {"schemas/vendors/martlet/snapshot/golden.jsonl", schemas_vendors_martlet_snapshot_golden_jsonl, sizeof(schemas_vendors_martlet_snapshot_golden_jsonl) - 1},
    {"schemas/vendors/martlet/snapshot/mapping.yaml", schemas_vendors_martlet_snapshot_mapping_yaml, sizeof(schemas_vendors_martlet_snapshot_mapping_yaml) - 1},
    {"schemas/vendors/martlet/snapshot/samples.jsonl", schemas_vendors_martlet_snapshot_samples_jsonl, sizeof(schemas_vendors_martlet_snapshot_samples_jsonl) - 1},
    {"schemas/vendors/okta/groups/feed.yaml", schemas_vendors_okta_groups_feed_yaml, sizeof(schemas_vendors_okta_groups_feed_yaml) - 1},
    {"schemas/vendors/okta/groups/golden.jsonl", schemas_vendors_okta_groups_golden_jsonl, sizeof(schemas_vendors_okta_groups_golden_jsonl) - 1},
    {"schemas/vendors/okta/groups/mapping.yaml", schemas_vendors_okta_groups_mapping_yaml, sizeof(schemas_vendors_okta_groups_mapping_yaml) - 1},
    {"schemas/vendors/okta/groups/samples.jsonl", schemas_vendors_okta_groups_samples_jsonl, sizeof(schemas_vendors_okta_groups_samples_jsonl) - 1},
    {"schemas/vendors/okta/system_log/feed.yaml", schemas_vendors_okta_system_log_feed_yaml, sizeof(schemas_vendors_okta_system_log_feed_yaml) - 1},
    {"schemas/vendors/okta/system_log/golden.jsonl", schemas_vendors_okta_system_log_golden_jsonl, sizeof(schemas_vendors_okta_system_log_golden_jsonl) - 1},
    {"schemas/vendors/okta/system_log/mapping.yaml", schemas_vendors_okta_system_log_mapping_yaml, sizeof(schemas_vendors_okta_system_log_mapping_yaml) - 1},
    {"schemas/vendors/okta/system_log/samples.jsonl", schemas_vendors_okta_system_log_samples_jsonl, sizeof(schemas_vendors_okta_system_log_samples_jsonl) - 1},
    {"schemas/vendors/snowflake/access_history/feed.yaml", schemas_vendors_snowflake_access_history_feed_yaml, sizeof(schemas_vendors_snowflake_access_history_feed_yaml) - 1},
    {"schemas/vendors/snowflake/access_history/golden.jsonl", schemas_vendors_snowflake_access_history_golden_jsonl, sizeof(schemas_vendors_snowflake_access_history_golden_jsonl) - 1},
    {"schemas/vendors/snowflake/access_history/mapping.yaml", schemas_vendors_snowflake_access_history_mapping_yaml, sizeof(schemas_vendors_snowflake_access_history_mapping_yaml) - 1},
    {"schemas/vendors/snowflake/access_history/samples.jsonl", schemas_vendors_snowflake_access_history_samples_jsonl, sizeof(schemas_vendors_snowflake_access_history_samples_jsonl) - 1},
    {"schemas/vendors/snowflake/grants/feed.yaml", schemas_vendors_snowflake_grants_feed_yaml, sizeof(schemas_vendors_snowflake_grants_feed_yaml) - 1},
    {"schemas/vendors/snowflake/grants/golden.jsonl", schemas_vendors_snowflake_grants_golden_jsonl, sizeof(schemas_vendors_snowflake_grants_golden_jsonl) - 1},
    {"schemas/vendors/snowflake/grants/mapping.yaml", schemas_vendors_snowflake_grants_mapping_yaml, sizeof(schemas_vendors_snowflake_grants_mapping_yaml) - 1},
    {"schemas/vendors/snowflake/grants/samples.jsonl", schemas_vendors_snowflake_grants_samples_jsonl, sizeof(schemas_vendors_snowflake_grants_samples_jsonl) - 1},
    {"schemas/vendors/snowflake/login_history/feed.yaml", schemas_vendors_snowflake_login_history_feed_yaml, sizeof(schemas_vendors_snowflake_login_history_feed_yaml) - 1},
    {"schemas/vendors/snowflake/login_history/golden.jsonl", schemas_vendors_snowflake_login_history_golden_jsonl, sizeof(schemas_vendors_snowflake_login_history_golden_jsonl) - 1},
    {"schemas/vendors/snowflake/login_history/mapping.yaml", schemas_vendors_snowflake_login_history_mapping_yaml, sizeof(schemas_vendors_snowflake_login_history_mapping_yaml) - 1},
    {"schemas/vendors/snowflake/login_history/samples.jsonl", schemas_vendors_snowflake_login_history_samples_jsonl, sizeof(schemas_vendors_snowflake_login_history_samples_jsonl) - 1},
    {"schemas/vendors/sym/audit/feed.yaml", schemas_vendors_sym_audit_feed_yaml, sizeof(schemas_vendors_sym_audit_feed_yaml) - 1},
    {"schemas/vendors/sym/audit/golden.jsonl", schemas_vendors_sym_audit_golden_jsonl, sizeof(schemas_vendors_sym_audit_golden_jsonl) - 1},
    {"schemas/vendors/sym/audit/mapping.yaml", schemas_vendors_sym_audit_mapping_yaml, sizeof(schemas_vendors_sym_audit_mapping_yaml) - 1},
    {"schemas/vendors/sym/audit/samples.jsonl", schemas_vendors_sym_audit_samples_jsonl, sizeof(schemas_vendors_sym_audit_samples_jsonl) - 1},
    {"schemas/vendors/teleport/audit/feed.yaml", schemas_vendors_teleport_audit_feed_yaml, sizeof(schemas_vendors_teleport_audit_feed_yaml) - 1},
    {"schemas/vendors/teleport/audit/golden.jsonl", schemas_vendors_teleport_audit_golden_jsonl, sizeof(schemas_vendors_teleport_audit_golden_jsonl) - 1},
    {"schemas/vendors/teleport/audit/mapping.yaml", schemas_vendors_teleport_audit_mapping_yaml, sizeof(schemas_vendors_teleport_audit_mapping_yaml) - 1},
    {"schemas/vendors/teleport/audit/samples.jsonl", schemas_vendors_teleport_audit_samples_jsonl, sizeof(schemas_vendors_teleport_audit_samples_jsonl) - 1},
    {"schemas/vendors/vault/audit/feed.yaml", schemas_vendors_vault_audit_feed_yaml, sizeof(schemas_vendors_vault_audit_feed_yaml) - 1},
    {"schemas/vendors/vault/audit/golden.jsonl", schemas_vendors_vault_audit_golden_jsonl, sizeof(schemas_vendors_vault_audit_golden_jsonl) - 1},
    {"schemas/vendors/vault/audit/mapping.yaml", schemas_vendors_vault_audit_mapping_yaml, sizeof(schemas_vendors_vault_audit_mapping_yaml) - 1},
    {"schemas/vendors/vault/audit/samples.jsonl", schemas_vendors_vault_audit_samples_jsonl, sizeof(schemas_vendors_vault_audit_samples_jsonl) - 1},
};

size_t martlet_asset_count(void) { return sizeof(assets) / sizeof(assets[0]); }

martlet_asset martlet_asset_at(size_t index) { return assets[index]; }
