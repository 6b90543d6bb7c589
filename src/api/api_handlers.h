/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_handlers: the handlers of API_ROUTES, by the file that holds them. Threads: as the call. */
#ifndef API_API_HANDLERS_H
#define API_API_HANDLERS_H

#include "api/api_call.h"

#define API_HANDLER(name) enum rc name(struct api_call *c, struct err *err)

/* api_signin.c: people in browsers and on the command line */
API_HANDLER(api_signin_health);
API_HANDLER(api_signin_in);
API_HANDLER(api_signin_out);
API_HANDLER(api_signin_password);
API_HANDLER(api_signin_session);
/* api_oauth.c: programs */
API_HANDLER(api_oauth_authorize);
API_HANDLER(api_oauth_authorize_form);
API_HANDLER(api_oauth_configuration);
API_HANDLER(api_oauth_device_begin);
API_HANDLER(api_oauth_device_form);
API_HANDLER(api_oauth_device_page);
API_HANDLER(api_oauth_keys);
API_HANDLER(api_oauth_token);
/* api_metadata.c: what clients ask before they sign in */
API_HANDLER(api_metadata_cli);
API_HANDLER(api_metadata_endpoints);
API_HANDLER(api_metadata_kusto);
/* api_arm.c: tenant, locations, providers */
API_HANDLER(api_arm_locations);
API_HANDLER(api_arm_provider);
API_HANDLER(api_arm_provider_register);
API_HANDLER(api_arm_providers);
API_HANDLER(api_arm_tenants);
/* api_roles.c: who holds what */
API_HANDLER(api_roles_assignments);
API_HANDLER(api_roles_definition);
API_HANDLER(api_roles_definitions);
/* api_graph.c: names of people and programs */
API_HANDLER(api_graph_by_ids);
API_HANDLER(api_graph_me);
API_HANDLER(api_graph_principal);
API_HANDLER(api_graph_principals);
/* api_workspaces.c */
API_HANDLER(api_workspaces_get);
API_HANDLER(api_workspaces_list);
API_HANDLER(api_workspaces_table);
API_HANDLER(api_workspaces_tables);
/* api_logs.c and api_kusto.c: queries */
API_HANDLER(api_kusto_manage);
API_HANDLER(api_kusto_query_v1);
API_HANDLER(api_kusto_query_v2);
API_HANDLER(api_logs_batch);
API_HANDLER(api_logs_query);
API_HANDLER(api_logs_query_get);
/* api_insights.c: Microsoft.SecurityInsights */
API_HANDLER(api_insights_alerts);
API_HANDLER(api_insights_comment);
API_HANDLER(api_insights_comment_delete);
API_HANDLER(api_insights_comment_put);
API_HANDLER(api_insights_comments);
API_HANDLER(api_insights_entities);
API_HANDLER(api_insights_incident);
API_HANDLER(api_insights_incident_delete);
API_HANDLER(api_insights_incident_put);
API_HANDLER(api_insights_incidents);
API_HANDLER(api_insights_none);
API_HANDLER(api_insights_onboarding);
API_HANDLER(api_insights_onboardings);
/* api_casework.c: what people do with incidents */
API_HANDLER(api_casework_alerts);
API_HANDLER(api_casework_bulk);
API_HANDLER(api_casework_exception);
API_HANDLER(api_casework_merge);
API_HANDLER(api_casework_similar);
API_HANDLER(api_casework_split);
API_HANDLER(api_casework_undo);
API_HANDLER(api_casework_verdicts);
/* api_tasks.c: tasks and files of incidents */
API_HANDLER(api_tasks_delete);
API_HANDLER(api_tasks_file);
API_HANDLER(api_tasks_file_content);
API_HANDLER(api_tasks_file_delete);
API_HANDLER(api_tasks_file_put);
API_HANDLER(api_tasks_files);
API_HANDLER(api_tasks_get);
API_HANDLER(api_tasks_list);
API_HANDLER(api_tasks_put);
/* api_relations.c: what incidents and bookmarks belong to */
API_HANDLER(api_relations_delete);
API_HANDLER(api_relations_get);
API_HANDLER(api_relations_list);
API_HANDLER(api_relations_put);
/* api_bookmarks.c */
API_HANDLER(api_bookmarks_delete);
API_HANDLER(api_bookmarks_get);
API_HANDLER(api_bookmarks_list);
API_HANDLER(api_bookmarks_of_incident);
API_HANDLER(api_bookmarks_put);
/* api_entities.c: things that alerts name */
API_HANDLER(api_entities_expand);
API_HANDLER(api_entities_get);
API_HANDLER(api_entities_insights);
API_HANDLER(api_entities_list);
API_HANDLER(api_entities_queries);
API_HANDLER(api_entities_query);
API_HANDLER(api_entities_query_list);
API_HANDLER(api_entities_timeline);
/* api_graphs.c: investigation: pages of things, the graph, the timeline */
API_HANDLER(api_graphs_explore);
API_HANDLER(api_graphs_get);
API_HANDLER(api_graphs_list);
API_HANDLER(api_graphs_load);
API_HANDLER(api_graphs_merge);
API_HANDLER(api_graphs_page);
API_HANDLER(api_graphs_part);
API_HANDLER(api_graphs_save);
API_HANDLER(api_graphs_timeline);
/* api_alerts.c: Microsoft.Security alerts, suppression, contacts */
API_HANDLER(api_alerts_activate);
API_HANDLER(api_alerts_contact);
API_HANDLER(api_alerts_contact_delete);
API_HANDLER(api_alerts_contact_put);
API_HANDLER(api_alerts_contacts);
API_HANDLER(api_alerts_dismiss);
API_HANDLER(api_alerts_get);
API_HANDLER(api_alerts_list);
API_HANDLER(api_alerts_progress);
API_HANDLER(api_alerts_resolve);
API_HANDLER(api_alerts_rule);
API_HANDLER(api_alerts_rule_delete);
API_HANDLER(api_alerts_rule_put);
API_HANDLER(api_alerts_rule_try);
API_HANDLER(api_alerts_rules);
/* api_security.c: Graph's security */
API_HANDLER(api_security_alert);
API_HANDLER(api_security_alert_comment);
API_HANDLER(api_security_alert_patch);
API_HANDLER(api_security_alerts);
API_HANDLER(api_security_hunt);
API_HANDLER(api_security_incident);
API_HANDLER(api_security_incident_comment);
API_HANDLER(api_security_incident_patch);
API_HANDLER(api_security_incidents);
/* api_rules.c */
API_HANDLER(api_rules_delete);
API_HANDLER(api_rules_get);
API_HANDLER(api_rules_list);
API_HANDLER(api_rules_put);
API_HANDLER(api_rules_status);
API_HANDLER(api_rules_template);
API_HANDLER(api_rules_templates);
/* api_ops.c: Vedette.Operations */
API_HANDLER(api_ops_cancel);
API_HANDLER(api_ops_counts);
API_HANDLER(api_ops_events);
API_HANDLER(api_ops_history);
API_HANDLER(api_ops_overview);
API_HANDLER(api_ops_rows);
API_HANDLER(api_ops_status);
/* api_schema.c */
API_HANDLER(api_schema);
/* api_people.c: users and principals */
API_HANDLER(api_people_certificate_add);
API_HANDLER(api_people_certificate_delete);
API_HANDLER(api_people_certificates);
API_HANDLER(api_people_principal_delete);
API_HANDLER(api_people_principal_new);
API_HANDLER(api_people_principals);
API_HANDLER(api_people_user_delete);
API_HANDLER(api_people_user_new);
API_HANDLER(api_people_user_reset);
API_HANDLER(api_people_users);
/* api_ingest.c */
API_HANDLER(api_ingest_dcr);
API_HANDLER(api_ingest_import);
/* api_places.c: subscriptions, resource groups, management groups */
API_HANDLER(api_places_descendants);
API_HANDLER(api_places_entities);
API_HANDLER(api_places_group);
API_HANDLER(api_places_group_delete);
API_HANDLER(api_places_group_patch);
API_HANDLER(api_places_group_put);
API_HANDLER(api_places_groups);
API_HANDLER(api_places_management);
API_HANDLER(api_places_management_delete);
API_HANDLER(api_places_management_put);
API_HANDLER(api_places_management_subscription);
API_HANDLER(api_places_management_subscription_delete);
API_HANDLER(api_places_management_subscription_put);
API_HANDLER(api_places_management_subscriptions);
API_HANDLER(api_places_managements);
API_HANDLER(api_places_subscription);
API_HANDLER(api_places_subscriptions);
/* api_resources.c: the inventory as ARM has it */
API_HANDLER(api_resources_delete);
API_HANDLER(api_resources_get);
API_HANDLER(api_resources_list);
API_HANDLER(api_resources_patch);
API_HANDLER(api_resources_put);
/* api_fixes.c */
API_HANDLER(api_fixes_apply);
API_HANDLER(api_fixes_list);
API_HANDLER(api_fixes_preview);
API_HANDLER(api_fixes_remediation_cancel);
API_HANDLER(api_fixes_remediation_deployments);
API_HANDLER(api_fixes_remediation_put);
API_HANDLER(api_fixes_undo);
/* api_inventory.c: Vedette.Operations of posture */
API_HANDLER(api_inventory_admission);
API_HANDLER(api_inventory_aliases);
API_HANDLER(api_inventory_gate);
API_HANDLER(api_inventory_import);
API_HANDLER(api_inventory_library);
API_HANDLER(api_inventory_recommendation);
API_HANDLER(api_inventory_recommendations);
API_HANDLER(api_inventory_score_history);
API_HANDLER(api_inventory_status);
API_HANDLER(api_inventory_versions);
API_HANDLER(api_inventory_whatif);
/* api_resourcegraph.c */
API_HANDLER(api_resourcegraph_history);
API_HANDLER(api_resourcegraph_query);
/* api_posture.c: Microsoft.Security */
API_HANDLER(api_posture_assessment);
API_HANDLER(api_posture_assessments);
API_HANDLER(api_posture_control_definitions);
API_HANDLER(api_posture_controls);
API_HANDLER(api_posture_metadata);
API_HANDLER(api_posture_metadata_one);
API_HANDLER(api_posture_score);
API_HANDLER(api_posture_scores);
API_HANDLER(api_posture_standard);
API_HANDLER(api_posture_standard_check);
API_HANDLER(api_posture_standard_checks);
API_HANDLER(api_posture_standard_control);
API_HANDLER(api_posture_standard_controls);
API_HANDLER(api_posture_standard_export);
API_HANDLER(api_posture_standards);
/* api_governance.c */
API_HANDLER(api_governance_delete);
API_HANDLER(api_governance_execute);
API_HANDLER(api_governance_get);
API_HANDLER(api_governance_list);
API_HANDLER(api_governance_put);
API_HANDLER(api_governance_result);
/* api_subassessments.c: the single findings behind recommendations */
API_HANDLER(api_subassessments_get);
API_HANDLER(api_subassessments_list);
/* api_objects.c: policies and settings, whatever their kind */
API_HANDLER(api_objects_delete);
API_HANDLER(api_objects_version);
API_HANDLER(api_objects_version_delete);
API_HANDLER(api_objects_version_put);
API_HANDLER(api_objects_versions);
API_HANDLER(api_objects_get);
API_HANDLER(api_objects_list);
API_HANDLER(api_objects_patch);
API_HANDLER(api_objects_pricing);
API_HANDLER(api_objects_pricings);
API_HANDLER(api_objects_provisioning);
API_HANDLER(api_objects_provisionings);
API_HANDLER(api_objects_put);
/* api_advice.c: recommendations as tasks */
API_HANDLER(api_advice_get);
API_HANDLER(api_advice_list);
/* api_changes.c: changes of resources, one by one */
API_HANDLER(api_changes_details);
API_HANDLER(api_changes_list);
/* api_try.c, api_restrictions.c: what definitions would say, and why they said it */
API_HANDLER(api_try_explanation);
API_HANDLER(api_try_run);
API_HANDLER(api_restrictions_check);
/* api_insights_policy.c: what remediations touched; what controls ask for */
API_HANDLER(api_insights_policy_metadata_get);
API_HANDLER(api_insights_policy_metadata_list);
API_HANDLER(api_insights_policy_tracked);
/* api_states.c: Microsoft.PolicyInsights */
API_HANDLER(api_states_components);
API_HANDLER(api_states_events);
API_HANDLER(api_states_query);
API_HANDLER(api_states_summarize);
API_HANDLER(api_states_trigger);
/* api_mail.c */
API_HANDLER(api_mail_status);
API_HANDLER(api_mail_try);
/* api_automation.c */
API_HANDLER(api_automation_activity_delete);
API_HANDLER(api_automation_activity_get);
API_HANDLER(api_automation_activity_put);
API_HANDLER(api_automation_delete);
API_HANDLER(api_automation_get);
API_HANDLER(api_automation_list);
API_HANDLER(api_automation_put);
API_HANDLER(api_automation_view_default);
API_HANDLER(api_automation_view_delete);
API_HANDLER(api_automation_view_put);
API_HANDLER(api_automation_views);
/* api_hunting.c */
API_HANDLER(api_hunting_promote);
API_HANDLER(api_hunting_queries);
API_HANDLER(api_hunting_result);
API_HANDLER(api_hunting_results);
API_HANDLER(api_hunting_round);
API_HANDLER(api_hunting_round_begin);
API_HANDLER(api_hunting_round_cancel);
API_HANDLER(api_hunting_rounds);
API_HANDLER(api_hunting_search_delete);
API_HANDLER(api_hunting_search_get);
API_HANDLER(api_hunting_search_put);
API_HANDLER(api_hunting_searches);
/* api_settings.c */
API_HANDLER(api_settings_delete);
API_HANDLER(api_settings_get);
API_HANDLER(api_settings_put);
/* api_streams.c */
API_HANDLER(api_streams_delete);
API_HANDLER(api_streams_elevate);
API_HANDLER(api_streams_events);
API_HANDLER(api_streams_get);
API_HANDLER(api_streams_list);
API_HANDLER(api_streams_put);
API_HANDLER(api_streams_rows);
/* api_watchlists.c */
API_HANDLER(api_watchlists_delete);
API_HANDLER(api_watchlists_get);
API_HANDLER(api_watchlists_item_delete);
API_HANDLER(api_watchlists_item_get);
API_HANDLER(api_watchlists_item_put);
API_HANDLER(api_watchlists_items);
API_HANDLER(api_watchlists_list);
API_HANDLER(api_watchlists_preview);
API_HANDLER(api_watchlists_put);
API_HANDLER(api_watchlists_restore);
API_HANDLER(api_watchlists_version);
API_HANDLER(api_watchlists_versions);
/* api_metrics.c */
API_HANDLER(api_metrics);

#endif
