"""The addresses of the console."""

from aiohttp import web

from gateway import live
from gateway.console import (
    acts,
    alerts,
    applications,
    article_acts,
    articles,
    call_acts,
    calls,
    catalogue,
    catalogue_acts,
    catalogue_parts,
    catalogue_topic,
    community,
    coordination,
    discipline,
    duty,
    layout,
    login,
    media,
    open_line,
    rates,
    residents,
    rules,
    stewards,
    successions,
    surge,
    surge_one,
    taken_out,
    talk_acts,
    talks,
    tasks,
    ticket,
    traced,
    tracking,
    trying,
    unit,
    unit_contacts,
    walk_in,
    whistles,
    worklist,
)
from gateway.console.session import for_staff


def routes(app: web.Application) -> None:
    """Add the console; the keys of `gateway.keys` must be in the application, photos are those of web chat."""
    layout.setup(app)
    login.setup(app)
    live.setup(app)
    add = app.router
    add.add_get("/console/login", login.get_login)
    add.add_post("/console/login", login.post_login)
    add.add_post("/console/logout", for_staff(login.post_logout, inspectors=True))
    add.add_get("/console", for_staff(worklist.get_worklist))
    add.add_get("/console/", _to_worklist)
    _tickets(add)
    add.add_get("/console/walk-in", for_staff(walk_in.get_walk_in))
    add.add_post("/console/walk-in", for_staff(walk_in.post_walk_in))
    _communities(add)
    _human_tasks(add)
    _unit(add)
    _knowledge_base(add)
    _alerts(add)
    _phones(add)
    _chats(add)
    _between_units(add)
    add.add_get("/console/rates", for_staff(rates.get_rates))
    _rules(add)
    _tracking(add)
    add.add_get("/console/media/{id}", for_staff(media.get_file))


def _communities(add: web.UrlDispatcher) -> None:
    add.add_get("/console/community", for_staff(community.get_community))
    add.add_post("/console/community", for_staff(community.post_community))
    add.add_get("/console/stewards", for_staff(stewards.get_stewards))
    steward = r"/console/stewards/{steward:\d{1,9}}/{says:accept|refuse|end}"
    add.add_post(steward, for_staff(stewards.post_steward))
    one = r"/console/stewards/{steward:\d{1,9}}"
    add.add_get(one, for_staff(stewards.get_steward))
    add.add_post(one + "/number", for_staff(stewards.post_number))


def _between_units(add: web.UrlDispatcher) -> None:
    add.add_get("/console/applications", for_staff(applications.get_applications))
    add.add_get("/console/coordination", for_staff(coordination.get_coordination))
    add.add_get("/console/whistles", for_staff(whistles.get_whistles))
    contacts = "/console/unit-contacts"
    add.add_get(contacts, for_staff(unit_contacts.get_contacts))
    add.add_post(contacts, for_staff(unit_contacts.post_contact))
    add.add_post(rf"{contacts}/{{contact:\d{{1,9}}}}/end", for_staff(unit_contacts.post_end))


def _events(add: web.UrlDispatcher) -> None:
    add.add_get("/console/surge", for_staff(surge.get_surges))
    add.add_post("/console/surge", for_staff(surge.post_surge))
    one = r"/console/surge/{surge:\d{1,9}}"
    add.add_get(one, for_staff(surge_one.get_surge))
    add.add_post(f"{one}/end", for_staff(surge_one.post_end))
    add.add_post(f"{one}/lines", for_staff(surge_one.post_line))
    add.add_post(f"{one}/experts", for_staff(surge_one.post_experts))
    add.add_post(f"{one}/accounts", for_staff(surge_one.post_accounts))
    add.add_post(f"{one}/accounts/end", for_staff(surge_one.post_end_account))
    add.add_get(f"{one}/report.csv", for_staff(surge_one.get_report))
    add.add_get(r"/console/open-lines/{day:\d{1,9}}/report.csv", for_staff(open_line.get_report))
    add.add_get("/console/open-lines", for_staff(open_line.get_open_lines))
    add.add_post("/console/open-lines", for_staff(open_line.post_open_line))
    day = r"/console/open-lines/{day:\d{1,9}}"
    add.add_get(day, for_staff(open_line.get_open_line))
    add.add_post(f"{day}/end", for_staff(open_line.post_end))
    add.add_post(f"{day}/follow", for_staff(open_line.post_follow))


def _tracking(add: web.UrlDispatcher) -> None:
    add.add_get("/console/holds", for_staff(tracking.get_holds))
    add.add_get("/console/supervision", for_staff(tracking.get_supervision))
    _events(add)
    marks = "/console/discipline"
    add.add_get(marks, for_staff(discipline.get_discipline, inspectors=True))
    add.add_get(rf"{marks}/{{mark:\d{{1,18}}}}", for_staff(discipline.get_mark, inspectors=True))
    add.add_get("/console/traces", for_staff(traced.get_traces, inspectors=True))


def _tickets(add: web.UrlDispatcher) -> None:
    add.add_get("/console/tickets/{ticket}", for_staff(ticket.get_ticket))
    add.add_post("/console/tickets/{ticket}/open-contact", for_staff(ticket.post_contact_view))
    add.add_get("/console/tickets/{ticket}/resident", for_staff(residents.get_resident))
    add.add_post("/console/tickets/{ticket}/resident", for_staff(residents.post_split))
    add.add_post("/console/tickets/{ticket}/{act}", for_staff(acts.post_act))
    trace = r"{trace:\d{1,18}}"
    add.add_get(f"/console/tickets/{{ticket}}/print/{trace}", for_staff(taken_out.get_print))
    add.add_get(f"/console/tickets/{{ticket}}/export/{trace}", for_staff(taken_out.get_export))
    add.add_get("/console/export", for_staff(taken_out.get_list))
    add.add_post("/console/export", for_staff(taken_out.post_list))


def _unit(add: web.UrlDispatcher) -> None:
    add.add_get("/console/unit", for_staff(unit.get_people))
    add.add_get("/console/unit/roster", for_staff(unit.get_roster))
    add.add_get("/console/unit/templates", for_staff(unit.get_templates))
    add.add_post("/console/unit/{act}", for_staff(unit.post_act))


def _human_tasks(add: web.UrlDispatcher) -> None:
    add.add_get("/console/tasks", for_staff(tasks.get_tasks))
    add.add_post(r"/console/tasks/{task:\d{1,18}}", for_staff(tasks.post_task))
    add.add_post(r"/console/tasks/{task:\d{1,18}}/survey", for_staff(tasks.post_survey))
    add.add_post(r"/console/tasks/{task:\d{1,18}}/open-contact", for_staff(tasks.post_contact_view))


def _knowledge_base(add: web.UrlDispatcher) -> None:
    add.add_get("/console/try", for_staff(trying.get_trying))
    add.add_post("/console/try", for_staff(trying.post_trying))
    add.add_get("/console/articles", for_staff(articles.get_articles))
    add.add_get("/console/articles/new", for_staff(articles.get_new))
    add.add_post("/console/articles/new", for_staff(article_acts.post_new))
    add.add_get(r"/console/articles/{article:\d{1,10}}", for_staff(articles.get_article))
    add.add_post(
        r"/console/articles/{article:\d{1,10}}/{act:edit|publish|withdraw}",
        for_staff(article_acts.post_act),
    )


def _alerts(add: web.UrlDispatcher) -> None:
    add.add_get("/console/alerts", for_staff(alerts.get_alerts))
    add.add_get("/console/alerts/stream", for_staff(alerts.get_stream))
    add.add_post(r"/console/alerts/{task:\d{1,18}}/take", for_staff(alerts.post_take))


def _phones(add: web.UrlDispatcher) -> None:
    add.add_get("/console/calls", for_staff(calls.get_calls))
    add.add_get("/console/calls/waiting", for_staff(calls.get_waiting))
    add.add_post("/console/calls/next", for_staff(call_acts.post_next))
    task, talk = r"/console/calls/{task:\d{1,18}}", r"/console/calls/talks/{talk:\d{1,18}}"
    add.add_post(f"{task}/call", for_staff(call_acts.post_call_back))
    add.add_post(f"{task}/settle", for_staff(call_acts.post_settle))
    add.add_post(f"{task}/open-contact", for_staff(call_acts.post_contact_view))
    add.add_post(f"{talk}/note", for_staff(call_acts.post_note))
    add.add_get("/console/duty", for_staff(duty.get_duty))
    add.add_post("/console/duty", for_staff(duty.post_add))
    add.add_post(r"/console/duty/{phone:\d{1,9}}/{act:up|remove}", for_staff(duty.post_change))


def _chats(add: web.UrlDispatcher) -> None:
    add.add_get("/console/talks", for_staff(talks.get_talks))
    add.add_get("/console/talks/lists", for_staff(talks.get_lists))
    add.add_post("/console/talks/next", for_staff(talk_acts.post_take))
    talk = r"/console/talks/{talk:\d{1,18}}"
    add.add_get(talk, for_staff(talks.get_talk))
    add.add_get(f"{talk}/lines", for_staff(talks.get_lines))
    add.add_post(f"{talk}/take", for_staff(talk_acts.post_take))
    add.add_post(f"{talk}/ticket", for_staff(talk_acts.post_ticket))
    add.add_post(f"{talk}/{{act:answer|on|back|over}}", for_staff(talk_acts.post_act))
    add.add_post(r"/console/tasks/{task:\d{1,18}}/talk", for_staff(talk_acts.post_begin))


def _rules(add: web.UrlDispatcher) -> None:
    _catalogue(add)
    add.add_get("/console/rules", for_staff(rules.get_rules))
    add.add_post(r"/console/rules/days/{act:working|free|remove}", for_staff(rules.post_day))
    add.add_post(r"/console/rules/{key:[A-Za-z_.]{1,60}}", for_staff(rules.post_rule))


def _catalogue(add: web.UrlDispatcher) -> None:
    add.add_get("/console/catalogue", for_staff(catalogue.get_versions))
    add.add_post("/console/catalogue/new", for_staff(catalogue_acts.post_new))
    version = r"/console/catalogue/{version:\d{1,10}}"
    add.add_get(version, for_staff(catalogue.get_version))
    add.add_get(f"{version}/topics/{{topic}}", for_staff(catalogue_topic.get_topic))
    add.add_post(f"{version}/topics/{{topic}}", for_staff(catalogue_acts.post_topic))
    add.add_post(f"{version}/jurisdictions", for_staff(catalogue_acts.post_special))
    add.add_post(
        rf"{version}/jurisdictions/{{position:\d{{1,9}}}}/remove",
        for_staff(catalogue_acts.post_remove),
    )
    out = r"{position:\d{1,4}}/remove"
    add.add_post(f"{version}/parts", for_staff(catalogue_parts.post_part))
    add.add_post(f"{version}/parts/{out}", for_staff(catalogue_parts.post_part_out))
    add.add_post(f"{version}/people", for_staff(catalogue_parts.post_people))
    add.add_post(f"{version}/names", for_staff(catalogue_parts.post_names))
    add.add_post(f"{version}/units", for_staff(catalogue_parts.post_new_unit))
    add.add_post(f"{version}/units/rename", for_staff(catalogue_parts.post_rename))
    add.add_post(f"{version}/units/{{code}}/remove", for_staff(catalogue_parts.post_unit_out))
    add.add_post(f"{version}/approve", for_staff(catalogue_acts.post_approve))
    add.add_post(f"{version}/refuse", for_staff(catalogue_acts.post_refuse))
    add.add_get("/console/successions", for_staff(successions.get_successions))


async def _to_worklist(request: web.Request) -> web.StreamResponse:
    del request
    raise web.HTTPSeeOther("/console")
