select a.access_id, a.at, a.client_id, a.resource, a.format, a.row_count, a.how, a.request_id
  from parameter as p cross join lateral audit.access_to(p.pupil, p."from", p."to") a
 order by a.access_id
