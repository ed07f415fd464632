alter table staff drop column phone;
drop index outbox_instead;
alter table outbox drop column staff_id, drop column instead_of, drop column instead_of_seq, drop column urgent,
    drop column gives_way;
alter table tickets drop column line;
delete from media where state <> 'kept';
alter table media drop column state, drop column channel, drop column source, drop column seconds, drop column purpose,
    drop column call_id, drop column due_at, drop column lease_until, drop column attempts, drop column error;
drop table hotlines, duty_phone_changes, duty_phones, call_orders, calls, human_talks;
alter table conversations drop column held_by;
drop table link_codes, resident_links, numbers;
alter table addresses drop column number_hash, drop column name, drop column preferred_at,
    drop column no_texts_at;
