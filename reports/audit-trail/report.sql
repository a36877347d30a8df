select t.entry_id, t.at, t.client_id, t.action, t."column" as column_name, t.was, t.is_now, t.request_id
  from audit.trail_of((select record from parameter), (select id from parameter)) t
 order by t.entry_id, t."column"
