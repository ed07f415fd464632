alter table contact_views drop column steward_id;
drop index tickets_live, tickets_ended, tickets_opened, assignments_of_unit, assignments_new, surveys_created;
create index on surveys (unit_id, created_at);
create index on tickets (lead_unit_id, state, due_at);
create index on assignments (unit_id, state, due_at);
delete from timers where subject = 'case';
drop index human_tasks_call_back;
drop index contact_views_at;
drop table turnstiles;
drop table unit_replies, unit_sendings, unit_contacts, unit_notices;
drop index staff_unit_id_idx;
alter table staff drop column office_id, drop column away_until, drop column deputy_id, drop column valid_until,
    drop column surge_id;
alter table human_talks drop column surge_id, drop column experts_until;
alter table tickets drop column surge_id, drop column surge_line_id, drop column open_line_id, drop column counted, drop column result,
    drop column result_why, drop column first_unit_id, drop column returns, drop column group_size,
    drop column extended, drop column hold_until;
drop table open_lines, surge_lines, surges;
drop table abuse_marks, ticket_traces, patrols, stewards, community_matters, reconciliations;
alter table surveys drop column manner, drop column at_once;
drop table marks, supervisions, holds, coordination_parties, coordinations, whistle_calls, whistles, evidence;
drop table application_steps, applications;
delete from assignments where role in ('called', 'party');
alter table assignments drop column subject_id, drop column sign_due_at, drop column contact_due_at,
    drop column contacted_at, drop column office_id, drop column handler_id, drop column sent_back_at;
alter table assignments drop constraint assignments_role_check;
alter table assignments add constraint assignments_role_check check (role in ('lead', 'assist'));
alter table contact_tries drop column number;
drop table reply_templates, rosters, offices, unit_successors, jurisdictions;
alter table responsibilities drop column green, drop column dual, drop column valid_from, drop column valid_to;
alter table topics drop column statutory_minutes, drop column statutory_working, drop column statute;
delete from catalogue_versions where state <> 'approved';
alter table catalogue_versions drop column successions, drop column state, drop column base_id, drop column drafted_by, drop column approved_by,
    drop column approved_at, drop column compared, drop column units;
drop table calendar_days, rule_values;
