insert into catalogue_versions (valid_from, loaded_at, digest, note) values ('2026-01-01', '2026-11-23T02:00:00+00:00', '694c37212e6ac681fb239c33197581f66731de661d2754bf7df825c3fce48bfb', '')
returning id;
insert into places (version_id, code, level, name, short_name, parent_code, kind, aliases)
select 1, code, 'district', name, short_name, parent_code, kind, string_to_array(aliases, '|')
from unnest('{"110108","110101"}'::text[], '{"海淀区","东城区"}'::text[], '{"海淀","东城"}'::text[], '{null,null}'::text[], '{"",""}'::text[], '{"",""}'::text[])
    as given (code, name, short_name, parent_code, kind, aliases);
insert into places (version_id, code, level, name, short_name, parent_code, kind, aliases)
select 1, code, 'street', name, short_name, parent_code, kind, string_to_array(aliases, '|')
from unnest('{"110108021","110101001"}'::text[], '{"田村路街道","东华门街道"}'::text[], '{"田村路","东华门"}'::text[], '{"110108","110101"}'::text[], '{"街道","街道"}'::text[], '{"田村",""}'::text[])
    as given (code, name, short_name, parent_code, kind, aliases);
insert into places (version_id, code, level, name, short_name, parent_code, kind, aliases)
select 1, code, 'community', name, short_name, parent_code, kind, string_to_array(aliases, '|')
from unnest('{"110108021001"}'::text[], '{"阜石路第一社区"}'::text[], '{"阜石路第一"}'::text[], '{"110108021"}'::text[], '{"社区"}'::text[], '{""}'::text[])
    as given (code, name, short_name, parent_code, kind, aliases);
insert into special_areas (version_id, area, street_code)
select 1, area, street_code from unnest('{"王府井地区"}'::text[], '{"110101001"}'::text[]) as given (area, street_code);
insert into gazetteer_names (version_id, name, kind, street_code, community_code, aliases)
select 1, name, kind, street_code, community_code, string_to_array(aliases, '|')
from unnest('{}'::text[], '{}'::text[], '{}'::text[], '{}'::text[], '{}'::text[])
    as given (name, kind, street_code, community_code, aliases);
insert into topics
    (version_id, code, level1, level2, level3, keywords, weak_keywords, grade, domain)
select 1, code, level1, level2, level3, string_to_array(keywords, '|'),
    string_to_array(weak_keywords, '|'), grade, domain
from unnest('{"T001","T006","T007","T010","T025","T031","T039","T082"}'::text[], '{"公共服务","公共服务","公共服务","公共服务","住房","市容环卫","环境保护","政务服务"}'::text[], '{"供暖","燃气","排水","地铁","公积金","垃圾","水环境","作风"}'::text[], '{"暖气不热","停气","下水道堵塞","扶梯","提取","垃圾堆积","河道污染","不作为"}'::text[], '{"暖气不热|供暖","停气","下水道","扶梯","公积金","垃圾","河道","不作为"}'::text[], '{"不热","","","","","","",""}'::text[], '{"II","II","II","III","III","III","III","IV"}'::text[],
    '{"宜居性","便利性","宜居性","便利性","住有所居","宜居性","宜居性","公正性"}'::text[]) as given (code, level1, level2, level3, keywords, weak_keywords, grade, domain);
insert into responsibilities
    (version_id, topic_code, level, lead_department, assist_departments, enterprises)
select 1, topic_code, level, lead_department, string_to_array(assist_departments, '|'),
    string_to_array(enterprises, '|')
from unnest('{"T001","T006","T007","T010","T025","T031","T039","T082"}'::text[], '{"both","enterprise","both","enterprise","department","street","department","department"}'::text[], '{"cgw","cgw","swj","cgw","gjj","cgw","swj","jwjc"}'::text[], '{"swj","","","","","","",""}'::text[], '{"","gas","","metro|mtr","","","",""}'::text[])
    as given (topic_code, level, lead_department, assist_departments, enterprises);
insert into boundaries (version_id, code, geojson)
select 1, code, geojson from boundaries join places using (code)
where boundaries.version_id = null and places.version_id = 1;
insert into units
    (code, kind, name, short_name, aliases, district_code, department, dispatchable, valid_from)
select code, kind, name, short_name, string_to_array(aliases, '|'), district_code, department,
    dispatchable, '2026-01-01'
from unnest('{"110108","110101","110108-cgw","110101-cgw","110108-swj","110108021","110101001","city-cgw","city-swj","city-gjj","city-jwjc","ent-gas","ent-metro","ent-mtr"}'::text[], '{"district","district","district_department","district_department","district_department","street","street","department","department","department","department","enterprise","enterprise","enterprise"}'::text[], '{"海淀区人民政府","东城区人民政府","海淀区城市管理委员会","东城区城市管理委员会","海淀区水务局","田村路街道","东华门街道","北京市城市管理委员会","北京市水务局","北京住房公积金管理中心","中共北京市纪委市监委","北京市燃气集团有限责任公司","北京市地铁运营有限公司","北京京港地铁有限公司"}'::text[], '{"海淀区政府","东城区政府","海淀区城管委","东城区城管委","海淀区水务局","田村路街道","东华门街道","市城市管理委","市水务局","北京公积金中心","市纪委市监委","北京市燃气集团","北京地铁公司","京港地铁公司"}'::text[], '{"","","","","","","","","","","","燃气公司","",""}'::text[], '{"110108","110101","110108","110101","110108","110108","110101",null,null,null,null,null,null,null}'::text[], '{"gov","gov","cgw","cgw","swj",null,null,"cgw","swj","gjj","jwjc",null,null,null}'::text[],
    '{"True","True","True","True","True","True","True","True","True","True","False","True","True","True"}'::bool[])
    as given (code, kind, name, short_name, aliases, district_code, department, dispatchable)
on conflict (code) do update set
    kind = excluded.kind, name = excluded.name, short_name = excluded.short_name,
    aliases = excluded.aliases, district_code = excluded.district_code,
    department = excluded.department, dispatchable = excluded.dispatchable,
    valid_from = least(units.valid_from, excluded.valid_from), valid_to = null;
update units set parent_id = parent.id
from unnest('{"110108-cgw","110101-cgw","110108-swj","110108021","110101001"}'::text[], '{"110108","110101","110108","110108","110101"}'::text[]) as given (code, parent_code)
join units parent on parent.code = given.parent_code
where units.code = given.code and units.parent_id is distinct from parent.id;
update units set valid_to = '2026-01-01'
where valid_from <= '2026-01-01' and (valid_to is null or valid_to > '2026-01-01') and not code = any('{"110108","110101","110108-cgw","110101-cgw","110108-swj","110108021","110101001","city-cgw","city-swj","city-gjj","city-jwjc","ent-gas","ent-metro","ent-mtr"}'::text[])
returning code;
insert into keys (name, wrapped) select * from unnest('{"sealing","lookup"}'::text[], '{"\\x55c0ccd36f0a09d295160125735ae0e080e6f3a09efbbc0654d8c612cf1cdf9cd96f9ed977158ba6b8830c812e77cbe0d21d7dffbf94a337c21a727a","\\x221c3d6faf5e88f7c50c4f03858db15a3bc422f216946fc4f2decdd5fccfeb6484bfccf203da34c67ad95a517e4c2519dc0537e2ff4a6802f30e81e3"}'::bytea[])
on conflict (name) do nothing;
insert into staff (login, name, password_hash, roles, unit_id, created_at)
select login, name, password_hash, string_to_array(roles, '|'), unit_id, '2026-11-23T02:00:00+00:00'
from unnest('{"centre","tiancun","cgw","district","other","reader","editor"}'::text[], '{"centre","tiancun","cgw","district","other","reader","editor"}'::text[], '{"","","","","","",""}'::text[], '{"intake|dispatcher|surveyor","desk|handler","desk|handler","desk|head","desk|handler","quality","quality"}'::text[], '{null,"6","3","1","7","6",null}'::int[])
    as given (login, name, password_hash, roles, unit_id)
on conflict (login) do nothing
returning login;
insert into ticket_days as d (day, next_sequence) values ('2026-11-23', 64 + 1)
    on conflict (day) do update set next_sequence = d.next_sequence + 64
    returning next_sequence - 64;
with wanted as (
        select channel, hash, sealed, masked, nextval(pg_get_serial_sequence('residents', 'id')) as resident_id
        from unnest('{"sms"}'::text[], '{"\\x8ca034d571d67f5c61385541479b2fb92bc670e10f09f8eb38d216c146b304a9"}'::bytea[], '{"\\x015e248074dd784e134fb5e93b9acedff693e226b6d8baade655240cb39450e4fd6b61371e97d28106282d"}'::bytea[], '{"+86138****8000"}'::text[]) as t (channel, hash, sealed, masked)
    ), made_residents as (
        insert into residents (id, created_at) overriding system value select resident_id, '2026-11-23T02:00:00+00:00' from wanted
    ), made_addresses as (
        insert into addresses (resident_id, channel, hash, sealed, masked)
        select resident_id, channel, hash, sealed, masked from wanted order by channel, hash
        returning id, resident_id, channel, hash
    )
    insert into conversations (address_id, resident_id, channel)
    select id, resident_id, channel from made_addresses
    returning id, address_id, resident_id,
        (select hash from made_addresses a where a.id = conversations.address_id);
with part0 as (
    update conversations c set
        session = t.session, seq = t.seq, last_said_at = t.last_said_at, wake_at = t.wake_at,
        budget = t.budget, budget_at = t.budget_at
    from (select (v ->> 0)::bigint as id, (v ->> 1)::json as session, (v ->> 2)::bigint as seq, (v ->> 3)::timestamptz as last_said_at, (v ->> 4)::timestamptz as wake_at, (v ->> 5)::real as budget, (v ->> 6)::timestamptz as budget_at from jsonb_array_elements('[[1,"{\"frames\":[{\"dialog\":\"intake\",\"state\":\"confirm\",\"data\":{\"draft\":{\"matter\":\"海淀区田村路街道阜石路第一社区5号楼暖气不热\",\"title\":\"暖气不热\",\"kind\":\"request\",\"topic\":\"T001\",\"grade\":\"II\",\"place\":{\"district\":\"110108\",\"street\":\"110108021\",\"community\":\"110108021001\",\"detail\":\"5号楼\"}},\"place_done\":true,\"looked_for\":\"request/T001/110108/110108021/110108021001\"}}],\"prompt\":1,\"choices\":[\"submit\",\"fix\"]}",2,"2026-11-23T02:00:00Z","2026-11-23T02:30:00Z",1.0,"2026-11-23T02:00:00Z"]]'::jsonb) as r (v)) t
    where c.id = t.id
), part1 as (insert into inbound (channel, key, conversation_id, seq, said, received_at, outcome, reply_seq) select (v ->> 0)::text, (v ->> 1)::text, (v ->> 2)::bigint, (v ->> 3)::bigint, (v ->> 4)::json, (v ->> 5)::timestamptz, (v ->> 6)::text, (v ->> 7)::bigint from jsonb_array_elements('[["sms","m0",1,1,"{\"type\":\"said\",\"text\":\"海淀区田村路街道阜石路第一社区5号楼暖气不热\"}","2026-11-23T02:00:00Z","turned",2]]'::jsonb) as r (v)) insert into outbox (conversation_id, seq, channel, address_id, ticket_id, purpose, reply, parts, part_states, state, created_at, due_at, sent_at) select (v ->> 0)::bigint, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::bigint, (v ->> 5)::text, (v ->> 6)::json, (v ->> 7)::json, (v ->> 8)::text, (v ->> 9)::text, (v ->> 10)::timestamptz, (v ->> 11)::timestamptz, (v ->> 12)::timestamptz from jsonb_array_elements('[[1,2,"sms",1,null,"reply","{\"text\":\"求助“暖气不热”，海淀区田村路街道阜石路第一社区5号楼，24小时内答复。对吗？\",\"choices\":[{\"id\":\"submit\",\"label\":\"对\"},{\"id\":\"fix\",\"label\":\"要改\"}],\"prompt\":1}","[\"【12345】求助“暖气不热”，海淀区田村路街道阜石路第一社区5号楼，24小时内答复。对吗？\\n回复：1 对 2 要改\"]","p","pending","2026-11-23T02:00:00Z","2026-11-23T02:00:00Z",null]]'::jsonb) as r (v);
insert into timers as old (subject, subject_id, kind, conversation_id, due_at) select (v ->> 0)::text, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::timestamptz from jsonb_array_elements('[["conversation",1,"wake",1,"2026-11-23T02:30:00Z"]]'::jsonb) as r (v)
    on conflict (subject, subject_id, kind) do update
    set due_at = excluded.due_at, generation = old.generation + 1, conversation_id = excluded.conversation_id,
        attempts = 0;
with part0 as (
    update conversations c set
        session = t.session, seq = t.seq, last_said_at = t.last_said_at, wake_at = t.wake_at,
        budget = t.budget, budget_at = t.budget_at
    from (select (v ->> 0)::bigint as id, (v ->> 1)::json as session, (v ->> 2)::bigint as seq, (v ->> 3)::timestamptz as last_said_at, (v ->> 4)::timestamptz as wake_at, (v ->> 5)::real as budget, (v ->> 6)::timestamptz as budget_at from jsonb_array_elements('[[1,"{\"prompt\":1,\"last_ticket\":261123000001}",4,"2026-11-23T02:00:00Z","2026-11-23T02:30:00Z",2.0,"2026-11-23T02:00:00Z"]]'::jsonb) as r (v)) t
    where c.id = t.id
), part1 as (insert into inbound (channel, key, conversation_id, seq, said, received_at, outcome, reply_seq) select (v ->> 0)::text, (v ->> 1)::text, (v ->> 2)::bigint, (v ->> 3)::bigint, (v ->> 4)::json, (v ->> 5)::timestamptz, (v ->> 6)::text, (v ->> 7)::bigint from jsonb_array_elements('[["sms","m1",1,3,"{\"type\":\"said\",\"text\":\"1\"}","2026-11-23T02:00:00Z","turned",4]]'::jsonb) as r (v)), part2 as (insert into outbox (conversation_id, seq, channel, address_id, ticket_id, purpose, reply, parts, part_states, state, created_at, due_at, sent_at) select (v ->> 0)::bigint, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::bigint, (v ->> 5)::text, (v ->> 6)::json, (v ->> 7)::json, (v ->> 8)::text, (v ->> 9)::text, (v ->> 10)::timestamptz, (v ->> 11)::timestamptz, (v ->> 12)::timestamptz from jsonb_array_elements('[[1,4,"sms",1,null,"reply","{\"text\":\"“暖气不热”已受理，编号261123-000001-2，已交田村路街道，24小时内答复您。进度回“查询”\"}","[\"【12345】“暖气不热”已受理，编号261123-000001-2，已交田村路街道，24小时内答复您。进度回“查询”\"]","p","pending","2026-11-23T02:00:00Z","2026-11-23T02:00:00Z",null]]'::jsonb) as r (v)), part3 as (insert into tickets (id, source, conversation_id, resident_id, channel, state, kind, topic, catalogue_version, title, matter, wanted, happened, about, enterprise, contact_name, contact, contact_masked, confidential, anonymous, follow_up_wanted, confirmed, linked_ticket_id, grade, emergency, district_code, street_code, community_code, address_detail, latitude, longitude, affected, since, on_behalf, repeats, joined_to, lead_unit_id, why, created_by, opened_at, due_at) select (v ->> 0)::bigint, (v ->> 1)::text, (v ->> 2)::bigint, (v ->> 3)::bigint, (v ->> 4)::text, (v ->> 5)::text, (v ->> 6)::text, (v ->> 7)::text, (v ->> 8)::int, (v ->> 9)::text, (v ->> 10)::text, (v ->> 11)::text, (v ->> 12)::text, (v ->> 13)::text, (v ->> 14)::text, decode(v ->> 15, 'base64'), decode(v ->> 16, 'base64'), (v ->> 17)::text, (v ->> 18)::bool, (v ->> 19)::bool, (v ->> 20)::bool, (v ->> 21)::bool, (v ->> 22)::bigint, (v ->> 23)::text, (v ->> 24)::bool, (v ->> 25)::text, (v ->> 26)::text, (v ->> 27)::text, (v ->> 28)::text, (v ->> 29)::float8, (v ->> 30)::float8, (v ->> 31)::int, (v ->> 32)::date, (v ->> 33)::bool, (v ->> 34)::int, (v ->> 35)::bigint, (v ->> 36)::int, (v ->> 37)::text, (v ->> 38)::int, (v ->> 39)::timestamptz, (v ->> 40)::timestamptz from jsonb_array_elements('[[261123000001,"resident",1,1,"sms","dispatched","request","T001",1,"暖气不热","海淀区田村路街道阜石路第一社区5号楼暖气不热","","","","",null,null,"",false,false,true,true,null,"II",false,"110108","110108021","110108021001","5号楼",null,null,0,null,false,0,null,6,"派单目录第1版：T001 暖气不热，双派：田村路街道主办、海淀区城管委协办",null,"2026-11-23T02:00:00Z","2026-11-24T02:00:00Z"]]'::jsonb) as r (v)), part4 as (insert into assignments (ticket_id, round, role, unit_id, why, dispatched_at, due_at, state) select (v ->> 0)::bigint, (v ->> 1)::int, (v ->> 2)::text, (v ->> 3)::int, (v ->> 4)::text, (v ->> 5)::timestamptz, (v ->> 6)::timestamptz, 'open' from jsonb_array_elements('[[261123000001,1,"lead",6,"派单目录第1版：T001 暖气不热，双派：田村路街道主办、海淀区城管委协办","2026-11-23T02:00:00Z","2026-11-24T02:00:00Z"],[261123000001,1,"assist",3,"派单目录第1版：T001 暖气不热，双派：田村路街道主办、海淀区城管委协办","2026-11-23T02:00:00Z","2026-11-24T02:00:00Z"]]'::jsonb) as r (v)), part5 as (insert into ticket_events (ticket_id, at, type, actor, staff_id, unit_id, note, data) select (v ->> 0)::bigint, (v ->> 1)::timestamptz, (v ->> 2)::text, (v ->> 3)::text, (v ->> 4)::int, (v ->> 5)::int, (v ->> 6)::text, (v ->> 7)::json from jsonb_array_elements('[[261123000001,"2026-11-23T02:00:00Z","opened","resident",null,null,"","{}"],[261123000001,"2026-11-23T02:00:00Z","dispatched","system",null,6,"派单目录第1版：T001 暖气不热，双派：田村路街道主办、海淀区城管委协办","{}"]]'::jsonb) as r (v)) insert into timers as old (subject, subject_id, kind, conversation_id, due_at) select (v ->> 0)::text, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::timestamptz from jsonb_array_elements('[["ticket",261123000001,"deadline",1,"2026-11-24T02:00:00Z"]]'::jsonb) as r (v)
    on conflict (subject, subject_id, kind) do update
    set due_at = excluded.due_at, generation = old.generation + 1, conversation_id = excluded.conversation_id,
        attempts = 0;
with wanted as (
        select channel, hash, sealed, masked, nextval(pg_get_serial_sequence('residents', 'id')) as resident_id
        from unnest('{"sms"}'::text[], '{"\\xaf0d022c8eaf8201f629c3cbc7f53acf39a83cc7a84d12718490b2eb3260f20f"}'::bytea[], '{"\\x015146f46120c77197d056364c4793474cf7282b0a9d48393b6afb7f85fd171bde95a67a5d2e914725d93f"}'::bytea[], '{"+86138****8001"}'::text[]) as t (channel, hash, sealed, masked)
    ), made_residents as (
        insert into residents (id, created_at) overriding system value select resident_id, '2026-11-23T02:00:00+00:00' from wanted
    ), made_addresses as (
        insert into addresses (resident_id, channel, hash, sealed, masked)
        select resident_id, channel, hash, sealed, masked from wanted order by channel, hash
        returning id, resident_id, channel, hash
    )
    insert into conversations (address_id, resident_id, channel)
    select id, resident_id, channel from made_addresses
    returning id, address_id, resident_id,
        (select hash from made_addresses a where a.id = conversations.address_id);
with part0 as (
    update conversations c set
        session = t.session, seq = t.seq, last_said_at = t.last_said_at, wake_at = t.wake_at,
        budget = t.budget, budget_at = t.budget_at
    from (select (v ->> 0)::bigint as id, (v ->> 1)::json as session, (v ->> 2)::bigint as seq, (v ->> 3)::timestamptz as last_said_at, (v ->> 4)::timestamptz as wake_at, (v ->> 5)::real as budget, (v ->> 6)::timestamptz as budget_at from jsonb_array_elements('[[2,"{\"frames\":[{\"dialog\":\"intake\",\"state\":\"confirm\",\"data\":{\"draft\":{\"matter\":\"海淀区田村路街道阜石路第一社区8号楼下水道堵塞\",\"title\":\"下水道堵塞\",\"kind\":\"request\",\"topic\":\"T007\",\"grade\":\"II\",\"place\":{\"district\":\"110108\",\"street\":\"110108021\",\"community\":\"110108021001\",\"detail\":\"8号楼\"}},\"place_done\":true,\"looked_for\":\"request/T007/110108/110108021/110108021001\"}}],\"prompt\":1,\"choices\":[\"submit\",\"fix\"]}",2,"2026-11-23T02:00:00Z","2026-11-23T02:30:00Z",1.0,"2026-11-23T02:00:00Z"]]'::jsonb) as r (v)) t
    where c.id = t.id
), part1 as (insert into inbound (channel, key, conversation_id, seq, said, received_at, outcome, reply_seq) select (v ->> 0)::text, (v ->> 1)::text, (v ->> 2)::bigint, (v ->> 3)::bigint, (v ->> 4)::json, (v ->> 5)::timestamptz, (v ->> 6)::text, (v ->> 7)::bigint from jsonb_array_elements('[["sms","m2",2,1,"{\"type\":\"said\",\"text\":\"海淀区田村路街道阜石路第一社区8号楼下水道堵塞\"}","2026-11-23T02:00:00Z","turned",2]]'::jsonb) as r (v)) insert into outbox (conversation_id, seq, channel, address_id, ticket_id, purpose, reply, parts, part_states, state, created_at, due_at, sent_at) select (v ->> 0)::bigint, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::bigint, (v ->> 5)::text, (v ->> 6)::json, (v ->> 7)::json, (v ->> 8)::text, (v ->> 9)::text, (v ->> 10)::timestamptz, (v ->> 11)::timestamptz, (v ->> 12)::timestamptz from jsonb_array_elements('[[2,2,"sms",2,null,"reply","{\"text\":\"求助“下水道堵塞”，海淀区田村路街道阜石路第一社区8号楼，24小时内答复。对吗？\",\"choices\":[{\"id\":\"submit\",\"label\":\"对\"},{\"id\":\"fix\",\"label\":\"要改\"}],\"prompt\":1}","[\"【12345】求助“下水道堵塞”，海淀区田村路街道阜石路第一社区8号楼，24小时内答复。对吗？\\n回复：1 对 2 要改\"]","p","pending","2026-11-23T02:00:00Z","2026-11-23T02:00:00Z",null]]'::jsonb) as r (v);
insert into timers as old (subject, subject_id, kind, conversation_id, due_at) select (v ->> 0)::text, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::timestamptz from jsonb_array_elements('[["conversation",2,"wake",2,"2026-11-23T02:30:00Z"]]'::jsonb) as r (v)
    on conflict (subject, subject_id, kind) do update
    set due_at = excluded.due_at, generation = old.generation + 1, conversation_id = excluded.conversation_id,
        attempts = 0;
with part0 as (
    update conversations c set
        session = t.session, seq = t.seq, last_said_at = t.last_said_at, wake_at = t.wake_at,
        budget = t.budget, budget_at = t.budget_at
    from (select (v ->> 0)::bigint as id, (v ->> 1)::json as session, (v ->> 2)::bigint as seq, (v ->> 3)::timestamptz as last_said_at, (v ->> 4)::timestamptz as wake_at, (v ->> 5)::real as budget, (v ->> 6)::timestamptz as budget_at from jsonb_array_elements('[[2,"{\"prompt\":1,\"last_ticket\":261123000002}",4,"2026-11-23T02:00:00Z","2026-11-23T02:30:00Z",2.0,"2026-11-23T02:00:00Z"]]'::jsonb) as r (v)) t
    where c.id = t.id
), part1 as (insert into inbound (channel, key, conversation_id, seq, said, received_at, outcome, reply_seq) select (v ->> 0)::text, (v ->> 1)::text, (v ->> 2)::bigint, (v ->> 3)::bigint, (v ->> 4)::json, (v ->> 5)::timestamptz, (v ->> 6)::text, (v ->> 7)::bigint from jsonb_array_elements('[["sms","m3",2,3,"{\"type\":\"said\",\"text\":\"1\"}","2026-11-23T02:00:00Z","turned",4]]'::jsonb) as r (v)), part2 as (insert into outbox (conversation_id, seq, channel, address_id, ticket_id, purpose, reply, parts, part_states, state, created_at, due_at, sent_at) select (v ->> 0)::bigint, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::bigint, (v ->> 5)::text, (v ->> 6)::json, (v ->> 7)::json, (v ->> 8)::text, (v ->> 9)::text, (v ->> 10)::timestamptz, (v ->> 11)::timestamptz, (v ->> 12)::timestamptz from jsonb_array_elements('[[2,4,"sms",2,null,"reply","{\"text\":\"“下水道堵塞”已受理，编号261123-000002-0，已交田村路街道，24小时内答复您。进度回“查询”\"}","[\"【12345】“下水道堵塞”已受理，编号261123-000002-0，已交田村路街道，24小时内答复您。进度回“查询”\"]","p","pending","2026-11-23T02:00:00Z","2026-11-23T02:00:00Z",null]]'::jsonb) as r (v)), part3 as (insert into tickets (id, source, conversation_id, resident_id, channel, state, kind, topic, catalogue_version, title, matter, wanted, happened, about, enterprise, contact_name, contact, contact_masked, confidential, anonymous, follow_up_wanted, confirmed, linked_ticket_id, grade, emergency, district_code, street_code, community_code, address_detail, latitude, longitude, affected, since, on_behalf, repeats, joined_to, lead_unit_id, why, created_by, opened_at, due_at) select (v ->> 0)::bigint, (v ->> 1)::text, (v ->> 2)::bigint, (v ->> 3)::bigint, (v ->> 4)::text, (v ->> 5)::text, (v ->> 6)::text, (v ->> 7)::text, (v ->> 8)::int, (v ->> 9)::text, (v ->> 10)::text, (v ->> 11)::text, (v ->> 12)::text, (v ->> 13)::text, (v ->> 14)::text, decode(v ->> 15, 'base64'), decode(v ->> 16, 'base64'), (v ->> 17)::text, (v ->> 18)::bool, (v ->> 19)::bool, (v ->> 20)::bool, (v ->> 21)::bool, (v ->> 22)::bigint, (v ->> 23)::text, (v ->> 24)::bool, (v ->> 25)::text, (v ->> 26)::text, (v ->> 27)::text, (v ->> 28)::text, (v ->> 29)::float8, (v ->> 30)::float8, (v ->> 31)::int, (v ->> 32)::date, (v ->> 33)::bool, (v ->> 34)::int, (v ->> 35)::bigint, (v ->> 36)::int, (v ->> 37)::text, (v ->> 38)::int, (v ->> 39)::timestamptz, (v ->> 40)::timestamptz from jsonb_array_elements('[[261123000002,"resident",2,2,"sms","dispatched","request","T007",1,"下水道堵塞","海淀区田村路街道阜石路第一社区8号楼下水道堵塞","","","","",null,null,"",false,false,true,true,null,"II",false,"110108","110108021","110108021001","8号楼",null,null,0,null,false,0,null,6,"派单目录第1版：T007 下水道堵塞，双派：田村路街道主办、海淀区水务局协办",null,"2026-11-23T02:00:00Z","2026-11-24T02:00:00Z"]]'::jsonb) as r (v)), part4 as (insert into assignments (ticket_id, round, role, unit_id, why, dispatched_at, due_at, state) select (v ->> 0)::bigint, (v ->> 1)::int, (v ->> 2)::text, (v ->> 3)::int, (v ->> 4)::text, (v ->> 5)::timestamptz, (v ->> 6)::timestamptz, 'open' from jsonb_array_elements('[[261123000002,1,"lead",6,"派单目录第1版：T007 下水道堵塞，双派：田村路街道主办、海淀区水务局协办","2026-11-23T02:00:00Z","2026-11-24T02:00:00Z"],[261123000002,1,"assist",5,"派单目录第1版：T007 下水道堵塞，双派：田村路街道主办、海淀区水务局协办","2026-11-23T02:00:00Z","2026-11-24T02:00:00Z"]]'::jsonb) as r (v)), part5 as (insert into ticket_events (ticket_id, at, type, actor, staff_id, unit_id, note, data) select (v ->> 0)::bigint, (v ->> 1)::timestamptz, (v ->> 2)::text, (v ->> 3)::text, (v ->> 4)::int, (v ->> 5)::int, (v ->> 6)::text, (v ->> 7)::json from jsonb_array_elements('[[261123000002,"2026-11-23T02:00:00Z","opened","resident",null,null,"","{}"],[261123000002,"2026-11-23T02:00:00Z","dispatched","system",null,6,"派单目录第1版：T007 下水道堵塞，双派：田村路街道主办、海淀区水务局协办","{}"]]'::jsonb) as r (v)) insert into timers as old (subject, subject_id, kind, conversation_id, due_at) select (v ->> 0)::text, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::timestamptz from jsonb_array_elements('[["ticket",261123000002,"deadline",2,"2026-11-24T02:00:00Z"]]'::jsonb) as r (v)
    on conflict (subject, subject_id, kind) do update
    set due_at = excluded.due_at, generation = old.generation + 1, conversation_id = excluded.conversation_id,
        attempts = 0;
with wanted as (
        select channel, hash, sealed, masked, nextval(pg_get_serial_sequence('residents', 'id')) as resident_id
        from unnest('{"sms"}'::text[], '{"\\xede0318f1d582f93fe23c81a85a97a38c8920aaf25fa67f8bf8818d341d33127"}'::bytea[], '{"\\x01cf65e54063c1e7db668913ede4623f9727beeac5352ab3cf6e29ac56dad17909317baa2fd114f1a50aff"}'::bytea[], '{"+86138****8002"}'::text[]) as t (channel, hash, sealed, masked)
    ), made_residents as (
        insert into residents (id, created_at) overriding system value select resident_id, '2026-11-23T02:00:00+00:00' from wanted
    ), made_addresses as (
        insert into addresses (resident_id, channel, hash, sealed, masked)
        select resident_id, channel, hash, sealed, masked from wanted order by channel, hash
        returning id, resident_id, channel, hash
    )
    insert into conversations (address_id, resident_id, channel)
    select id, resident_id, channel from made_addresses
    returning id, address_id, resident_id,
        (select hash from made_addresses a where a.id = conversations.address_id);
with part0 as (
    update conversations c set
        session = t.session, seq = t.seq, last_said_at = t.last_said_at, wake_at = t.wake_at,
        budget = t.budget, budget_at = t.budget_at
    from (select (v ->> 0)::bigint as id, (v ->> 1)::json as session, (v ->> 2)::bigint as seq, (v ->> 3)::timestamptz as last_said_at, (v ->> 4)::timestamptz as wake_at, (v ->> 5)::real as budget, (v ->> 6)::timestamptz as budget_at from jsonb_array_elements('[[3,"{\"frames\":[{\"dialog\":\"intake\",\"state\":\"confirm\",\"data\":{\"draft\":{\"matter\":\"海淀区田村路街道垃圾堆积没人清\",\"title\":\"垃圾堆积没人清\",\"kind\":\"complaint\",\"topic\":\"T031\",\"grade\":\"III\",\"place\":{\"district\":\"110108\",\"street\":\"110108021\"}},\"place_done\":true,\"looked_for\":\"complaint/T031/110108/110108021/\"}}],\"prompt\":1,\"choices\":[\"submit\",\"fix\"]}",2,"2026-11-23T02:00:00Z","2026-11-23T02:30:00Z",1.0,"2026-11-23T02:00:00Z"]]'::jsonb) as r (v)) t
    where c.id = t.id
), part1 as (insert into inbound (channel, key, conversation_id, seq, said, received_at, outcome, reply_seq) select (v ->> 0)::text, (v ->> 1)::text, (v ->> 2)::bigint, (v ->> 3)::bigint, (v ->> 4)::json, (v ->> 5)::timestamptz, (v ->> 6)::text, (v ->> 7)::bigint from jsonb_array_elements('[["sms","m4",3,1,"{\"type\":\"said\",\"text\":\"海淀区田村路街道垃圾堆积没人清\"}","2026-11-23T02:00:00Z","turned",2]]'::jsonb) as r (v)) insert into outbox (conversation_id, seq, channel, address_id, ticket_id, purpose, reply, parts, part_states, state, created_at, due_at, sent_at) select (v ->> 0)::bigint, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::bigint, (v ->> 5)::text, (v ->> 6)::json, (v ->> 7)::json, (v ->> 8)::text, (v ->> 9)::text, (v ->> 10)::timestamptz, (v ->> 11)::timestamptz, (v ->> 12)::timestamptz from jsonb_array_elements('[[3,2,"sms",3,null,"reply","{\"text\":\"投诉“垃圾堆积没人清”，海淀区田村路街道，7天内答复。对吗？\",\"choices\":[{\"id\":\"submit\",\"label\":\"对\"},{\"id\":\"fix\",\"label\":\"要改\"}],\"prompt\":1}","[\"【12345】投诉“垃圾堆积没人清”，海淀区田村路街道，7天内答复。对吗？\\n回复：1 对 2 要改\"]","p","pending","2026-11-23T02:00:00Z","2026-11-23T02:00:00Z",null]]'::jsonb) as r (v);
insert into timers as old (subject, subject_id, kind, conversation_id, due_at) select (v ->> 0)::text, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::timestamptz from jsonb_array_elements('[["conversation",3,"wake",3,"2026-11-23T02:30:00Z"]]'::jsonb) as r (v)
    on conflict (subject, subject_id, kind) do update
    set due_at = excluded.due_at, generation = old.generation + 1, conversation_id = excluded.conversation_id,
        attempts = 0;
with part0 as (
    update conversations c set
        session = t.session, seq = t.seq, last_said_at = t.last_said_at, wake_at = t.wake_at,
        budget = t.budget, budget_at = t.budget_at
    from (select (v ->> 0)::bigint as id, (v ->> 1)::json as session, (v ->> 2)::bigint as seq, (v ->> 3)::timestamptz as last_said_at, (v ->> 4)::timestamptz as wake_at, (v ->> 5)::real as budget, (v ->> 6)::timestamptz as budget_at from jsonb_array_elements('[[3,"{\"prompt\":1,\"last_ticket\":261123000003}",4,"2026-11-23T02:00:00Z","2026-11-23T02:30:00Z",2.0,"2026-11-23T02:00:00Z"]]'::jsonb) as r (v)) t
    where c.id = t.id
), part1 as (insert into inbound (channel, key, conversation_id, seq, said, received_at, outcome, reply_seq) select (v ->> 0)::text, (v ->> 1)::text, (v ->> 2)::bigint, (v ->> 3)::bigint, (v ->> 4)::json, (v ->> 5)::timestamptz, (v ->> 6)::text, (v ->> 7)::bigint from jsonb_array_elements('[["sms","m5",3,3,"{\"type\":\"said\",\"text\":\"1\"}","2026-11-23T02:00:00Z","turned",4]]'::jsonb) as r (v)), part2 as (insert into outbox (conversation_id, seq, channel, address_id, ticket_id, purpose, reply, parts, part_states, state, created_at, due_at, sent_at) select (v ->> 0)::bigint, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::bigint, (v ->> 5)::text, (v ->> 6)::json, (v ->> 7)::json, (v ->> 8)::text, (v ->> 9)::text, (v ->> 10)::timestamptz, (v ->> 11)::timestamptz, (v ->> 12)::timestamptz from jsonb_array_elements('[[3,4,"sms",3,null,"reply","{\"text\":\"“垃圾堆积没人清”已受理，编号261123-000003-8，已交田村路街道，7天内答复您。进度回“查询”\"}","[\"【12345】“垃圾堆积没人清”已受理，编号261123-000003-8，已交田村路街道，7天内答复您。进度回“查询”\"]","p","pending","2026-11-23T02:00:00Z","2026-11-23T02:00:00Z",null]]'::jsonb) as r (v)), part3 as (insert into tickets (id, source, conversation_id, resident_id, channel, state, kind, topic, catalogue_version, title, matter, wanted, happened, about, enterprise, contact_name, contact, contact_masked, confidential, anonymous, follow_up_wanted, confirmed, linked_ticket_id, grade, emergency, district_code, street_code, community_code, address_detail, latitude, longitude, affected, since, on_behalf, repeats, joined_to, lead_unit_id, why, created_by, opened_at, due_at) select (v ->> 0)::bigint, (v ->> 1)::text, (v ->> 2)::bigint, (v ->> 3)::bigint, (v ->> 4)::text, (v ->> 5)::text, (v ->> 6)::text, (v ->> 7)::text, (v ->> 8)::int, (v ->> 9)::text, (v ->> 10)::text, (v ->> 11)::text, (v ->> 12)::text, (v ->> 13)::text, (v ->> 14)::text, decode(v ->> 15, 'base64'), decode(v ->> 16, 'base64'), (v ->> 17)::text, (v ->> 18)::bool, (v ->> 19)::bool, (v ->> 20)::bool, (v ->> 21)::bool, (v ->> 22)::bigint, (v ->> 23)::text, (v ->> 24)::bool, (v ->> 25)::text, (v ->> 26)::text, (v ->> 27)::text, (v ->> 28)::text, (v ->> 29)::float8, (v ->> 30)::float8, (v ->> 31)::int, (v ->> 32)::date, (v ->> 33)::bool, (v ->> 34)::int, (v ->> 35)::bigint, (v ->> 36)::int, (v ->> 37)::text, (v ->> 38)::int, (v ->> 39)::timestamptz, (v ->> 40)::timestamptz from jsonb_array_elements('[[261123000003,"resident",3,3,"sms","dispatched","complaint","T031",1,"垃圾堆积没人清","海淀区田村路街道垃圾堆积没人清","","","","",null,null,"",false,false,true,true,null,"III",false,"110108","110108021","","",null,null,0,null,false,0,null,6,"派单目录第1版：T031 垃圾堆积，直派田村路街道",null,"2026-11-23T02:00:00Z","2026-11-30T02:00:00Z"]]'::jsonb) as r (v)), part4 as (insert into assignments (ticket_id, round, role, unit_id, why, dispatched_at, due_at, state) select (v ->> 0)::bigint, (v ->> 1)::int, (v ->> 2)::text, (v ->> 3)::int, (v ->> 4)::text, (v ->> 5)::timestamptz, (v ->> 6)::timestamptz, 'open' from jsonb_array_elements('[[261123000003,1,"lead",6,"派单目录第1版：T031 垃圾堆积，直派田村路街道","2026-11-23T02:00:00Z","2026-11-30T02:00:00Z"]]'::jsonb) as r (v)), part5 as (insert into ticket_events (ticket_id, at, type, actor, staff_id, unit_id, note, data) select (v ->> 0)::bigint, (v ->> 1)::timestamptz, (v ->> 2)::text, (v ->> 3)::text, (v ->> 4)::int, (v ->> 5)::int, (v ->> 6)::text, (v ->> 7)::json from jsonb_array_elements('[[261123000003,"2026-11-23T02:00:00Z","opened","resident",null,null,"","{}"],[261123000003,"2026-11-23T02:00:00Z","dispatched","system",null,6,"派单目录第1版：T031 垃圾堆积，直派田村路街道","{}"]]'::jsonb) as r (v)) insert into timers as old (subject, subject_id, kind, conversation_id, due_at) select (v ->> 0)::text, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::timestamptz from jsonb_array_elements('[["ticket",261123000003,"deadline",3,"2026-11-30T02:00:00Z"]]'::jsonb) as r (v)
    on conflict (subject, subject_id, kind) do update
    set due_at = excluded.due_at, generation = old.generation + 1, conversation_id = excluded.conversation_id,
        attempts = 0;
with wanted as (
        select channel, hash, sealed, masked, nextval(pg_get_serial_sequence('residents', 'id')) as resident_id
        from unnest('{"sms"}'::text[], '{"\\x636b913851530d159fdcccce5d9caadad9d81dea7839f07d344ab4f7dac6c452"}'::bytea[], '{"\\x0105fd253ba613b7e1598354c0b43a7462bde67285e036f0dada84c5891be84d185cb387339076710ac496"}'::bytea[], '{"+86138****8003"}'::text[]) as t (channel, hash, sealed, masked)
    ), made_residents as (
        insert into residents (id, created_at) overriding system value select resident_id, '2026-11-23T02:00:00+00:00' from wanted
    ), made_addresses as (
        insert into addresses (resident_id, channel, hash, sealed, masked)
        select resident_id, channel, hash, sealed, masked from wanted order by channel, hash
        returning id, resident_id, channel, hash
    )
    insert into conversations (address_id, resident_id, channel)
    select id, resident_id, channel from made_addresses
    returning id, address_id, resident_id,
        (select hash from made_addresses a where a.id = conversations.address_id);
with part0 as (
    update conversations c set
        session = t.session, seq = t.seq, last_said_at = t.last_said_at, wake_at = t.wake_at,
        budget = t.budget, budget_at = t.budget_at
    from (select (v ->> 0)::bigint as id, (v ->> 1)::json as session, (v ->> 2)::bigint as seq, (v ->> 3)::timestamptz as last_said_at, (v ->> 4)::timestamptz as wake_at, (v ->> 5)::real as budget, (v ->> 6)::timestamptz as budget_at from jsonb_array_elements('[[4,"{\"frames\":[{\"dialog\":\"intake\",\"state\":\"place\",\"data\":{\"draft\":{\"matter\":\"暖气还是不热\",\"title\":\"暖气还是不热\",\"kind\":\"request\",\"topic\":\"T001\",\"grade\":\"II\"}}}],\"prompt\":1}",2,"2026-11-23T02:00:00Z","2026-11-23T02:30:00Z",1.0,"2026-11-23T02:00:00Z"]]'::jsonb) as r (v)) t
    where c.id = t.id
), part1 as (insert into inbound (channel, key, conversation_id, seq, said, received_at, outcome, reply_seq) select (v ->> 0)::text, (v ->> 1)::text, (v ->> 2)::bigint, (v ->> 3)::bigint, (v ->> 4)::json, (v ->> 5)::timestamptz, (v ->> 6)::text, (v ->> 7)::bigint from jsonb_array_elements('[["sms","m6",4,1,"{\"type\":\"said\",\"text\":\"暖气还是不热\"}","2026-11-23T02:00:00Z","turned",2]]'::jsonb) as r (v)) insert into outbox (conversation_id, seq, channel, address_id, ticket_id, purpose, reply, parts, part_states, state, created_at, due_at, sent_at) select (v ->> 0)::bigint, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::bigint, (v ->> 5)::text, (v ->> 6)::json, (v ->> 7)::json, (v ->> 8)::text, (v ->> 9)::text, (v ->> 10)::timestamptz, (v ->> 11)::timestamptz, (v ->> 12)::timestamptz from jsonb_array_elements('[[4,2,"sms",4,null,"reply","{\"text\":\"在什么地方？请说区、街道或小区、楼号。\",\"prompt\":1,\"place\":true}","[\"【12345】在什么地方？请说区、街道或小区、楼号。\"]","p","pending","2026-11-23T02:00:00Z","2026-11-23T02:00:00Z",null]]'::jsonb) as r (v);
insert into timers as old (subject, subject_id, kind, conversation_id, due_at) select (v ->> 0)::text, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::timestamptz from jsonb_array_elements('[["conversation",4,"wake",4,"2026-11-23T02:30:00Z"]]'::jsonb) as r (v)
    on conflict (subject, subject_id, kind) do update
    set due_at = excluded.due_at, generation = old.generation + 1, conversation_id = excluded.conversation_id,
        attempts = 0;
with wanted as (
        select channel, hash, sealed, masked, nextval(pg_get_serial_sequence('residents', 'id')) as resident_id
        from unnest('{"sms"}'::text[], '{"\\x8714f14d5f8bf9f171dbcfee53639ed5c46f75bebb53326d6a72d0363e342a5f"}'::bytea[], '{"\\x0174f75fb3bcad5309d86f9a853e70af9a10fb346a9ebe82bbb6b7e1bf90dd507862223c58a455640b4590"}'::bytea[], '{"+86138****8004"}'::text[]) as t (channel, hash, sealed, masked)
    ), made_residents as (
        insert into residents (id, created_at) overriding system value select resident_id, '2026-11-23T02:00:00+00:00' from wanted
    ), made_addresses as (
        insert into addresses (resident_id, channel, hash, sealed, masked)
        select resident_id, channel, hash, sealed, masked from wanted order by channel, hash
        returning id, resident_id, channel, hash
    )
    insert into conversations (address_id, resident_id, channel)
    select id, resident_id, channel from made_addresses
    returning id, address_id, resident_id,
        (select hash from made_addresses a where a.id = conversations.address_id);
with part0 as (
    update conversations c set
        session = t.session, seq = t.seq, last_said_at = t.last_said_at, wake_at = t.wake_at,
        budget = t.budget, budget_at = t.budget_at
    from (select (v ->> 0)::bigint as id, (v ->> 1)::json as session, (v ->> 2)::bigint as seq, (v ->> 3)::timestamptz as last_said_at, (v ->> 4)::timestamptz as wake_at, (v ->> 5)::real as budget, (v ->> 6)::timestamptz as budget_at from jsonb_array_elements('[[5,"{}",2,"2026-11-23T02:00:00Z",null,1.0,"2026-11-23T02:00:00Z"]]'::jsonb) as r (v)) t
    where c.id = t.id
), part1 as (insert into inbound (channel, key, conversation_id, seq, said, received_at, outcome, reply_seq) select (v ->> 0)::text, (v ->> 1)::text, (v ->> 2)::bigint, (v ->> 3)::bigint, (v ->> 4)::json, (v ->> 5)::timestamptz, (v ->> 6)::text, (v ->> 7)::bigint from jsonb_array_elements('[["sms","m7",5,1,"{\"type\":\"said\",\"text\":\"人工\"}","2026-11-23T02:00:00Z","turned",2]]'::jsonb) as r (v)) insert into outbox (conversation_id, seq, channel, address_id, ticket_id, purpose, reply, parts, part_states, state, created_at, due_at, sent_at) select (v ->> 0)::bigint, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::bigint, (v ->> 5)::text, (v ->> 6)::json, (v ->> 7)::json, (v ->> 8)::text, (v ->> 9)::text, (v ->> 10)::timestamptz, (v ->> 11)::timestamptz, (v ->> 12)::timestamptz from jsonb_array_elements('[[5,2,"sms",5,null,"reply","{\"text\":\"已登记，工作人员会在工作时间联系您。您也可以接着在这里说。\"}","[\"【12345】已登记，工作人员会在工作时间联系您。您也可以接着在这里说。\"]","p","pending","2026-11-23T02:00:00Z","2026-11-23T02:00:00Z",null]]'::jsonb) as r (v);
insert into human_tasks (kind, conversation_id, ticket_id, note, created_at, unit_id, urgent) select (v ->> 0)::text, (v ->> 1)::bigint, (v ->> 2)::bigint, (v ->> 3)::text, (v ->> 4)::timestamptz, (v ->> 5)::int, (v ->> 6)::bool from jsonb_array_elements('[["call_back",5,null,"市民要找人工","2026-11-23T02:00:00Z",null,false]]'::jsonb) as r (v);
with part0 as (
    update conversations c set
        session = t.session, seq = t.seq, last_said_at = t.last_said_at, wake_at = t.wake_at,
        budget = t.budget, budget_at = t.budget_at
    from (select (v ->> 0)::bigint as id, (v ->> 1)::json as session, (v ->> 2)::bigint as seq, (v ->> 3)::timestamptz as last_said_at, (v ->> 4)::timestamptz as wake_at, (v ->> 5)::real as budget, (v ->> 6)::timestamptz as budget_at from jsonb_array_elements('[[3,"{\"frames\":[{\"dialog\":\"status\",\"state\":\"card\",\"data\":{\"tickets\":[{\"ticket_id\":261123000003,\"title\":\"垃圾堆积没人清\",\"state\":\"dispatched\",\"unit\":\"田村路街道\",\"opened_at\":\"2026-11-23T02:00:00Z\",\"due_at\":\"2026-11-30T02:00:00Z\"}]}}],\"prompt\":2,\"choices\":[\"add\",\"urge\",\"withdraw\"],\"last_ticket\":261123000003}",6,"2026-11-23T02:00:00Z","2026-11-23T02:30:00Z",3.0,"2026-11-23T02:00:00Z"]]'::jsonb) as r (v)) t
    where c.id = t.id
), part1 as (insert into inbound (channel, key, conversation_id, seq, said, received_at, outcome, reply_seq) select (v ->> 0)::text, (v ->> 1)::text, (v ->> 2)::bigint, (v ->> 3)::bigint, (v ->> 4)::json, (v ->> 5)::timestamptz, (v ->> 6)::text, (v ->> 7)::bigint from jsonb_array_elements('[["sms","m8",3,5,"{\"type\":\"said\",\"text\":\"查询\"}","2026-11-23T02:00:00Z","turned",6]]'::jsonb) as r (v)) insert into outbox (conversation_id, seq, channel, address_id, ticket_id, purpose, reply, parts, part_states, state, created_at, due_at, sent_at) select (v ->> 0)::bigint, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::bigint, (v ->> 5)::text, (v ->> 6)::json, (v ->> 7)::json, (v ->> 8)::text, (v ->> 9)::text, (v ->> 10)::timestamptz, (v ->> 11)::timestamptz, (v ->> 12)::timestamptz from jsonb_array_elements('[[3,6,"sms",3,null,"reply","{\"text\":\"“垃圾堆积没人清”（261123-000003-8）已交田村路街道。11月30日10:00前答复\",\"choices\":[{\"id\":\"add\",\"label\":\"补充\"},{\"id\":\"urge\",\"label\":\"催办\"},{\"id\":\"withdraw\",\"label\":\"撤单\"}],\"prompt\":2}","[\"【12345】“垃圾堆积没人清”（261123-000003-8）已交田村路街道。11月30日10:00前答复\\n回复：1 补充 2 催办 3 撤单\"]","p","pending","2026-11-23T02:00:00Z","2026-11-23T02:00:00Z",null]]'::jsonb) as r (v);
insert into acts (key, staff_id, at) values ('form-9', 2, '2026-11-23T02:01:00+00:00') on conflict (key) do nothing returning key;
update tickets k set
        state = t.state, round = t.round, lead_unit_id = t.lead_unit_id, due_at = t.due_at,
        resolved_at = t.resolved_at, closed_at = t.closed_at, last_reply = t.last_reply, urged = t.urged,
        why = t.why
    from unnest('{"261123000001"}'::bigint[], '{"handling"}'::text[], '{"1"}'::int[], '{"6"}'::int[], '{"2026-11-24 02:00:00+00:00"}'::timestamptz[], '{null}'::timestamptz[],
                '{null}'::timestamptz[], '{""}'::text[], '{"0"}'::int[], '{"派单目录第1版：T001 暖气不热，双派：田村路街道主办、海淀区城管委协办"}'::text[])
        as t (id, state, round, lead_unit_id, due_at, resolved_at, closed_at, last_reply, urged, why)
    where k.id = t.id;
update assignments a set
        state = t.state,
        signed_at = case when t.state in ('signed', 'done') then coalesce(a.signed_at, t.at) else a.signed_at end,
        signed_by = case when t.state in ('signed', 'done') then coalesce(a.signed_by, t.staff_id) else a.signed_by end,
        done_at = case when t.state in ('done', 'returned', 'ended') then t.at else a.done_at end
    from unnest('{"261123000001"}'::bigint[], '{"lead"}'::text[], '{"signed"}'::text[], '{"2026-11-23 02:01:00+00:00"}'::timestamptz[], '{"2"}'::int[], '{"6"}'::int[])
        as t (ticket_id, role, state, at, staff_id, unit_id)
    where a.ticket_id = t.ticket_id and (t.role = '' or a.role = t.role)
      and (t.unit_id is null or a.unit_id = t.unit_id)
      and a.state in ('open', 'signed', 'done') and a.state <> t.state;
insert into ticket_events (ticket_id, at, type, actor, staff_id, unit_id, note, data) select (v ->> 0)::bigint, (v ->> 1)::timestamptz, (v ->> 2)::text, (v ->> 3)::text, (v ->> 4)::int, (v ->> 5)::int, (v ->> 6)::text, (v ->> 7)::json from jsonb_array_elements('[[261123000001,"2026-11-23T02:01:00Z","signed","staff",2,6,"","{}"]]'::jsonb) as r (v);
insert into acts (key, staff_id, at) values ('form-10', 2, '2026-11-23T02:02:00+00:00') on conflict (key) do nothing returning key;
update tickets k set
        state = t.state, round = t.round, lead_unit_id = t.lead_unit_id, due_at = t.due_at,
        resolved_at = t.resolved_at, closed_at = t.closed_at, last_reply = t.last_reply, urged = t.urged,
        why = t.why
    from unnest('{"261123000001"}'::bigint[], '{"handling"}'::text[], '{"1"}'::int[], '{"6"}'::int[], '{"2026-11-24 02:00:00+00:00"}'::timestamptz[], '{null}'::timestamptz[],
                '{null}'::timestamptz[], '{"师傅下午上门。"}'::text[], '{"0"}'::int[], '{"派单目录第1版：T001 暖气不热，双派：田村路街道主办、海淀区城管委协办"}'::text[])
        as t (id, state, round, lead_unit_id, due_at, resolved_at, closed_at, last_reply, urged, why)
    where k.id = t.id;
with part0 as (
    update conversations c set
        session = t.session, seq = t.seq, last_said_at = t.last_said_at, wake_at = t.wake_at,
        budget = t.budget, budget_at = t.budget_at
    from (select (v ->> 0)::bigint as id, (v ->> 1)::json as session, (v ->> 2)::bigint as seq, (v ->> 3)::timestamptz as last_said_at, (v ->> 4)::timestamptz as wake_at, (v ->> 5)::real as budget, (v ->> 6)::timestamptz as budget_at from jsonb_array_elements('[[1,"{\"prompt\":1,\"last_ticket\":261123000001}",5,"2026-11-23T02:00:00Z","2026-11-23T02:30:00Z",2.0,"2026-11-23T02:00:00Z"]]'::jsonb) as r (v)) t
    where c.id = t.id
), part1 as (insert into inbound (channel, key, conversation_id, seq, said, received_at, outcome, reply_seq) select (v ->> 0)::text, (v ->> 1)::text, (v ->> 2)::bigint, (v ->> 3)::bigint, (v ->> 4)::json, (v ->> 5)::timestamptz, (v ->> 6)::text, (v ->> 7)::bigint from jsonb_array_elements('[]'::jsonb) as r (v)) insert into outbox (conversation_id, seq, channel, address_id, ticket_id, purpose, reply, parts, part_states, state, created_at, due_at, sent_at) select (v ->> 0)::bigint, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::bigint, (v ->> 5)::text, (v ->> 6)::json, (v ->> 7)::json, (v ->> 8)::text, (v ->> 9)::text, (v ->> 10)::timestamptz, (v ->> 11)::timestamptz, (v ->> 12)::timestamptz from jsonb_array_elements('[[1,5,"sms",1,261123000001,"notice","{\"text\":\"“暖气不热”，田村路街道答复：师傅下午上门。\"}","[\"【12345】“暖气不热”，田村路街道答复：师傅下午上门。\"]","p","pending","2026-11-23T02:02:00Z","2026-11-23T02:02:00Z",null]]'::jsonb) as r (v);
insert into ticket_events (ticket_id, at, type, actor, staff_id, unit_id, note, data) select (v ->> 0)::bigint, (v ->> 1)::timestamptz, (v ->> 2)::text, (v ->> 3)::text, (v ->> 4)::int, (v ->> 5)::int, (v ->> 6)::text, (v ->> 7)::json from jsonb_array_elements('[[261123000001,"2026-11-23T02:02:00Z","replied","staff",2,6,"师傅下午上门。","{}"]]'::jsonb) as r (v);
insert into ticket_days as d (day, next_sequence) values ('2026-11-24', 100 + 1)
    on conflict (day) do update set next_sequence = d.next_sequence + 100
    returning next_sequence - 100;
delete from timers where id = any('{"1","3","5","7","2","4"}'::bigint[]);
insert into surveys (ticket_id, round, unit_id, conversation_id, state, overdue, unit_contacted, created_at)
    select t.ticket_id, t.round, t.unit_id, t.conversation_id, 'waiting', t.overdue, t.unit_contacted, t.created_at
    from unnest('{"261123000001","261123000002"}'::bigint[], '{"1","1"}'::int[], '{"6","6"}'::int[], '{"1","2"}'::bigint[], '{"True","True"}'::bool[], '{"False","False"}'::bool[], '{"2026-11-24 03:02:00+00:00","2026-11-24 03:02:00+00:00"}'::timestamptz[])
        as t (ticket_id, round, unit_id, conversation_id, overdue, unit_contacted, created_at)
    on conflict (ticket_id, round) do nothing
    returning id, ticket_id;
insert into ticket_events (ticket_id, at, type, actor, staff_id, unit_id, note, data) select (v ->> 0)::bigint, (v ->> 1)::timestamptz, (v ->> 2)::text, (v ->> 3)::text, (v ->> 4)::int, (v ->> 5)::int, (v ->> 6)::text, (v ->> 7)::json from jsonb_array_elements('[[261123000001,"2026-11-24T03:02:00Z","deadline_passed","system",null,null,"","{}"],[261123000002,"2026-11-24T03:02:00Z","deadline_passed","system",null,null,"","{}"]]'::jsonb) as r (v);
insert into timers as old (subject, subject_id, kind, conversation_id, due_at) select (v ->> 0)::text, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::timestamptz from jsonb_array_elements('[["conversation",3,"wake",3,"2026-11-24T03:12:00Z"],["conversation",4,"wake",4,"2026-11-24T03:12:00Z"]]'::jsonb) as r (v)
    on conflict (subject, subject_id, kind) do update
    set due_at = excluded.due_at, generation = old.generation + 1, conversation_id = excluded.conversation_id,
        attempts = 0;
update conversations set wake_at = t.wake_at
    from unnest('{"1","2","3","4"}'::bigint[], '{null,null,"2026-11-24 03:12:00+00:00","2026-11-24 03:12:00+00:00"}'::timestamptz[]) as t (id, wake_at) where conversations.id = t.id;
with part0 as (
    update conversations c set
        session = t.session, seq = t.seq, last_said_at = t.last_said_at, wake_at = t.wake_at,
        budget = t.budget, budget_at = t.budget_at
    from (select (v ->> 0)::bigint as id, (v ->> 1)::json as session, (v ->> 2)::bigint as seq, (v ->> 3)::timestamptz as last_said_at, (v ->> 4)::timestamptz as wake_at, (v ->> 5)::real as budget, (v ->> 6)::timestamptz as budget_at from jsonb_array_elements('[[1,"{\"frames\":[{\"dialog\":\"survey\",\"state\":\"contacted\",\"data\":{\"survey_id\":1,\"ticket_id\":261123000001,\"title\":\"暖气不热\",\"unit\":\"田村路街道\",\"overdue\":true}}],\"prompt\":2,\"choices\":[\"yes\",\"no\"],\"last_ticket\":261123000001}",6,"2026-11-23T02:00:00Z","2026-11-25T03:02:00Z",2.0,"2026-11-23T02:00:00Z"],[2,"{\"frames\":[{\"dialog\":\"survey\",\"state\":\"contacted\",\"data\":{\"survey_id\":2,\"ticket_id\":261123000002,\"title\":\"下水道堵塞\",\"unit\":\"田村路街道\",\"overdue\":true}}],\"prompt\":2,\"choices\":[\"yes\",\"no\"],\"last_ticket\":261123000002}",5,"2026-11-23T02:00:00Z","2026-11-25T03:02:00Z",2.0,"2026-11-23T02:00:00Z"]]'::jsonb) as r (v)) t
    where c.id = t.id
), part1 as (insert into inbound (channel, key, conversation_id, seq, said, received_at, outcome, reply_seq) select (v ->> 0)::text, (v ->> 1)::text, (v ->> 2)::bigint, (v ->> 3)::bigint, (v ->> 4)::json, (v ->> 5)::timestamptz, (v ->> 6)::text, (v ->> 7)::bigint from jsonb_array_elements('[]'::jsonb) as r (v)) insert into outbox (conversation_id, seq, channel, address_id, ticket_id, purpose, reply, parts, part_states, state, created_at, due_at, sent_at) select (v ->> 0)::bigint, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::bigint, (v ->> 5)::text, (v ->> 6)::json, (v ->> 7)::json, (v ->> 8)::text, (v ->> 9)::text, (v ->> 10)::timestamptz, (v ->> 11)::timestamptz, (v ->> 12)::timestamptz from jsonb_array_elements('[[1,6,"sms",1,null,"notice","{\"text\":\"“暖气不热”的办理时间到了，由田村路街道办理，想问问您办得怎么样。\\n办理单位联系过您吗？\",\"choices\":[{\"id\":\"yes\",\"label\":\"有\"},{\"id\":\"no\",\"label\":\"没有\"}],\"prompt\":2}","[\"【12345】“暖气不热”的办理时间到了，由田村路街道办理，想问问您办得怎么样。\\n办理单位联系过您吗？\\n回复：1 有 2 没有\"]","p","pending","2026-11-24T03:02:00Z","2026-11-24T03:02:00Z",null],[2,5,"sms",2,null,"notice","{\"text\":\"“下水道堵塞”的办理时间到了，由田村路街道办理，想问问您办得怎么样。\\n办理单位联系过您吗？\",\"choices\":[{\"id\":\"yes\",\"label\":\"有\"},{\"id\":\"no\",\"label\":\"没有\"}],\"prompt\":2}","[\"【12345】“下水道堵塞”的办理时间到了，由田村路街道办理，想问问您办得怎么样。\\n办理单位联系过您吗？\\n回复：1 有 2 没有\"]","p","pending","2026-11-24T03:02:00Z","2026-11-24T03:02:00Z",null]]'::jsonb) as r (v);
insert into timers as old (subject, subject_id, kind, conversation_id, due_at) select (v ->> 0)::text, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::timestamptz from jsonb_array_elements('[["conversation",1,"wake",1,"2026-11-25T03:02:00Z"],["conversation",2,"wake",2,"2026-11-25T03:02:00Z"]]'::jsonb) as r (v)
    on conflict (subject, subject_id, kind) do update
    set due_at = excluded.due_at, generation = old.generation + 1, conversation_id = excluded.conversation_id,
        attempts = 0;
update surveys set state = 'asked', asked_at = '2026-11-24T03:02:00+00:00' where id = any('{"1","2"}'::bigint[]) and state = 'waiting';
with part0 as (
    update conversations c set
        session = t.session, seq = t.seq, last_said_at = t.last_said_at, wake_at = t.wake_at,
        budget = t.budget, budget_at = t.budget_at
    from (select (v ->> 0)::bigint as id, (v ->> 1)::json as session, (v ->> 2)::bigint as seq, (v ->> 3)::timestamptz as last_said_at, (v ->> 4)::timestamptz as wake_at, (v ->> 5)::real as budget, (v ->> 6)::timestamptz as budget_at from jsonb_array_elements('[[1,"{\"frames\":[{\"dialog\":\"survey\",\"state\":\"solved\",\"data\":{\"survey_id\":1,\"ticket_id\":261123000001,\"title\":\"暖气不热\",\"unit\":\"田村路街道\",\"overdue\":true,\"given\":{\"contacted\":\"yes\"}}}],\"prompt\":3,\"choices\":[\"yes\",\"partly\",\"no\"],\"last_ticket\":261123000001}",8,"2026-11-24T03:02:00Z","2026-11-25T03:02:00Z",1.0,"2026-11-24T03:02:00Z"]]'::jsonb) as r (v)) t
    where c.id = t.id
), part1 as (insert into inbound (channel, key, conversation_id, seq, said, received_at, outcome, reply_seq) select (v ->> 0)::text, (v ->> 1)::text, (v ->> 2)::bigint, (v ->> 3)::bigint, (v ->> 4)::json, (v ->> 5)::timestamptz, (v ->> 6)::text, (v ->> 7)::bigint from jsonb_array_elements('[["sms","m11",1,7,"{\"type\":\"said\",\"text\":\"1\"}","2026-11-24T03:02:00Z","turned",8]]'::jsonb) as r (v)) insert into outbox (conversation_id, seq, channel, address_id, ticket_id, purpose, reply, parts, part_states, state, created_at, due_at, sent_at) select (v ->> 0)::bigint, (v ->> 1)::bigint, (v ->> 2)::text, (v ->> 3)::bigint, (v ->> 4)::bigint, (v ->> 5)::text, (v ->> 6)::json, (v ->> 7)::json, (v ->> 8)::text, (v ->> 9)::text, (v ->> 10)::timestamptz, (v ->> 11)::timestamptz, (v ->> 12)::timestamptz from jsonb_array_elements('[[1,8,"sms",1,null,"reply","{\"text\":\"问题解决了吗？\",\"choices\":[{\"id\":\"yes\",\"label\":\"解决了\"},{\"id\":\"partly\",\"label\":\"部分解决\"},{\"id\":\"no\",\"label\":\"没解决\"}],\"prompt\":3}","[\"【12345】问题解决了吗？\\n回复：1 解决了 2 部分解决 3 没解决\"]","p","pending","2026-11-24T03:02:00Z","2026-11-24T03:02:00Z",null]]'::jsonb) as r (v);
update surveys s set
        contacted = coalesce(t.contacted::bool, s.contacted),
        solved = coalesce(t.solved, s.solved),
        result = coalesce(t.result, s.result),
        attitude = coalesce(t.attitude, s.attitude),
        remark = coalesce(t.remark, s.remark)
    from (
        select survey_id,
               max(value) filter (where question = 'contacted') as contacted,
               max(value) filter (where question = 'solved') as solved,
               max(value) filter (where question = 'result') as result,
               max(value) filter (where question = 'attitude') as attitude,
               max(value) filter (where question = 'remark') as remark
        from unnest('{"1"}'::bigint[], '{"contacted"}'::text[], '{"true"}'::text[]) as a (survey_id, question, value)
        group by survey_id
    ) t
    where s.id = t.survey_id and s.state in ('waiting', 'asked');
