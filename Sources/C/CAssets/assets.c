// Written by scripts/assets; a file ends with a zero byte that is not counted.
#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t console_console_css[] = {
#embed "../../../console/console.css" suffix(,)
    0};
static const uint8_t console_console_js[] = {
#embed "../../../console/console.js" suffix(,)
    0};
static const uint8_t console_icon_svg[] = {
#embed "../../../console/icon.svg" suffix(,)
    0};
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
static const uint8_t pipelines_kafka_to_files_cases_jsonl[] = {
#embed "../../../pipelines/kafka-to-files.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_kafka_to_files_yaml[] = {
#embed "../../../pipelines/kafka-to-files.yaml" suffix(,)
    0};
static const uint8_t pipelines_pubsub_to_files_cases_jsonl[] = {
#embed "../../../pipelines/pubsub-to-files.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_pubsub_to_files_yaml[] = {
#embed "../../../pipelines/pubsub-to-files.yaml" suffix(,)
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
static const uint8_t pipelines_rules_aws_backups_deleted_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/backups_deleted.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_backups_deleted_yaml[] = {
#embed "../../../pipelines/rules/aws/backups_deleted.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_blinded_then_persisted_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/blinded_then_persisted.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_blinded_then_persisted_yaml[] = {
#embed "../../../pipelines/rules/aws/blinded_then_persisted.yaml" suffix(,)
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
static const uint8_t pipelines_rules_aws_build_project_public_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/build_project_public.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_build_project_public_yaml[] = {
#embed "../../../pipelines/rules/aws/build_project_public.yaml" suffix(,)
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
static const uint8_t pipelines_rules_aws_database_made_public_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/database_made_public.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_database_made_public_yaml[] = {
#embed "../../../pipelines/rules/aws/database_made_public.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_denied_everywhere_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/denied_everywhere.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_denied_everywhere_yaml[] = {
#embed "../../../pipelines/rules/aws/denied_everywhere.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_disk_encryption_default_off_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/disk_encryption_default_off.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_disk_encryption_default_off_yaml[] = {
#embed "../../../pipelines/rules/aws/disk_encryption_default_off.yaml" suffix(,)
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
static const uint8_t pipelines_rules_aws_instance_credentials_elsewhere_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/instance_credentials_elsewhere.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_instance_credentials_elsewhere_yaml[] = {
#embed "../../../pipelines/rules/aws/instance_credentials_elsewhere.yaml" suffix(,)
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
static const uint8_t pipelines_rules_aws_instances_in_numbers_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/instances_in_numbers.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_instances_in_numbers_yaml[] = {
#embed "../../../pipelines/rules/aws/instances_in_numbers.yaml" suffix(,)
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
static const uint8_t pipelines_rules_aws_mail_service_sized_up_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/mail_service_sized_up.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_mail_service_sized_up_yaml[] = {
#embed "../../../pipelines/rules/aws/mail_service_sized_up.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_mfa_device_removed_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/mfa_device_removed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_mfa_device_removed_yaml[] = {
#embed "../../../pipelines/rules/aws/mfa_device_removed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_model_logging_deleted_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/model_logging_deleted.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_model_logging_deleted_yaml[] = {
#embed "../../../pipelines/rules/aws/model_logging_deleted.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_network_acl_opened_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/network_acl_opened.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_network_acl_opened_yaml[] = {
#embed "../../../pipelines/rules/aws/network_acl_opened.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_new_key_used_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/new_key_used.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_new_key_used_yaml[] = {
#embed "../../../pipelines/rules/aws/new_key_used.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_objects_taken_out_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/objects_taken_out.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_objects_taken_out_yaml[] = {
#embed "../../../pipelines/rules/aws/objects_taken_out.yaml" suffix(,)
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
static const uint8_t pipelines_rules_aws_regions_swept_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/regions_swept.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_regions_swept_yaml[] = {
#embed "../../../pipelines/rules/aws/regions_swept.yaml" suffix(,)
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
static const uint8_t pipelines_rules_aws_secrets_swept_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/secrets_swept.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_secrets_swept_yaml[] = {
#embed "../../../pipelines/rules/aws/secrets_swept.yaml" suffix(,)
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
static const uint8_t pipelines_rules_aws_traffic_mirrored_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/traffic_mirrored.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_traffic_mirrored_yaml[] = {
#embed "../../../pipelines/rules/aws/traffic_mirrored.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_windows_password_data_read_cases_jsonl[] = {
#embed "../../../pipelines/rules/aws/windows_password_data_read.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_aws_windows_password_data_read_yaml[] = {
#embed "../../../pipelines/rules/aws/windows_password_data_read.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_access_elevated_cases_jsonl[] = {
#embed "../../../pipelines/rules/azure/access_elevated.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_access_elevated_yaml[] = {
#embed "../../../pipelines/rules/azure/access_elevated.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_alerts_removed_cases_jsonl[] = {
#embed "../../../pipelines/rules/azure/alerts_removed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_alerts_removed_yaml[] = {
#embed "../../../pipelines/rules/azure/alerts_removed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_automation_changed_cases_jsonl[] = {
#embed "../../../pipelines/rules/azure/automation_changed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_automation_changed_yaml[] = {
#embed "../../../pipelines/rules/azure/automation_changed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_backups_removed_cases_jsonl[] = {
#embed "../../../pipelines/rules/azure/backups_removed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_backups_removed_yaml[] = {
#embed "../../../pipelines/rules/azure/backups_removed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_diagnostic_settings_deleted_cases_jsonl[] = {
#embed "../../../pipelines/rules/azure/diagnostic_settings_deleted.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_diagnostic_settings_deleted_yaml[] = {
#embed "../../../pipelines/rules/azure/diagnostic_settings_deleted.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_directory_role_then_subscriptions_cases_jsonl[] = {
#embed "../../../pipelines/rules/azure/directory_role_then_subscriptions.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_directory_role_then_subscriptions_yaml[] = {
#embed "../../../pipelines/rules/azure/directory_role_then_subscriptions.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_key_vault_purged_cases_jsonl[] = {
#embed "../../../pipelines/rules/azure/key_vault_purged.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_key_vault_purged_yaml[] = {
#embed "../../../pipelines/rules/azure/key_vault_purged.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_network_opened_cases_jsonl[] = {
#embed "../../../pipelines/rules/azure/network_opened.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_network_opened_yaml[] = {
#embed "../../../pipelines/rules/azure/network_opened.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_outside_identity_trusted_cases_jsonl[] = {
#embed "../../../pipelines/rules/azure/outside_identity_trusted.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_outside_identity_trusted_yaml[] = {
#embed "../../../pipelines/rules/azure/outside_identity_trusted.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_owner_assigned_cases_jsonl[] = {
#embed "../../../pipelines/rules/azure/owner_assigned.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_owner_assigned_yaml[] = {
#embed "../../../pipelines/rules/azure/owner_assigned.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_resources_deleted_in_bulk_cases_jsonl[] = {
#embed "../../../pipelines/rules/azure/resources_deleted_in_bulk.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_resources_deleted_in_bulk_yaml[] = {
#embed "../../../pipelines/rules/azure/resources_deleted_in_bulk.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_storage_account_opened_cases_jsonl[] = {
#embed "../../../pipelines/rules/azure/storage_account_opened.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_storage_account_opened_yaml[] = {
#embed "../../../pipelines/rules/azure/storage_account_opened.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_storage_keys_listed_cases_jsonl[] = {
#embed "../../../pipelines/rules/azure/storage_keys_listed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_storage_keys_listed_yaml[] = {
#embed "../../../pipelines/rules/azure/storage_keys_listed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_virtual_machine_command_cases_jsonl[] = {
#embed "../../../pipelines/rules/azure/virtual_machine_command.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_azure_virtual_machine_command_yaml[] = {
#embed "../../../pipelines/rules/azure/virtual_machine_command.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_databricks_administrator_made_cases_jsonl[] = {
#embed "../../../pipelines/rules/databricks/administrator_made.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_databricks_administrator_made_yaml[] = {
#embed "../../../pipelines/rules/databricks/administrator_made.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_databricks_audit_weakened_cases_jsonl[] = {
#embed "../../../pipelines/rules/databricks/audit_weakened.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_databricks_audit_weakened_yaml[] = {
#embed "../../../pipelines/rules/databricks/audit_weakened.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_databricks_ip_access_list_removed_cases_jsonl[] = {
#embed "../../../pipelines/rules/databricks/ip_access_list_removed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_databricks_ip_access_list_removed_yaml[] = {
#embed "../../../pipelines/rules/databricks/ip_access_list_removed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_databricks_member_of_administrators_cases_jsonl[] = {
#embed "../../../pipelines/rules/databricks/member_of_administrators.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_databricks_member_of_administrators_yaml[] = {
#embed "../../../pipelines/rules/databricks/member_of_administrators.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_databricks_single_sign_on_changed_cases_jsonl[] = {
#embed "../../../pipelines/rules/databricks/single_sign_on_changed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_databricks_single_sign_on_changed_yaml[] = {
#embed "../../../pipelines/rules/databricks/single_sign_on_changed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_databricks_storage_mounted_cases_jsonl[] = {
#embed "../../../pipelines/rules/databricks/storage_mounted.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_databricks_storage_mounted_yaml[] = {
#embed "../../../pipelines/rules/databricks/storage_mounted.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_databricks_tables_read_in_bulk_cases_jsonl[] = {
#embed "../../../pipelines/rules/databricks/tables_read_in_bulk.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_databricks_tables_read_in_bulk_yaml[] = {
#embed "../../../pipelines/rules/databricks/tables_read_in_bulk.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_admin_consent_to_powerful_scopes_cases_jsonl[] = {
#embed "../../../pipelines/rules/entra/admin_consent_to_powerful_scopes.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_admin_consent_to_powerful_scopes_yaml[] = {
#embed "../../../pipelines/rules/entra/admin_consent_to_powerful_scopes.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_app_role_powerful_cases_jsonl[] = {
#embed "../../../pipelines/rules/entra/app_role_powerful.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_app_role_powerful_yaml[] = {
#embed "../../../pipelines/rules/entra/app_role_powerful.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_conditional_access_weakened_cases_jsonl[] = {
#embed "../../../pipelines/rules/entra/conditional_access_weakened.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_conditional_access_weakened_yaml[] = {
#embed "../../../pipelines/rules/entra/conditional_access_weakened.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_credentials_leaked_cases_jsonl[] = {
#embed "../../../pipelines/rules/entra/credentials_leaked.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_credentials_leaked_yaml[] = {
#embed "../../../pipelines/rules/entra/credentials_leaked.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_cross_tenant_access_opened_cases_jsonl[] = {
#embed "../../../pipelines/rules/entra/cross_tenant_access_opened.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_cross_tenant_access_opened_yaml[] = {
#embed "../../../pipelines/rules/entra/cross_tenant_access_opened.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_device_code_sign_in_cases_jsonl[] = {
#embed "../../../pipelines/rules/entra/device_code_sign_in.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_device_code_sign_in_yaml[] = {
#embed "../../../pipelines/rules/entra/device_code_sign_in.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_domain_federated_cases_jsonl[] = {
#embed "../../../pipelines/rules/entra/domain_federated.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_domain_federated_yaml[] = {
#embed "../../../pipelines/rules/entra/domain_federated.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_global_administrator_assigned_cases_jsonl[] = {
#embed "../../../pipelines/rules/entra/global_administrator_assigned.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_global_administrator_assigned_yaml[] = {
#embed "../../../pipelines/rules/entra/global_administrator_assigned.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_new_secret_used_cases_jsonl[] = {
#embed "../../../pipelines/rules/entra/new_secret_used.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_new_secret_used_yaml[] = {
#embed "../../../pipelines/rules/entra/new_secret_used.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_old_protocol_sign_in_cases_jsonl[] = {
#embed "../../../pipelines/rules/entra/old_protocol_sign_in.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_old_protocol_sign_in_yaml[] = {
#embed "../../../pipelines/rules/entra/old_protocol_sign_in.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_second_factor_refused_again_cases_jsonl[] = {
#embed "../../../pipelines/rules/entra/second_factor_refused_again.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_second_factor_refused_again_yaml[] = {
#embed "../../../pipelines/rules/entra/second_factor_refused_again.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_security_info_deleted_by_admin_cases_jsonl[] = {
#embed "../../../pipelines/rules/entra/security_info_deleted_by_admin.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_security_info_deleted_by_admin_yaml[] = {
#embed "../../../pipelines/rules/entra/security_info_deleted_by_admin.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_service_principal_credentials_added_cases_jsonl[] = {
#embed "../../../pipelines/rules/entra/service_principal_credentials_added.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_service_principal_credentials_added_yaml[] = {
#embed "../../../pipelines/rules/entra/service_principal_credentials_added.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_temporary_access_pass_cases_jsonl[] = {
#embed "../../../pipelines/rules/entra/temporary_access_pass.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_entra_temporary_access_pass_yaml[] = {
#embed "../../../pipelines/rules/entra/temporary_access_pass.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_account_made_powerful_then_key_cases_jsonl[] = {
#embed "../../../pipelines/rules/gcp/account_made_powerful_then_key.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_account_made_powerful_then_key_yaml[] = {
#embed "../../../pipelines/rules/gcp/account_made_powerful_then_key.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_cluster_admin_bound_cases_jsonl[] = {
#embed "../../../pipelines/rules/gcp/cluster_admin_bound.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_cluster_admin_bound_yaml[] = {
#embed "../../../pipelines/rules/gcp/cluster_admin_bound.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_denied_everywhere_cases_jsonl[] = {
#embed "../../../pipelines/rules/gcp/denied_everywhere.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_denied_everywhere_yaml[] = {
#embed "../../../pipelines/rules/gcp/denied_everywhere.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_firewall_opened_cases_jsonl[] = {
#embed "../../../pipelines/rules/gcp/firewall_opened.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_firewall_opened_yaml[] = {
#embed "../../../pipelines/rules/gcp/firewall_opened.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_key_destroyed_cases_jsonl[] = {
#embed "../../../pipelines/rules/gcp/key_destroyed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_key_destroyed_yaml[] = {
#embed "../../../pipelines/rules/gcp/key_destroyed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_log_routing_changed_cases_jsonl[] = {
#embed "../../../pipelines/rules/gcp/log_routing_changed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_log_routing_changed_yaml[] = {
#embed "../../../pipelines/rules/gcp/log_routing_changed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_opened_to_everybody_cases_jsonl[] = {
#embed "../../../pipelines/rules/gcp/opened_to_everybody.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_opened_to_everybody_yaml[] = {
#embed "../../../pipelines/rules/gcp/opened_to_everybody.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_organization_policy_changed_cases_jsonl[] = {
#embed "../../../pipelines/rules/gcp/organization_policy_changed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_organization_policy_changed_yaml[] = {
#embed "../../../pipelines/rules/gcp/organization_policy_changed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_owner_invited_cases_jsonl[] = {
#embed "../../../pipelines/rules/gcp/owner_invited.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_owner_invited_yaml[] = {
#embed "../../../pipelines/rules/gcp/owner_invited.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_pod_reaches_node_cases_jsonl[] = {
#embed "../../../pipelines/rules/gcp/pod_reaches_node.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_pod_reaches_node_yaml[] = {
#embed "../../../pipelines/rules/gcp/pod_reaches_node.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_powerful_role_granted_cases_jsonl[] = {
#embed "../../../pipelines/rules/gcp/powerful_role_granted.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_powerful_role_granted_yaml[] = {
#embed "../../../pipelines/rules/gcp/powerful_role_granted.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_project_ssh_keys_changed_cases_jsonl[] = {
#embed "../../../pipelines/rules/gcp/project_ssh_keys_changed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_project_ssh_keys_changed_yaml[] = {
#embed "../../../pipelines/rules/gcp/project_ssh_keys_changed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_service_account_impersonated_by_person_cases_jsonl[] = {
#embed "../../../pipelines/rules/gcp/service_account_impersonated_by_person.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_service_account_impersonated_by_person_yaml[] = {
#embed "../../../pipelines/rules/gcp/service_account_impersonated_by_person.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_service_account_key_created_cases_jsonl[] = {
#embed "../../../pipelines/rules/gcp/service_account_key_created.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_service_account_key_created_yaml[] = {
#embed "../../../pipelines/rules/gcp/service_account_key_created.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_workload_identity_provider_trusted_cases_jsonl[] = {
#embed "../../../pipelines/rules/gcp/workload_identity_provider_trusted.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_gcp_workload_identity_provider_trusted_yaml[] = {
#embed "../../../pipelines/rules/gcp/workload_identity_provider_trusted.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_github_application_installed_cases_jsonl[] = {
#embed "../../../pipelines/rules/github/application_installed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_github_application_installed_yaml[] = {
#embed "../../../pipelines/rules/github/application_installed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_github_audit_stream_removed_cases_jsonl[] = {
#embed "../../../pipelines/rules/github/audit_stream_removed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_github_audit_stream_removed_yaml[] = {
#embed "../../../pipelines/rules/github/audit_stream_removed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_github_branch_protection_removed_cases_jsonl[] = {
#embed "../../../pipelines/rules/github/branch_protection_removed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_github_branch_protection_removed_yaml[] = {
#embed "../../../pipelines/rules/github/branch_protection_removed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_github_ip_allow_list_opened_cases_jsonl[] = {
#embed "../../../pipelines/rules/github/ip_allow_list_opened.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_github_ip_allow_list_opened_yaml[] = {
#embed "../../../pipelines/rules/github/ip_allow_list_opened.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_github_key_added_cases_jsonl[] = {
#embed "../../../pipelines/rules/github/key_added.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_github_key_added_yaml[] = {
#embed "../../../pipelines/rules/github/key_added.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_github_owner_added_cases_jsonl[] = {
#embed "../../../pipelines/rules/github/owner_added.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_github_owner_added_yaml[] = {
#embed "../../../pipelines/rules/github/owner_added.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_github_protection_removed_then_push_cases_jsonl[] = {
#embed "../../../pipelines/rules/github/protection_removed_then_push.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_github_protection_removed_then_push_yaml[] = {
#embed "../../../pipelines/rules/github/protection_removed_then_push.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_github_repositories_copied_in_bulk_cases_jsonl[] = {
#embed "../../../pipelines/rules/github/repositories_copied_in_bulk.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_github_repositories_copied_in_bulk_yaml[] = {
#embed "../../../pipelines/rules/github/repositories_copied_in_bulk.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_github_repository_made_public_cases_jsonl[] = {
#embed "../../../pipelines/rules/github/repository_made_public.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_github_repository_made_public_yaml[] = {
#embed "../../../pipelines/rules/github/repository_made_public.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_github_secret_protection_bypassed_cases_jsonl[] = {
#embed "../../../pipelines/rules/github/secret_protection_bypassed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_github_secret_protection_bypassed_yaml[] = {
#embed "../../../pipelines/rules/github/secret_protection_bypassed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_github_sign_in_protection_removed_cases_jsonl[] = {
#embed "../../../pipelines/rules/github/sign_in_protection_removed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_github_sign_in_protection_removed_yaml[] = {
#embed "../../../pipelines/rules/github/sign_in_protection_removed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_github_webhook_created_cases_jsonl[] = {
#embed "../../../pipelines/rules/github/webhook_created.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_github_webhook_created_yaml[] = {
#embed "../../../pipelines/rules/github/webhook_created.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_administrator_role_assigned_cases_jsonl[] = {
#embed "../../../pipelines/rules/google_workspace/administrator_role_assigned.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_administrator_role_assigned_yaml[] = {
#embed "../../../pipelines/rules/google_workspace/administrator_role_assigned.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_domain_trusted_cases_jsonl[] = {
#embed "../../../pipelines/rules/google_workspace/domain_trusted.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_domain_trusted_yaml[] = {
#embed "../../../pipelines/rules/google_workspace/domain_trusted.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_domain_wide_delegation_cases_jsonl[] = {
#embed "../../../pipelines/rules/google_workspace/domain_wide_delegation.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_domain_wide_delegation_yaml[] = {
#embed "../../../pipelines/rules/google_workspace/domain_wide_delegation.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_downloads_in_bulk_cases_jsonl[] = {
#embed "../../../pipelines/rules/google_workspace/downloads_in_bulk.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_downloads_in_bulk_yaml[] = {
#embed "../../../pipelines/rules/google_workspace/downloads_in_bulk.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_google_warns_of_account_cases_jsonl[] = {
#embed "../../../pipelines/rules/google_workspace/google_warns_of_account.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_google_warns_of_account_yaml[] = {
#embed "../../../pipelines/rules/google_workspace/google_warns_of_account.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_mail_forwarded_outside_cases_jsonl[] = {
#embed "../../../pipelines/rules/google_workspace/mail_forwarded_outside.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_mail_forwarded_outside_yaml[] = {
#embed "../../../pipelines/rules/google_workspace/mail_forwarded_outside.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_powerful_scopes_granted_cases_jsonl[] = {
#embed "../../../pipelines/rules/google_workspace/powerful_scopes_granted.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_powerful_scopes_granted_yaml[] = {
#embed "../../../pipelines/rules/google_workspace/powerful_scopes_granted.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_super_admin_granted_cases_jsonl[] = {
#embed "../../../pipelines/rules/google_workspace/super_admin_granted.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_super_admin_granted_yaml[] = {
#embed "../../../pipelines/rules/google_workspace/super_admin_granted.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_two_step_weakened_cases_jsonl[] = {
#embed "../../../pipelines/rules/google_workspace/two_step_weakened.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_two_step_weakened_yaml[] = {
#embed "../../../pipelines/rules/google_workspace/two_step_weakened.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_user_turns_two_step_off_cases_jsonl[] = {
#embed "../../../pipelines/rules/google_workspace/user_turns_two_step_off.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_google_workspace_user_turns_two_step_off_yaml[] = {
#embed "../../../pipelines/rules/google_workspace/user_turns_two_step_off.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_anonymous_allowed_cases_jsonl[] = {
#embed "../../../pipelines/rules/kubernetes/anonymous_allowed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_anonymous_allowed_yaml[] = {
#embed "../../../pipelines/rules/kubernetes/anonymous_allowed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_cluster_admin_bound_cases_jsonl[] = {
#embed "../../../pipelines/rules/kubernetes/cluster_admin_bound.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_cluster_admin_bound_yaml[] = {
#embed "../../../pipelines/rules/kubernetes/cluster_admin_bound.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_command_in_system_pod_cases_jsonl[] = {
#embed "../../../pipelines/rules/kubernetes/command_in_system_pod.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_command_in_system_pod_yaml[] = {
#embed "../../../pipelines/rules/kubernetes/command_in_system_pod.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_forbidden_everywhere_cases_jsonl[] = {
#embed "../../../pipelines/rules/kubernetes/forbidden_everywhere.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_forbidden_everywhere_yaml[] = {
#embed "../../../pipelines/rules/kubernetes/forbidden_everywhere.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_many_pods_entered_cases_jsonl[] = {
#embed "../../../pipelines/rules/kubernetes/many_pods_entered.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_many_pods_entered_yaml[] = {
#embed "../../../pipelines/rules/kubernetes/many_pods_entered.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_pod_reaches_node_cases_jsonl[] = {
#embed "../../../pipelines/rules/kubernetes/pod_reaches_node.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_pod_reaches_node_yaml[] = {
#embed "../../../pipelines/rules/kubernetes/pod_reaches_node.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_role_that_escalates_cases_jsonl[] = {
#embed "../../../pipelines/rules/kubernetes/role_that_escalates.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_role_that_escalates_yaml[] = {
#embed "../../../pipelines/rules/kubernetes/role_that_escalates.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_scheduled_job_made_cases_jsonl[] = {
#embed "../../../pipelines/rules/kubernetes/scheduled_job_made.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_scheduled_job_made_yaml[] = {
#embed "../../../pipelines/rules/kubernetes/scheduled_job_made.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_secrets_of_all_namespaces_cases_jsonl[] = {
#embed "../../../pipelines/rules/kubernetes/secrets_of_all_namespaces.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_secrets_of_all_namespaces_yaml[] = {
#embed "../../../pipelines/rules/kubernetes/secrets_of_all_namespaces.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_system_role_changed_cases_jsonl[] = {
#embed "../../../pipelines/rules/kubernetes/system_role_changed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_system_role_changed_yaml[] = {
#embed "../../../pipelines/rules/kubernetes/system_role_changed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_token_minted_by_person_cases_jsonl[] = {
#embed "../../../pipelines/rules/kubernetes/token_minted_by_person.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_token_minted_by_person_yaml[] = {
#embed "../../../pipelines/rules/kubernetes/token_minted_by_person.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_token_minted_then_secrets_cases_jsonl[] = {
#embed "../../../pipelines/rules/kubernetes/token_minted_then_secrets.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_token_minted_then_secrets_yaml[] = {
#embed "../../../pipelines/rules/kubernetes/token_minted_then_secrets.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_wildcard_role_cases_jsonl[] = {
#embed "../../../pipelines/rules/kubernetes/wildcard_role.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_kubernetes_wildcard_role_yaml[] = {
#embed "../../../pipelines/rules/kubernetes/wildcard_role.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_audit_switched_off_cases_jsonl[] = {
#embed "../../../pipelines/rules/m365/audit_switched_off.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_audit_switched_off_yaml[] = {
#embed "../../../pipelines/rules/m365/audit_switched_off.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_exchange_administrator_added_cases_jsonl[] = {
#embed "../../../pipelines/rules/m365/exchange_administrator_added.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_exchange_administrator_added_yaml[] = {
#embed "../../../pipelines/rules/m365/exchange_administrator_added.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_files_downloaded_in_bulk_cases_jsonl[] = {
#embed "../../../pipelines/rules/m365/files_downloaded_in_bulk.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_files_downloaded_in_bulk_yaml[] = {
#embed "../../../pipelines/rules/m365/files_downloaded_in_bulk.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_inbox_rule_forwards_or_hides_cases_jsonl[] = {
#embed "../../../pipelines/rules/m365/inbox_rule_forwards_or_hides.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_inbox_rule_forwards_or_hides_yaml[] = {
#embed "../../../pipelines/rules/m365/inbox_rule_forwards_or_hides.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_mailbox_forwards_everything_cases_jsonl[] = {
#embed "../../../pipelines/rules/m365/mailbox_forwards_everything.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_mailbox_forwards_everything_yaml[] = {
#embed "../../../pipelines/rules/m365/mailbox_forwards_everything.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_mailbox_opened_to_another_cases_jsonl[] = {
#embed "../../../pipelines/rules/m365/mailbox_opened_to_another.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_mailbox_opened_to_another_yaml[] = {
#embed "../../../pipelines/rules/m365/mailbox_opened_to_another.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_many_mailboxes_read_cases_jsonl[] = {
#embed "../../../pipelines/rules/m365/many_mailboxes_read.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_many_mailboxes_read_yaml[] = {
#embed "../../../pipelines/rules/m365/many_mailboxes_read.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_shared_with_everybody_cases_jsonl[] = {
#embed "../../../pipelines/rules/m365/shared_with_everybody.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_shared_with_everybody_yaml[] = {
#embed "../../../pipelines/rules/m365/shared_with_everybody.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_strong_authentication_disabled_cases_jsonl[] = {
#embed "../../../pipelines/rules/m365/strong_authentication_disabled.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_m365_strong_authentication_disabled_yaml[] = {
#embed "../../../pipelines/rules/m365/strong_authentication_disabled.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_granted_to_oneself_cases_jsonl[] = {
#embed "../../../pipelines/rules/ocsf/granted_to_oneself.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_granted_to_oneself_yaml[] = {
#embed "../../../pipelines/rules/ocsf/granted_to_oneself.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_guessed_password_cases_jsonl[] = {
#embed "../../../pipelines/rules/ocsf/guessed_password.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_guessed_password_yaml[] = {
#embed "../../../pipelines/rules/ocsf/guessed_password.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_many_countries_cases_jsonl[] = {
#embed "../../../pipelines/rules/ocsf/many_countries.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_many_countries_yaml[] = {
#embed "../../../pipelines/rules/ocsf/many_countries.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_many_failures_cases_jsonl[] = {
#embed "../../../pipelines/rules/ocsf/many_failures.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_many_failures_yaml[] = {
#embed "../../../pipelines/rules/ocsf/many_failures.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_password_spray_cases_jsonl[] = {
#embed "../../../pipelines/rules/ocsf/password_spray.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_password_spray_yaml[] = {
#embed "../../../pipelines/rules/ocsf/password_spray.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_programmatic_credentials_for_another_cases_jsonl[] = {
#embed "../../../pipelines/rules/ocsf/programmatic_credentials_for_another.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_programmatic_credentials_for_another_yaml[] = {
#embed "../../../pipelines/rules/ocsf/programmatic_credentials_for_another.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_second_factor_removed_cases_jsonl[] = {
#embed "../../../pipelines/rules/ocsf/second_factor_removed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_second_factor_removed_yaml[] = {
#embed "../../../pipelines/rules/ocsf/second_factor_removed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_second_factor_removed_then_signed_in_cases_jsonl[] = {
#embed "../../../pipelines/rules/ocsf/second_factor_removed_then_signed_in.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_second_factor_removed_then_signed_in_yaml[] = {
#embed "../../../pipelines/rules/ocsf/second_factor_removed_then_signed_in.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_users_deleted_in_bulk_cases_jsonl[] = {
#embed "../../../pipelines/rules/ocsf/users_deleted_in_bulk.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_ocsf_users_deleted_in_bulk_yaml[] = {
#embed "../../../pipelines/rules/ocsf/users_deleted_in_bulk.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_administration_from_new_device_cases_jsonl[] = {
#embed "../../../pipelines/rules/okta/administration_from_new_device.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_administration_from_new_device_yaml[] = {
#embed "../../../pipelines/rules/okta/administration_from_new_device.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_all_factors_reset_cases_jsonl[] = {
#embed "../../../pipelines/rules/okta/all_factors_reset.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_all_factors_reset_yaml[] = {
#embed "../../../pipelines/rules/okta/all_factors_reset.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_api_token_created_cases_jsonl[] = {
#embed "../../../pipelines/rules/okta/api_token_created.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_api_token_created_yaml[] = {
#embed "../../../pipelines/rules/okta/api_token_created.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_application_password_shown_cases_jsonl[] = {
#embed "../../../pipelines/rules/okta/application_password_shown.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_application_password_shown_yaml[] = {
#embed "../../../pipelines/rules/okta/application_password_shown.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_applications_tried_cases_jsonl[] = {
#embed "../../../pipelines/rules/okta/applications_tried.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_applications_tried_yaml[] = {
#embed "../../../pipelines/rules/okta/applications_tried.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_identity_provider_added_cases_jsonl[] = {
#embed "../../../pipelines/rules/okta/identity_provider_added.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_identity_provider_added_yaml[] = {
#embed "../../../pipelines/rules/okta/identity_provider_added.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_log_stream_stopped_cases_jsonl[] = {
#embed "../../../pipelines/rules/okta/log_stream_stopped.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_log_stream_stopped_yaml[] = {
#embed "../../../pipelines/rules/okta/log_stream_stopped.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_push_denied_then_accepted_cases_jsonl[] = {
#embed "../../../pipelines/rules/okta/push_denied_then_accepted.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_push_denied_then_accepted_yaml[] = {
#embed "../../../pipelines/rules/okta/push_denied_then_accepted.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_refresh_token_used_twice_cases_jsonl[] = {
#embed "../../../pipelines/rules/okta/refresh_token_used_twice.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_refresh_token_used_twice_yaml[] = {
#embed "../../../pipelines/rules/okta/refresh_token_used_twice.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_reset_then_administration_cases_jsonl[] = {
#embed "../../../pipelines/rules/okta/reset_then_administration.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_reset_then_administration_yaml[] = {
#embed "../../../pipelines/rules/okta/reset_then_administration.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_sign_in_through_proxy_cases_jsonl[] = {
#embed "../../../pipelines/rules/okta/sign_in_through_proxy.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_sign_in_through_proxy_yaml[] = {
#embed "../../../pipelines/rules/okta/sign_in_through_proxy.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_sign_on_policy_weakened_cases_jsonl[] = {
#embed "../../../pipelines/rules/okta/sign_on_policy_weakened.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_sign_on_policy_weakened_yaml[] = {
#embed "../../../pipelines/rules/okta/sign_on_policy_weakened.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_super_administrator_granted_cases_jsonl[] = {
#embed "../../../pipelines/rules/okta/super_administrator_granted.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_super_administrator_granted_yaml[] = {
#embed "../../../pipelines/rules/okta/super_administrator_granted.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_support_impersonates_cases_jsonl[] = {
#embed "../../../pipelines/rules/okta/support_impersonates.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_support_impersonates_yaml[] = {
#embed "../../../pipelines/rules/okta/support_impersonates.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_threat_detected_cases_jsonl[] = {
#embed "../../../pipelines/rules/okta/threat_detected.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_threat_detected_yaml[] = {
#embed "../../../pipelines/rules/okta/threat_detected.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_user_reports_activity_cases_jsonl[] = {
#embed "../../../pipelines/rules/okta/user_reports_activity.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_okta_user_reports_activity_yaml[] = {
#embed "../../../pipelines/rules/okta/user_reports_activity.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_snowflake_account_administrator_granted_cases_jsonl[] = {
#embed "../../../pipelines/rules/snowflake/account_administrator_granted.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_snowflake_account_administrator_granted_yaml[] = {
#embed "../../../pipelines/rules/snowflake/account_administrator_granted.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_snowflake_network_policy_removed_cases_jsonl[] = {
#embed "../../../pipelines/rules/snowflake/network_policy_removed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_snowflake_network_policy_removed_yaml[] = {
#embed "../../../pipelines/rules/snowflake/network_policy_removed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_snowflake_password_only_sign_in_cases_jsonl[] = {
#embed "../../../pipelines/rules/snowflake/password_only_sign_in.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_snowflake_password_only_sign_in_yaml[] = {
#embed "../../../pipelines/rules/snowflake/password_only_sign_in.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_snowflake_ruling_user_changed_cases_jsonl[] = {
#embed "../../../pipelines/rules/snowflake/ruling_user_changed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_snowflake_ruling_user_changed_yaml[] = {
#embed "../../../pipelines/rules/snowflake/ruling_user_changed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_snowflake_unloaded_to_outside_cases_jsonl[] = {
#embed "../../../pipelines/rules/snowflake/unloaded_to_outside.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_snowflake_unloaded_to_outside_yaml[] = {
#embed "../../../pipelines/rules/snowflake/unloaded_to_outside.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_snowflake_user_created_cases_jsonl[] = {
#embed "../../../pipelines/rules/snowflake/user_created.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_snowflake_user_created_yaml[] = {
#embed "../../../pipelines/rules/snowflake/user_created.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_teleport_join_token_made_cases_jsonl[] = {
#embed "../../../pipelines/rules/teleport/join_token_made.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_teleport_join_token_made_yaml[] = {
#embed "../../../pipelines/rules/teleport/join_token_made.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_teleport_own_request_approved_cases_jsonl[] = {
#embed "../../../pipelines/rules/teleport/own_request_approved.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_teleport_own_request_approved_yaml[] = {
#embed "../../../pipelines/rules/teleport/own_request_approved.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_teleport_root_session_cases_jsonl[] = {
#embed "../../../pipelines/rules/teleport/root_session.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_teleport_root_session_yaml[] = {
#embed "../../../pipelines/rules/teleport/root_session.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_teleport_session_recording_changed_cases_jsonl[] = {
#embed "../../../pipelines/rules/teleport/session_recording_changed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_teleport_session_recording_changed_yaml[] = {
#embed "../../../pipelines/rules/teleport/session_recording_changed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_teleport_sign_in_connector_changed_cases_jsonl[] = {
#embed "../../../pipelines/rules/teleport/sign_in_connector_changed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_teleport_sign_in_connector_changed_yaml[] = {
#embed "../../../pipelines/rules/teleport/sign_in_connector_changed.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_vault_audit_device_disabled_cases_jsonl[] = {
#embed "../../../pipelines/rules/vault/audit_device_disabled.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_vault_audit_device_disabled_yaml[] = {
#embed "../../../pipelines/rules/vault/audit_device_disabled.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_vault_root_token_acts_cases_jsonl[] = {
#embed "../../../pipelines/rules/vault/root_token_acts.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_vault_root_token_acts_yaml[] = {
#embed "../../../pipelines/rules/vault/root_token_acts.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_vault_secrets_denied_cases_jsonl[] = {
#embed "../../../pipelines/rules/vault/secrets_denied.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_vault_secrets_denied_yaml[] = {
#embed "../../../pipelines/rules/vault/secrets_denied.yaml" suffix(,)
    0};
static const uint8_t pipelines_rules_vault_sign_in_method_changed_cases_jsonl[] = {
#embed "../../../pipelines/rules/vault/sign_in_method_changed.cases.jsonl" suffix(,)
    0};
static const uint8_t pipelines_rules_vault_sign_in_method_changed_yaml[] = {
#embed "../../../pipelines/rules/vault/sign_in_method_changed.yaml" suffix(,)
    0};
static const uint8_t schemas_encodings_cef_yaml[] = {
#embed "../../../schemas/encodings/cef.yaml" suffix(,)
    0};
static const uint8_t schemas_encodings_cim_yaml[] = {
#embed "../../../schemas/encodings/cim.yaml" suffix(,)
    0};
static const uint8_t schemas_encodings_ecs_yaml[] = {
#embed "../../../schemas/encodings/ecs.yaml" suffix(,)
    0};
static const uint8_t schemas_encodings_leef_yaml[] = {
#embed "../../../schemas/encodings/leef.yaml" suffix(,)
    0};
static const uint8_t schemas_encodings_udm_yaml[] = {
#embed "../../../schemas/encodings/udm.yaml" suffix(,)
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
static const uint8_t schemas_policy_aws_actions_txt[] = {
#embed "../../../schemas/policy/aws-actions.txt" suffix(,)
    0};
static const uint8_t schemas_policy_aws_events_txt[] = {
#embed "../../../schemas/policy/aws-events.txt" suffix(,)
    0};
static const uint8_t schemas_receivers_clickhouse_yaml[] = {
#embed "../../../schemas/receivers/clickhouse.yaml" suffix(,)
    0};
static const uint8_t schemas_receivers_datadog_yaml[] = {
#embed "../../../schemas/receivers/datadog.yaml" suffix(,)
    0};
static const uint8_t schemas_receivers_logscale_yaml[] = {
#embed "../../../schemas/receivers/logscale.yaml" suffix(,)
    0};
static const uint8_t schemas_receivers_loki_yaml[] = {
#embed "../../../schemas/receivers/loki.yaml" suffix(,)
    0};
static const uint8_t schemas_receivers_newrelic_yaml[] = {
#embed "../../../schemas/receivers/newrelic.yaml" suffix(,)
    0};
static const uint8_t schemas_receivers_otlp_yaml[] = {
#embed "../../../schemas/receivers/otlp.yaml" suffix(,)
    0};
static const uint8_t schemas_receivers_pagerduty_yaml[] = {
#embed "../../../schemas/receivers/pagerduty.yaml" suffix(,)
    0};
static const uint8_t schemas_receivers_secops_raw_yaml[] = {
#embed "../../../schemas/receivers/secops_raw.yaml" suffix(,)
    0};
static const uint8_t schemas_receivers_secops_udm_yaml[] = {
#embed "../../../schemas/receivers/secops_udm.yaml" suffix(,)
    0};
static const uint8_t schemas_receivers_sentinel_yaml[] = {
#embed "../../../schemas/receivers/sentinel.yaml" suffix(,)
    0};
static const uint8_t schemas_receivers_slack_yaml[] = {
#embed "../../../schemas/receivers/slack.yaml" suffix(,)
    0};
static const uint8_t schemas_receivers_teams_yaml[] = {
#embed "../../../schemas/receivers/teams.yaml" suffix(,)
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
static const uint8_t schemas_vendors_entra_eligibilities_feed_yaml[] = {
#embed "../../../schemas/vendors/entra/eligibilities/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_eligibilities_golden_jsonl[] = {
#embed "../../../schemas/vendors/entra/eligibilities/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_eligibilities_mapping_yaml[] = {
#embed "../../../schemas/vendors/entra/eligibilities/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_eligibilities_samples_jsonl[] = {
#embed "../../../schemas/vendors/entra/eligibilities/samples.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_groups_feed_yaml[] = {
#embed "../../../schemas/vendors/entra/groups/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_groups_golden_jsonl[] = {
#embed "../../../schemas/vendors/entra/groups/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_groups_mapping_yaml[] = {
#embed "../../../schemas/vendors/entra/groups/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_entra_groups_samples_jsonl[] = {
#embed "../../../schemas/vendors/entra/groups/samples.jsonl" suffix(,)
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
static const uint8_t schemas_vendors_gcp_roles_feed_yaml[] = {
#embed "../../../schemas/vendors/gcp/roles/feed.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_gcp_roles_golden_jsonl[] = {
#embed "../../../schemas/vendors/gcp/roles/golden.jsonl" suffix(,)
    0};
static const uint8_t schemas_vendors_gcp_roles_mapping_yaml[] = {
#embed "../../../schemas/vendors/gcp/roles/mapping.yaml" suffix(,)
    0};
static const uint8_t schemas_vendors_gcp_roles_samples_jsonl[] = {
#embed "../../../schemas/vendors/gcp/roles/samples.jsonl" suffix(,)
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
    {"console/console.css", console_console_css, sizeof(console_console_css) - 1},
    {"console/console.js", console_console_js, sizeof(console_console_js) - 1},
    {"console/icon.svg", console_icon_svg, sizeof(console_icon_svg) - 1},
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
    {"pipelines/kafka-to-files.cases.jsonl", pipelines_kafka_to_files_cases_jsonl, sizeof(pipelines_kafka_to_files_cases_jsonl) - 1},
    {"pipelines/kafka-to-files.yaml", pipelines_kafka_to_files_yaml, sizeof(pipelines_kafka_to_files_yaml) - 1},
    {"pipelines/pubsub-to-files.cases.jsonl", pipelines_pubsub_to_files_cases_jsonl, sizeof(pipelines_pubsub_to_files_cases_jsonl) - 1},
    {"pipelines/pubsub-to-files.yaml", pipelines_pubsub_to_files_yaml, sizeof(pipelines_pubsub_to_files_yaml) - 1},
    {"pipelines/push-to-files.cases.jsonl", pipelines_push_to_files_cases_jsonl, sizeof(pipelines_push_to_files_cases_jsonl) - 1},
    {"pipelines/push-to-files.yaml", pipelines_push_to_files_yaml, sizeof(pipelines_push_to_files_yaml) - 1},
    {"pipelines/rules/aws/access_key_for_another_user.cases.jsonl", pipelines_rules_aws_access_key_for_another_user_cases_jsonl, sizeof(pipelines_rules_aws_access_key_for_another_user_cases_jsonl) - 1},
    {"pipelines/rules/aws/access_key_for_another_user.yaml", pipelines_rules_aws_access_key_for_another_user_yaml, sizeof(pipelines_rules_aws_access_key_for_another_user_yaml) - 1},
    {"pipelines/rules/aws/admin_policy_attached.cases.jsonl", pipelines_rules_aws_admin_policy_attached_cases_jsonl, sizeof(pipelines_rules_aws_admin_policy_attached_cases_jsonl) - 1},
    {"pipelines/rules/aws/admin_policy_attached.yaml", pipelines_rules_aws_admin_policy_attached_yaml, sizeof(pipelines_rules_aws_admin_policy_attached_yaml) - 1},
    {"pipelines/rules/aws/attack_tool_user_agent.cases.jsonl", pipelines_rules_aws_attack_tool_user_agent_cases_jsonl, sizeof(pipelines_rules_aws_attack_tool_user_agent_cases_jsonl) - 1},
    {"pipelines/rules/aws/attack_tool_user_agent.yaml", pipelines_rules_aws_attack_tool_user_agent_yaml, sizeof(pipelines_rules_aws_attack_tool_user_agent_yaml) - 1},
    {"pipelines/rules/aws/backups_deleted.cases.jsonl", pipelines_rules_aws_backups_deleted_cases_jsonl, sizeof(pipelines_rules_aws_backups_deleted_cases_jsonl) - 1},
    {"pipelines/rules/aws/backups_deleted.yaml", pipelines_rules_aws_backups_deleted_yaml, sizeof(pipelines_rules_aws_backups_deleted_yaml) - 1},
    {"pipelines/rules/aws/blinded_then_persisted.cases.jsonl", pipelines_rules_aws_blinded_then_persisted_cases_jsonl, sizeof(pipelines_rules_aws_blinded_then_persisted_cases_jsonl) - 1},
    {"pipelines/rules/aws/blinded_then_persisted.yaml", pipelines_rules_aws_blinded_then_persisted_yaml, sizeof(pipelines_rules_aws_blinded_then_persisted_yaml) - 1},
    {"pipelines/rules/aws/bucket_made_public.cases.jsonl", pipelines_rules_aws_bucket_made_public_cases_jsonl, sizeof(pipelines_rules_aws_bucket_made_public_cases_jsonl) - 1},
    {"pipelines/rules/aws/bucket_made_public.yaml", pipelines_rules_aws_bucket_made_public_yaml, sizeof(pipelines_rules_aws_bucket_made_public_yaml) - 1},
    {"pipelines/rules/aws/bucket_policy_foreign_principal.cases.jsonl", pipelines_rules_aws_bucket_policy_foreign_principal_cases_jsonl, sizeof(pipelines_rules_aws_bucket_policy_foreign_principal_cases_jsonl) - 1},
    {"pipelines/rules/aws/bucket_policy_foreign_principal.yaml", pipelines_rules_aws_bucket_policy_foreign_principal_yaml, sizeof(pipelines_rules_aws_bucket_policy_foreign_principal_yaml) - 1},
    {"pipelines/rules/aws/build_project_public.cases.jsonl", pipelines_rules_aws_build_project_public_cases_jsonl, sizeof(pipelines_rules_aws_build_project_public_cases_jsonl) - 1},
    {"pipelines/rules/aws/build_project_public.yaml", pipelines_rules_aws_build_project_public_yaml, sizeof(pipelines_rules_aws_build_project_public_yaml) - 1},
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
    {"pipelines/rules/aws/database_made_public.cases.jsonl", pipelines_rules_aws_database_made_public_cases_jsonl, sizeof(pipelines_rules_aws_database_made_public_cases_jsonl) - 1},
    {"pipelines/rules/aws/database_made_public.yaml", pipelines_rules_aws_database_made_public_yaml, sizeof(pipelines_rules_aws_database_made_public_yaml) - 1},
    {"pipelines/rules/aws/denied_everywhere.cases.jsonl", pipelines_rules_aws_denied_everywhere_cases_jsonl, sizeof(pipelines_rules_aws_denied_everywhere_cases_jsonl) - 1},
    {"pipelines/rules/aws/denied_everywhere.yaml", pipelines_rules_aws_denied_everywhere_yaml, sizeof(pipelines_rules_aws_denied_everywhere_yaml) - 1},
    {"pipelines/rules/aws/disk_encryption_default_off.cases.jsonl", pipelines_rules_aws_disk_encryption_default_off_cases_jsonl, sizeof(pipelines_rules_aws_disk_encryption_default_off_cases_jsonl) - 1},
    {"pipelines/rules/aws/disk_encryption_default_off.yaml", pipelines_rules_aws_disk_encryption_default_off_yaml, sizeof(pipelines_rules_aws_disk_encryption_default_off_yaml) - 1},
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
    {"pipelines/rules/aws/instance_credentials_elsewhere.cases.jsonl", pipelines_rules_aws_instance_credentials_elsewhere_cases_jsonl, sizeof(pipelines_rules_aws_instance_credentials_elsewhere_cases_jsonl) - 1},
    {"pipelines/rules/aws/instance_credentials_elsewhere.yaml", pipelines_rules_aws_instance_credentials_elsewhere_yaml, sizeof(pipelines_rules_aws_instance_credentials_elsewhere_yaml) - 1},
    {"pipelines/rules/aws/instance_user_data_changed.cases.jsonl", pipelines_rules_aws_instance_user_data_changed_cases_jsonl, sizeof(pipelines_rules_aws_instance_user_data_changed_cases_jsonl) - 1},
    {"pipelines/rules/aws/instance_user_data_changed.yaml", pipelines_rules_aws_instance_user_data_changed_yaml, sizeof(pipelines_rules_aws_instance_user_data_changed_yaml) - 1},
    {"pipelines/rules/aws/instance_user_data_read.cases.jsonl", pipelines_rules_aws_instance_user_data_read_cases_jsonl, sizeof(pipelines_rules_aws_instance_user_data_read_cases_jsonl) - 1},
    {"pipelines/rules/aws/instance_user_data_read.yaml", pipelines_rules_aws_instance_user_data_read_yaml, sizeof(pipelines_rules_aws_instance_user_data_read_yaml) - 1},
    {"pipelines/rules/aws/instances_in_numbers.cases.jsonl", pipelines_rules_aws_instances_in_numbers_cases_jsonl, sizeof(pipelines_rules_aws_instances_in_numbers_cases_jsonl) - 1},
    {"pipelines/rules/aws/instances_in_numbers.yaml", pipelines_rules_aws_instances_in_numbers_yaml, sizeof(pipelines_rules_aws_instances_in_numbers_yaml) - 1},
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
    {"pipelines/rules/aws/mail_service_sized_up.cases.jsonl", pipelines_rules_aws_mail_service_sized_up_cases_jsonl, sizeof(pipelines_rules_aws_mail_service_sized_up_cases_jsonl) - 1},
    {"pipelines/rules/aws/mail_service_sized_up.yaml", pipelines_rules_aws_mail_service_sized_up_yaml, sizeof(pipelines_rules_aws_mail_service_sized_up_yaml) - 1},
    {"pipelines/rules/aws/mfa_device_removed.cases.jsonl", pipelines_rules_aws_mfa_device_removed_cases_jsonl, sizeof(pipelines_rules_aws_mfa_device_removed_cases_jsonl) - 1},
    {"pipelines/rules/aws/mfa_device_removed.yaml", pipelines_rules_aws_mfa_device_removed_yaml, sizeof(pipelines_rules_aws_mfa_device_removed_yaml) - 1},
    {"pipelines/rules/aws/model_logging_deleted.cases.jsonl", pipelines_rules_aws_model_logging_deleted_cases_jsonl, sizeof(pipelines_rules_aws_model_logging_deleted_cases_jsonl) - 1},
    {"pipelines/rules/aws/model_logging_deleted.yaml", pipelines_rules_aws_model_logging_deleted_yaml, sizeof(pipelines_rules_aws_model_logging_deleted_yaml) - 1},
    {"pipelines/rules/aws/network_acl_opened.cases.jsonl", pipelines_rules_aws_network_acl_opened_cases_jsonl, sizeof(pipelines_rules_aws_network_acl_opened_cases_jsonl) - 1},
    {"pipelines/rules/aws/network_acl_opened.yaml", pipelines_rules_aws_network_acl_opened_yaml, sizeof(pipelines_rules_aws_network_acl_opened_yaml) - 1},
    {"pipelines/rules/aws/new_key_used.cases.jsonl", pipelines_rules_aws_new_key_used_cases_jsonl, sizeof(pipelines_rules_aws_new_key_used_cases_jsonl) - 1},
    {"pipelines/rules/aws/new_key_used.yaml", pipelines_rules_aws_new_key_used_yaml, sizeof(pipelines_rules_aws_new_key_used_yaml) - 1},
    {"pipelines/rules/aws/objects_taken_out.cases.jsonl", pipelines_rules_aws_objects_taken_out_cases_jsonl, sizeof(pipelines_rules_aws_objects_taken_out_cases_jsonl) - 1},
    {"pipelines/rules/aws/objects_taken_out.yaml", pipelines_rules_aws_objects_taken_out_yaml, sizeof(pipelines_rules_aws_objects_taken_out_yaml) - 1},
    {"pipelines/rules/aws/organization_left.cases.jsonl", pipelines_rules_aws_organization_left_cases_jsonl, sizeof(pipelines_rules_aws_organization_left_cases_jsonl) - 1},
    {"pipelines/rules/aws/organization_left.yaml", pipelines_rules_aws_organization_left_yaml, sizeof(pipelines_rules_aws_organization_left_yaml) - 1},
    {"pipelines/rules/aws/parameters_decrypted_in_bulk.cases.jsonl", pipelines_rules_aws_parameters_decrypted_in_bulk_cases_jsonl, sizeof(pipelines_rules_aws_parameters_decrypted_in_bulk_cases_jsonl) - 1},
    {"pipelines/rules/aws/parameters_decrypted_in_bulk.yaml", pipelines_rules_aws_parameters_decrypted_in_bulk_yaml, sizeof(pipelines_rules_aws_parameters_decrypted_in_bulk_yaml) - 1},
    {"pipelines/rules/aws/policy_version_reset.cases.jsonl", pipelines_rules_aws_policy_version_reset_cases_jsonl, sizeof(pipelines_rules_aws_policy_version_reset_cases_jsonl) - 1},
    {"pipelines/rules/aws/policy_version_reset.yaml", pipelines_rules_aws_policy_version_reset_yaml, sizeof(pipelines_rules_aws_policy_version_reset_yaml) - 1},
    {"pipelines/rules/aws/powerful_role_passed_to_compute.cases.jsonl", pipelines_rules_aws_powerful_role_passed_to_compute_cases_jsonl, sizeof(pipelines_rules_aws_powerful_role_passed_to_compute_cases_jsonl) - 1},
    {"pipelines/rules/aws/powerful_role_passed_to_compute.yaml", pipelines_rules_aws_powerful_role_passed_to_compute_yaml, sizeof(pipelines_rules_aws_powerful_role_passed_to_compute_yaml) - 1},
    {"pipelines/rules/aws/regions_swept.cases.jsonl", pipelines_rules_aws_regions_swept_cases_jsonl, sizeof(pipelines_rules_aws_regions_swept_cases_jsonl) - 1},
    {"pipelines/rules/aws/regions_swept.yaml", pipelines_rules_aws_regions_swept_yaml, sizeof(pipelines_rules_aws_regions_swept_yaml) - 1},
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
    {"pipelines/rules/aws/secrets_swept.cases.jsonl", pipelines_rules_aws_secrets_swept_cases_jsonl, sizeof(pipelines_rules_aws_secrets_swept_cases_jsonl) - 1},
    {"pipelines/rules/aws/secrets_swept.yaml", pipelines_rules_aws_secrets_swept_yaml, sizeof(pipelines_rules_aws_secrets_swept_yaml) - 1},
    {"pipelines/rules/aws/security_group_open_to_world.cases.jsonl", pipelines_rules_aws_security_group_open_to_world_cases_jsonl, sizeof(pipelines_rules_aws_security_group_open_to_world_cases_jsonl) - 1},
    {"pipelines/rules/aws/security_group_open_to_world.yaml", pipelines_rules_aws_security_group_open_to_world_yaml, sizeof(pipelines_rules_aws_security_group_open_to_world_yaml) - 1},
    {"pipelines/rules/aws/service_control_policy_changed.cases.jsonl", pipelines_rules_aws_service_control_policy_changed_cases_jsonl, sizeof(pipelines_rules_aws_service_control_policy_changed_cases_jsonl) - 1},
    {"pipelines/rules/aws/service_control_policy_changed.yaml", pipelines_rules_aws_service_control_policy_changed_yaml, sizeof(pipelines_rules_aws_service_control_policy_changed_yaml) - 1},
    {"pipelines/rules/aws/snapshot_shared.cases.jsonl", pipelines_rules_aws_snapshot_shared_cases_jsonl, sizeof(pipelines_rules_aws_snapshot_shared_cases_jsonl) - 1},
    {"pipelines/rules/aws/snapshot_shared.yaml", pipelines_rules_aws_snapshot_shared_yaml, sizeof(pipelines_rules_aws_snapshot_shared_yaml) - 1},
    {"pipelines/rules/aws/traffic_mirrored.cases.jsonl", pipelines_rules_aws_traffic_mirrored_cases_jsonl, sizeof(pipelines_rules_aws_traffic_mirrored_cases_jsonl) - 1},
    {"pipelines/rules/aws/traffic_mirrored.yaml", pipelines_rules_aws_traffic_mirrored_yaml, sizeof(pipelines_rules_aws_traffic_mirrored_yaml) - 1},
    {"pipelines/rules/aws/windows_password_data_read.cases.jsonl", pipelines_rules_aws_windows_password_data_read_cases_jsonl, sizeof(pipelines_rules_aws_windows_password_data_read_cases_jsonl) - 1},
    {"pipelines/rules/aws/windows_password_data_read.yaml", pipelines_rules_aws_windows_password_data_read_yaml, sizeof(pipelines_rules_aws_windows_password_data_read_yaml) - 1},
    {"pipelines/rules/azure/access_elevated.cases.jsonl", pipelines_rules_azure_access_elevated_cases_jsonl, sizeof(pipelines_rules_azure_access_elevated_cases_jsonl) - 1},
    {"pipelines/rules/azure/access_elevated.yaml", pipelines_rules_azure_access_elevated_yaml, sizeof(pipelines_rules_azure_access_elevated_yaml) - 1},
    {"pipelines/rules/azure/alerts_removed.cases.jsonl", pipelines_rules_azure_alerts_removed_cases_jsonl, sizeof(pipelines_rules_azure_alerts_removed_cases_jsonl) - 1},
    {"pipelines/rules/azure/alerts_removed.yaml", pipelines_rules_azure_alerts_removed_yaml, sizeof(pipelines_rules_azure_alerts_removed_yaml) - 1},
    {"pipelines/rules/azure/automation_changed.cases.jsonl", pipelines_rules_azure_automation_changed_cases_jsonl, sizeof(pipelines_rules_azure_automation_changed_cases_jsonl) - 1},
    {"pipelines/rules/azure/automation_changed.yaml", pipelines_rules_azure_automation_changed_yaml, sizeof(pipelines_rules_azure_automation_changed_yaml) - 1},
    {"pipelines/rules/azure/backups_removed.cases.jsonl", pipelines_rules_azure_backups_removed_cases_jsonl, sizeof(pipelines_rules_azure_backups_removed_cases_jsonl) - 1},
    {"pipelines/rules/azure/backups_removed.yaml", pipelines_rules_azure_backups_removed_yaml, sizeof(pipelines_rules_azure_backups_removed_yaml) - 1},
    {"pipelines/rules/azure/diagnostic_settings_deleted.cases.jsonl", pipelines_rules_azure_diagnostic_settings_deleted_cases_jsonl, sizeof(pipelines_rules_azure_diagnostic_settings_deleted_cases_jsonl) - 1},
    {"pipelines/rules/azure/diagnostic_settings_deleted.yaml", pipelines_rules_azure_diagnostic_settings_deleted_yaml, sizeof(pipelines_rules_azure_diagnostic_settings_deleted_yaml) - 1},
    {"pipelines/rules/azure/directory_role_then_subscriptions.cases.jsonl", pipelines_rules_azure_directory_role_then_subscriptions_cases_jsonl, sizeof(pipelines_rules_azure_directory_role_then_subscriptions_cases_jsonl) - 1},
    {"pipelines/rules/azure/directory_role_then_subscriptions.yaml", pipelines_rules_azure_directory_role_then_subscriptions_yaml, sizeof(pipelines_rules_azure_directory_role_then_subscriptions_yaml) - 1},
    {"pipelines/rules/azure/key_vault_purged.cases.jsonl", pipelines_rules_azure_key_vault_purged_cases_jsonl, sizeof(pipelines_rules_azure_key_vault_purged_cases_jsonl) - 1},
    {"pipelines/rules/azure/key_vault_purged.yaml", pipelines_rules_azure_key_vault_purged_yaml, sizeof(pipelines_rules_azure_key_vault_purged_yaml) - 1},
    {"pipelines/rules/azure/network_opened.cases.jsonl", pipelines_rules_azure_network_opened_cases_jsonl, sizeof(pipelines_rules_azure_network_opened_cases_jsonl) - 1},
    {"pipelines/rules/azure/network_opened.yaml", pipelines_rules_azure_network_opened_yaml, sizeof(pipelines_rules_azure_network_opened_yaml) - 1},
    {"pipelines/rules/azure/outside_identity_trusted.cases.jsonl", pipelines_rules_azure_outside_identity_trusted_cases_jsonl, sizeof(pipelines_rules_azure_outside_identity_trusted_cases_jsonl) - 1},
    {"pipelines/rules/azure/outside_identity_trusted.yaml", pipelines_rules_azure_outside_identity_trusted_yaml, sizeof(pipelines_rules_azure_outside_identity_trusted_yaml) - 1},
    {"pipelines/rules/azure/owner_assigned.cases.jsonl", pipelines_rules_azure_owner_assigned_cases_jsonl, sizeof(pipelines_rules_azure_owner_assigned_cases_jsonl) - 1},
    {"pipelines/rules/azure/owner_assigned.yaml", pipelines_rules_azure_owner_assigned_yaml, sizeof(pipelines_rules_azure_owner_assigned_yaml) - 1},
    {"pipelines/rules/azure/resources_deleted_in_bulk.cases.jsonl", pipelines_rules_azure_resources_deleted_in_bulk_cases_jsonl, sizeof(pipelines_rules_azure_resources_deleted_in_bulk_cases_jsonl) - 1},
    {"pipelines/rules/azure/resources_deleted_in_bulk.yaml", pipelines_rules_azure_resources_deleted_in_bulk_yaml, sizeof(pipelines_rules_azure_resources_deleted_in_bulk_yaml) - 1},
    {"pipelines/rules/azure/storage_account_opened.cases.jsonl", pipelines_rules_azure_storage_account_opened_cases_jsonl, sizeof(pipelines_rules_azure_storage_account_opened_cases_jsonl) - 1},
    {"pipelines/rules/azure/storage_account_opened.yaml", pipelines_rules_azure_storage_account_opened_yaml, sizeof(pipelines_rules_azure_storage_account_opened_yaml) - 1},
    {"pipelines/rules/azure/storage_keys_listed.cases.jsonl", pipelines_rules_azure_storage_keys_listed_cases_jsonl, sizeof(pipelines_rules_azure_storage_keys_listed_cases_jsonl) - 1},
    {"pipelines/rules/azure/storage_keys_listed.yaml", pipelines_rules_azure_storage_keys_listed_yaml, sizeof(pipelines_rules_azure_storage_keys_listed_yaml) - 1},
    {"pipelines/rules/azure/virtual_machine_command.cases.jsonl", pipelines_rules_azure_virtual_machine_command_cases_jsonl, sizeof(pipelines_rules_azure_virtual_machine_command_cases_jsonl) - 1},
    {"pipelines/rules/azure/virtual_machine_command.yaml", pipelines_rules_azure_virtual_machine_command_yaml, sizeof(pipelines_rules_azure_virtual_machine_command_yaml) - 1},
    {"pipelines/rules/databricks/administrator_made.cases.jsonl", pipelines_rules_databricks_administrator_made_cases_jsonl, sizeof(pipelines_rules_databricks_administrator_made_cases_jsonl) - 1},
    {"pipelines/rules/databricks/administrator_made.yaml", pipelines_rules_databricks_administrator_made_yaml, sizeof(pipelines_rules_databricks_administrator_made_yaml) - 1},
    {"pipelines/rules/databricks/audit_weakened.cases.jsonl", pipelines_rules_databricks_audit_weakened_cases_jsonl, sizeof(pipelines_rules_databricks_audit_weakened_cases_jsonl) - 1},
    {"pipelines/rules/databricks/audit_weakened.yaml", pipelines_rules_databricks_audit_weakened_yaml, sizeof(pipelines_rules_databricks_audit_weakened_yaml) - 1},
    {"pipelines/rules/databricks/ip_access_list_removed.cases.jsonl", pipelines_rules_databricks_ip_access_list_removed_cases_jsonl, sizeof(pipelines_rules_databricks_ip_access_list_removed_cases_jsonl) - 1},
    {"pipelines/rules/databricks/ip_access_list_removed.yaml", pipelines_rules_databricks_ip_access_list_removed_yaml, sizeof(pipelines_rules_databricks_ip_access_list_removed_yaml) - 1},
    {"pipelines/rules/databricks/member_of_administrators.cases.jsonl", pipelines_rules_databricks_member_of_administrators_cases_jsonl, sizeof(pipelines_rules_databricks_member_of_administrators_cases_jsonl) - 1},
    {"pipelines/rules/databricks/member_of_administrators.yaml", pipelines_rules_databricks_member_of_administrators_yaml, sizeof(pipelines_rules_databricks_member_of_administrators_yaml) - 1},
    {"pipelines/rules/databricks/single_sign_on_changed.cases.jsonl", pipelines_rules_databricks_single_sign_on_changed_cases_jsonl, sizeof(pipelines_rules_databricks_single_sign_on_changed_cases_jsonl) - 1},
    {"pipelines/rules/databricks/single_sign_on_changed.yaml", pipelines_rules_databricks_single_sign_on_changed_yaml, sizeof(pipelines_rules_databricks_single_sign_on_changed_yaml) - 1},
    {"pipelines/rules/databricks/storage_mounted.cases.jsonl", pipelines_rules_databricks_storage_mounted_cases_jsonl, sizeof(pipelines_rules_databricks_storage_mounted_cases_jsonl) - 1},
    {"pipelines/rules/databricks/storage_mounted.yaml", pipelines_rules_databricks_storage_mounted_yaml, sizeof(pipelines_rules_databricks_storage_mounted_yaml) - 1},
    {"pipelines/rules/databricks/tables_read_in_bulk.cases.jsonl", pipelines_rules_databricks_tables_read_in_bulk_cases_jsonl, sizeof(pipelines_rules_databricks_tables_read_in_bulk_cases_jsonl) - 1},
    {"pipelines/rules/databricks/tables_read_in_bulk.yaml", pipelines_rules_databricks_tables_read_in_bulk_yaml, sizeof(pipelines_rules_databricks_tables_read_in_bulk_yaml) - 1},
    {"pipelines/rules/entra/admin_consent_to_powerful_scopes.cases.jsonl", pipelines_rules_entra_admin_consent_to_powerful_scopes_cases_jsonl, sizeof(pipelines_rules_entra_admin_consent_to_powerful_scopes_cases_jsonl) - 1},
    {"pipelines/rules/entra/admin_consent_to_powerful_scopes.yaml", pipelines_rules_entra_admin_consent_to_powerful_scopes_yaml, sizeof(pipelines_rules_entra_admin_consent_to_powerful_scopes_yaml) - 1},
    {"pipelines/rules/entra/app_role_powerful.cases.jsonl", pipelines_rules_entra_app_role_powerful_cases_jsonl, sizeof(pipelines_rules_entra_app_role_powerful_cases_jsonl) - 1},
    {"pipelines/rules/entra/app_role_powerful.yaml", pipelines_rules_entra_app_role_powerful_yaml, sizeof(pipelines_rules_entra_app_role_powerful_yaml) - 1},
    {"pipelines/rules/entra/conditional_access_weakened.cases.jsonl", pipelines_rules_entra_conditional_access_weakened_cases_jsonl, sizeof(pipelines_rules_entra_conditional_access_weakened_cases_jsonl) - 1},
    {"pipelines/rules/entra/conditional_access_weakened.yaml", pipelines_rules_entra_conditional_access_weakened_yaml, sizeof(pipelines_rules_entra_conditional_access_weakened_yaml) - 1},
    {"pipelines/rules/entra/credentials_leaked.cases.jsonl", pipelines_rules_entra_credentials_leaked_cases_jsonl, sizeof(pipelines_rules_entra_credentials_leaked_cases_jsonl) - 1},
    {"pipelines/rules/entra/credentials_leaked.yaml", pipelines_rules_entra_credentials_leaked_yaml, sizeof(pipelines_rules_entra_credentials_leaked_yaml) - 1},
    {"pipelines/rules/entra/cross_tenant_access_opened.cases.jsonl", pipelines_rules_entra_cross_tenant_access_opened_cases_jsonl, sizeof(pipelines_rules_entra_cross_tenant_access_opened_cases_jsonl) - 1},
    {"pipelines/rules/entra/cross_tenant_access_opened.yaml", pipelines_rules_entra_cross_tenant_access_opened_yaml, sizeof(pipelines_rules_entra_cross_tenant_access_opened_yaml) - 1},
    {"pipelines/rules/entra/device_code_sign_in.cases.jsonl", pipelines_rules_entra_device_code_sign_in_cases_jsonl, sizeof(pipelines_rules_entra_device_code_sign_in_cases_jsonl) - 1},
    {"pipelines/rules/entra/device_code_sign_in.yaml", pipelines_rules_entra_device_code_sign_in_yaml, sizeof(pipelines_rules_entra_device_code_sign_in_yaml) - 1},
    {"pipelines/rules/entra/domain_federated.cases.jsonl", pipelines_rules_entra_domain_federated_cases_jsonl, sizeof(pipelines_rules_entra_domain_federated_cases_jsonl) - 1},
    {"pipelines/rules/entra/domain_federated.yaml", pipelines_rules_entra_domain_federated_yaml, sizeof(pipelines_rules_entra_domain_federated_yaml) - 1},
    {"pipelines/rules/entra/global_administrator_assigned.cases.jsonl", pipelines_rules_entra_global_administrator_assigned_cases_jsonl, sizeof(pipelines_rules_entra_global_administrator_assigned_cases_jsonl) - 1},
    {"pipelines/rules/entra/global_administrator_assigned.yaml", pipelines_rules_entra_global_administrator_assigned_yaml, sizeof(pipelines_rules_entra_global_administrator_assigned_yaml) - 1},
    {"pipelines/rules/entra/new_secret_used.cases.jsonl", pipelines_rules_entra_new_secret_used_cases_jsonl, sizeof(pipelines_rules_entra_new_secret_used_cases_jsonl) - 1},
    {"pipelines/rules/entra/new_secret_used.yaml", pipelines_rules_entra_new_secret_used_yaml, sizeof(pipelines_rules_entra_new_secret_used_yaml) - 1},
    {"pipelines/rules/entra/old_protocol_sign_in.cases.jsonl", pipelines_rules_entra_old_protocol_sign_in_cases_jsonl, sizeof(pipelines_rules_entra_old_protocol_sign_in_cases_jsonl) - 1},
    {"pipelines/rules/entra/old_protocol_sign_in.yaml", pipelines_rules_entra_old_protocol_sign_in_yaml, sizeof(pipelines_rules_entra_old_protocol_sign_in_yaml) - 1},
    {"pipelines/rules/entra/second_factor_refused_again.cases.jsonl", pipelines_rules_entra_second_factor_refused_again_cases_jsonl, sizeof(pipelines_rules_entra_second_factor_refused_again_cases_jsonl) - 1},
    {"pipelines/rules/entra/second_factor_refused_again.yaml", pipelines_rules_entra_second_factor_refused_again_yaml, sizeof(pipelines_rules_entra_second_factor_refused_again_yaml) - 1},
    {"pipelines/rules/entra/security_info_deleted_by_admin.cases.jsonl", pipelines_rules_entra_security_info_deleted_by_admin_cases_jsonl, sizeof(pipelines_rules_entra_security_info_deleted_by_admin_cases_jsonl) - 1},
    {"pipelines/rules/entra/security_info_deleted_by_admin.yaml", pipelines_rules_entra_security_info_deleted_by_admin_yaml, sizeof(pipelines_rules_entra_security_info_deleted_by_admin_yaml) - 1},
    {"pipelines/rules/entra/service_principal_credentials_added.cases.jsonl", pipelines_rules_entra_service_principal_credentials_added_cases_jsonl, sizeof(pipelines_rules_entra_service_principal_credentials_added_cases_jsonl) - 1},
    {"pipelines/rules/entra/service_principal_credentials_added.yaml", pipelines_rules_entra_service_principal_credentials_added_yaml, sizeof(pipelines_rules_entra_service_principal_credentials_added_yaml) - 1},
    {"pipelines/rules/entra/temporary_access_pass.cases.jsonl", pipelines_rules_entra_temporary_access_pass_cases_jsonl, sizeof(pipelines_rules_entra_temporary_access_pass_cases_jsonl) - 1},
    {"pipelines/rules/entra/temporary_access_pass.yaml", pipelines_rules_entra_temporary_access_pass_yaml, sizeof(pipelines_rules_entra_temporary_access_pass_yaml) - 1},
    {"pipelines/rules/gcp/account_made_powerful_then_key.cases.jsonl", pipelines_rules_gcp_account_made_powerful_then_key_cases_jsonl, sizeof(pipelines_rules_gcp_account_made_powerful_then_key_cases_jsonl) - 1},
    {"pipelines/rules/gcp/account_made_powerful_then_key.yaml", pipelines_rules_gcp_account_made_powerful_then_key_yaml, sizeof(pipelines_rules_gcp_account_made_powerful_then_key_yaml) - 1},
    {"pipelines/rules/gcp/cluster_admin_bound.cases.jsonl", pipelines_rules_gcp_cluster_admin_bound_cases_jsonl, sizeof(pipelines_rules_gcp_cluster_admin_bound_cases_jsonl) - 1},
    {"pipelines/rules/gcp/cluster_admin_bound.yaml", pipelines_rules_gcp_cluster_admin_bound_yaml, sizeof(pipelines_rules_gcp_cluster_admin_bound_yaml) - 1},
    {"pipelines/rules/gcp/denied_everywhere.cases.jsonl", pipelines_rules_gcp_denied_everywhere_cases_jsonl, sizeof(pipelines_rules_gcp_denied_everywhere_cases_jsonl) - 1},
    {"pipelines/rules/gcp/denied_everywhere.yaml", pipelines_rules_gcp_denied_everywhere_yaml, sizeof(pipelines_rules_gcp_denied_everywhere_yaml) - 1},
    {"pipelines/rules/gcp/firewall_opened.cases.jsonl", pipelines_rules_gcp_firewall_opened_cases_jsonl, sizeof(pipelines_rules_gcp_firewall_opened_cases_jsonl) - 1},
    {"pipelines/rules/gcp/firewall_opened.yaml", pipelines_rules_gcp_firewall_opened_yaml, sizeof(pipelines_rules_gcp_firewall_opened_yaml) - 1},
    {"pipelines/rules/gcp/key_destroyed.cases.jsonl", pipelines_rules_gcp_key_destroyed_cases_jsonl, sizeof(pipelines_rules_gcp_key_destroyed_cases_jsonl) - 1},
    {"pipelines/rules/gcp/key_destroyed.yaml", pipelines_rules_gcp_key_destroyed_yaml, sizeof(pipelines_rules_gcp_key_destroyed_yaml) - 1},
    {"pipelines/rules/gcp/log_routing_changed.cases.jsonl", pipelines_rules_gcp_log_routing_changed_cases_jsonl, sizeof(pipelines_rules_gcp_log_routing_changed_cases_jsonl) - 1},
    {"pipelines/rules/gcp/log_routing_changed.yaml", pipelines_rules_gcp_log_routing_changed_yaml, sizeof(pipelines_rules_gcp_log_routing_changed_yaml) - 1},
    {"pipelines/rules/gcp/opened_to_everybody.cases.jsonl", pipelines_rules_gcp_opened_to_everybody_cases_jsonl, sizeof(pipelines_rules_gcp_opened_to_everybody_cases_jsonl) - 1},
    {"pipelines/rules/gcp/opened_to_everybody.yaml", pipelines_rules_gcp_opened_to_everybody_yaml, sizeof(pipelines_rules_gcp_opened_to_everybody_yaml) - 1},
    {"pipelines/rules/gcp/organization_policy_changed.cases.jsonl", pipelines_rules_gcp_organization_policy_changed_cases_jsonl, sizeof(pipelines_rules_gcp_organization_policy_changed_cases_jsonl) - 1},
    {"pipelines/rules/gcp/organization_policy_changed.yaml", pipelines_rules_gcp_organization_policy_changed_yaml, sizeof(pipelines_rules_gcp_organization_policy_changed_yaml) - 1},
    {"pipelines/rules/gcp/owner_invited.cases.jsonl", pipelines_rules_gcp_owner_invited_cases_jsonl, sizeof(pipelines_rules_gcp_owner_invited_cases_jsonl) - 1},
    {"pipelines/rules/gcp/owner_invited.yaml", pipelines_rules_gcp_owner_invited_yaml, sizeof(pipelines_rules_gcp_owner_invited_yaml) - 1},
    {"pipelines/rules/gcp/pod_reaches_node.cases.jsonl", pipelines_rules_gcp_pod_reaches_node_cases_jsonl, sizeof(pipelines_rules_gcp_pod_reaches_node_cases_jsonl) - 1},
    {"pipelines/rules/gcp/pod_reaches_node.yaml", pipelines_rules_gcp_pod_reaches_node_yaml, sizeof(pipelines_rules_gcp_pod_reaches_node_yaml) - 1},
    {"pipelines/rules/gcp/powerful_role_granted.cases.jsonl", pipelines_rules_gcp_powerful_role_granted_cases_jsonl, sizeof(pipelines_rules_gcp_powerful_role_granted_cases_jsonl) - 1},
    {"pipelines/rules/gcp/powerful_role_granted.yaml", pipelines_rules_gcp_powerful_role_granted_yaml, sizeof(pipelines_rules_gcp_powerful_role_granted_yaml) - 1},
    {"pipelines/rules/gcp/project_ssh_keys_changed.cases.jsonl", pipelines_rules_gcp_project_ssh_keys_changed_cases_jsonl, sizeof(pipelines_rules_gcp_project_ssh_keys_changed_cases_jsonl) - 1},
    {"pipelines/rules/gcp/project_ssh_keys_changed.yaml", pipelines_rules_gcp_project_ssh_keys_changed_yaml, sizeof(pipelines_rules_gcp_project_ssh_keys_changed_yaml) - 1},
    {"pipelines/rules/gcp/service_account_impersonated_by_person.cases.jsonl", pipelines_rules_gcp_service_account_impersonated_by_person_cases_jsonl, sizeof(pipelines_rules_gcp_service_account_impersonated_by_person_cases_jsonl) - 1},
    {"pipelines/rules/gcp/service_account_impersonated_by_person.yaml", pipelines_rules_gcp_service_account_impersonated_by_person_yaml, sizeof(pipelines_rules_gcp_service_account_impersonated_by_person_yaml) - 1},
    {"pipelines/rules/gcp/service_account_key_created.cases.jsonl", pipelines_rules_gcp_service_account_key_created_cases_jsonl, sizeof(pipelines_rules_gcp_service_account_key_created_cases_jsonl) - 1},
    {"pipelines/rules/gcp/service_account_key_created.yaml", pipelines_rules_gcp_service_account_key_created_yaml, sizeof(pipelines_rules_gcp_service_account_key_created_yaml) - 1},
    {"pipelines/rules/gcp/workload_identity_provider_trusted.cases.jsonl", pipelines_rules_gcp_workload_identity_provider_trusted_cases_jsonl, sizeof(pipelines_rules_gcp_workload_identity_provider_trusted_cases_jsonl) - 1},
    {"pipelines/rules/gcp/workload_identity_provider_trusted.yaml", pipelines_rules_gcp_workload_identity_provider_trusted_yaml, sizeof(pipelines_rules_gcp_workload_identity_provider_trusted_yaml) - 1},
    {"pipelines/rules/github/application_installed.cases.jsonl", pipelines_rules_github_application_installed_cases_jsonl, sizeof(pipelines_rules_github_application_installed_cases_jsonl) - 1},
    {"pipelines/rules/github/application_installed.yaml", pipelines_rules_github_application_installed_yaml, sizeof(pipelines_rules_github_application_installed_yaml) - 1},
    {"pipelines/rules/github/audit_stream_removed.cases.jsonl", pipelines_rules_github_audit_stream_removed_cases_jsonl, sizeof(pipelines_rules_github_audit_stream_removed_cases_jsonl) - 1},
    {"pipelines/rules/github/audit_stream_removed.yaml", pipelines_rules_github_audit_stream_removed_yaml, sizeof(pipelines_rules_github_audit_stream_removed_yaml) - 1},
    {"pipelines/rules/github/branch_protection_removed.cases.jsonl", pipelines_rules_github_branch_protection_removed_cases_jsonl, sizeof(pipelines_rules_github_branch_protection_removed_cases_jsonl) - 1},
    {"pipelines/rules/github/branch_protection_removed.yaml", pipelines_rules_github_branch_protection_removed_yaml, sizeof(pipelines_rules_github_branch_protection_removed_yaml) - 1},
    {"pipelines/rules/github/ip_allow_list_opened.cases.jsonl", pipelines_rules_github_ip_allow_list_opened_cases_jsonl, sizeof(pipelines_rules_github_ip_allow_list_opened_cases_jsonl) - 1},
    {"pipelines/rules/github/ip_allow_list_opened.yaml", pipelines_rules_github_ip_allow_list_opened_yaml, sizeof(pipelines_rules_github_ip_allow_list_opened_yaml) - 1},
    {"pipelines/rules/github/key_added.cases.jsonl", pipelines_rules_github_key_added_cases_jsonl, sizeof(pipelines_rules_github_key_added_cases_jsonl) - 1},
    {"pipelines/rules/github/key_added.yaml", pipelines_rules_github_key_added_yaml, sizeof(pipelines_rules_github_key_added_yaml) - 1},
    {"pipelines/rules/github/owner_added.cases.jsonl", pipelines_rules_github_owner_added_cases_jsonl, sizeof(pipelines_rules_github_owner_added_cases_jsonl) - 1},
    {"pipelines/rules/github/owner_added.yaml", pipelines_rules_github_owner_added_yaml, sizeof(pipelines_rules_github_owner_added_yaml) - 1},
    {"pipelines/rules/github/protection_removed_then_push.cases.jsonl", pipelines_rules_github_protection_removed_then_push_cases_jsonl, sizeof(pipelines_rules_github_protection_removed_then_push_cases_jsonl) - 1},
    {"pipelines/rules/github/protection_removed_then_push.yaml", pipelines_rules_github_protection_removed_then_push_yaml, sizeof(pipelines_rules_github_protection_removed_then_push_yaml) - 1},
    {"pipelines/rules/github/repositories_copied_in_bulk.cases.jsonl", pipelines_rules_github_repositories_copied_in_bulk_cases_jsonl, sizeof(pipelines_rules_github_repositories_copied_in_bulk_cases_jsonl) - 1},
    {"pipelines/rules/github/repositories_copied_in_bulk.yaml", pipelines_rules_github_repositories_copied_in_bulk_yaml, sizeof(pipelines_rules_github_repositories_copied_in_bulk_yaml) - 1},
    {"pipelines/rules/github/repository_made_public.cases.jsonl", pipelines_rules_github_repository_made_public_cases_jsonl, sizeof(pipelines_rules_github_repository_made_public_cases_jsonl) - 1},
    {"pipelines/rules/github/repository_made_public.yaml", pipelines_rules_github_repository_made_public_yaml, sizeof(pipelines_rules_github_repository_made_public_yaml) - 1},
    {"pipelines/rules/github/secret_protection_bypassed.cases.jsonl", pipelines_rules_github_secret_protection_bypassed_cases_jsonl, sizeof(pipelines_rules_github_secret_protection_bypassed_cases_jsonl) - 1},
    {"pipelines/rules/github/secret_protection_bypassed.yaml", pipelines_rules_github_secret_protection_bypassed_yaml, sizeof(pipelines_rules_github_secret_protection_bypassed_yaml) - 1},
    {"pipelines/rules/github/sign_in_protection_removed.cases.jsonl", pipelines_rules_github_sign_in_protection_removed_cases_jsonl, sizeof(pipelines_rules_github_sign_in_protection_removed_cases_jsonl) - 1},
    {"pipelines/rules/github/sign_in_protection_removed.yaml", pipelines_rules_github_sign_in_protection_removed_yaml, sizeof(pipelines_rules_github_sign_in_protection_removed_yaml) - 1},
    {"pipelines/rules/github/webhook_created.cases.jsonl", pipelines_rules_github_webhook_created_cases_jsonl, sizeof(pipelines_rules_github_webhook_created_cases_jsonl) - 1},
    {"pipelines/rules/github/webhook_created.yaml", pipelines_rules_github_webhook_created_yaml, sizeof(pipelines_rules_github_webhook_created_yaml) - 1},
    {"pipelines/rules/google_workspace/administrator_role_assigned.cases.jsonl", pipelines_rules_google_workspace_administrator_role_assigned_cases_jsonl, sizeof(pipelines_rules_google_workspace_administrator_role_assigned_cases_jsonl) - 1},
    {"pipelines/rules/google_workspace/administrator_role_assigned.yaml", pipelines_rules_google_workspace_administrator_role_assigned_yaml, sizeof(pipelines_rules_google_workspace_administrator_role_assigned_yaml) - 1},
    {"pipelines/rules/google_workspace/domain_trusted.cases.jsonl", pipelines_rules_google_workspace_domain_trusted_cases_jsonl, sizeof(pipelines_rules_google_workspace_domain_trusted_cases_jsonl) - 1},
    {"pipelines/rules/google_workspace/domain_trusted.yaml", pipelines_rules_google_workspace_domain_trusted_yaml, sizeof(pipelines_rules_google_workspace_domain_trusted_yaml) - 1},
    {"pipelines/rules/google_workspace/domain_wide_delegation.cases.jsonl", pipelines_rules_google_workspace_domain_wide_delegation_cases_jsonl, sizeof(pipelines_rules_google_workspace_domain_wide_delegation_cases_jsonl) - 1},
    {"pipelines/rules/google_workspace/domain_wide_delegation.yaml", pipelines_rules_google_workspace_domain_wide_delegation_yaml, sizeof(pipelines_rules_google_workspace_domain_wide_delegation_yaml) - 1},
    {"pipelines/rules/google_workspace/downloads_in_bulk.cases.jsonl", pipelines_rules_google_workspace_downloads_in_bulk_cases_jsonl, sizeof(pipelines_rules_google_workspace_downloads_in_bulk_cases_jsonl) - 1},
    {"pipelines/rules/google_workspace/downloads_in_bulk.yaml", pipelines_rules_google_workspace_downloads_in_bulk_yaml, sizeof(pipelines_rules_google_workspace_downloads_in_bulk_yaml) - 1},
    {"pipelines/rules/google_workspace/google_warns_of_account.cases.jsonl", pipelines_rules_google_workspace_google_warns_of_account_cases_jsonl, sizeof(pipelines_rules_google_workspace_google_warns_of_account_cases_jsonl) - 1},
    {"pipelines/rules/google_workspace/google_warns_of_account.yaml", pipelines_rules_google_workspace_google_warns_of_account_yaml, sizeof(pipelines_rules_google_workspace_google_warns_of_account_yaml) - 1},
    {"pipelines/rules/google_workspace/mail_forwarded_outside.cases.jsonl", pipelines_rules_google_workspace_mail_forwarded_outside_cases_jsonl, sizeof(pipelines_rules_google_workspace_mail_forwarded_outside_cases_jsonl) - 1},
    {"pipelines/rules/google_workspace/mail_forwarded_outside.yaml", pipelines_rules_google_workspace_mail_forwarded_outside_yaml, sizeof(pipelines_rules_google_workspace_mail_forwarded_outside_yaml) - 1},
    {"pipelines/rules/google_workspace/powerful_scopes_granted.cases.jsonl", pipelines_rules_google_workspace_powerful_scopes_granted_cases_jsonl, sizeof(pipelines_rules_google_workspace_powerful_scopes_granted_cases_jsonl) - 1},
    {"pipelines/rules/google_workspace/powerful_scopes_granted.yaml", pipelines_rules_google_workspace_powerful_scopes_granted_yaml, sizeof(pipelines_rules_google_workspace_powerful_scopes_granted_yaml) - 1},
    {"pipelines/rules/google_workspace/super_admin_granted.cases.jsonl", pipelines_rules_google_workspace_super_admin_granted_cases_jsonl, sizeof(pipelines_rules_google_workspace_super_admin_granted_cases_jsonl) - 1},
    {"pipelines/rules/google_workspace/super_admin_granted.yaml", pipelines_rules_google_workspace_super_admin_granted_yaml, sizeof(pipelines_rules_google_workspace_super_admin_granted_yaml) - 1},
    {"pipelines/rules/google_workspace/two_step_weakened.cases.jsonl", pipelines_rules_google_workspace_two_step_weakened_cases_jsonl, sizeof(pipelines_rules_google_workspace_two_step_weakened_cases_jsonl) - 1},
    {"pipelines/rules/google_workspace/two_step_weakened.yaml", pipelines_rules_google_workspace_two_step_weakened_yaml, sizeof(pipelines_rules_google_workspace_two_step_weakened_yaml) - 1},
    {"pipelines/rules/google_workspace/user_turns_two_step_off.cases.jsonl", pipelines_rules_google_workspace_user_turns_two_step_off_cases_jsonl, sizeof(pipelines_rules_google_workspace_user_turns_two_step_off_cases_jsonl) - 1},
    {"pipelines/rules/google_workspace/user_turns_two_step_off.yaml", pipelines_rules_google_workspace_user_turns_two_step_off_yaml, sizeof(pipelines_rules_google_workspace_user_turns_two_step_off_yaml) - 1},
    {"pipelines/rules/kubernetes/anonymous_allowed.cases.jsonl", pipelines_rules_kubernetes_anonymous_allowed_cases_jsonl, sizeof(pipelines_rules_kubernetes_anonymous_allowed_cases_jsonl) - 1},
    {"pipelines/rules/kubernetes/anonymous_allowed.yaml", pipelines_rules_kubernetes_anonymous_allowed_yaml, sizeof(pipelines_rules_kubernetes_anonymous_allowed_yaml) - 1},
    {"pipelines/rules/kubernetes/cluster_admin_bound.cases.jsonl", pipelines_rules_kubernetes_cluster_admin_bound_cases_jsonl, sizeof(pipelines_rules_kubernetes_cluster_admin_bound_cases_jsonl) - 1},
    {"pipelines/rules/kubernetes/cluster_admin_bound.yaml", pipelines_rules_kubernetes_cluster_admin_bound_yaml, sizeof(pipelines_rules_kubernetes_cluster_admin_bound_yaml) - 1},
    {"pipelines/rules/kubernetes/command_in_system_pod.cases.jsonl", pipelines_rules_kubernetes_command_in_system_pod_cases_jsonl, sizeof(pipelines_rules_kubernetes_command_in_system_pod_cases_jsonl) - 1},
    {"pipelines/rules/kubernetes/command_in_system_pod.yaml", pipelines_rules_kubernetes_command_in_system_pod_yaml, sizeof(pipelines_rules_kubernetes_command_in_system_pod_yaml) - 1},
    {"pipelines/rules/kubernetes/forbidden_everywhere.cases.jsonl", pipelines_rules_kubernetes_forbidden_everywhere_cases_jsonl, sizeof(pipelines_rules_kubernetes_forbidden_everywhere_cases_jsonl) - 1},
    {"pipelines/rules/kubernetes/forbidden_everywhere.yaml", pipelines_rules_kubernetes_forbidden_everywhere_yaml, sizeof(pipelines_rules_kubernetes_forbidden_everywhere_yaml) - 1},
    {"pipelines/rules/kubernetes/many_pods_entered.cases.jsonl", pipelines_rules_kubernetes_many_pods_entered_cases_jsonl, sizeof(pipelines_rules_kubernetes_many_pods_entered_cases_jsonl) - 1},
    {"pipelines/rules/kubernetes/many_pods_entered.yaml", pipelines_rules_kubernetes_many_pods_entered_yaml, sizeof(pipelines_rules_kubernetes_many_pods_entered_yaml) - 1},
    {"pipelines/rules/kubernetes/pod_reaches_node.cases.jsonl", pipelines_rules_kubernetes_pod_reaches_node_cases_jsonl, sizeof(pipelines_rules_kubernetes_pod_reaches_node_cases_jsonl) - 1},
    {"pipelines/rules/kubernetes/pod_reaches_node.yaml", pipelines_rules_kubernetes_pod_reaches_node_yaml, sizeof(pipelines_rules_kubernetes_pod_reaches_node_yaml) - 1},
    {"pipelines/rules/kubernetes/role_that_escalates.cases.jsonl", pipelines_rules_kubernetes_role_that_escalates_cases_jsonl, sizeof(pipelines_rules_kubernetes_role_that_escalates_cases_jsonl) - 1},
    {"pipelines/rules/kubernetes/role_that_escalates.yaml", pipelines_rules_kubernetes_role_that_escalates_yaml, sizeof(pipelines_rules_kubernetes_role_that_escalates_yaml) - 1},
    {"pipelines/rules/kubernetes/scheduled_job_made.cases.jsonl", pipelines_rules_kubernetes_scheduled_job_made_cases_jsonl, sizeof(pipelines_rules_kubernetes_scheduled_job_made_cases_jsonl) - 1},
    {"pipelines/rules/kubernetes/scheduled_job_made.yaml", pipelines_rules_kubernetes_scheduled_job_made_yaml, sizeof(pipelines_rules_kubernetes_scheduled_job_made_yaml) - 1},
    {"pipelines/rules/kubernetes/secrets_of_all_namespaces.cases.jsonl", pipelines_rules_kubernetes_secrets_of_all_namespaces_cases_jsonl, sizeof(pipelines_rules_kubernetes_secrets_of_all_namespaces_cases_jsonl) - 1},
    {"pipelines/rules/kubernetes/secrets_of_all_namespaces.yaml", pipelines_rules_kubernetes_secrets_of_all_namespaces_yaml, sizeof(pipelines_rules_kubernetes_secrets_of_all_namespaces_yaml) - 1},
    {"pipelines/rules/kubernetes/system_role_changed.cases.jsonl", pipelines_rules_kubernetes_system_role_changed_cases_jsonl, sizeof(pipelines_rules_kubernetes_system_role_changed_cases_jsonl) - 1},
    {"pipelines/rules/kubernetes/system_role_changed.yaml", pipelines_rules_kubernetes_system_role_changed_yaml, sizeof(pipelines_rules_kubernetes_system_role_changed_yaml) - 1},
    {"pipelines/rules/kubernetes/token_minted_by_person.cases.jsonl", pipelines_rules_kubernetes_token_minted_by_person_cases_jsonl, sizeof(pipelines_rules_kubernetes_token_minted_by_person_cases_jsonl) - 1},
    {"pipelines/rules/kubernetes/token_minted_by_person.yaml", pipelines_rules_kubernetes_token_minted_by_person_yaml, sizeof(pipelines_rules_kubernetes_token_minted_by_person_yaml) - 1},
    {"pipelines/rules/kubernetes/token_minted_then_secrets.cases.jsonl", pipelines_rules_kubernetes_token_minted_then_secrets_cases_jsonl, sizeof(pipelines_rules_kubernetes_token_minted_then_secrets_cases_jsonl) - 1},
    {"pipelines/rules/kubernetes/token_minted_then_secrets.yaml", pipelines_rules_kubernetes_token_minted_then_secrets_yaml, sizeof(pipelines_rules_kubernetes_token_minted_then_secrets_yaml) - 1},
    {"pipelines/rules/kubernetes/wildcard_role.cases.jsonl", pipelines_rules_kubernetes_wildcard_role_cases_jsonl, sizeof(pipelines_rules_kubernetes_wildcard_role_cases_jsonl) - 1},
    {"pipelines/rules/kubernetes/wildcard_role.yaml", pipelines_rules_kubernetes_wildcard_role_yaml, sizeof(pipelines_rules_kubernetes_wildcard_role_yaml) - 1},
    {"pipelines/rules/m365/audit_switched_off.cases.jsonl", pipelines_rules_m365_audit_switched_off_cases_jsonl, sizeof(pipelines_rules_m365_audit_switched_off_cases_jsonl) - 1},
    {"pipelines/rules/m365/audit_switched_off.yaml", pipelines_rules_m365_audit_switched_off_yaml, sizeof(pipelines_rules_m365_audit_switched_off_yaml) - 1},
    {"pipelines/rules/m365/exchange_administrator_added.cases.jsonl", pipelines_rules_m365_exchange_administrator_added_cases_jsonl, sizeof(pipelines_rules_m365_exchange_administrator_added_cases_jsonl) - 1},
    {"pipelines/rules/m365/exchange_administrator_added.yaml", pipelines_rules_m365_exchange_administrator_added_yaml, sizeof(pipelines_rules_m365_exchange_administrator_added_yaml) - 1},
    {"pipelines/rules/m365/files_downloaded_in_bulk.cases.jsonl", pipelines_rules_m365_files_downloaded_in_bulk_cases_jsonl, sizeof(pipelines_rules_m365_files_downloaded_in_bulk_cases_jsonl) - 1},
    {"pipelines/rules/m365/files_downloaded_in_bulk.yaml", pipelines_rules_m365_files_downloaded_in_bulk_yaml, sizeof(pipelines_rules_m365_files_downloaded_in_bulk_yaml) - 1},
    {"pipelines/rules/m365/inbox_rule_forwards_or_hides.cases.jsonl", pipelines_rules_m365_inbox_rule_forwards_or_hides_cases_jsonl, sizeof(pipelines_rules_m365_inbox_rule_forwards_or_hides_cases_jsonl) - 1},
    {"pipelines/rules/m365/inbox_rule_forwards_or_hides.yaml", pipelines_rules_m365_inbox_rule_forwards_or_hides_yaml, sizeof(pipelines_rules_m365_inbox_rule_forwards_or_hides_yaml) - 1},
    {"pipelines/rules/m365/mailbox_forwards_everything.cases.jsonl", pipelines_rules_m365_mailbox_forwards_everything_cases_jsonl, sizeof(pipelines_rules_m365_mailbox_forwards_everything_cases_jsonl) - 1},
    {"pipelines/rules/m365/mailbox_forwards_everything.yaml", pipelines_rules_m365_mailbox_forwards_everything_yaml, sizeof(pipelines_rules_m365_mailbox_forwards_everything_yaml) - 1},
    {"pipelines/rules/m365/mailbox_opened_to_another.cases.jsonl", pipelines_rules_m365_mailbox_opened_to_another_cases_jsonl, sizeof(pipelines_rules_m365_mailbox_opened_to_another_cases_jsonl) - 1},
    {"pipelines/rules/m365/mailbox_opened_to_another.yaml", pipelines_rules_m365_mailbox_opened_to_another_yaml, sizeof(pipelines_rules_m365_mailbox_opened_to_another_yaml) - 1},
    {"pipelines/rules/m365/many_mailboxes_read.cases.jsonl", pipelines_rules_m365_many_mailboxes_read_cases_jsonl, sizeof(pipelines_rules_m365_many_mailboxes_read_cases_jsonl) - 1},
    {"pipelines/rules/m365/many_mailboxes_read.yaml", pipelines_rules_m365_many_mailboxes_read_yaml, sizeof(pipelines_rules_m365_many_mailboxes_read_yaml) - 1},
    {"pipelines/rules/m365/shared_with_everybody.cases.jsonl", pipelines_rules_m365_shared_with_everybody_cases_jsonl, sizeof(pipelines_rules_m365_shared_with_everybody_cases_jsonl) - 1},
    {"pipelines/rules/m365/shared_with_everybody.yaml", pipelines_rules_m365_shared_with_everybody_yaml, sizeof(pipelines_rules_m365_shared_with_everybody_yaml) - 1},
    {"pipelines/rules/m365/strong_authentication_disabled.cases.jsonl", pipelines_rules_m365_strong_authentication_disabled_cases_jsonl, sizeof(pipelines_rules_m365_strong_authentication_disabled_cases_jsonl) - 1},
    {"pipelines/rules/m365/strong_authentication_disabled.yaml", pipelines_rules_m365_strong_authentication_disabled_yaml, sizeof(pipelines_rules_m365_strong_authentication_disabled_yaml) - 1},
    {"pipelines/rules/ocsf/granted_to_oneself.cases.jsonl", pipelines_rules_ocsf_granted_to_oneself_cases_jsonl, sizeof(pipelines_rules_ocsf_granted_to_oneself_cases_jsonl) - 1},
    {"pipelines/rules/ocsf/granted_to_oneself.yaml", pipelines_rules_ocsf_granted_to_oneself_yaml, sizeof(pipelines_rules_ocsf_granted_to_oneself_yaml) - 1},
    {"pipelines/rules/ocsf/guessed_password.cases.jsonl", pipelines_rules_ocsf_guessed_password_cases_jsonl, sizeof(pipelines_rules_ocsf_guessed_password_cases_jsonl) - 1},
    {"pipelines/rules/ocsf/guessed_password.yaml", pipelines_rules_ocsf_guessed_password_yaml, sizeof(pipelines_rules_ocsf_guessed_password_yaml) - 1},
    {"pipelines/rules/ocsf/many_countries.cases.jsonl", pipelines_rules_ocsf_many_countries_cases_jsonl, sizeof(pipelines_rules_ocsf_many_countries_cases_jsonl) - 1},
    {"pipelines/rules/ocsf/many_countries.yaml", pipelines_rules_ocsf_many_countries_yaml, sizeof(pipelines_rules_ocsf_many_countries_yaml) - 1},
    {"pipelines/rules/ocsf/many_failures.cases.jsonl", pipelines_rules_ocsf_many_failures_cases_jsonl, sizeof(pipelines_rules_ocsf_many_failures_cases_jsonl) - 1},
    {"pipelines/rules/ocsf/many_failures.yaml", pipelines_rules_ocsf_many_failures_yaml, sizeof(pipelines_rules_ocsf_many_failures_yaml) - 1},
    {"pipelines/rules/ocsf/password_spray.cases.jsonl", pipelines_rules_ocsf_password_spray_cases_jsonl, sizeof(pipelines_rules_ocsf_password_spray_cases_jsonl) - 1},
    {"pipelines/rules/ocsf/password_spray.yaml", pipelines_rules_ocsf_password_spray_yaml, sizeof(pipelines_rules_ocsf_password_spray_yaml) - 1},
    {"pipelines/rules/ocsf/programmatic_credentials_for_another.cases.jsonl", pipelines_rules_ocsf_programmatic_credentials_for_another_cases_jsonl, sizeof(pipelines_rules_ocsf_programmatic_credentials_for_another_cases_jsonl) - 1},
    {"pipelines/rules/ocsf/programmatic_credentials_for_another.yaml", pipelines_rules_ocsf_programmatic_credentials_for_another_yaml, sizeof(pipelines_rules_ocsf_programmatic_credentials_for_another_yaml) - 1},
    {"pipelines/rules/ocsf/second_factor_removed.cases.jsonl", pipelines_rules_ocsf_second_factor_removed_cases_jsonl, sizeof(pipelines_rules_ocsf_second_factor_removed_cases_jsonl) - 1},
    {"pipelines/rules/ocsf/second_factor_removed.yaml", pipelines_rules_ocsf_second_factor_removed_yaml, sizeof(pipelines_rules_ocsf_second_factor_removed_yaml) - 1},
    {"pipelines/rules/ocsf/second_factor_removed_then_signed_in.cases.jsonl", pipelines_rules_ocsf_second_factor_removed_then_signed_in_cases_jsonl, sizeof(pipelines_rules_ocsf_second_factor_removed_then_signed_in_cases_jsonl) - 1},
    {"pipelines/rules/ocsf/second_factor_removed_then_signed_in.yaml", pipelines_rules_ocsf_second_factor_removed_then_signed_in_yaml, sizeof(pipelines_rules_ocsf_second_factor_removed_then_signed_in_yaml) - 1},
    {"pipelines/rules/ocsf/users_deleted_in_bulk.cases.jsonl", pipelines_rules_ocsf_users_deleted_in_bulk_cases_jsonl, sizeof(pipelines_rules_ocsf_users_deleted_in_bulk_cases_jsonl) - 1},
    {"pipelines/rules/ocsf/users_deleted_in_bulk.yaml", pipelines_rules_ocsf_users_deleted_in_bulk_yaml, sizeof(pipelines_rules_ocsf_users_deleted_in_bulk_yaml) - 1},
    {"pipelines/rules/okta/administration_from_new_device.cases.jsonl", pipelines_rules_okta_administration_from_new_device_cases_jsonl, sizeof(pipelines_rules_okta_administration_from_new_device_cases_jsonl) - 1},
    {"pipelines/rules/okta/administration_from_new_device.yaml", pipelines_rules_okta_administration_from_new_device_yaml, sizeof(pipelines_rules_okta_administration_from_new_device_yaml) - 1},
    {"pipelines/rules/okta/all_factors_reset.cases.jsonl", pipelines_rules_okta_all_factors_reset_cases_jsonl, sizeof(pipelines_rules_okta_all_factors_reset_cases_jsonl) - 1},
    {"pipelines/rules/okta/all_factors_reset.yaml", pipelines_rules_okta_all_factors_reset_yaml, sizeof(pipelines_rules_okta_all_factors_reset_yaml) - 1},
    {"pipelines/rules/okta/api_token_created.cases.jsonl", pipelines_rules_okta_api_token_created_cases_jsonl, sizeof(pipelines_rules_okta_api_token_created_cases_jsonl) - 1},
    {"pipelines/rules/okta/api_token_created.yaml", pipelines_rules_okta_api_token_created_yaml, sizeof(pipelines_rules_okta_api_token_created_yaml) - 1},
    {"pipelines/rules/okta/application_password_shown.cases.jsonl", pipelines_rules_okta_application_password_shown_cases_jsonl, sizeof(pipelines_rules_okta_application_password_shown_cases_jsonl) - 1},
    {"pipelines/rules/okta/application_password_shown.yaml", pipelines_rules_okta_application_password_shown_yaml, sizeof(pipelines_rules_okta_application_password_shown_yaml) - 1},
    {"pipelines/rules/okta/applications_tried.cases.jsonl", pipelines_rules_okta_applications_tried_cases_jsonl, sizeof(pipelines_rules_okta_applications_tried_cases_jsonl) - 1},
    {"pipelines/rules/okta/applications_tried.yaml", pipelines_rules_okta_applications_tried_yaml, sizeof(pipelines_rules_okta_applications_tried_yaml) - 1},
    {"pipelines/rules/okta/identity_provider_added.cases.jsonl", pipelines_rules_okta_identity_provider_added_cases_jsonl, sizeof(pipelines_rules_okta_identity_provider_added_cases_jsonl) - 1},
    {"pipelines/rules/okta/identity_provider_added.yaml", pipelines_rules_okta_identity_provider_added_yaml, sizeof(pipelines_rules_okta_identity_provider_added_yaml) - 1},
    {"pipelines/rules/okta/log_stream_stopped.cases.jsonl", pipelines_rules_okta_log_stream_stopped_cases_jsonl, sizeof(pipelines_rules_okta_log_stream_stopped_cases_jsonl) - 1},
    {"pipelines/rules/okta/log_stream_stopped.yaml", pipelines_rules_okta_log_stream_stopped_yaml, sizeof(pipelines_rules_okta_log_stream_stopped_yaml) - 1},
    {"pipelines/rules/okta/push_denied_then_accepted.cases.jsonl", pipelines_rules_okta_push_denied_then_accepted_cases_jsonl, sizeof(pipelines_rules_okta_push_denied_then_accepted_cases_jsonl) - 1},
    {"pipelines/rules/okta/push_denied_then_accepted.yaml", pipelines_rules_okta_push_denied_then_accepted_yaml, sizeof(pipelines_rules_okta_push_denied_then_accepted_yaml) - 1},
    {"pipelines/rules/okta/refresh_token_used_twice.cases.jsonl", pipelines_rules_okta_refresh_token_used_twice_cases_jsonl, sizeof(pipelines_rules_okta_refresh_token_used_twice_cases_jsonl) - 1},
    {"pipelines/rules/okta/refresh_token_used_twice.yaml", pipelines_rules_okta_refresh_token_used_twice_yaml, sizeof(pipelines_rules_okta_refresh_token_used_twice_yaml) - 1},
    {"pipelines/rules/okta/reset_then_administration.cases.jsonl", pipelines_rules_okta_reset_then_administration_cases_jsonl, sizeof(pipelines_rules_okta_reset_then_administration_cases_jsonl) - 1},
    {"pipelines/rules/okta/reset_then_administration.yaml", pipelines_rules_okta_reset_then_administration_yaml, sizeof(pipelines_rules_okta_reset_then_administration_yaml) - 1},
    {"pipelines/rules/okta/sign_in_through_proxy.cases.jsonl", pipelines_rules_okta_sign_in_through_proxy_cases_jsonl, sizeof(pipelines_rules_okta_sign_in_through_proxy_cases_jsonl) - 1},
    {"pipelines/rules/okta/sign_in_through_proxy.yaml", pipelines_rules_okta_sign_in_through_proxy_yaml, sizeof(pipelines_rules_okta_sign_in_through_proxy_yaml) - 1},
    {"pipelines/rules/okta/sign_on_policy_weakened.cases.jsonl", pipelines_rules_okta_sign_on_policy_weakened_cases_jsonl, sizeof(pipelines_rules_okta_sign_on_policy_weakened_cases_jsonl) - 1},
    {"pipelines/rules/okta/sign_on_policy_weakened.yaml", pipelines_rules_okta_sign_on_policy_weakened_yaml, sizeof(pipelines_rules_okta_sign_on_policy_weakened_yaml) - 1},
    {"pipelines/rules/okta/super_administrator_granted.cases.jsonl", pipelines_rules_okta_super_administrator_granted_cases_jsonl, sizeof(pipelines_rules_okta_super_administrator_granted_cases_jsonl) - 1},
    {"pipelines/rules/okta/super_administrator_granted.yaml", pipelines_rules_okta_super_administrator_granted_yaml, sizeof(pipelines_rules_okta_super_administrator_granted_yaml) - 1},
    {"pipelines/rules/okta/support_impersonates.cases.jsonl", pipelines_rules_okta_support_impersonates_cases_jsonl, sizeof(pipelines_rules_okta_support_impersonates_cases_jsonl) - 1},
    {"pipelines/rules/okta/support_impersonates.yaml", pipelines_rules_okta_support_impersonates_yaml, sizeof(pipelines_rules_okta_support_impersonates_yaml) - 1},
    {"pipelines/rules/okta/threat_detected.cases.jsonl", pipelines_rules_okta_threat_detected_cases_jsonl, sizeof(pipelines_rules_okta_threat_detected_cases_jsonl) - 1},
    {"pipelines/rules/okta/threat_detected.yaml", pipelines_rules_okta_threat_detected_yaml, sizeof(pipelines_rules_okta_threat_detected_yaml) - 1},
    {"pipelines/rules/okta/user_reports_activity.cases.jsonl", pipelines_rules_okta_user_reports_activity_cases_jsonl, sizeof(pipelines_rules_okta_user_reports_activity_cases_jsonl) - 1},
    {"pipelines/rules/okta/user_reports_activity.yaml", pipelines_rules_okta_user_reports_activity_yaml, sizeof(pipelines_rules_okta_user_reports_activity_yaml) - 1},
    {"pipelines/rules/snowflake/account_administrator_granted.cases.jsonl", pipelines_rules_snowflake_account_administrator_granted_cases_jsonl, sizeof(pipelines_rules_snowflake_account_administrator_granted_cases_jsonl) - 1},
    {"pipelines/rules/snowflake/account_administrator_granted.yaml", pipelines_rules_snowflake_account_administrator_granted_yaml, sizeof(pipelines_rules_snowflake_account_administrator_granted_yaml) - 1},
    {"pipelines/rules/snowflake/network_policy_removed.cases.jsonl", pipelines_rules_snowflake_network_policy_removed_cases_jsonl, sizeof(pipelines_rules_snowflake_network_policy_removed_cases_jsonl) - 1},
    {"pipelines/rules/snowflake/network_policy_removed.yaml", pipelines_rules_snowflake_network_policy_removed_yaml, sizeof(pipelines_rules_snowflake_network_policy_removed_yaml) - 1},
    {"pipelines/rules/snowflake/password_only_sign_in.cases.jsonl", pipelines_rules_snowflake_password_only_sign_in_cases_jsonl, sizeof(pipelines_rules_snowflake_password_only_sign_in_cases_jsonl) - 1},
    {"pipelines/rules/snowflake/password_only_sign_in.yaml", pipelines_rules_snowflake_password_only_sign_in_yaml, sizeof(pipelines_rules_snowflake_password_only_sign_in_yaml) - 1},
    {"pipelines/rules/snowflake/ruling_user_changed.cases.jsonl", pipelines_rules_snowflake_ruling_user_changed_cases_jsonl, sizeof(pipelines_rules_snowflake_ruling_user_changed_cases_jsonl) - 1},
    {"pipelines/rules/snowflake/ruling_user_changed.yaml", pipelines_rules_snowflake_ruling_user_changed_yaml, sizeof(pipelines_rules_snowflake_ruling_user_changed_yaml) - 1},
    {"pipelines/rules/snowflake/unloaded_to_outside.cases.jsonl", pipelines_rules_snowflake_unloaded_to_outside_cases_jsonl, sizeof(pipelines_rules_snowflake_unloaded_to_outside_cases_jsonl) - 1},
    {"pipelines/rules/snowflake/unloaded_to_outside.yaml", pipelines_rules_snowflake_unloaded_to_outside_yaml, sizeof(pipelines_rules_snowflake_unloaded_to_outside_yaml) - 1},
    {"pipelines/rules/snowflake/user_created.cases.jsonl", pipelines_rules_snowflake_user_created_cases_jsonl, sizeof(pipelines_rules_snowflake_user_created_cases_jsonl) - 1},
    {"pipelines/rules/snowflake/user_created.yaml", pipelines_rules_snowflake_user_created_yaml, sizeof(pipelines_rules_snowflake_user_created_yaml) - 1},
    {"pipelines/rules/teleport/join_token_made.cases.jsonl", pipelines_rules_teleport_join_token_made_cases_jsonl, sizeof(pipelines_rules_teleport_join_token_made_cases_jsonl) - 1},
    {"pipelines/rules/teleport/join_token_made.yaml", pipelines_rules_teleport_join_token_made_yaml, sizeof(pipelines_rules_teleport_join_token_made_yaml) - 1},
    {"pipelines/rules/teleport/own_request_approved.cases.jsonl", pipelines_rules_teleport_own_request_approved_cases_jsonl, sizeof(pipelines_rules_teleport_own_request_approved_cases_jsonl) - 1},
    {"pipelines/rules/teleport/own_request_approved.yaml", pipelines_rules_teleport_own_request_approved_yaml, sizeof(pipelines_rules_teleport_own_request_approved_yaml) - 1},
    {"pipelines/rules/teleport/root_session.cases.jsonl", pipelines_rules_teleport_root_session_cases_jsonl, sizeof(pipelines_rules_teleport_root_session_cases_jsonl) - 1},
    {"pipelines/rules/teleport/root_session.yaml", pipelines_rules_teleport_root_session_yaml, sizeof(pipelines_rules_teleport_root_session_yaml) - 1},
    {"pipelines/rules/teleport/session_recording_changed.cases.jsonl", pipelines_rules_teleport_session_recording_changed_cases_jsonl, sizeof(pipelines_rules_teleport_session_recording_changed_cases_jsonl) - 1},
    {"pipelines/rules/teleport/session_recording_changed.yaml", pipelines_rules_teleport_session_recording_changed_yaml, sizeof(pipelines_rules_teleport_session_recording_changed_yaml) - 1},
    {"pipelines/rules/teleport/sign_in_connector_changed.cases.jsonl", pipelines_rules_teleport_sign_in_connector_changed_cases_jsonl, sizeof(pipelines_rules_teleport_sign_in_connector_changed_cases_jsonl) - 1},
    {"pipelines/rules/teleport/sign_in_connector_changed.yaml", pipelines_rules_teleport_sign_in_connector_changed_yaml, sizeof(pipelines_rules_teleport_sign_in_connector_changed_yaml) - 1},
    {"pipelines/rules/vault/audit_device_disabled.cases.jsonl", pipelines_rules_vault_audit_device_disabled_cases_jsonl, sizeof(pipelines_rules_vault_audit_device_disabled_cases_jsonl) - 1},
    {"pipelines/rules/vault/audit_device_disabled.yaml", pipelines_rules_vault_audit_device_disabled_yaml, sizeof(pipelines_rules_vault_audit_device_disabled_yaml) - 1},
    {"pipelines/rules/vault/root_token_acts.cases.jsonl", pipelines_rules_vault_root_token_acts_cases_jsonl, sizeof(pipelines_rules_vault_root_token_acts_cases_jsonl) - 1},
    {"pipelines/rules/vault/root_token_acts.yaml", pipelines_rules_vault_root_token_acts_yaml, sizeof(pipelines_rules_vault_root_token_acts_yaml) - 1},
    {"pipelines/rules/vault/secrets_denied.cases.jsonl", pipelines_rules_vault_secrets_denied_cases_jsonl, sizeof(pipelines_rules_vault_secrets_denied_cases_jsonl) - 1},
    {"pipelines/rules/vault/secrets_denied.yaml", pipelines_rules_vault_secrets_denied_yaml, sizeof(pipelines_rules_vault_secrets_denied_yaml) - 1},
    {"pipelines/rules/vault/sign_in_method_changed.cases.jsonl", pipelines_rules_vault_sign_in_method_changed_cases_jsonl, sizeof(pipelines_rules_vault_sign_in_method_changed_cases_jsonl) - 1},
    {"pipelines/rules/vault/sign_in_method_changed.yaml", pipelines_rules_vault_sign_in_method_changed_yaml, sizeof(pipelines_rules_vault_sign_in_method_changed_yaml) - 1},
    {"schemas/encodings/cef.yaml", schemas_encodings_cef_yaml, sizeof(schemas_encodings_cef_yaml) - 1},
    {"schemas/encodings/cim.yaml", schemas_encodings_cim_yaml, sizeof(schemas_encodings_cim_yaml) - 1},
    {"schemas/encodings/ecs.yaml", schemas_encodings_ecs_yaml, sizeof(schemas_encodings_ecs_yaml) - 1},
    {"schemas/encodings/leef.yaml", schemas_encodings_leef_yaml, sizeof(schemas_encodings_leef_yaml) - 1},
    {"schemas/encodings/udm.yaml", schemas_encodings_udm_yaml, sizeof(schemas_encodings_udm_yaml) - 1},
    {"schemas/ocsf/1.1.0/schema.ocsf", schemas_ocsf_1_1_0_schema_ocsf, sizeof(schemas_ocsf_1_1_0_schema_ocsf) - 1},
    {"schemas/ocsf/1.5.0/schema.ocsf", schemas_ocsf_1_5_0_schema_ocsf, sizeof(schemas_ocsf_1_5_0_schema_ocsf) - 1},
    {"schemas/ocsf/1.8.0/schema.ocsf", schemas_ocsf_1_8_0_schema_ocsf, sizeof(schemas_ocsf_1_8_0_schema_ocsf) - 1},
    {"schemas/ocsf/1.9.0/schema.ocsf", schemas_ocsf_1_9_0_schema_ocsf, sizeof(schemas_ocsf_1_9_0_schema_ocsf) - 1},
    {"schemas/ocsf/maps/1.1.0.yaml", schemas_ocsf_maps_1_1_0_yaml, sizeof(schemas_ocsf_maps_1_1_0_yaml) - 1},
    {"schemas/ocsf/maps/1.5.0.yaml", schemas_ocsf_maps_1_5_0_yaml, sizeof(schemas_ocsf_maps_1_5_0_yaml) - 1},
    {"schemas/ocsf/maps/1.8.0.yaml", schemas_ocsf_maps_1_8_0_yaml, sizeof(schemas_ocsf_maps_1_8_0_yaml) - 1},
    {"schemas/pipeline.schema.json", schemas_pipeline_schema_json, sizeof(schemas_pipeline_schema_json) - 1},
    {"schemas/policy/aws-actions.txt", schemas_policy_aws_actions_txt, sizeof(schemas_policy_aws_actions_txt) - 1},
    {"schemas/policy/aws-events.txt", schemas_policy_aws_events_txt, sizeof(schemas_policy_aws_events_txt) - 1},
    {"schemas/receivers/clickhouse.yaml", schemas_receivers_clickhouse_yaml, sizeof(schemas_receivers_clickhouse_yaml) - 1},
    {"schemas/receivers/datadog.yaml", schemas_receivers_datadog_yaml, sizeof(schemas_receivers_datadog_yaml) - 1},
    {"schemas/receivers/logscale.yaml", schemas_receivers_logscale_yaml, sizeof(schemas_receivers_logscale_yaml) - 1},
    {"schemas/receivers/loki.yaml", schemas_receivers_loki_yaml, sizeof(schemas_receivers_loki_yaml) - 1},
    {"schemas/receivers/newrelic.yaml", schemas_receivers_newrelic_yaml, sizeof(schemas_receivers_newrelic_yaml) - 1},
    {"schemas/receivers/otlp.yaml", schemas_receivers_otlp_yaml, sizeof(schemas_receivers_otlp_yaml) - 1},
    {"schemas/receivers/pagerduty.yaml", schemas_receivers_pagerduty_yaml, sizeof(schemas_receivers_pagerduty_yaml) - 1},
    {"schemas/receivers/secops_raw.yaml", schemas_receivers_secops_raw_yaml, sizeof(schemas_receivers_secops_raw_yaml) - 1},
    {"schemas/receivers/secops_udm.yaml", schemas_receivers_secops_udm_yaml, sizeof(schemas_receivers_secops_udm_yaml) - 1},
    {"schemas/receivers/sentinel.yaml", schemas_receivers_sentinel_yaml, sizeof(schemas_receivers_sentinel_yaml) - 1},
    {"schemas/receivers/slack.yaml", schemas_receivers_slack_yaml, sizeof(schemas_receivers_slack_yaml) - 1},
    {"schemas/receivers/teams.yaml", schemas_receivers_teams_yaml, sizeof(schemas_receivers_teams_yaml) - 1},
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
    {"schemas/vendors/entra/eligibilities/feed.yaml", schemas_vendors_entra_eligibilities_feed_yaml, sizeof(schemas_vendors_entra_eligibilities_feed_yaml) - 1},
    {"schemas/vendors/entra/eligibilities/golden.jsonl", schemas_vendors_entra_eligibilities_golden_jsonl, sizeof(schemas_vendors_entra_eligibilities_golden_jsonl) - 1},
    {"schemas/vendors/entra/eligibilities/mapping.yaml", schemas_vendors_entra_eligibilities_mapping_yaml, sizeof(schemas_vendors_entra_eligibilities_mapping_yaml) - 1},
    {"schemas/vendors/entra/eligibilities/samples.jsonl", schemas_vendors_entra_eligibilities_samples_jsonl, sizeof(schemas_vendors_entra_eligibilities_samples_jsonl) - 1},
    {"schemas/vendors/entra/groups/feed.yaml", schemas_vendors_entra_groups_feed_yaml, sizeof(schemas_vendors_entra_groups_feed_yaml) - 1},
    {"schemas/vendors/entra/groups/golden.jsonl", schemas_vendors_entra_groups_golden_jsonl, sizeof(schemas_vendors_entra_groups_golden_jsonl) - 1},
    {"schemas/vendors/entra/groups/mapping.yaml", schemas_vendors_entra_groups_mapping_yaml, sizeof(schemas_vendors_entra_groups_mapping_yaml) - 1},
    {"schemas/vendors/entra/groups/samples.jsonl", schemas_vendors_entra_groups_samples_jsonl, sizeof(schemas_vendors_entra_groups_samples_jsonl) - 1},
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
    {"schemas/vendors/gcp/roles/feed.yaml", schemas_vendors_gcp_roles_feed_yaml, sizeof(schemas_vendors_gcp_roles_feed_yaml) - 1},
    {"schemas/vendors/gcp/roles/golden.jsonl", schemas_vendors_gcp_roles_golden_jsonl, sizeof(schemas_vendors_gcp_roles_golden_jsonl) - 1},
    {"schemas/vendors/gcp/roles/mapping.yaml", schemas_vendors_gcp_roles_mapping_yaml, sizeof(schemas_vendors_gcp_roles_mapping_yaml) - 1},
    {"schemas/vendors/gcp/roles/samples.jsonl", schemas_vendors_gcp_roles_samples_jsonl, sizeof(schemas_vendors_gcp_roles_samples_jsonl) - 1},
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
