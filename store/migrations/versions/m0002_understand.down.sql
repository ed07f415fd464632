drop table second_readings, topic_models, article_ratings, article_versions, articles, boundaries, gazetteer_names;
alter table human_tasks drop column unit_id, drop column urgent, drop column taken_at, drop column taken_by;
alter table tickets drop column affected, drop column since, drop column on_behalf, drop column joined_to, drop column repeats;
drop index tickets_asked;
