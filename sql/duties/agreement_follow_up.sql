-- An agreement broken again is followed by a visit.
select duty.kind('agreement_follow_up', 'An agreement broken again is followed by a visit',
	about => 'agreement') \g /dev/null
