select l.letter_id, l.school_urn, l.pupil_id, l.kind, l.subject, l.sent_on, l.sent_by,
       jsonb_array_length(l.recipients) as recipients, l.agreement_id, l.visit_id, l.clause
  from parameter as w
       cross join data.letter l
 where l.state = 'sent'
   and ((select school from parameter) is null or l.school_urn = (select school from parameter))
   and ((select kind from parameter) is null or l.kind::text = (select kind from parameter))
   and l.sent_on between w."from" and w."to"
 order by l.sent_on, l.letter_id
